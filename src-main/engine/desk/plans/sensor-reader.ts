/** Reads the catalogue of sensors off the live desk: what a person would otherwise copy from the screen, with the moment and the quality. */
import type { Book } from '#engine/book/book';
import type { FeedPicture, StatusPicture } from '#shared/contract/streams';
import type { Reading } from '#shared/desk/plans/run-parts';
import { isSensor, SENSORS, type SensorName } from '#shared/desk/plans/sensors';

/** Always of the live desk, also while a replay is on screen. */
export type SensorLook = {
  nowMs: number;
  feeds: readonly FeedPicture[];
  book: Book;
  session: StatusPicture['session'];
  unacknowledged: StatusPicture['unacknowledged'];
  journal: Pick<StatusPicture['journal'], 'state' | 'headFingerprint'>;
};

/** One reading for each name; a name that is not in the catalogue (a plan of a later version) reads as unknown. */
export function readSensors(names: readonly string[], look: SensorLook): Reading[] {
  return names.map((name) =>
    isSensor(name) ? { sensor: name, atMs: look.nowMs, ...READERS[name](look) } : unknown(name, look.nowMs, 'noSuchSensor'),
  );
}

export function readAllSensors(look: SensorLook): Reading[] {
  return readSensors(SENSORS, look);
}

type Read = Omit<Reading, 'sensor' | 'atMs'>;

function unknown(sensor: string, atMs: number, reason: string): Reading {
  return { sensor, atMs, value: null, unit: 'state', quality: 'unknown', reason, detail: [] };
}

function notKnown(unit: Reading['unit'], reason: string): Read {
  return { value: null, unit, quality: 'unknown', reason, detail: [] };
}

const SHOWN = 12;
const ALARMING_LEVELS = ['warn', 'call', 'force', 'negative'] as const;

const READERS: Record<SensorName, (look: SensorLook) => Read> = {
  'feeds.state': ({ feeds }) => {
    if (feeds.length === 0) return notKnown('count', 'noFeed');
    const live = feeds.filter((feed) => feed.state === 'live').length;
    const detail = feeds.slice(0, SHOWN).map((feed) => ({ name: feed.feedId, value: feed.state }));
    return { value: live, unit: 'count', quality: live === feeds.length ? 'good' : 'bad', reason: null, detail };
  },
  'feeds.age': ({ feeds, nowMs }) => {
    const heard = feeds.filter((feed) => feed.lastReceivedAtMs !== null);
    if (heard.length === 0) return notKnown('ms', feeds.length === 0 ? 'noFeed' : 'nothingReceived');
    const ages = heard.map((feed) => ({ name: feed.feedId, ageMs: Math.max(0, nowMs - (feed.lastReceivedAtMs ?? nowMs)) }));
    const detail = ages.slice(0, SHOWN).map(({ name, ageMs }) => ({ name, value: String(ageMs) }));
    const isGood = heard.length === feeds.length && feeds.every((feed) => feed.state === 'live');
    return { value: Math.max(...ages.map(({ ageMs }) => ageMs)), unit: 'ms', quality: isGood ? 'good' : 'bad', reason: null, detail };
  },
  'quotes.stale': ({ book, nowMs }) => {
    if (book.records.instruments.length === 0) return notKnown('count', 'noContracts');
    const stale = book.records.instruments.filter(
      (record) => record.holdings.some((holding) => holding.netQuantity !== 0) && book.qualityOfInstrument(record, nowMs) === 'stale',
    );
    const detail = stale.slice(0, SHOWN).map(({ instrumentID, quoteReceivedAtMs }) => ({
      name: instrumentID,
      value: quoteReceivedAtMs === null ? '' : String(nowMs - quoteReceivedAtMs),
    }));
    return { value: stale.length, unit: 'count', quality: stale.length === 0 ? 'good' : 'bad', reason: null, detail };
  },
  'levels.reached': ({ book }) => {
    const { accounts } = book.counts();
    if (accounts === 0) return notKnown('count', 'noAccounts');
    const counts = new Map<string, number>();
    for (let index = 0; index < accounts; index += 1) counts.set(book.levelOf(index), (counts.get(book.levelOf(index)) ?? 0) + 1);
    const detail = [...ALARMING_LEVELS, 'unknown'].map((level) => ({ name: level, value: String(counts.get(level) ?? 0) }));
    const value = ALARMING_LEVELS.reduce((sum, level) => sum + (counts.get(level) ?? 0), 0);
    return { value, unit: 'count', quality: (counts.get('unknown') ?? 0) > 0 ? 'bad' : 'good', reason: null, detail };
  },
  'accounts.unknown': ({ book }) => {
    const { accounts } = book.counts();
    if (accounts === 0) return notKnown('count', 'noAccounts');
    let value = 0;
    for (let index = 0; index < accounts; index += 1) if (book.levelOf(index) === 'unknown') value += 1;
    return { value, unit: 'count', quality: value === 0 ? 'good' : 'bad', reason: null, detail: [] };
  },
  'market.session': ({ session }) =>
    session === 'unknown' ? notKnown('state', 'noSessions') : { value: session, unit: 'state', quality: 'good', reason: null, detail: [] },
  'alerts.unacknowledged': ({ unacknowledged }) => {
    const detail = Object.entries(unacknowledged).map(([name, count]) => ({ name, value: String(count) }));
    const value = Object.values(unacknowledged).reduce((sum, count) => sum + count, 0);
    return { value, unit: 'count', quality: value === 0 ? 'good' : 'bad', reason: null, detail };
  },
  'journal.state': ({ journal }) => ({
    value: journal.state,
    unit: 'state',
    quality: journal.state === 'ok' ? 'good' : 'bad',
    reason: null,
    detail: [{ name: 'fingerprint', value: journal.headFingerprint }],
  }),
};
