/** The latest quotes of one contract as plain numbers: what a finding shows of the market around it. */
import { type EvidenceTick, MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import type { Quote } from '#shared/feed/items';

const FIELDS = 5;

/** Numbers and not the quotes themselves: thousands of those, each kept for a moment, are what the garbage collector would copy all day. */
export class TickRing {
  readonly #numbers = new Float64Array(MOST_EVIDENCE * FIELDS);
  #count = 0;

  push(quote: Quote): void {
    const at = (this.#count % MOST_EVIDENCE) * FIELDS;
    const numbers = this.#numbers;
    numbers[at] = quote.updateTimeMs;
    numbers[at + 1] = quote.lastPrice ?? Number.NaN;
    numbers[at + 2] = quote.bidPrice1 ?? Number.NaN;
    numbers[at + 3] = quote.askPrice1 ?? Number.NaN;
    numbers[at + 4] = quote.volume ?? Number.NaN;
    this.#count += 1;
  }

  /** Oldest first; null where the source said nothing. */
  ticks(exchangeID: string, instrumentID: string): EvidenceTick[] {
    const kept = Math.min(this.#count, MOST_EVIDENCE);
    return Array.from({ length: kept }, (_, index) => {
      const at = ((this.#count - kept + index) % MOST_EVIDENCE) * FIELDS;
      const [timeMs = Number.NaN, ...rest] = this.#numbers.subarray(at, at + FIELDS);
      const [lastPrice, bidPrice, askPrice, volume] = rest.map((value) => (Number.isNaN(value) ? null : value));
      return {
        exchangeID,
        instrumentID,
        timeMs,
        lastPrice: lastPrice ?? null,
        bidPrice: bidPrice ?? null,
        askPrice: askPrice ?? null,
        volume: volume ?? null,
      };
    });
  }
}
