/** Messages and items per second over the last few seconds, for people who look at a feed's health. */
const SECONDS = 5;

export class RateMeter {
  readonly #counts = new Float64Array(SECONDS + 1);
  #second = Number.NEGATIVE_INFINITY;

  add(count: number, monotonicMs: number): void {
    this.#advance(monotonicMs);
    const slot = this.#second % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  /** Mean over the last whole seconds; the running second is left out because it is not over. */
  perSecond(monotonicMs: number): number {
    this.#advance(monotonicMs);
    const running = this.#second % this.#counts.length;
    let sum = 0;
    for (let slot = 0; slot < this.#counts.length; slot += 1) if (slot !== running) sum += this.#counts[slot] ?? 0;
    return sum / SECONDS;
  }

  #advance(monotonicMs: number): void {
    const second = Math.max(0, Math.floor(monotonicMs / 1000));
    if (second <= this.#second) return;
    const from = Math.max(this.#second + 1, second - SECONDS);
    for (let at = from; at <= second; at += 1) this.#counts[at % this.#counts.length] = 0;
    this.#second = second;
  }
}
