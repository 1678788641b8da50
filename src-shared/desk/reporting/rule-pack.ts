/** Regulators' reporting duties as dated, cited rows: which licence, which event, which time starts the clock, how long, to whom, and how sure the text is. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';

/** Times of an incident, kept apart because each regulator's clock names the one that starts it. */
export const INCIDENT_TIMES = ['impactStart', 'detected', 'aware', 'declared', 'classified', 'contained', 'impactEnd', 'recovered'] as const;
export const incidentTimeNameSchema = z.enum(INCIDENT_TIMES);
export type IncidentTimeName = z.infer<typeof incidentTimeNameSchema>;

/** Grades in rising order (CSRC announcement [2021] no. 12 names four); `unknown` is not the lowest: it may be any of them. */
export const GRADES = ['general', 'larger', 'major', 'especiallyMajor'] as const;
export const gradeSchema = z.enum(GRADES);
export type Grade = z.infer<typeof gradeSchema>;

export const EVENT_KINDS = ['systemFault', 'cyberIncident', 'dataDamage', 'clientHarm', 'supplierFailure'] as const;
export const eventKindSchema = z.enum(EVENT_KINDS);
export type EventKind = z.infer<typeof eventKindSchema>;

export const licenceSchema = z.enum([
  'cnFuturesBroker',
  'cnSecuritiesBroker',
  'cnGoldMember',
  'euFinancialEntity',
  'sgFinancialInstitution',
  'hkLicensedCorporation',
]);
export type Licence = z.infer<typeof licenceSchema>;

const words = z.object({ en: z.string().min(1).max(600), zh: z.string().min(1).max(600) });
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const rowId = z.string().regex(/^[a-z0-9-]{3,64}$/);

export const limitSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('immediately') }),
  z.object({ kind: z.literal('hours'), hours: z.number().positive() }),
  /** Ends with the local day that is the n-th working day after the start. */
  z.object({ kind: z.literal('workingDays'), days: z.number().int().positive() }),
  z.object({ kind: z.literal('calendarDays'), days: z.number().int().positive() }),
  z.object({ kind: z.literal('months'), months: z.number().int().positive() }),
]);
export type ReportLimit = z.infer<typeof limitSchema>;

/** A clock starts at a time of the incident or when another duty was last submitted. */
export const clockStartSchema = z.union([z.object({ time: incidentTimeNameSchema }), z.object({ submissionOf: rowId })]);
export type ClockStart = z.infer<typeof clockStartSchema>;

export const STAGES = ['firstPhone', 'firstWritten', 'update', 'interim', 'final'] as const;

export const reportRuleSchema = z.object({
  rowId,
  stage: z.enum(STAGES),
  title: words,
  instrument: words,
  article: z.string().max(100),
  trigger: z.object({
    /** Null: every kind of event. */
    kinds: z.array(eventKindSchema).nullable(),
    /** The least grade that the event is or, while it is not graded, may be; null: whatever the grade. */
    minGrade: gradeSchema.nullable(),
    /** Only where the firm says so of itself; null: not asked. */
    isCriticalInfrastructure: z.boolean().nullable(),
    /** Only once the incident counts as major under the regime's own test; null: not asked. */
    isClassifiedMajor: z.boolean().nullable(),
  }),
  /** The earliest of those whose start is known is the deadline. */
  clocks: z.array(z.object({ start: clockStartSchema, limit: limitSchema })).min(1),
  /** A deadline that falls on no working day moves to this local time of the next working day; null: no relief. */
  nonWorkingDayReliefUntil: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .nullable(),
  /** Reports that repeat: at least every so many minutes until the named time is known; null: once. */
  cadence: z.object({ everyMinutes: z.number().int().positive(), until: incidentTimeNameSchema }).nullable(),
  channel: z.enum(['phone', 'writtenForm', 'portal']),
  recipients: words,
  effectiveFrom: date,
  effectiveTo: date.nullable(),
  source: z.string().min(1).max(400),
  /** Left out by rows of earlier versions, which duties of that time hold. */
  sourceZh: z.string().min(1).max(400).optional(),
  certainty: certaintySchema,
  note: words.nullable(),
});
export type ReportRule = z.infer<typeof reportRuleSchema>;

/** What holds at all times beside the reports, and by which part of the desk it is met. */
export const standingDutySchema = z.object({
  standingId: rowId,
  instrument: words,
  article: z.string().max(100),
  text: words,
  metBy: z.enum(['plans', 'drills', 'evidence']),
  effectiveFrom: date,
  source: z.string().min(1).max(400),
  sourceZh: z.string().min(1).max(400),
  certainty: certaintySchema,
});
export type StandingDuty = z.infer<typeof standingDutySchema>;

export const rulePackSchema = z.object({
  packId: z.string().regex(/^[a-z0-9-]{2,32}$/),
  jurisdiction: words,
  licences: z.array(licenceSchema).min(1),
  /** IANA zone in which days, months and working days are counted. */
  timeZone: z.string().min(1).max(64),
  rows: z.array(reportRuleSchema).min(1),
  standing: z.array(standingDutySchema).default([]),
});
/** In the paper's or the page's language, where the row has it. */
export function sourceText({ source, sourceZh }: { source: string; sourceZh?: string | undefined }, isChinese: boolean): string {
  return isChinese ? (sourceZh ?? source) : source;
}

export type RulePack = z.infer<typeof rulePackSchema>;

/** Days that are no working days although they are weekdays, and weekend days that are; outside `from`..`to` only weekends are known. */
export const workingCalendarSchema = z.object({
  timeZone: z.string().min(1).max(64),
  from: date,
  to: date,
  holidays: z.array(date),
  workingWeekends: z.array(date),
  source: z.string().min(1).max(400),
  certainty: certaintySchema,
});
export type WorkingCalendar = z.infer<typeof workingCalendarSchema>;

/** When an open duty raises an alert before it is overdue. */
const reportAlarmSchema = z.object({
  dueSoonMinutes: z.number().positive(),
  effectiveFrom: date,
  citation: z.string().min(1).max(400),
  certainty: certaintySchema,
});
export type ReportAlarm = z.infer<typeof reportAlarmSchema>;

/**
 * A fault that clients may feel: an alert of this kind, as grave as that, that has lasted so long. `title` says it with `{{what}}`, the name behind the alert.
 * Alerts of one `fault` are one story: while an incident of it is open, a further alert joins it.
 */
const suspicionRuleSchema = z.object({
  fault: z.enum(['dataStopped', 'wrongPrice', 'ordersOutOfControl']),
  alertKind: z.string().min(1).max(40),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  afterSeconds: z.number().int().positive(),
  eventKind: eventKindSchema,
  title: words,
  effectiveFrom: date,
  citation: z.string().min(1).max(400),
  certainty: certaintySchema,
});
export type SuspicionRule = z.infer<typeof suspicionRuleSchema>;

/** How long a recovery is watched before it may be reviewed without a reason. */
const recoveryWatchSchema = z.object({
  minutes: z.number().positive(),
  effectiveFrom: date,
  citation: z.string().min(1).max(400),
  certainty: certaintySchema,
});

export const rulePacksFileSchema = z.object({
  about: z.string(),
  alarm: reportAlarmSchema,
  suspicions: z.array(suspicionRuleSchema),
  recoveryWatch: recoveryWatchSchema,
  packs: z.array(rulePackSchema),
  calendars: z.array(workingCalendarSchema),
});
