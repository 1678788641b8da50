/** How far the figures of an account or a contract may be trusted now: live, stale, closed or unknown, by the age of their prices and the session. */
import type { Quality } from '#shared/contract/streams';
import { type SessionState, sessionStateAt } from '#shared/market/session-calendar';
import type { MarketClock } from './market-clock';
import type { MarketRecords } from './market-records';
import { instrumentQuality, type QualitySource, type StalenessRow, staleAfterMs } from './quality';
import type { ReferenceBook } from './reference';
import { StalePrices } from './stale-prices';
import type { InstrumentRecord } from './things';

export type PriceJudgeParts = {
  records: MarketRecords;
  reference: ReferenceBook;
  clock: MarketClock;
  staleness: readonly StalenessRow[];
  /** Replaces the built-in judgement of an instrument's price. */
  source: QualitySource | undefined;
  isFeedLive: (feedId: string) => boolean;
  /** Every feed that has ever given quotes. */
  quoteFeeds: () => readonly string[];
  /** The trading day, and how often the book has changed. */
  tradingDay: () => string | null;
  version: () => number;
  /** Whether an account's equity and margin are known. */
  isKnown: (accountIndex: number) => boolean;
};

export class PriceJudge {
  readonly #parts: PriceJudgeParts;
  readonly #stalePrices: StalePrices;

  constructor(parts: PriceJudgeParts) {
    this.#parts = parts;
    this.#stalePrices = new StalePrices({
      instruments: parts.records.instruments,
      isStale: (record, nowMs) => this.ofInstrument(record, nowMs) === 'stale',
      freshForMs: parts.source ? Number.NEGATIVE_INFINITY : Math.min(...parts.staleness.map((row) => row.staleAfterMs)),
      isFeedLive: parts.isFeedLive,
      quoteFeeds: parts.quoteFeeds,
    });
  }

  /** Unknown figures first, then the worst of the prices it depends on; `none` for an account that holds nothing. */
  ofAccount(accountIndex: number, nowMs: number): Quality {
    const account = this.#parts.records.accounts[accountIndex];
    if (account === undefined || !this.#parts.isKnown(accountIndex)) return 'unknown';
    let hasStale = false;
    let hasLive = false;
    let hasClosed = false;
    for (const holding of account.holdings.values()) {
      if (holding.netQuantity === 0) continue;
      const quality = this.ofInstrument(holding.instrument, nowMs);
      if (quality === 'stale') hasStale = true;
      else if (quality === 'closed') hasClosed = true;
      else hasLive = true;
    }
    if (hasStale) return 'stale';
    if (hasLive) return 'live';
    return hasClosed ? 'closed' : account.holdings.size > 0 ? 'live' : 'none';
  }

  isAccountStale(accountIndex: number, nowMs: number): boolean {
    const account = this.#parts.records.accounts[accountIndex];
    const stale = this.#stalePrices.at(nowMs, this.#parts.version());
    if (account === undefined || stale.length === 0) return false;
    if (stale.length > account.holdings.size) return this.ofAccount(accountIndex, nowMs) === 'stale';
    if (!this.#parts.isKnown(accountIndex)) return false;
    for (const { index } of stale) if ((account.holdings.get(index)?.netQuantity ?? 0) !== 0) return true;
    return false;
  }

  ofInstrument(record: InstrumentRecord, nowMs: number): Quality {
    const { judged } = record;
    const version = this.#parts.version();
    if (judged.nowMs !== nowMs || judged.version !== version) {
      judged.nowMs = nowMs;
      judged.version = version;
      judged.quality = this.#judge(record, nowMs);
    }
    return judged.quality;
  }

  #judge(record: InstrumentRecord, nowMs: number): Quality {
    const { source, staleness, isFeedLive, tradingDay } = this.#parts;
    if (source) return source.qualityOfInstrument(record.exchangeID, record.instrumentID, nowMs);
    const quality = instrumentQuality(
      {
        hasPrice: record.quote?.lastPrice !== undefined,
        lastReceivedAtMs: record.quoteReceivedAtMs,
        session: this.sessionOf(record, nowMs),
        staleAfterMs: staleAfterMs(staleness, record.exchangeID, record.productID, tradingDay()),
      },
      nowMs,
    );
    return quality === 'live' && !isFeedLive(record.quoteFeedId) ? 'stale' : quality;
  }

  /** By the market's own clock: source time carried on by the time since its receipt. */
  sessionOf(record: InstrumentRecord, nowMs: number): SessionState {
    const { reference, clock, tradingDay } = this.#parts;
    const session = reference.sessions.get(record.master?.sessionID ?? '');
    const calendar = reference.calendarOf(record.exchangeID, tradingDay() ?? undefined);
    if (session === undefined || calendar === null || clock.atMs === null) return 'unknown';
    return sessionStateAt(session, calendar, clock.atMs + Math.max(0, nowMs - clock.receivedAtMs));
  }
}
