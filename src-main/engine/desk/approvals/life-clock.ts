/** A clock for how long an approval lives: it never runs backwards, so that setting the machine's clock back makes nothing live longer. */
import type { Clock } from '#engine/clock';

export class LifeClock {
  readonly #clock: Clock;
  #readMs: number;
  #readAtMonotonicMs: number;

  /** `floorMs`: the latest time that the record itself has seen. */
  constructor(clock: Clock, floorMs: number) {
    this.#clock = clock;
    this.#readMs = Math.max(floorMs, recordable(clock.nowMs()));
    this.#readAtMonotonicMs = clock.monotonicMs();
  }

  /** Epoch milliseconds: the wall clock, or what has passed since the last reading, whichever is later. */
  nowMs(): number {
    const monotonicMs = this.#clock.monotonicMs();
    const passed = this.#readMs + Math.max(0, monotonicMs - this.#readAtMonotonicMs);
    this.#readMs = Math.max(passed, recordable(this.#clock.nowMs()));
    this.#readAtMonotonicMs = monotonicMs;
    return this.#readMs;
  }
}

function recordable(wallMs: number): number {
  return wallMs >= 0 && wallMs <= 8.64e15 ? wallMs : 0;
}
