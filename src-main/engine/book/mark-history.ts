/** The last prices of every instrument with their source times, so that a counter's figure can be compared at the counter's own moment. */

const MARKS_KEPT = 64;
/** Source time, price, from when on prices may have been left out before it: side by side, so that a quote touches one place of the memory and not three. */
const MARK_LENGTH = 3;
const HISTORY_LENGTH = MARKS_KEPT * MARK_LENGTH;
/** Instruments whose histories lie in one piece of memory. */
const PIECE = 32;

export class MarkHistory {
  readonly #pieces: Float64Array[] = [];
  readonly #counts: number[] = [];
  readonly #newest: number[] = [];

  /** The next instrument has its place. */
  add(): void {
    const count = this.#counts.push(0);
    this.#newest.push(0);
    if (count > this.#pieces.length * PIECE) this.#pieces.push(new Float64Array(PIECE * HISTORY_LENGTH));
  }

  /** `mergedFromMs`: quotes from then until `timeMs` were merged into this one while the engine was behind. */
  push(instrument: number, timeMs: number, price: number, mergedFromMs = Number.POSITIVE_INFINITY): void {
    const marks = this.#pieces[Math.floor(instrument / PIECE)] as Float64Array;
    const start = (instrument % PIECE) * HISTORY_LENGTH;
    const newest = this.#newest[instrument] as number;
    const count = this.#counts[instrument] as number;
    const last = start + newest * MARK_LENGTH;
    if (count > 0 && marks[last] === timeMs) {
      marks[last + 1] = price;
      marks[last + 2] = Math.min(marks[last + 2] as number, mergedFromMs);
      return;
    }
    const next = count === 0 ? 0 : (newest + 1) % MARKS_KEPT;
    const at = start + next * MARK_LENGTH;
    marks[at] = timeMs;
    marks[at + 1] = price;
    marks[at + 2] = mergedFromMs;
    this.#newest[instrument] = next;
    this.#counts[instrument] = Math.min(count + 1, MARKS_KEPT);
  }

  /** The price that stood at `timeMs`; null when the history begins later, or when prices of that time were left out: an older one would be a guess. */
  at(instrument: number, timeMs: number): number | null {
    const marks = this.#pieces[Math.floor(instrument / PIECE)];
    if (marks === undefined) return null;
    const start = (instrument % PIECE) * HISTORY_LENGTH;
    const newest = this.#newest[instrument] as number;
    const kept = this.#counts[instrument] as number;
    let laterMergedFrom = Number.POSITIVE_INFINITY;
    for (let back = 0; back < kept; back++) {
      const at = start + ((newest - back + MARKS_KEPT) % MARKS_KEPT) * MARK_LENGTH;
      if ((marks[at] as number) <= timeMs) return laterMergedFrom <= timeMs ? null : (marks[at + 1] as number);
      laterMergedFrom = marks[at + 2] as number;
    }
    return null;
  }
}
