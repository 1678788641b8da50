/** How long to wait before the next attempt: exponential with full jitter, so that a hundred desks do not return in the same second. */

export type BackOffOptions = { firstMs: number; maxMs: number; random: () => number };

export class BackOff {
  readonly #options: BackOffOptions;
  #attempt = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  get attempt(): number {
    return this.#attempt;
  }

  /** Milliseconds to wait; between half the first delay and the cap. */
  nextDelayMs(): number {
    const { firstMs, maxMs, random } = this.#options;
    const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(this.#attempt, 30));
    this.#attempt += 1;
    return firstMs / 2 + random() * Math.max(0, ceiling - firstMs / 2);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
