/** Puts the status strip's picture together: one honest line about feeds, market time, journal, cache and people. */
import type { Book } from '#engine/book/book';
import type { Desk } from '#engine/desk/desk';
import type { FeedPicture, StatusPicture } from '#shared/contract/streams';
import type { SessionState } from '#shared/market/session-calendar';

export type StatusParts = {
  nowMs: number;
  startedAtMs: number;
  engineLagMs: number | null;
  mode: 'live' | 'drill';
  feeds: FeedPicture[];
  /** The book on screen: live, or that of a replay. */
  book: Book;
  liveBook: Book;
  desk: Desk;
  /** The name of whoever is signed in; empty while nobody is. */
  person: string;
  cache: StatusPicture['cache'];
  recording: StatusPicture['recording'];
  replay: StatusPicture['replay'];
  clock: StatusPicture['clock'];
  warnings: StatusPicture['warnings'];
};

export function buildStatusPicture(parts: StatusParts): StatusPicture {
  const { nowMs, feeds, book, desk, replay } = parts;
  return {
    nowMs,
    engineStartedAtMs: parts.startedAtMs,
    engineLagMs: parts.engineLagMs,
    rssBytes: process.memoryUsage.rss(),
    mode: parts.mode,
    source: replay !== null ? 'replay' : feeds.length > 0 ? 'feed' : 'none',
    demonstration: isDemonstration(parts),
    offline: offlineSince(parts),
    tradingDay: book.tradingDay,
    marketTimeMs: book.marketTimeMs,
    marketTimeZone: timeZoneOfBook(book),
    session: sessionOfBook(book, replay?.atMs ?? nowMs),
    feeds,
    journal: desk.journalPicture(),
    cache: parts.cache,
    unacknowledged: desk.alerts.unacknowledgedBySeverity(),
    openRuns: desk.plans.openRunCount(),
    accountCount: book.counts().accounts,
    person: parts.person,
    recording: parts.recording,
    replay,
    clock: parts.clock,
    warnings: parts.warnings,
  };
}

/** Without any feed the picture on screen can only be one that the demonstration left: it stays labelled as such. */
function isDemonstration({ feeds, liveBook }: StatusParts): boolean {
  return feeds.length === 0 ? pictureAsOfMs(liveBook) !== null : feeds.some((feed) => feed.demonstration);
}

/** The zone of most sessions: a broker's contracts trade in one place, with few exceptions. */
export function timeZoneOfBook(book: Book): string | null {
  const counts = new Map<string, number>();
  for (const { timeZone } of book.reference.sessions.values()) counts.set(timeZone, (counts.get(timeZone) ?? 0) + 1);
  return [...counts].reduce<[string, number] | null>((most, each) => (most === null || each[1] > most[1] ? each : most), null)?.[0] ?? null;
}

/** Null while any feed is live. A replay does not make the desk less offline. */
function offlineSince({ feeds, startedAtMs, liveBook }: StatusParts): StatusPicture['offline'] {
  if (feeds.some((feed) => feed.state === 'live')) return null;
  const lastHeardMs = feeds.reduce((newest, feed) => Math.max(newest, feed.lastReceivedAtMs ?? 0), 0);
  return { sinceMs: lastHeardMs === 0 ? startedAtMs : lastHeardMs, pictureAsOfMs: pictureAsOfMs(liveBook) };
}

/** Receipt of the newest thing in the book; null for an empty book. */
export function pictureAsOfMs(book: Book): number | null {
  let newest: number | null = null;
  for (const mark of book.streamMarks.values()) newest = Math.max(newest ?? 0, mark.receivedAtMs);
  return newest;
}

/** The market is open while any instrument that is held is open; with nothing held, any instrument counts. */
export function sessionOfBook(book: Book, nowMs: number): SessionState {
  const { instruments } = book.records;
  const held = instruments.filter((record) => record.holdings.length > 0);
  const states = new Set<SessionState>();
  const seen = new Set<string>();
  for (const record of held.length > 0 ? held : instruments) {
    const key = `${record.exchangeID}|${record.master?.sessionID ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    states.add(book.sessionOf(record, nowMs));
  }
  for (const state of ['open', 'break', 'closed'] as const) if (states.has(state)) return state;
  return 'unknown';
}
