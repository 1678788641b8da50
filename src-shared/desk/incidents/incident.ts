/** An incident as people see it: its times kept apart, its timeline only ever added to, its impact, its evidence seal, its duties to regulators. */
import { z } from 'zod';
import { dutySchema } from '#shared/desk/reporting/duty';
import { eventKindSchema, gradeSchema, incidentTimeNameSchema } from '#shared/desk/reporting/rule-pack';
import { modeSchema } from '#shared/journal/entry';

export const incidentStateSchema = z.enum(['suspected', 'active', 'contained', 'recovered', 'review', 'closed', 'cancelled', 'merged']);
export type IncidentState = z.infer<typeof incidentStateSchema>;

const text = z.string().max(4000);

export const timelineSourceSchema = z.enum(['human', 'sensor', 'call', 'import', 'alert', 'run', 'feed']);
export const timelineEntrySchema = z.object({
  entryId: z.string().min(1).max(64),
  occurredAtMs: z.number(),
  recordedAtMs: z.number(),
  by: z.string(),
  source: timelineSourceSchema,
  /** Written by a person as it is; made by the desk as a code that the page puts into words. */
  text,
  code: z.string().max(64).nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  refs: z.array(z.string().max(200)).max(50),
  /** The entry this one corrects; both stay readable. */
  corrects: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** One stretch of lost service; an open end is still going on. A partial recovery ends one stretch and begins the next at a lower loss. */
export const impactPeriodSchema = z.object({
  fromMs: z.number(),
  toMs: z.number().nullable(),
  serviceLossPercent: z.number().min(0).max(100).nullable(),
  text: z.string().max(400),
});

/** Counts that nobody knows yet are null, never 0. */
export const impactSchema = z.object({
  clientCount: z.number().int().min(0).nullable(),
  accountCount: z.number().int().min(0).nullable(),
  orderCount: z.number().int().min(0).nullable(),
  lossEstimate: z.number().min(0).nullable(),
  currencyID: z.string().max(8),
  periods: z.array(impactPeriodSchema).max(100),
  text,
});
export type Impact = z.infer<typeof impactSchema>;

export const incidentSchema = z.object({
  incidentId: z.uuid(),
  mode: modeSchema,
  title: z.string().min(1).max(200),
  eventKind: eventKindSchema,
  state: incidentStateSchema,
  /** Null: not graded yet. Never derived from minutes alone. */
  grade: gradeSchema.nullable(),
  isClassifiedMajor: z.boolean().nullable(),
  openedBy: z.string(),
  openedAtMs: z.number(),
  times: z.partialRecord(incidentTimeNameSchema, z.number()),
  /** Every value a time ever had, so that a backdated one shows both. */
  timeHistory: z.array(
    z.object({
      name: incidentTimeNameSchema,
      atMs: z.number(),
      before: z.number().nullable(),
      reason: text,
      by: z.string(),
      recordedAtMs: z.number(),
    }),
  ),
  roles: z.array(
    z.object({
      role: z.string().max(32),
      personId: z.string(),
      assumedAtMs: z.number(),
      renouncedAtMs: z.number().nullable(),
      hasReadBack: z.boolean(),
    }),
  ),
  timeline: z.array(timelineEntrySchema),
  impact: impactSchema,
  /** Nothing is repaired before the scene is kept; overridden only by two people with a reason. */
  seal: z
    .object({
      sealedAtMs: z.number(),
      by: z.string(),
      items: z.array(z.string().max(400)),
      override: z.object({ reason: text, secondPerson: z.string() }).nullable(),
    })
    .nullable(),
  repairBegunAtMs: z.number().nullable(),
  reports: z.array(z.object({ atMs: z.number(), by: z.string(), conditions: text, actions: text, needs: text })),
  links: z.object({ alertIds: z.array(z.string()), runIds: z.array(z.string()), mergedInto: z.string().nullable(), mergedFrom: z.array(z.string()) }),
  review: z.object({
    /** Asked in every incident: was something upgraded in the two sessions before. Null: not answered. */
    wasUpgradedBefore: z.boolean().nullable(),
    causes: z.array(z.string().max(1000)),
    actions: z.array(z.object({ text: z.string().max(1000), owner: z.string().max(64), dueDate: z.string().max(10), isDone: z.boolean() })),
    lessons: text,
  }),
  duties: z.array(dutySchema),
  sequence: z.number().int().min(0),
});
export type Incident = z.infer<typeof incidentSchema>;

export const NO_IMPACT: Impact = {
  clientCount: null,
  accountCount: null,
  orderCount: null,
  lossEstimate: null,
  currencyID: 'CNY',
  periods: [],
  text: '',
};

/** Which states follow which: a relapse leads back to active, a review can be reopened, nothing leads out of cancelled or merged. */
export const NEXT_STATES: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  suspected: ['active', 'cancelled', 'merged'],
  active: ['contained', 'recovered', 'merged'],
  contained: ['active', 'recovered', 'merged'],
  recovered: ['active', 'review', 'merged'],
  review: ['active', 'closed', 'merged'],
  closed: ['review'],
  cancelled: [],
  merged: [],
};
