/** What can happen to a plan run, as it is written in the journal. */
import { z } from 'zod';
import { planSchema } from '#shared/desk/plans/plan';

const base = { runId: z.uuid(), atMs: z.number() };
const text = z.string().max(2000);
const step = { ...base, no: z.number().int() };
/** `enteredBy`: who was on duty at the desk when another person signed there. */
const signature = { ...step, by: z.string(), note: text.nullable(), enteredBy: z.string().optional() };

export const runEventSchema = z.discriminatedUnion('type', [
  /** Carries the whole plan: a run stays with the text it began with, whatever later releases bundle. */
  z.object({
    type: z.literal('run.started'),
    payload: z.object({ ...base, planHash: z.string().regex(/^[0-9a-f]{64}$/), plan: planSchema, alertId: z.uuid().nullable() }),
  }),
  z.object({ type: z.literal('run.roleAssigned'), payload: z.object({ ...base, role: z.string(), person: z.string() }) }),
  z.object({ type: z.literal('run.stepStarted'), payload: z.object(step) }),
  /** One of several signatures: the step is not done by it. */
  z.object({ type: z.literal('run.stepSigned'), payload: z.object(signature) }),
  /** The last signature that the step needed. */
  z.object({ type: z.literal('run.stepDone'), payload: z.object(signature) }),
  z.object({ type: z.literal('run.stepSkipped'), payload: z.object({ ...step, reason: text }) }),
  z.object({ type: z.literal('run.stepReopened'), payload: z.object({ ...step, reason: text }) }),
  z.object({ type: z.literal('run.noted'), payload: z.object({ ...base, no: z.number().int().nullable(), note: text }) }),
  z.object({ type: z.literal('run.finished'), payload: z.object({ ...base, note: text.nullable() }) }),
  z.object({ type: z.literal('run.aborted'), payload: z.object({ ...base, reason: text }) }),
]);

export type RunEventBody = z.infer<typeof runEventSchema>;
/** Subject `run:<runId>`. */
export type RunEvent = RunEventBody & { subject: string };
