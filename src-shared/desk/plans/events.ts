/** What can happen to a plan run, as it is written in the journal. Fields that later versions added are optional: old journals still fold. */
import { z } from 'zod';
import { planSchema } from '#shared/desk/plans/plan';
import { confirmationSchema, deviationSchema, evidenceSchema, readingSchema, roteFlagSchema } from '#shared/desk/plans/run-parts';

const base = { runId: z.uuid(), atMs: z.number() };
const text = z.string().max(2000);
const step = { ...base, no: z.number().int() };
/** `confirmed`: `by` signed by their own credentials at another person's screen; `enteredBy` is that other person. */
const signature = {
  ...step,
  by: z.string(),
  note: text.nullable(),
  enteredBy: z.string().optional(),
  as: z.enum(['doer', 'verifier']).optional(),
  /** The branch of a decision. */
  route: z.string().max(32).optional(),
  confirmed: confirmationSchema.optional(),
};
const second = { second: z.string().optional(), confirmed: confirmationSchema.optional() };
const itemId = z.uuid();

export const runEventSchema = z.discriminatedUnion('type', [
  /** Carries the whole plan: a run stays with the text it began with, whatever later releases bundle. */
  z.object({
    type: z.literal('run.started'),
    payload: z.object({
      ...base,
      planHash: z.string().regex(/^[0-9a-f]{64}$/),
      plan: planSchema,
      alertId: z.uuid().nullable(),
      incidentId: z.string().max(64).nullable().optional(),
      parent: z.object({ runId: z.uuid(), no: z.number().int().nullable() }).nullable().optional(),
    }),
  }),
  z.object({ type: z.literal('run.immediateDone'), payload: z.object({ ...base, note: text.nullable() }) }),
  z.object({ type: z.literal('run.roleAssigned'), payload: z.object({ ...base, role: z.string(), person: z.string() }) }),
  z.object({ type: z.literal('run.presenceNoted'), payload: z.object({ ...base, person: z.string(), isPresent: z.boolean() }) }),
  z.object({ type: z.literal('run.stepStarted'), payload: z.object(step) }),
  /** One of several signatures: the step is not done by it. */
  z.object({ type: z.literal('run.stepSigned'), payload: z.object(signature) }),
  /** The last signature that the step needed, as far as the signing desk knew. */
  z.object({ type: z.literal('run.stepDone'), payload: z.object(signature) }),
  z.object({
    type: z.literal('run.stepSkipped'),
    payload: z.object({ ...step, ...second, reason: text, deviation: deviationSchema.optional() }),
  }),
  /** `route` is one of the plan's ways out of the failure; without one the step is tried again. */
  z.object({
    type: z.literal('run.stepFailed'),
    payload: z.object({ ...step, reason: text, route: z.string().max(32).nullable(), isPassed: z.boolean() }),
  }),
  z.object({ type: z.literal('run.stepDeferred'), payload: z.object({ ...step, untilNo: z.number().int(), reason: text }) }),
  /** Of a hold only, by the commander and the executive together. */
  z.object({
    type: z.literal('run.stepOverridden'),
    payload: z.object({ ...step, ...second, reason: text, deviation: deviationSchema.optional() }),
  }),
  z.object({ type: z.literal('run.stepReopened'), payload: z.object({ ...step, reason: text }) }),
  /** Of the marks in conflict, these hold; the others stay in the record. */
  z.object({ type: z.literal('run.conflictResolved'), payload: z.object({ ...step, reason: text, keep: z.array(z.string()).max(50) }) }),
  z.object({ type: z.literal('run.readingTaken'), payload: z.object({ ...step, readings: z.array(readingSchema).max(20) }) }),
  /** By the desk itself: a reading that the step was signed on is bad now. */
  z.object({
    type: z.literal('run.sensorReverted'),
    payload: z.object({ ...step, readings: z.array(readingSchema).min(1).max(20), reopens: z.boolean() }),
  }),
  z.object({ type: z.literal('run.evidenceAdded'), payload: z.object({ ...step, item: evidenceSchema }) }),
  z.object({ type: z.literal('run.answered'), payload: z.object({ ...step, by: z.string(), text }) }),
  z.object({ type: z.literal('run.beat'), payload: z.object({ ...step, note: text.nullable(), readings: z.array(readingSchema).max(20) }) }),
  z.object({ type: z.literal('run.itemOpened'), payload: z.object({ ...base, itemId, group: z.string().max(20), label: z.string().max(200) }) }),
  z.object({ type: z.literal('run.itemSigned'), payload: z.object({ ...signature, itemId }) }),
  z.object({
    type: z.literal('run.planAttached'),
    payload: z.object({ ...base, no: z.number().int().nullable(), planId: z.string().max(32), childRunId: z.uuid() }),
  }),
  z.object({ type: z.literal('run.siblingLinked'), payload: z.object({ ...base, siblingRunId: z.uuid() }) }),
  z.object({ type: z.literal('run.flagged'), payload: z.object({ ...base, flag: roteFlagSchema }) }),
  /** The key behind an earlier entry turned out to be withdrawn: the entry stays and counts for the history, not for a hold. */
  z.object({ type: z.literal('run.trustDisputed'), payload: z.object({ ...base, ofOpId: z.string().max(64), reason: text }) }),
  z.object({ type: z.literal('run.noted'), payload: z.object({ ...base, no: z.number().int().nullable(), note: text }) }),
  z.object({ type: z.literal('run.finished'), payload: z.object({ ...base, note: text.nullable() }) }),
  z.object({ type: z.literal('run.aborted'), payload: z.object({ ...base, reason: text }) }),
]);

export type RunEventBody = z.infer<typeof runEventSchema>;
/** Subject `run:<runId>`. */
export type RunEvent = RunEventBody & { subject: string };
