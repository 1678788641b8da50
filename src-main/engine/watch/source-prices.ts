/** Each source's own last price of a contract: the book keeps the newest of all, which hides that two sources disagree. */
import type { IntakeEvent } from '#shared/feed/intake';

type SourcePrice = { price: number; receivedAtMs: number };

export class SourcePrices {
  readonly #feeds = new Set<string>();
  /** By contract, then source; kept only once a second source speaks, as there is nothing to compare before. */
  readonly #byInstrument = new Map<string, Map<string, SourcePrice>>();

  apply(event: IntakeEvent): void {
    if ((event.type !== 'items' && event.type !== 'picture') || event.stream !== 'quotes') return;
    this.#feeds.add(event.feedId);
    if (this.#feeds.size < 2) return;
    for (const { exchangeID, instrumentID, lastPrice } of event.items) {
      if (lastPrice === undefined) continue;
      const key = `${exchangeID}.${instrumentID}`;
      let prices = this.#byInstrument.get(key);
      if (prices === undefined) {
        prices = new Map();
        this.#byInstrument.set(key, prices);
      }
      prices.set(event.feedId, { price: lastPrice, receivedAtMs: event.receivedAtMs });
    }
  }

  /** Lowest and highest of the sources that spoke within `freshMs`; null while fewer than two did. */
  spread(instrument: string, nowMs: number, freshMs: number): { low: number; high: number; lowFeed: string; highFeed: string } | null {
    let found: { low: number; high: number; lowFeed: string; highFeed: string } | null = null;
    let count = 0;
    for (const [feedId, { price, receivedAtMs }] of this.#byInstrument.get(instrument) ?? []) {
      if (nowMs - receivedAtMs > freshMs) continue;
      count += 1;
      if (found === null) found = { low: price, high: price, lowFeed: feedId, highFeed: feedId };
      else if (price < found.low) {
        found.low = price;
        found.lowFeed = feedId;
      } else if (price > found.high) {
        found.high = price;
        found.highFeed = feedId;
      }
    }
    return count < 2 ? null : found;
  }
}
