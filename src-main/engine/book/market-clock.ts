/** The market's own clock and trading day, as each feed states them: one wrong statement of a source must not stand for the rest of the day. */
import type { GapEvent, IntakeEvent, LinkEvent, OwnRowsEvent } from '#shared/feed/intake';

/** Statements of the streams of one source run this far apart; a clock that is behind by more has been set back. */
const DISORDER_MS = 60_000;

type Timed = Exclude<IntakeEvent, LinkEvent | GapEvent | OwnRowsEvent>;
type FeedClock = { atMs: number; receivedAtMs: number; tradingDay: string };

export class MarketClock {
  readonly #feeds = new Map<string, FeedClock>();
  #newest: FeedClock | null = null;
  tradingDay: string | null = null;

  /** Source time of the feed whose clock is furthest on; null before any. */
  get atMs(): number | null {
    return this.#newest?.atMs ?? null;
  }

  /** When that was received. */
  get receivedAtMs(): number {
    return this.#newest?.receivedAtMs ?? 0;
  }

  /**
   * Takes a statement in. Time goes on with every message; only the source's own clock (welcome, heartbeat) sets it back. A day begins with
   * the welcome or with data of it, never with a heartbeat alone: with a new day the old one's orders and trades leave. A heartbeat of an
   * earlier day shows that the later one was a mistake.
   */
  hear(event: Timed): void {
    const { sourceTimeMs, receivedAtMs, tradingDay } = event;
    const isOwnClock = event.type === 'welcome' || event.type === 'heartbeat';
    const feed = this.#feeds.get(event.feedId);
    if (feed === undefined) {
      this.#feeds.set(event.feedId, { atMs: sourceTimeMs, receivedAtMs, tradingDay });
      this.#compare();
      return;
    }
    const isSetBack = isOwnClock && sourceTimeMs < feed.atMs - DISORDER_MS;
    const isNewDay = event.type === 'welcome' || event.type === 'heartbeat' ? isBefore(event, feed) : tradingDay > feed.tradingDay;
    if (sourceTimeMs < feed.atMs && !isSetBack && !isNewDay) return;
    if (sourceTimeMs >= feed.atMs || isSetBack) {
      feed.atMs = sourceTimeMs;
      feed.receivedAtMs = receivedAtMs;
    }
    if (isNewDay) feed.tradingDay = tradingDay;
    if (isNewDay || isSetBack || feed !== this.#newest) this.#compare();
  }

  #compare(): void {
    let newest: FeedClock | null = null;
    let tradingDay: string | null = null;
    for (const feed of this.#feeds.values()) {
      if (newest === null || feed.atMs > newest.atMs) newest = feed;
      if (tradingDay === null || feed.tradingDay > tradingDay) tradingDay = feed.tradingDay;
    }
    this.#newest = newest;
    this.tradingDay = tradingDay;
  }
}

function isBefore(event: Extract<Timed, { type: 'welcome' | 'heartbeat' }>, feed: FeedClock): boolean {
  return event.type === 'welcome' ? event.tradingDay !== feed.tradingDay : event.tradingDay < feed.tradingDay;
}
