/** Counting within the last so many milliseconds, in memory that does not grow with what is counted. */

/** A sum over a sliding window in steps of a twentieth of it: never late, at most one step short at its far end. */
export class SlidingSum {
  static readonly #BUCKETS = 20;
  readonly #bucketMs: number;
  // A plain array: small typed arrays live outside the heap and cost the collector far more.
  readonly #sums = new Array<number>(SlidingSum.#BUCKETS).fill(0);
  #newest = Number.NEGATIVE_INFINITY;
  #oldest = Number.POSITIVE_INFINITY;
  #total = 0;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / SlidingSum.#BUCKETS;
  }

  /** Adds at a time and answers the window's sum; a time that runs backwards counts in the newest step. */
  add(amount: number, atMs: number): number {
    this.#moveTo(atMs);
    this.#sums[this.#newest % SlidingSum.#BUCKETS] = (this.#sums[this.#newest % SlidingSum.#BUCKETS] ?? 0) + amount;
    this.#total += amount;
    return this.#total;
  }

  sumAt(atMs: number): number {
    this.#moveTo(atMs);
    return this.#total;
  }

  /** Only what was used since the last time is wiped: most windows are cleared after a single step. */
  clear(): void {
    if (this.#newest === Number.NEGATIVE_INFINITY) return;
    for (let step = Math.max(this.#oldest, this.#newest - SlidingSum.#BUCKETS + 1); step <= this.#newest; step += 1) {
      this.#sums[step % SlidingSum.#BUCKETS] = 0;
    }
    this.#oldest = this.#newest;
    this.#total = 0;
  }

  #moveTo(atMs: number): void {
    const bucket = Math.floor(atMs / this.#bucketMs);
    if (bucket <= this.#newest) return;
    if (this.#newest === Number.NEGATIVE_INFINITY) this.#oldest = bucket;
    else if (bucket - this.#newest >= SlidingSum.#BUCKETS) {
      this.clear();
      this.#oldest = bucket;
    } else {
      for (let step = this.#newest + 1; step <= bucket; step += 1) {
        this.#total -= this.#sums[step % SlidingSum.#BUCKETS] ?? 0;
        this.#sums[step % SlidingSum.#BUCKETS] = 0;
      }
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
