/** Counting within the last so many milliseconds, in memory that does not grow with what is counted. */

/**
 * A sum over a sliding window in steps of a twentieth of it: never late, at most one step short at its far end. Most windows never hold more than one
 * step, as most customers do nothing for longer than the window: only a second step within it makes room for all twenty.
 */
export class SlidingSum {
  static readonly #BUCKETS = 20;
  readonly #bucketMs: number;
  // A plain array: small typed arrays live outside the heap and cost the collector far more.
  #sums: number[] | null = null;
  /** Whether all that is in the window lies in its newest step; the array is then not looked at. */
  #isOneStep = true;
  #newest = Number.NEGATIVE_INFINITY;
  #total = 0;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / SlidingSum.#BUCKETS;
  }

  /** Adds at a time and answers the window's sum; a time that runs backwards counts in the newest step. */
  add(amount: number, atMs: number): number {
    this.#moveTo(atMs, true);
    this.#total += amount;
    if (!this.#isOneStep && this.#sums !== null) {
      const at = this.#newest % SlidingSum.#BUCKETS;
      this.#sums[at] = (this.#sums[at] ?? 0) + amount;
    }
    return this.#total;
  }

  sumAt(atMs: number): number {
    this.#moveTo(atMs, false);
    return this.#total;
  }

  clear(): void {
    this.#isOneStep = true;
    this.#total = 0;
  }

  #moveTo(atMs: number, isAdding: boolean): void {
    const bucket = Math.floor(atMs / this.#bucketMs);
    if (bucket <= this.#newest) return;
    if (bucket - this.#newest >= SlidingSum.#BUCKETS || this.#total === 0) {
      this.clear();
      this.#newest = bucket;
      return;
    }
    if (this.#isOneStep) {
      // To look at one step later changes nothing in it.
      if (!isAdding) return;
      this.#sums ??= new Array<number>(SlidingSum.#BUCKETS).fill(0);
      this.#sums.fill(0);
      this.#sums[this.#newest % SlidingSum.#BUCKETS] = this.#total;
      this.#isOneStep = false;
    }
    const sums = this.#sums ?? [];
    for (let step = this.#newest + 1; step <= bucket; step += 1) {
      this.#total -= sums[step % SlidingSum.#BUCKETS] ?? 0;
      sums[step % SlidingSum.#BUCKETS] = 0;
    }
    this.#newest = bucket;
  }
}

/** Whether the last N all lie within a span: exact, with room for N times. */
export class LastTimes {
  readonly #times: number[];
  #count = 0;

  constructor(size: number) {
    this.#times = new Array<number>(size).fill(0);
  }

  get size(): number {
    return this.#times.length;
  }

  /** True when this one is the Nth within `spanMs`, both ends included. */
  add(atMs: number, spanMs: number): boolean {
    const size = this.#times.length;
    this.#times[this.#count % size] = atMs;
    this.#count += 1;
    // Absolute, as what a picture adds late may lie before what was seen live.
    return this.#count >= size && Math.abs(atMs - (this.#times[this.#count % size] ?? 0)) <= spanMs;
  }

  clear(): void {
    this.#count = 0;
  }
}
