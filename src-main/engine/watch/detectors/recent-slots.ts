/** The latest N slots of a table in a ring that says which one to forget, and up to when all was forgotten: what bounds the memory of a day without end. */

const NONE = -1;

export class RecentSlots {
  readonly #slots: Int32Array;
  readonly #times: Float64Array;
  #next = 0;
  /** Latest time among what was forgotten; everything older may have been here before. */
  forgottenUpToMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity).fill(NONE);
    this.#times = new Float64Array(capacity);
  }

  /** The one that has to be forgotten before the next can be added, or -1. */
  get oldest(): number {
    return this.#slots[this.#next] ?? NONE;
  }

  /** Remembers in the place of the oldest. */
  add(slot: number, timeMs: number): void {
    const at = this.#next;
    if (this.#slots[at] !== NONE) {
      const forgottenMs = this.#times[at] ?? Number.NEGATIVE_INFINITY;
      if (forgottenMs > this.forgottenUpToMs) this.forgottenUpToMs = forgottenMs;
    }
    this.#slots[at] = slot;
    this.#times[at] = timeMs;
    this.#next = at + 1 === this.#slots.length ? 0 : at + 1;
  }

  /** Oldest first. */
  *slots(): Generator<number, void, undefined> {
    for (let step = 0; step < this.#slots.length; step += 1) {
      const slot = this.#slots[(this.#next + step) % this.#slots.length] ?? NONE;
      if (slot !== NONE) yield slot;
    }
  }
}
