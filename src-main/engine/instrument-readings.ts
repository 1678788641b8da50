/** What scanned rules read of contracts: moves, limits and the difference between sources. */
import type { Book } from '#engine/book/book';
import type { InstrumentRecord } from '#engine/book/things';
import { PastFigures } from '#engine/watch/past-figures';
import type { Reading } from '#engine/watch/readings';
import type { WatchMoment } from '#engine/watch/rule';
import type { SourcePrices } from '#engine/watch/source-prices';
import type { FigureRule } from '#shared/desk/rules/rule';
import type { Quote } from '#shared/feed/items';

const isIn = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.length === 0 || list.includes(value);

export class InstrumentReadings {
  readonly #book: Book;
  readonly #prices: SourcePrices;
  readonly #past = new Map<number, PastFigures>();
  #open: { nowMs: number; isAny: boolean } = { nowMs: Number.NaN, isAny: false };

  constructor(book: Book, prices: SourcePrices) {
    this.#book = book;
    this.#prices = prices;
  }

  /** Whether any contract with a price trades now; unknown calendars count as open. */
  isAnyOpen({ nowMs }: WatchMoment): boolean {
    if (this.#open.nowMs !== nowMs) {
      const book = this.#book;
      const isAny = book.records.instruments.some((record) => record.quote !== null && isTrading(book, record, nowMs));
      this.#open = { nowMs, isAny };
    }
    return this.#open.isAny;
  }

  each(rule: FigureRule, part: number, parts: number, moment: WatchMoment, see: (reading: Reading) => void): void {
    const { instruments } = this.#book.records;
    const { windowMs, freshMs = 0 } = rule.parameters;
    const past = windowMs === undefined ? null : this.#pastOf(windowMs);
    if (part === 0 && past !== null)
      past.sample(
        Float64Array.from(instruments, (record) => record.quote?.lastPrice ?? Number.NaN),
        moment.nowMs,
      );
    const { exchangeIDs, productIDs, instrumentIDs } = rule.scope;
    for (let index = part; index < instruments.length; index += parts) {
      const record = instruments[index] as InstrumentRecord;
      const { quote } = record;
      if (quote === null || !isIn(exchangeIDs, record.exchangeID) || !isIn(productIDs, record.productID) || !isIn(instrumentIDs, record.instrumentID))
        continue;
      see({
        entity: `instrument:${record.label}`,
        dimensions: {},
        isOpen: isTrading(this.#book, record, moment.nowMs),
        isStale: this.#book.qualityOfInstrument(record, moment.nowMs) === 'stale',
        value: (metric) => {
          if (metric === 'windowMove') return moveOf(quote.lastPrice, past?.at(index));
          if (metric === 'sourceBasis') {
            const spread = this.#prices.spread(record.label, moment.nowMs, freshMs);
            return spread === null ? Number.NaN : (spread.high - spread.low) / Math.abs(spread.high);
          }
          return quoteFigure(metric, quote);
        },
        params: () => {
          const spread = this.#prices.spread(record.label, moment.nowMs, freshMs);
          return {
            lastPrice: quote.lastPrice ?? null,
            preSettlementPrice: quote.preSettlementPrice ?? null,
            upperLimitPrice: quote.upperLimitPrice ?? null,
            lowerLimitPrice: quote.lowerLimitPrice ?? null,
            ...(spread === null ? {} : { lowFeed: spread.lowFeed, lowPrice: spread.low, highFeed: spread.highFeed, highPrice: spread.high }),
          };
        },
      });
    }
  }

  #pastOf(windowMs: number): PastFigures {
    let past = this.#past.get(windowMs);
    if (past === undefined) {
      past = new PastFigures(windowMs);
      this.#past.set(windowMs, past);
    }
    return past;
  }
}

function isTrading(book: Book, record: InstrumentRecord, nowMs: number): boolean {
  const state = book.sessionOf(record, nowMs);
  return state === 'open' || state === 'unknown';
}

function moveOf(now: number | undefined, before: number | undefined): number {
  return now === undefined || before === undefined || before === 0 ? Number.NaN : Math.abs(now - before) / Math.abs(before);
}

/** From the quote alone; NaN where the source left out what it takes. */
function quoteFigure(metric: string, quote: Quote): number {
  const last = quote.lastPrice ?? Number.NaN;
  const before = quote.preSettlementPrice ?? Number.NaN;
  const upper = quote.upperLimitPrice ?? Number.NaN;
  const lower = quote.lowerLimitPrice ?? Number.NaN;
  switch (metric) {
    case 'priceMove':
      return moveOf(quote.lastPrice, quote.preSettlementPrice);
    case 'limitNearness': {
      const room = last >= before ? upper - before : before - lower;
      return room > 0 ? Math.min(1, Math.abs(last - before) / room) : Number.NaN;
    }
    case 'limitLocked': {
      if (Number.isNaN(last) || Number.isNaN(upper) || Number.isNaN(lower)) return Number.NaN;
      // Nobody offers at the upper limit, nobody bids at the lower one.
      return (last >= upper && quote.askPrice1 === undefined) || (last <= lower && quote.bidPrice1 === undefined) ? 1 : 0;
    }
  }
  return Number.NaN;
}
