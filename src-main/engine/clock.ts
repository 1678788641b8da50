/** Time and randomness come in from outside, so that a replay and a test decide what "now" is. */
export interface Clock {
  /** Wall time, epoch milliseconds. May jump; never used to order or to refuse. */
  nowMs(): number;
  /** Monotonic milliseconds, for intervals. */
  monotonicMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
