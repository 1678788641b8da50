/** Axis 3: what keeps an alert from being sent. A set, never a state: it stops sending, never evaluating, recording or listing. */
import { z } from 'zod';
import { type Alert, type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { isOver, severityRank } from '#shared/desk/alerts/evolve';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import type { Decision, DecisionContext, Recorded } from '#shared/desk/decision';
import { isZone, zoneTime } from '#shared/desk/zone-clock';
import { modeSchema } from '#shared/journal/entry';
import { refuse } from '#shared/refusal';

/** What a person can set. `INHIBITED` is the fifth of the set; it follows from another alert and is never set (inhibition.ts). */
export const suppressionKindSchema = z.enum(['shelvedTimed', 'shelvedOneShot', 'mutedCalendar', 'outOfService']);
export type SuppressionKind = z.infer<typeof suppressionKindSchema>;

/** Everything that is given must agree; nothing given would silence the desk and is refused. */
export const matcherSchema = z
  .object({
    dedupKey: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    ruleId: z.string().min(1).max(64).optional(),
    kind: z.string().min(1).max(64).optional(),
    entity: z.string().min(1).max(128).optional(),
  })
  .refine((matcher) => Object.values(matcher).some((part) => part !== undefined), 'says of no alert in particular what it is about');
export type Matcher = z.infer<typeof matcherSchema>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
/** Days as in ISO 8601: 1 is Monday. A window that ends before it begins goes over midnight and belongs to the day it began on. */
export const calendarWindowSchema = z.object({
  zone: z.string().min(1).max(64),
  days: z.array(z.number().int().min(1).max(7)).min(1),
  from: clockTime,
  to: clockTime,
});
export type CalendarWindow = z.infer<typeof calendarWindowSchema>;

export const suppressionReasonSchema = z.enum(['knownCause', 'plannedWork', 'testing', 'duplicate', 'sourceFaulty', 'other']);

export const suppressionSchema = z.object({
  suppressionId: z.uuid(),
  mode: modeSchema,
  kind: suppressionKindSchema,
  matcher: matcherSchema,
  /** The gravest severity it covers: what is or gets graver is sent as if it were not there. */
  covers: severitySchema,
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  window: calendarWindowSchema.nullable(),
  reasonCode: suppressionReasonSchema,
  note: z.string().max(2000),
  ticket: z.string().max(64),
  createdBy: z.string(),
  extendedCount: z.number().int().min(0),
  isWarned: z.boolean(),
  ended: z.object({ atMs: z.number(), by: z.string(), because: z.enum(['lapsed', 'lifted', 'oneShotOver', 'severityRose']) }).nullable(),
});
export type Suppression = z.infer<typeof suppressionSchema>;

const base = { suppressionId: z.uuid(), atMs: z.number() };
export const suppressionEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('suppression.begun'),
    payload: z.object({ ...base, suppression: suppressionSchema.omit({ createdBy: true, mode: true }) }),
  }),
  z.object({ type: z.literal('suppression.extended'), payload: z.object({ ...base, endsAtMs: z.number(), note: z.string().max(2000) }) }),
  z.object({ type: z.literal('suppression.warned'), payload: z.object({ ...base, endsAtMs: z.number() }) }),
  z.object({
    type: z.literal('suppression.ended'),
    payload: z.object({ ...base, because: z.enum(['lapsed', 'lifted', 'oneShotOver', 'severityRose']), note: z.string().max(2000) }),
  }),
]);
export type SuppressionEventBody = z.infer<typeof suppressionEventSchema>;
export type SuppressionEvent = SuppressionEventBody & { subject: string };

export type SuppressCommand = {
  kind: SuppressionKind;
  matcher: Matcher;
  covers: Severity;
  durationMs: number;
  window: CalendarWindow | null;
  reasonCode: z.infer<typeof suppressionReasonSchema>;
  note: string;
  ticket: string;
};

export function evolveSuppression(suppression: Suppression | null, event: SuppressionEventBody, recorded: Recorded): Suppression | null {
  if (event.type === 'suppression.begun') return suppression ?? { ...event.payload.suppression, createdBy: recorded.actor, mode: recorded.mode };
  if (suppression === null || suppression.ended !== null) return suppression;
  switch (event.type) {
    case 'suppression.extended':
      return { ...suppression, endsAtMs: event.payload.endsAtMs, extendedCount: suppression.extendedCount + 1, isWarned: false };
    case 'suppression.warned':
      return { ...suppression, isWarned: true };
    case 'suppression.ended':
      return { ...suppression, ended: { atMs: event.payload.atMs, by: recorded.actor, because: event.payload.because } };
  }
}

/** Every suppression ends: at most so long after it begins or is extended, by the gravest severity it covers. */
export function decideSuppress(command: SuppressCommand, context: DecisionContext, policy: AlertPolicy): Decision<SuppressionEvent> {
  const tooLong = refuseLength(command.covers, command.durationMs, policy);
  if (tooLong !== null) return tooLong;
  if (command.kind === 'mutedCalendar' && command.window === null) return refuse('INVALID', 'window: muting by calendar needs its hours', 'window');
  if (command.window !== null && !isZone(command.window.zone))
    return refuse('INVALID', `window.zone: ${command.window.zone} is no time zone`, 'window.zone');
  if (command.kind === 'shelvedOneShot' && command.matcher.dedupKey === undefined)
    return refuse('INVALID', 'matcher.dedupKey: one occurrence is of one condition', 'matcher.dedupKey');
  const suppressionId = context.newId();
  const { durationMs, ...rest } = command;
  const times = { startsAtMs: context.nowMs, endsAtMs: context.nowMs + durationMs };
  const suppression = { ...rest, suppressionId, ...times, extendedCount: 0, isWarned: false, ended: null };
  return [about({ type: 'suppression.begun', payload: { suppressionId, atMs: context.nowMs, suppression } })];
}

export function decideExtend(
  suppression: Suppression,
  durationMs: number,
  note: string,
  context: DecisionContext,
  policy: AlertPolicy,
): Decision<SuppressionEvent> {
  if (suppression.ended !== null) return refuse('CONFLICT', 'it has ended');
  const tooLong = refuseLength(suppression.covers, durationMs, policy);
  if (tooLong !== null) return tooLong;
  const { suppressionId } = suppression;
  return [about({ type: 'suppression.extended', payload: { suppressionId, atMs: context.nowMs, endsAtMs: context.nowMs + durationMs, note } })];
}

export function decideLift(suppression: Suppression, note: string, context: DecisionContext): Decision<SuppressionEvent> {
  if (suppression.ended !== null) return refuse('CONFLICT', 'it has ended already');
  return [ended(suppression, context.nowMs, 'lifted', note)];
}

/** What time alone does: a warning shortly before the end, and the end. */
export function decideSuppressionClock(suppression: Suppression, nowMs: number, policy: AlertPolicy): SuppressionEvent[] {
  if (suppression.ended !== null) return [];
  const { suppressionId, endsAtMs, isWarned } = suppression;
  if (nowMs >= endsAtMs) return [ended(suppression, nowMs, 'lapsed', '')];
  if (isWarned || nowMs < endsAtMs - policy.shelving.warnBeforeMs) return [];
  return [about({ type: 'suppression.warned', payload: { suppressionId, atMs: nowMs, endsAtMs } })];
}

/** What an alert's change does to what covered it before: one-shot ends with the episode, and getting graver wakes it for good. */
export function decideWake(suppression: Suppression, before: Alert, after: Alert, nowMs: number): SuppressionEvent[] {
  if (suppression.ended !== null || !matches(suppression.matcher, after)) return [];
  const hasEnded = isOver(after) || after.human === 'closed';
  if (suppression.kind === 'shelvedOneShot' && hasEnded && !isOver(before)) return [ended(suppression, nowMs, 'oneShotOver', '')];
  const rose = severityRank(after.severity) < severityRank(before.severity);
  const isOfThisAlert = suppression.matcher.dedupKey !== undefined;
  return rose && isOfThisAlert ? [ended(suppression, nowMs, 'severityRose', '')] : [];
}

/** Whether it keeps this alert from being sent now. An unreadable or ended one never does. */
export function isSuppressing(suppression: Suppression, alert: Alert, nowMs: number): boolean {
  if (suppression.ended !== null || suppression.mode !== alert.mode || nowMs >= suppression.endsAtMs || nowMs < suppression.startsAtMs) return false;
  if (severityRank(alert.severity) < severityRank(suppression.covers)) return false;
  if (!matches(suppression.matcher, alert)) return false;
  return suppression.window === null || isWithin(suppression.window, nowMs);
}

export function matches(matcher: Matcher, alert: Pick<Alert, 'dedupKey' | 'ruleId' | 'kind' | 'entity'>): boolean {
  const { dedupKey, ruleId, kind, entity } = matcher;
  if (dedupKey === undefined && ruleId === undefined && kind === undefined && entity === undefined) return false;
  return (
    (dedupKey === undefined || dedupKey === alert.dedupKey) &&
    (ruleId === undefined || ruleId === alert.ruleId) &&
    (kind === undefined || kind === alert.kind) &&
    (entity === undefined || entity === alert.entity)
  );
}

/** Whether a clock in the window's zone stands inside it. */
export function isWithin(window: CalendarWindow, nowMs: number): boolean {
  const { weekday: day, time } = zoneTime(window.zone, nowMs);
  const { days, from, to } = window;
  if (from < to) return days.includes(day) && time >= from && time < to;
  const dayBefore = day === 1 ? 7 : day - 1;
  return (days.includes(day) && time >= from) || (days.includes(dayBefore) && time < to);
}

function refuseLength(covers: Severity, durationMs: number, policy: AlertPolicy) {
  const atMostMs = policy.shelving.atMostMs[covers];
  if (durationMs <= atMostMs) return null;
  return refuse('INVALID', `durationMs: ${covers} alerts may be silenced for ${atMostMs / 60_000} minutes at most`, 'durationMs');
}

function ended(
  suppression: Suppression,
  atMs: number,
  because: 'lapsed' | 'lifted' | 'oneShotOver' | 'severityRose',
  note: string,
): SuppressionEvent {
  return about({ type: 'suppression.ended', payload: { suppressionId: suppression.suppressionId, atMs, because, note } });
}

function about(event: SuppressionEventBody): SuppressionEvent {
  return { ...event, subject: `suppression:${event.payload.suppressionId}` };
}
