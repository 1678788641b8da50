/** The latest quote of every instrument side by side: a hundred thousand quotes a second each touch a few places of this memory, and no object. */
import type { Quote } from '#shared/feed/items';
import { quoteAt, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';

/** Who said a quote, and of which trading day: one and the same object for as long as neither changes. */
export type QuoteOrigin = { readonly feedId: string; readonly tradingDay: string };

const NO_ORIGIN: QuoteOrigin = { feedId: '', tradingDay: '' };

export class QuoteBoard {
  /** One row per instrument, as `QuoteRows` have them, without the prices that are none; NaN where nothing was said. */
  numbers = new Float64Array(0);
  readonly #origins: QuoteOrigin[] = [];
  #receivedAtMs = new Float64Array(0);
  /** Quotes that were asked for as objects; undefined where the row has changed since. */
  readonly #quotes: (Quote | null | undefined)[] = [];
  #newestOrigin = NO_ORIGIN;

  add(): void {
    const count = this.#origins.push(NO_ORIGIN);
    this.#quotes.push(null);
    if (count <= this.#receivedAtMs.length) return;
    const room = Math.max(64, count * 2);
    this.numbers = enlarged(this.numbers, room * ROW_LENGTH);
    this.#receivedAtMs = enlarged(this.#receivedAtMs, room);
  }

  originOf(feedId: string, tradingDay: string): QuoteOrigin {
    if (this.#newestOrigin.feedId !== feedId || this.#newestOrigin.tradingDay !== tradingDay) this.#newestOrigin = { feedId, tradingDay };
    return this.#newestOrigin;
  }

  /** Whether the instrument's quote is of another trading day, or of none. Notes the origin. */
  takeOrigin(index: number, origin: QuoteOrigin): boolean {
    const before = this.#origins[index] as QuoteOrigin;
    if (before === origin) return false;
    this.#origins[index] = origin;
    return before.tradingDay !== origin.tradingDay;
  }

  /** Takes the row in that begins at `at`. */
  set(index: number, rows: Float64Array, at: number, receivedAtMs: number): void {
    const to = index * ROW_LENGTH;
    const { numbers } = this;
    for (let place = 0; place < ROW_LENGTH; place += 1) numbers[to + place] = rows[at + place] as number;
    this.#receivedAtMs[index] = receivedAtMs;
    this.#quotes[index] = undefined;
  }

  /** From now on there is no quote: the one before it must not go on as if it were current. */
  clear(index: number, receivedAtMs: number): void {
    this.numbers.fill(Number.NaN, index * ROW_LENGTH, (index + 1) * ROW_LENGTH);
    this.#receivedAtMs[index] = receivedAtMs;
    this.#quotes[index] = null;
  }

  quoteOf(index: number): Quote | null {
    let quote = this.#quotes[index];
    if (quote === undefined) {
      const at = index * ROW_LENGTH;
      quote = Number.isNaN(this.numbers[at + ROW.updateTimeMs]) ? null : quoteAt(this.numbers, at);
      this.#quotes[index] = quote;
    }
    return quote;
  }

  feedIdOf(index: number): string {
    return (this.#origins[index] ?? NO_ORIGIN).feedId;
  }

  tradingDayOf(index: number): string {
    return (this.#origins[index] ?? NO_ORIGIN).tradingDay;
  }

  /** Null before anything was said, even that there is no quote. */
  receivedAtMsOf(index: number): number | null {
    const receivedAtMs = this.#receivedAtMs[index] ?? Number.NaN;
    return Number.isNaN(receivedAtMs) ? null : receivedAtMs;
  }
}

function enlarged(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length).fill(Number.NaN);
  larger.set(column);
  return larger;
}
