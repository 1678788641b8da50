/** One recording played through a market core of its own: its book, its watch, its alerts. The live desk goes on beside it, untouched. */
import { Book } from '#engine/book/book';
import type { Clock } from '#engine/clock';
import { MarketCore, RecordedTime } from '#engine/core';
import type { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { ReplayFeed, type ReplaySpeed } from '#engine/feeds/recording/replay-feed';
import { BookReadings } from '#engine/market-readings';
import { RecordedAlerts } from '#engine/replay-alerts';
import { sessionOfTick } from '#engine/session-of';
import type { ConditionSink } from '#engine/watch/condition';
import type { RulePack } from '#engine/watch/rule-schema';
import type { StatusPicture } from '#shared/contract/streams';

export type ReplaySessionParts = {
  reader: RecordingReader;
  speed: ReplaySpeed;
  clock: Clock;
  rules: RulePack;
  /** Hears conditions in place of the list of alerts. */
  sink?: ConditionSink;
  /** Called when the list of the replay's alerts changed. */
  onAlerts?: () => void;
};

export const REPLAY_FEED_ID = 'replay';

export class ReplaySession {
  readonly book: Book;
  readonly core: MarketCore;
  readonly alerts: RecordedAlerts;
  readonly feed: ReplayFeed;
  readonly time: RecordedTime;

  constructor(parts: ReplaySessionParts) {
    this.alerts = new RecordedAlerts(parts.onAlerts);
    /* Ages are counted on the recorded clock: what was fresh then is fresh in the replay. */
    this.book = new Book({ nowMs: () => this.time.lastMs ?? parts.reader.header.createdAtMs, riskLevels: parts.rules.levels });
    const judgesLinks = parts.reader.header.origin !== 'import';
    this.core = new MarketCore({
      book: this.book,
      rules: parts.rules,
      open: [],
      sink: parts.sink ?? this.alerts,
      sessionOf: sessionOfTick(this.book),
      judgesLinks,
      readings: (prices) => new BookReadings({ book: this.book, prices }),
      departmentOf: (accountID) => this.book.reference.masters.get(accountID)?.departmentID ?? null,
    });
    this.time = new RecordedTime(this.core);
    this.feed = new ReplayFeed({ feedId: REPLAY_FEED_ID, reader: parts.reader, speed: parts.speed, clock: parts.clock });
  }

  /** Resolves when the last event was judged, or the replay was stopped. */
  async play(): Promise<void> {
    this.feed.start({ onEvents: (events) => this.time.take(events), onDeadLetter: () => undefined });
    await this.feed.whenFinished();
    if (this.feed.progress().finished) this.time.end();
  }

  picture(): NonNullable<StatusPicture['replay']> {
    const { file, speed, paused, atMs, progress, finished } = this.feed.progress();
    return { file, speed, paused, atMs, progress, finished };
  }
}
