/** The pure heart of every rule: on which rung a value stands, with hysteresis, delays, and data that may be missing. */
import type { Threshold } from '#engine/watch/rule-schema';

/** Rung 0 is off; rung n is `thresholds[n - 1]`. `isUnknown` is a condition that is on while its data is missing. */
export type LadderState = { rung: number; isUnknown: boolean; pending: 'none' | 'up' | 'down' | 'unknown'; pendingSinceMs: number };
export type LadderDelays = { onDelayMs: number; offDelayMs: number; unknownAfterMs: number };
export type LadderTransition = 'raised' | 'changed' | 'cleared' | 'unknown';

export function newLadderState(): LadderState {
  return { rung: 0, isUnknown: false, pending: 'none', pendingSinceMs: 0 };
}

function isOn(rung: Threshold, value: number, isHeld: boolean): boolean {
  if (rung.direction === 'above') return isHeld ? value >= rung.exit : value >= rung.enter;
  return isHeld ? value <= rung.exit : value < rung.enter;
}

/** The rung the values stand on, and whether some higher rung cannot be judged because its value is NaN. */
export type LadderTarget = { rung: number; isUnknownAbove: boolean };

/** `values[n]` belongs to `thresholds[n]`; NaN is unknown. Writes into `out`, as this runs for every changed account of every message. */
export function findTarget(thresholds: readonly Threshold[], values: ArrayLike<number>, heldRung: number, out: LadderTarget): LadderTarget {
  out.isUnknownAbove = false;
  for (let rung = thresholds.length; rung >= 1; rung -= 1) {
    const threshold = thresholds[rung - 1] as Threshold;
    const value = values[rung - 1] as number;
    if (Number.isNaN(value)) out.isUnknownAbove = true;
    else if (isOn(threshold, value, heldRung >= rung)) {
      out.rung = rung;
      return out;
    }
  }
  out.rung = 0;
  return out;
}

/** Starts or continues waiting for one kind of move; true once it has waited long enough. */
function hasWaited(state: LadderState, kind: 'up' | 'down' | 'unknown', delayMs: number, nowMs: number): boolean {
  if (state.pending !== kind) {
    state.pending = kind;
    state.pendingSinceMs = nowMs;
  }
  return nowMs - state.pendingSinceMs >= delayMs;
}

function settle(state: LadderState, rung: number, isUnknown: boolean): void {
  state.rung = rung;
  state.isUnknown = isUnknown;
  state.pending = 'none';
}

/**
 * Moves `state` towards `target`; answers what to announce, or null. Rising waits `onDelayMs`, falling `offDelayMs`, losing sight
 * `unknownAfterMs`. Missing data never lowers a rung; `canFall` false (stale data) lets it rise but not fall.
 */
export function stepLadder(state: LadderState, target: LadderTarget, canFall: boolean, delays: LadderDelays, nowMs: number): LadderTransition | null {
  const before = state.rung;
  if (target.rung > before) {
    if (!hasWaited(state, 'up', delays.onDelayMs, nowMs)) return null;
    settle(state, target.rung, false);
    return before === 0 ? 'raised' : 'changed';
  }
  if (before === 0) {
    state.pending = 'none';
    return null;
  }
  if (target.rung < before && target.isUnknownAbove) {
    if (state.isUnknown || !hasWaited(state, 'unknown', delays.unknownAfterMs, nowMs)) return null;
    settle(state, before, true);
    return 'unknown';
  }
  if (target.rung < before && canFall) {
    if (hasWaited(state, 'down', delays.offDelayMs, nowMs)) {
      settle(state, target.rung, false);
      return target.rung === 0 ? 'cleared' : 'changed';
    }
    return seeAgain(state);
  }
  state.pending = 'none';
  return target.rung === before ? seeAgain(state) : null;
}

/** Data came back while the condition is (still) on: that is news for whoever saw it as unknown. */
function seeAgain(state: LadderState): LadderTransition | null {
  if (!state.isUnknown) return null;
  state.isUnknown = false;
  return 'changed';
}
