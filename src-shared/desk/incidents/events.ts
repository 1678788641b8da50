/** What can happen to an incident and its duties, as it is written in the journal. */
import { z } from 'zod';
import { impactSchema, incidentStateSchema, timelineEntrySchema } from '#shared/desk/incidents/incident';
import { dutySchema, submissionSchema } from '#shared/desk/reporting/duty';
import { eventKindSchema, gradeSchema, incidentTimeNameSchema } from '#shared/desk/reporting/rule-pack';

const base = { incidentId: z.uuid(), atMs: z.number() };
const text = z.string().max(4000);
const duty = { ...base, dutyId: z.string().max(64) };

export const incidentEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('incident.opened'),
    payload: z.object({
      ...base,
      title: z.string().min(1).max(200),
      eventKind: eventKindSchema,
      state: z.enum(['suspected', 'active']),
      alertId: z.string().nullable(),
      runId: z.string().nullable(),
    }),
  }),
  z.object({
    type: z.literal('incident.timeSet'),
    payload: z.object({ ...base, name: incidentTimeNameSchema, timeMs: z.number(), before: z.number().nullable(), reason: text }),
  }),
  z.object({
    type: z.literal('incident.stateChanged'),
    payload: z.object({ ...base, from: incidentStateSchema, to: incidentStateSchema, reason: text, secondPerson: z.string().nullable() }),
  }),
  z.object({
    type: z.literal('incident.graded'),
    payload: z.object({
      ...base,
      eventKind: eventKindSchema,
      grade: gradeSchema.nullable(),
      gradeBefore: gradeSchema.nullable(),
      isClassifiedMajor: z.boolean().nullable(),
      reason: text,
    }),
  }),
  z.object({
    type: z.literal('incident.roleAssigned'),
    payload: z.object({ ...base, role: z.string().max(32), personId: z.string(), hasReadBack: z.boolean() }),
  }),
  z.object({
    type: z.literal('incident.timelineAdded'),
    payload: z.object({ ...base, entry: timelineEntrySchema.omit({ by: true, recordedAtMs: true }) }),
  }),
  z.object({ type: z.literal('incident.impactSet'), payload: z.object({ ...base, impact: impactSchema }) }),
  z.object({
    type: z.literal('incident.sealed'),
    payload: z.object({ ...base, items: z.array(z.string().max(400)), override: z.object({ reason: text, secondPerson: z.string() }).nullable() }),
  }),
  z.object({ type: z.literal('incident.repairBegun'), payload: z.object(base) }),
  z.object({ type: z.literal('incident.reported'), payload: z.object({ ...base, conditions: text, actions: text, needs: text }) }),
  z.object({
    type: z.literal('incident.linked'),
    payload: z.object({ ...base, kind: z.enum(['alert', 'run', 'mergedInto', 'mergedFrom']), id: z.string().max(64) }),
  }),
  z.object({
    type: z.literal('incident.reviewed'),
    payload: z.object({
      ...base,
      wasUpgradedBefore: z.boolean().nullable(),
      causes: z.array(z.string().max(1000)),
      actions: z.array(z.object({ text: z.string().max(1000), owner: z.string().max(64), dueDate: z.string().max(10), isDone: z.boolean() })),
      lessons: text,
    }),
  }),
  /** Carries the whole row: a duty stays with the text it was opened under, whatever later packs say. */
  z.object({ type: z.literal('incident.dutyOpened'), payload: z.object({ ...base, duty: dutySchema }) }),
  z.object({ type: z.literal('incident.dutyArmed'), payload: z.object({ ...duty, note: text }) }),
  z.object({ type: z.literal('incident.dutyDrafted'), payload: z.object({ ...duty, draft: z.record(z.string(), z.string().max(4000)) }) }),
  z.object({ type: z.literal('incident.dutyApproved'), payload: z.object({ ...duty, secondPerson: z.string() }) }),
  z.object({
    type: z.literal('incident.dutySent'),
    payload: z.object({ ...duty, submission: submissionSchema.omit({ by: true, recordedAtMs: true }) }),
  }),
  z.object({ type: z.literal('incident.dutyReceived'), payload: z.object({ ...duty, reference: z.string().max(200), person: z.string().max(200) }) }),
  z.object({ type: z.literal('incident.dutyWaived'), payload: z.object({ ...duty, reason: text, secondPerson: z.string() }) }),
  z.object({ type: z.literal('incident.dutyStoodDown'), payload: z.object({ ...duty, reason: z.string().max(400) }) }),
  z.object({ type: z.literal('incident.dutyRevived'), payload: z.object({ ...duty, reason: z.string().max(400) }) }),
]);
export type IncidentEventBody = z.infer<typeof incidentEventSchema>;
/** Subject `incident:<incidentId>`. */
export type IncidentEvent = IncidentEventBody & { subject: string };
