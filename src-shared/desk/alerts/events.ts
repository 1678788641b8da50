/** What can happen to an alert, as it is written in the journal. */
import { z } from 'zod';
import { alertReasonSchema, escalationSchema, flapSchema, severitySchema } from '#shared/desk/alerts/alert';
import { escalationRoleSchema } from '#shared/desk/alerts/policy';
import { conditionEvidenceSchema } from '#shared/desk/rules/evidence';

const base = { alertId: z.uuid(), atMs: z.number() };
const note = z.string().max(2000);

const crossed = z.object({ step: z.string(), threshold: z.number(), atMs: z.number().nullable(), citation: z.string(), certainty: z.string() });
/** Every step that had been reached by then. */
export const crossedThresholdsSchema = z.array(crossed).max(16);
/** What the condition was made of, as it was then; entries of older builds, and conditions of a figure alone, have none. */
const made = { evidence: conditionEvidenceSchema.optional(), crossed: crossedThresholdsSchema.optional() };
/** Entries of older builds have none of these. */
const machine = { flap: flapSchema.optional() };
const person = z.string().trim().min(1).max(64);

export const dispositionSchema = z.enum(['handled', 'falsePositive', 'expected', 'duplicate', 'other']);
export type Disposition = z.infer<typeof dispositionSchema>;

export const alertEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('alert.raised'),
    payload: z.object({
      ...base,
      dedupKey: z.string().regex(/^[0-9a-f]{32}$/),
      ruleId: z.string(),
      kind: z.string(),
      entity: z.string(),
      dimensions: z.record(z.string(), z.string()),
      severity: severitySchema,
      reason: alertReasonSchema,
      planIds: z.array(z.string()),
      previousAlertId: z.uuid().optional(),
      ...machine,
      escalation: escalationSchema.optional(),
      ...made,
      quality: z.string().max(32).optional(),
      sourceSeq: z.number().nullable().optional(),
    }),
  }),
  z.object({
    type: z.literal('alert.severityChanged'),
    payload: z.object({
      ...base,
      before: severitySchema,
      after: severitySchema,
      reason: alertReasonSchema,
      escalation: escalationSchema.optional(),
      ...made,
    }),
  }),
  /** `isLatched`: what was read is over, and the alert stays on until a person has seen it. */
  z.object({
    type: z.literal('alert.cleared'),
    payload: z.object({ ...base, ...machine, reason: alertReasonSchema, isLatched: z.boolean().optional() }),
  }),
  /** One condition for many: more of them since people were told, at the same level. */
  z.object({
    type: z.literal('alert.widened'),
    payload: z.object({ ...base, ...made, reason: alertReasonSchema, escalation: escalationSchema.optional() }),
  }),
  /** The condition was on and its data stopped. */
  z.object({ type: z.literal('alert.dataLost'), payload: z.object({ ...base, reason: alertReasonSchema }) }),
  /** Good data is back and the condition is still on: the same episode goes on. */
  z.object({ type: z.literal('alert.dataRestored'), payload: z.object({ ...base, ...made, severity: severitySchema, reason: alertReasonSchema }) }),
  /** It was over and came back before the alert was closed: a new episode of the same alert. */
  z.object({
    type: z.literal('alert.reraised'),
    payload: z.object({
      ...base,
      ...machine,
      ...made,
      /** How grave it was before it ended; entries of older builds have none. */
      before: severitySchema.optional(),
      severity: severitySchema,
      reason: alertReasonSchema,
      escalation: escalationSchema.optional(),
    }),
  }),
  /** It comes and goes too fast to follow: held as one, until it has been calm. */
  z.object({
    type: z.literal('alert.flappingBegan'),
    payload: z.object({
      ...base,
      percent: z.number(),
      /** Nobody has taken it on: the ladder goes on from here although the condition is just off. */
      escalation: escalationSchema.optional(),
    }),
  }),
  z.object({ type: z.literal('alert.flappingEnded'), payload: z.object({ ...base, ...machine, percent: z.number() }) }),
  z.object({ type: z.literal('alert.acknowledged'), payload: z.object({ ...base, note, expiresAtMs: z.number().nullable().optional() }) }),
  /** Its owner wrote nothing until the acknowledgement ran out, and the condition is still on. */
  z.object({ type: z.literal('alert.ackExpired'), payload: z.object({ ...base, owner: z.string().nullable(), escalation: escalationSchema }) }),
  /** Nobody took it on in time: these steps of the ladder fired, together if several were overdue. */
  z.object({
    type: z.literal('alert.escalated'),
    payload: z.object({
      ...base,
      steps: z.array(z.object({ step: z.number().int(), role: escalationRoleSchema })).min(1),
      lateByMs: z.number().nullable(),
      /** Why it fired before its time: everything that should have told somebody failed. */
      because: z.enum(['due', 'deliveryFailed', 'byPerson']),
      note: note.optional(),
      escalation: escalationSchema,
    }),
  }),
  z.object({ type: z.literal('alert.handedOver'), payload: z.object({ ...base, to: person, note, expiresAtMs: z.number().nullable() }) }),
  z.object({ type: z.literal('alert.noted'), payload: z.object({ ...base, note, expiresAtMs: z.number().nullable().optional() }) }),
  z.object({ type: z.literal('alert.runLinked'), payload: z.object({ ...base, runId: z.uuid(), expiresAtMs: z.number().nullable().optional() }) }),
  z.object({
    type: z.literal('alert.closed'),
    payload: z.object({
      ...base,
      disposition: dispositionSchema,
      note,
      whileOn: z.boolean().optional(),
      confirmedBy: z.object({ personId: z.string(), sessionId: z.string(), keyId: z.string(), signature: z.string() }).optional(),
    }),
  }),
]);

/** The journal's event: type and payload as above, subject `alert:<alertId>`. */
export type AlertEventBody = z.infer<typeof alertEventSchema>;
export type AlertEvent = AlertEventBody & { subject: string };
