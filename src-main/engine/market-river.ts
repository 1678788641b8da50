/** The market river: feeds into the live book, the watch over it under the rules in force, its last known picture on disk, and what is recorded of it. */
import { basename, join } from 'node:path';
import type { Book } from '#engine/book/book';
import { clientsNamedBy } from '#engine/book/views/named-clients';
import { SignalGroup } from '#engine/desk/alerts/signal-group';
import type { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { EngineSetting } from '#engine/engine-parts';
import { FeedControl } from '#engine/feed-control';
import type { FeedSink } from '#engine/feeds/feed';
import { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { openWebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import type { JournalRiver } from '#engine/journal-river';
import { LiveMarket } from '#engine/live-market';
import { RecordingControl } from '#engine/recording-control';
import { ReferenceRoom } from '#engine/reference-room';
import { RulesRoom } from '#engine/rules-room';
import { openPictureCache, type PictureCache } from '#engine/store/picture-cache';
import { SealedStreams } from '#engine/store/sealed-stream';
import { Timings } from '#engine/timings';
import type { FeedConfig } from '#shared/contract/requests';
import type { IntakeEvent } from '#shared/feed/intake';

/** The feed that is used while nothing is configured and a demonstration runs. */
const DEMO_FEED_ID = 'demo';

export type MarketRiver = {
  readonly rules: RulesRoom;
  readonly market: LiveMarket;
  /** What the watch has said in this turn and no commit holds yet. */
  readonly signals: SignalGroup;
  readonly reference: ReferenceRoom;
  readonly cache: PictureCache;
  readonly timings: Timings;
  readonly feeds: FeedControl;
  readonly recordings: RecordingControl;
  readonly sealedFiles: SealedStreams;
  /** Listens to the feeds of the settings, or to the demonstration where there are none. */
  connect(): Promise<void>;
};

export type MarketRiverLinks = {
  /** Asked for with the first tick, long after it is there. */
  notices: () => NoticeDesk;
  /** What is on screen no longer comes from where it came from. */
  onForgotten: () => void;
  /** The book on screen, which may be a recording's. */
  shownBook: () => Book;
};

/** Nothing is heard yet: see `connect`. */
export function openMarketRiver(
  { parts, options, clock, log }: EngineSetting,
  { store, journal, desk, recorder }: JournalRiver,
  links: MarketRiverLinks,
): MarketRiver {
  const rules = new RulesRoom({ recorder, market: () => market, resolveRecording: (name) => recordings.resolve(name), dataKey: store.dataKey });
  const reference = new ReferenceRoom({
    recorder,
    nowMs: () => clock.nowMs(),
    book: () => market.book,
    shownBook: links.shownBook,
    give: (event) => tap.onEvents([event]),
  });
  const signals = new SignalGroup(desk.alerts, setImmediate);
  const market = new LiveMarket({
    clock,
    rules: () => rules.pack(),
    sink: signals,
    openConditions: () => {
      signals.flush();
      return desk.alerts.openConditions();
    },
    isFeedLive: (feedId) => feeds.isLive(feedId),
    ownRows: () => reference.event(),
    callDueAtMs: (accountID) => links.notices().callDueAtMs(accountID),
  });
  // The book that is live names them also while a recording is shown.
  journal.sealWordsAbout(clientsNamedBy(() => market.book));
  rules.begin();
  const wantedFeeds = (): FeedConfig[] => {
    // Whatever lies in its folder: a drill desk listens to its own broker and to nothing else.
    const configured = options.mode === 'drill' ? [] : desk.settings.feedConfigs();
    if (configured.length > 0 || options.demoUrl === null) return configured;
    return [{ feedId: DEMO_FEED_ID, url: options.demoUrl, encoding: 'msgpack' }];
  };
  const cache = openPictureCache({ directory: options.dataDir, sqlite: store.sqlite, clock, log, dataKey: store.dataKey });
  market.core.restore(picturesOf(cache.load(), wantedFeeds()));
  const timings = new Timings();
  const coreSink: FeedSink = {
    onEvents: (events) => {
      const begunMs = clock.monotonicMs();
      market.core.onMessage(events, clock.nowMs());
      cache.put(events);
      timings.add('message', clock.monotonicMs() - begunMs);
    },
    onDeadLetter: () => undefined,
  };
  const tap = new RecordingTap(coreSink);
  const feeds = new FeedControl({
    clock,
    createFeed: (config) => {
      const { feedId, url, token, encoding } = config;
      const encodings = encoding === 'json' ? (['json'] as const) : (['msgpack', 'json'] as const);
      return openWebSocketFeed({ feedId, url, token, encodings, clock, random: Math.random, timings: parts.feedTimings ?? {} });
    },
    onEvents: (events) => tap.onEvents(events),
    onExpected: (feedId) => market.expectFeed(feedId),
    onForgotten: (feedId) => {
      cache.put(market.forgetFeed(feedId));
      links.onForgotten();
    },
    onPaused: (feedId, isPaused) => market.core.setFeedPaused(feedId, isPaused, clock.nowMs()),
    record: (event, actor) => recorder.record(event.type, [{ ...event, subject: `feed:${event.payload.feedId}` }], { actor }),
    onRefused: (feedId, refusal) => log('error', 'feedRefused', { feedId, message: refusal.message }),
  });
  const sealedFiles = new SealedStreams(store.dataKey);
  const recordings = new RecordingControl({
    folder: join(options.dataDir, 'recordings'),
    exportFolder: join(options.dataDir, 'exports'),
    recordExport: (made) => {
      const payload = { ...made, atMs: clock.nowMs() };
      // A person chose the name, and may have named a client in it: subjects stand in clear.
      const subject = `export:recording-${store.journalFile.sealer.digest(basename(made.file))}`;
      return recorder.record('recording.export', [{ type: 'export.made', subject, payload }]);
    },
    clock,
    seal: sealedFiles,
    tap,
    sourceName: () =>
      feeds
        .pictures(clock.nowMs())
        .map(({ source, feedId }) => source || feedId)
        .join(', ') || 'no feed',
    requestPictures: () => feeds.requestPictures(),
    alreadyGiven: () => [reference.event()].filter((event) => event !== null),
  });
  return { rules, market, signals, reference, cache, timings, feeds, recordings, sealedFiles, connect: () => feeds.configure(wantedFeeds()) };
}

/** Of a feed that is no longer configured nothing is shown: its accounts would stand beside another source's as if they were one desk's. */
function picturesOf(events: readonly IntakeEvent[], feeds: readonly FeedConfig[]): IntakeEvent[] {
  const wanted = new Set(feeds.length > 0 ? feeds.map(({ feedId }) => feedId) : [DEMO_FEED_ID]);
  return events.filter((event) => wanted.has(event.feedId));
}
