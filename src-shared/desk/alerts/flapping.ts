/** Tells a condition that comes and goes too fast to follow, from the share of changes among its last evaluations (the way Nagios does it). */
import type { Flap } from '#shared/desk/alerts/alert';

export type FlapPolicy = {
  /** How many evaluations are looked at: 21 give 20 possible changes, as in Nagios. */
  evaluations: number;
  /** Between two signals the condition is counted as evaluated, unchanged, this often. */
  evaluateEveryMs: number;
  /** It flaps from this share of changes on, in percent. */
  enterPercent: number;
  /** It flaps no more at or below this share, once it has also been calm for `quietMs`. */
  exitPercent: number;
  quietMs: number;
};

/** Weights run evenly from 0.8 (oldest) to 1.2 (newest), so that what happens now counts more; their mean is 1. */
const OLDEST_WEIGHT = 0.8;
const NEWEST_WEIGHT = 1.2;

export function newFlap(atMs: number): Flap {
  return { history: 0, atMs, percent: 0, calmSinceMs: atMs };
}

/** The weighted share of changes among the last evaluations, 0 to 100. */
export function flapPercent(history: number, evaluations: number): number {
  const places = evaluations - 1;
  let sum = 0;
  for (let age = 0; age < places; age += 1) {
    if ((history >> age) % 2 === 1) sum += NEWEST_WEIGHT - ((NEWEST_WEIGHT - OLDEST_WEIGHT) * age) / Math.max(1, places - 1);
  }
  return (sum / places) * 100;
}

/** Time passed without a change: quiet evaluations push old changes out. A clock that went back counts as no time. */
export function calmFlap(flap: Flap, nowMs: number, policy: FlapPolicy): Flap {
  const quiet = Math.max(0, Math.floor((nowMs - flap.atMs) / policy.evaluateEveryMs));
  if (quiet === 0) return flap;
  const history = quiet >= policy.evaluations ? 0 : (flap.history << quiet) & mask(policy);
  return { ...flap, history, atMs: flap.atMs + quiet * policy.evaluateEveryMs, percent: flapPercent(history, policy.evaluations) };
}

/** The condition went on or off. */
export function changedFlap(flap: Flap, nowMs: number, policy: FlapPolicy): Flap {
  const calmed = calmFlap(flap, nowMs, policy);
  const history = ((calmed.history << 1) | 1) & mask(policy);
  return { history, atMs: Math.max(calmed.atMs, nowMs), percent: flapPercent(history, policy.evaluations), calmSinceMs: nowMs };
}

export function isCalm(flap: Flap, nowMs: number, policy: FlapPolicy): boolean {
  return calmFlap(flap, nowMs, policy).percent <= policy.exitPercent && nowMs - flap.calmSinceMs >= policy.quietMs;
}

function mask(policy: FlapPolicy): number {
  return 2 ** (policy.evaluations - 1) - 1;
}
