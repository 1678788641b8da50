/** Whether an account stands on a stale price, answered for many accounts within one message: the few stale instruments are found once. */
import type { InstrumentRecord } from './things';

export type StalePriceSource = {
  instruments: readonly InstrumentRecord[];
  isStale: (record: InstrumentRecord, nowMs: number) => boolean;
  /** What this old, or younger, is never stale while its feed speaks; -Infinity when nothing can be said beforehand. */
  freshForMs: number;
  isFeedLive: (feedId: string) => boolean;
  /** Every feed that has ever given a quote. */
  quoteFeeds: () => readonly string[];
};

export class StalePrices {
  readonly #source: StalePriceSource;
  readonly #stale: InstrumentRecord[] = [];
  #nowMs = Number.NaN;
  #version = -1;
  /** Until then, by the times of receipt at the last look, none is stale while all feeds speak; quotes that come later only put it off. */
  #freshUntilMs = Number.NEGATIVE_INFINITY;
  #freshCount = 0;

  constructor(source: StalePriceSource) {
    this.#source = source;
  }

  /** The instruments whose price is stale at `nowMs`, for the book as it is at `version`; valid until the next call. */
  at(nowMs: number, version: number): readonly InstrumentRecord[] {
    if (this.#nowMs === nowMs && this.#version === version) return this.#stale;
    this.#nowMs = nowMs;
    this.#version = version;
    this.#stale.length = 0;
    const { instruments, isStale, freshForMs, isFeedLive, quoteFeeds } = this.#source;
    if (nowMs <= this.#freshUntilMs && instruments.length === this.#freshCount && quoteFeeds().every(isFeedLive)) return this.#stale;
    let oldestMs = nowMs;
    let feedId: string | null = null;
    let isLive = false;
    for (const record of instruments) {
      if (record.quoteFeedId !== feedId) {
        feedId = record.quoteFeedId;
        isLive = isFeedLive(feedId);
      }
      const isFresh = isLive && record.quoteReceivedAtMs !== null && nowMs - record.quoteReceivedAtMs <= freshForMs;
      oldestMs = Math.min(oldestMs, isFresh ? (record.quoteReceivedAtMs ?? nowMs) : Number.NEGATIVE_INFINITY);
      if (!isFresh && isStale(record, nowMs)) this.#stale.push(record);
    }
    this.#freshUntilMs = oldestMs + freshForMs;
    this.#freshCount = instruments.length;
    return this.#stale;
  }
}
