/** The latest N keys in a ring that says which one to forget, and up to when all was forgotten: what bounds the memory of a day without end. */
export class RecentKeys {
  readonly #keys: (string | undefined)[];
  readonly #times: Float64Array;
  #next = 0;
  /** Latest time among what was forgotten; everything older may have been here before. */
  forgottenUpToMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#keys = new Array<string | undefined>(capacity).fill(undefined);
    this.#times = new Float64Array(capacity);
  }

  /** Remembers a key that it does not hold yet; answers the one to forget for it, if it was full. */
  add(key: string, timeMs: number): string | undefined {
    const at = this.#next;
    const forgotten = this.#keys[at];
    const forgottenMs = this.#times[at] ?? Number.NEGATIVE_INFINITY;
    if (forgotten !== undefined && forgottenMs > this.forgottenUpToMs) this.forgottenUpToMs = forgottenMs;
    this.#keys[at] = key;
    this.#times[at] = timeMs;
    this.#next = (at + 1) % this.#keys.length;
    return forgotten;
  }
}
