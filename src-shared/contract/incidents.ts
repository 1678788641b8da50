/** What a person may ask about incidents and the reporting clock: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { pointInTimeSchema } from '#shared/contract/point-in-time';
import {
  type Incident,
  impactPeriodSchema,
  impactSchema,
  incidentSchema,
  incidentStateSchema,
  timelineEntrySchema,
  timelineSourceSchema,
} from '#shared/desk/incidents/incident';
import {
  clockStartSchema,
  eventKindSchema,
  gradeSchema,
  incidentTimeNameSchema,
  licenceSchema,
  standingDutySchema,
} from '#shared/desk/reporting/rule-pack';

const id = z.uuid();
const text = z.string().trim().max(4000);
const requiredText = text.min(1, 'is needed');
const reason = z.string().trim().max(2000).default('');
const timeMs = pointInTimeSchema;
const confirmationId = z.uuid().optional();
const personId = z.string().trim().min(1).max(64);

/** As it is recorded, with periods that a calendar has. */
const statedImpactSchema = impactSchema.extend({
  periods: z.array(impactPeriodSchema.extend({ fromMs: timeMs, toMs: timeMs.nullable() })).max(100),
});

/** What a person does to an incident. Where two people are needed, `confirmationId` is the second one's. */
const incidentActSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('setTime'), name: incidentTimeNameSchema, timeMs, reason }),
  z.object({ type: z.literal('changeState'), to: incidentStateSchema, reason }),
  z.object({
    type: z.literal('grade'),
    eventKind: eventKindSchema,
    grade: gradeSchema.nullable(),
    isClassifiedMajor: z.boolean().nullable(),
    reason: requiredText,
  }),
  z.object({ type: z.literal('assignRole'), role: z.string().trim().min(1).max(32), personId, hasReadBack: z.boolean() }),
  z.object({
    type: z.literal('addEntry'),
    occurredAtMs: timeMs,
    source: timelineSourceSchema,
    text: requiredText,
    refs: z.array(z.string().max(200)).max(50).default([]),
    corrects: z.string().max(64).nullable().default(null),
  }),
  z.object({ type: z.literal('setImpact'), impact: statedImpactSchema }),
  z.object({ type: z.literal('seal'), items: z.array(z.string().trim().min(1).max(400)).max(100), overrideReason: text.nullable() }),
  z.object({ type: z.literal('beginRepair') }),
  z.object({ type: z.literal('report'), conditions: requiredText, actions: requiredText, needs: text }),
  z.object({ type: z.literal('link'), kind: z.enum(['alert', 'run']), id }),
  z.object({ type: z.literal('merge'), into: id }),
  z.object({
    type: z.literal('review'),
    wasUpgradedBefore: z.boolean().nullable(),
    causes: z.array(z.string().trim().min(1).max(1000)).max(50),
    actions: z
      .array(
        z.object({
          text: z.string().trim().min(1).max(1000),
          owner: z.string().trim().min(1).max(64),
          dueDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as 2026-12-31'),
          isDone: z.boolean(),
        }),
      )
      .max(100),
    lessons: text,
  }),
]);
export type IncidentAct = z.infer<typeof incidentActSchema>;

const draftSchema = z.record(z.string().max(64), z.string().max(4000));

const dutyActSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('draft'), draft: draftSchema }),
  /** `draft`: what the approver read; a report that was changed since is not what they agreed to. */
  z.object({ type: z.literal('approve'), draft: draftSchema }),
  z.object({
    type: z.literal('send'),
    sentAtMs: timeMs,
    channel: z.string().trim().min(1).max(32),
    proof: z.string().trim().min(1, 'is needed').max(2000),
  }),
  z.object({ type: z.literal('receive'), reference: z.string().trim().min(1).max(200), person: z.string().trim().min(1).max(200) }),
  z.object({ type: z.literal('waive'), reason: requiredText }),
]);

export type DutyAct = z.infer<typeof dutyActSchema>;

const dutyDueSchema = z.object({
  dutyId: z.string(),
  isOpen: z.boolean(),
  dueAtMs: z.number().nullable(),
  start: clockStartSchema.nullable(),
  startedAtMs: z.number().nullable(),
  isCalendarUnknown: z.boolean(),
});

const incidentViewSchema = z.object({
  incident: incidentSchema,
  timeline: z.array(timelineEntrySchema),
  dues: z.array(dutyDueSchema),
  /** What holds for the firm in an incident beside its reports. */
  standing: z.array(standingDutySchema),
  /** After a recovery: until when it is watched for a relapse. */
  watchedUntilMs: z.number().nullable(),
});
export type IncidentView = z.infer<typeof incidentViewSchema>;

const firmProfileSchema = z.object({ licences: z.array(licenceSchema).max(10), isCriticalInfrastructure: z.boolean().nullable() });

/** One line of the list: the next deadline is the earliest of the open duties. */
export type IncidentBrief = Pick<Incident, 'incidentId' | 'title' | 'eventKind' | 'state' | 'grade' | 'openedAtMs' | 'openedBy' | 'mode'> & {
  nextDueAtMs: number | null;
  nextDutyId: string | null;
  openDutyCount: number;
  /** What it was declared from or linked to. */
  alertIds: string[];
  runIds: string[];
  /** Its evidence is sealed, or two people went on without. */
  isSceneKept: boolean;
};

export const INCIDENT_REQUESTS = {
  'incident.open': {
    payload: z.object({
      title: z.string().trim().min(1).max(200),
      eventKind: eventKindSchema,
      state: z.enum(['suspected', 'active']),
      alertId: id.nullable().default(null),
      runId: id.nullable().default(null),
      detectedAtMs: timeMs.nullable().default(null),
      impactStartMs: timeMs.nullable().default(null),
      opId: id.optional(),
    }),
    answer: incidentViewSchema,
  },
  'incident.get': { payload: z.object({ incidentId: id }), answer: incidentViewSchema },
  'incident.act': { payload: z.object({ incidentId: id, act: incidentActSchema, confirmationId }), answer: incidentViewSchema },
  'duty.act': { payload: z.object({ incidentId: id, dutyId: z.string().max(64), act: dutyActSchema, confirmationId }), answer: incidentViewSchema },
  /** Rows that are not verified are armed by Compliance, who thereby says that the text was read. */
  'duty.arm': { payload: z.object({ incidentId: id, dutyId: z.string().max(64), note: requiredText }), answer: incidentViewSchema },
  'firm.get': { payload: z.object({}), answer: firmProfileSchema },
  'firm.state': { payload: firmProfileSchema.extend({ reason: requiredText }), answer: firmProfileSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const INCIDENT_ACCESS = {
  'incident.open': { needs: 'incident.declare', reach: 'filtered' },
  'incident.get': { needs: 'incident.declare', reach: 'filtered' },
  'incident.act': { needs: 'incident.handle', reach: 'filtered' },
  'duty.act': { needs: 'report.handle', reach: 'filtered' },
  'duty.arm': { needs: 'report.arm', reach: 'filtered' },
  'firm.get': { needs: 'signedIn' },
  'firm.state': { needs: 'report.arm', reach: 'free' },
} satisfies Record<keyof typeof INCIDENT_REQUESTS, AccessRule>;

export const INCIDENT_STREAMS = { incidents: z.object({}), incident: z.object({ incidentId: id }) } satisfies Record<string, z.ZodType>;
export type PictureByIncidentStream = { incidents: { incidents: IncidentBrief[]; hasLicences: boolean }; incident: { view: IncidentView | null } };
export const INCIDENT_STREAM_ACCESS = {
  incidents: { needs: 'incident.declare', reach: 'filtered' },
  incident: { needs: 'incident.declare', reach: 'filtered' },
} satisfies Record<keyof typeof INCIDENT_STREAMS, AccessRule>;
