/** How long to wait before a process that ended is started again: at once at first, then slower, and at once again after it ran well. */
const FIRST_MS = 100;
const LONGEST_MS = 15_000;
/** A process that ran this long had no trouble starting. */
const RAN_WELL_MS = 30_000;

export type BackOff = {
  started(nowMs: number): void;
  /** Milliseconds to wait now that the process ended. */
  ended(nowMs: number): number;
  /** How often in a row it ended without having run well. */
  readonly failures: number;
};

export function createBackOff(): BackOff {
  let failures = 0;
  let startedAtMs = 0;
  return {
    started(nowMs) {
      startedAtMs = nowMs;
    },
    ended(nowMs) {
      failures = nowMs - startedAtMs >= RAN_WELL_MS ? 1 : failures + 1;
      return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    },
    get failures() {
      return failures;
    },
  };
}
