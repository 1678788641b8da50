/** Where figures stood at the beginning of a window, in memory of ten samples whatever the pace. */

const SAMPLES = 10;

export class PastFigures {
  readonly #stepMs: number;
  /** Newest first; each a copy of a whole column. */
  readonly #samples: { atMs: number; values: Float64Array }[] = [];

  constructor(windowMs: number) {
    this.#stepMs = windowMs / SAMPLES;
  }

  /** Takes a copy when a tenth of the window has passed since the last one. */
  sample(column: Float64Array, nowMs: number): void {
    const newest = this.#samples[0];
    if (newest !== undefined && nowMs - newest.atMs < this.#stepMs) return;
    // A pause longer than the window leaves nothing to compare with.
    if (newest !== undefined && nowMs - newest.atMs > this.#stepMs * SAMPLES) this.#samples.length = 0;
    const reused = this.#samples.length > SAMPLES ? this.#samples.pop() : undefined;
    const values = reused !== undefined && reused.values.length === column.length ? reused.values : new Float64Array(column.length);
    values.set(column);
    this.#samples.unshift({ atMs: nowMs, values });
  }

  /** The oldest sample within the window; NaN before there is one. */
  at(index: number): number {
    return this.#samples.at(-1)?.values[index] ?? Number.NaN;
  }
}
