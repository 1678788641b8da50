/** How long somebody who typed a wrong secret has to wait: longer each time, then a lock-out. Pure; what it remembers outlives a restart. */
import { z } from 'zod';

/** `untilMs` is wall time: before it nothing is even checked. */
export const throttleSchema = z.object({ failures: z.number().int().min(0), lastAtMs: z.number(), untilMs: z.number(), isLockedOut: z.boolean() });
export type Throttle = z.infer<typeof throttleSchema>;

export const NOT_THROTTLED: Throttle = { failures: 0, lastAtMs: 0, untilMs: 0, isLockedOut: false };

/** A dated row of resources/access/secret-rules.json. */
export const throttleRuleSchema = z.object({
  /** Wrong tries that cost nothing: fingers slip. */
  freeFailures: z.number().int().min(0),
  firstDelayMs: z.number().int().min(1),
  /** Each further failure multiplies the delay by this. */
  factor: z.number().min(1),
  longestDelayMs: z.number().int().min(1),
  lockOutAfter: z.number().int().min(1),
  lockOutMs: z.number().int().min(1),
});
export type ThrottleRule = z.infer<typeof throttleRuleSchema>;

export type ThrottleVerdict = { kind: 'open' } | { kind: 'wait'; untilMs: number; isLockedOut: boolean };

/** A clock set back would prolong a wait without end: it is never longer than what the last failure earned. */
export function judgeThrottle(throttle: Throttle, nowMs: number): ThrottleVerdict {
  const earnedMs = throttle.untilMs - throttle.lastAtMs;
  const isPast = nowMs >= throttle.untilMs || nowMs < throttle.lastAtMs - earnedMs;
  return isPast ? { kind: 'open' } : { kind: 'wait', untilMs: throttle.untilMs, isLockedOut: throttle.isLockedOut };
}

/**
 * After one more failure. Written down before the secret is checked, so that ending the program in the middle of a check wins nothing. Once a lock-out
 * has passed the count goes on from where it stood: the next failure locks out again.
 */
export function afterFailure(throttle: Throttle, rule: ThrottleRule, nowMs: number): Throttle {
  const failures = throttle.failures + 1;
  if (failures >= rule.lockOutAfter) return { failures, lastAtMs: nowMs, untilMs: nowMs + rule.lockOutMs, isLockedOut: true };
  return { failures, lastAtMs: nowMs, untilMs: nowMs + delayMs(failures, rule), isLockedOut: false };
}

/** Milliseconds that must pass after this many failures. */
export function delayMs(failures: number, rule: ThrottleRule): number {
  const counted = failures - rule.freeFailures;
  if (counted <= 0) return 0;
  return Math.min(rule.longestDelayMs, rule.firstDelayMs * rule.factor ** (counted - 1));
}
