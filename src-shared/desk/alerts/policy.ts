/** How alerts are handled, as dated rows with their source: how long an acknowledgement holds, who is told after how long, how long anything may be silenced. */
import { z } from 'zod';
import { type Escalation, type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { zoneTime } from '#shared/desk/zone-clock';
import { certaintySchema } from '#shared/feed/items';

const source = { citation: z.string().min(1).max(400), citation_zh: z.string().min(1).max(400), certainty: certaintySchema };
const lengthMs = z.number().int().min(0).max(31_536_000_000);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

export const ESCALATION_ROLES = ['desk', 'second', 'dutyManager', 'executive'] as const;
export const escalationRoleSchema = z.enum(ESCALATION_ROLES);
export type EscalationRole = z.infer<typeof escalationRoleSchema>;

const bySeverity = <Value extends z.ZodType>(value: Value) => z.object({ critical: value, high: value, medium: value, low: value });

const ladderSchema = z
  .array(z.object({ role: escalationRoleSchema, afterMs: lengthMs }))
  .min(1)
  .max(8)
  .refine(
    (steps) => steps.every((step, index) => index === 0 || step.afterMs > (steps[index - 1]?.afterMs ?? 0)),
    'each step must come after the one before',
  )
  .refine((steps) => steps[0]?.afterMs === 0, 'the first step is the first notice, at once');

export const alertPolicySchema = z.object({
  schema: z.literal('floorwatch-alert-policy/1'),
  version: z.number().int().min(1),
  effectiveFrom: z.string().regex(/^\d{8}$/, 'must be YYYYMMDD'),
  /** A length, the end of the shift in which it was acknowledged, or never. */
  acknowledgement: z.object({ ...source, holds: bySeverity(z.union([lengthMs, z.literal('shiftEnd'), z.literal('never')])) }),
  shifts: z.object({ ...source, zone: z.string().min(1).max(64), ends: z.array(clockTime).min(1).max(12) }),
  escalation: z.object({
    ...source,
    ladder: bySeverity(ladderSchema),
    /** What is older than this pages nobody any more: an alert of months ago at five in the morning helps no one. */
    maxAgeMs: lengthMs,
    /** A step that fires later than this says how late it is. */
    lateAfterMs: lengthMs,
  }),
  shelving: z.object({ ...source, atMostMs: bySeverity(lengthMs), warnBeforeMs: lengthMs }),
  flapping: z.object({
    ...source,
    evaluations: z.number().int().min(3).max(31),
    evaluateEveryMs: lengthMs.min(1),
    enterPercent: z.number().min(1).max(100),
    exitPercent: z.number().min(0).max(100),
    quietMs: lengthMs,
    digestEveryMs: lengthMs.min(1),
  }),
  reopening: z.object({ ...source, withinMs: lengthMs }),
  grouping: z.object({
    ...source,
    /** At most one notice of a group in this time; what comes meanwhile is told together. */
    intervalMs: bySeverity(lengthMs),
    /** For so long after a notice another of its group is said to be one more, not the first. */
    memoryMs: lengthMs,
    /** An alert that another may inhibit waits this long for it before its first notice. */
    settleMs: lengthMs.max(5000),
    namedAtMost: z.number().int().min(1).max(100),
    /** From so many open alerts of one rule on, the list shows them as one line. */
    stormFrom: z.number().int().min(2),
    snapshotAtMost: z.number().int().min(10).max(5000),
  }),
  inhibition: z.object({
    ...source,
    maxAgeMs: lengthMs,
    rows: z.array(
      z.object({
        sourceKind: z.string().min(1).max(64),
        /** The source's level (`down`); left out for any. */
        sourceLevel: z.string().max(32).optional(),
        targetKinds: z.array(z.string().min(1).max(64)).min(1),
        /** Which entity parts must agree: `entity`, a dimension's name, or none. */
        equal: z.array(z.string().max(64)),
      }),
    ),
  }),
  delivery: z.object({
    ...source,
    retryAfterMs: z.array(lengthMs).min(1).max(12),
    timeoutMs: lengthMs.min(100),
    /** These break through quiet hours. */
    breaksQuietHours: z.array(severitySchema),
    /** A channel that nobody tested for so long is said to be untested. */
    testEveryMs: lengthMs,
    failingFromFailures: z.number().int().min(1),
  }),
});
export type AlertPolicy = z.infer<typeof alertPolicySchema>;
export type ClockTime = { hour: number; minute: number };

/** When an acknowledgement given at `atMs` stops holding; null for never. */
export function ackExpiry(policy: AlertPolicy, severity: Severity, atMs: number): number | null {
  const holds = policy.acknowledgement.holds[severity];
  if (holds === 'never') return null;
  return holds === 'shiftEnd' ? nextClockTime(policy.shifts.ends, policy.shifts.zone, atMs) : atMs + holds;
}

/** The ladder as it stands after the first notice. */
export function beginEscalation(policy: AlertPolicy, severity: Severity, atMs: number): Escalation {
  const next = policy.escalation.ladder[severity][1];
  return { policyVersion: policy.version, sinceMs: atMs, nextStep: 1, nextFireAtMs: next === undefined ? null : atMs + next.afterMs };
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** No zone's clock is put forward by more at once, but for islands that changed the date. */
const MOST_LEAP_MINUTES = 180;

/**
 * The next time that a clock in `zone` shows one of `times` ("HH:MM"), strictly after `atMs`; in a night in which the clock leaps over it, the moment
 * of the leap. A zone's change of offset is looked at minute by minute around it.
 */
export function nextClockTime(times: readonly string[], zone: string, atMs: number): number {
  const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const wanted = times.map(minutesOf);
  const shownAt = (ms: number): number => minutesOf(zoneTime(zone, ms).time);
  const fromTo = (from: number, to: number): number => (to - from + DAY_MINUTES) % DAY_MINUTES;
  const firstMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  let before = shownAt(firstMs);
  let at = firstMs + MINUTE_MS;
  const endMs = atMs + 2 * DAY_MINUTES * MINUTE_MS;
  while (at < endMs) {
    const now = shownAt(at);
    const passed = fromTo(before, now);
    // An hour that comes twice goes back, which is no way forward of nearly a day.
    const isForward = passed <= MOST_LEAP_MINUTES;
    if (wanted.some((minute) => minute === now || (isForward && fromTo(before, minute) > 0 && fromTo(before, minute) < passed))) return at;
    const nearest = Math.min(...wanted.map((minute) => fromTo(now, minute)));
    // Close to the time every minute is looked at; far from it most of the way is one step, short of any change of offset.
    const stepMinutes = nearest > 121 ? nearest - 120 : 1;
    before = stepMinutes === 1 ? now : (now + stepMinutes) % DAY_MINUTES;
    at += stepMinutes * MINUTE_MS;
  }
  return endMs;
}
