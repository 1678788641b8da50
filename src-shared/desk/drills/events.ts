/** What can happen to a drill, as it is written in the drill's own journal. */
import { z } from 'zod';
import { drillSchema, improvementSchema, markSchema, observationSchema } from '#shared/desk/drills/drill';
import { drillResultSchema } from '#shared/desk/drills/result';
import { drillScenarioSchema } from '#shared/desk/drills/scenario';

const base = { drillId: z.uuid(), atMs: z.number() };
const text = z.string().max(4000);
const people = z.array(z.string().max(64)).max(50);

export const drillEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('drill.drafted'),
    payload: z.object({ ...base, scenario: drillScenarioSchema, players: people, controllers: people, evaluators: people }),
  }),
  z.object({ type: z.literal('drill.approved'), payload: z.object({ ...base, secondPerson: z.string() }) }),
  z.object({ type: z.literal('drill.scheduled'), payload: z.object({ ...base, plannedAtMs: z.number() }) }),
  z.object({ type: z.literal('drill.started'), payload: z.object(base) }),
  z.object({ type: z.literal('drill.runLinked'), payload: z.object({ ...base, runId: z.string() }) }),
  z.object({ type: z.literal('drill.paused'), payload: z.object({ ...base, reason: text }) }),
  z.object({ type: z.literal('drill.resumed'), payload: z.object(base) }),
  z.object({
    type: z.literal('drill.injected'),
    payload: z.object({ ...base, no: z.number().int(), outcome: z.enum(['done', 'failed', 'skipped']), note: text }),
  }),
  z.object({ type: z.literal('drill.observed'), payload: z.object({ ...base, observation: observationSchema.omit({ by: true }) }) }),
  z.object({ type: z.literal('drill.marked'), payload: z.object({ ...base, mark: markSchema.omit({ by: true }) }) }),
  z.object({ type: z.literal('drill.ended'), payload: z.object(base) }),
  z.object({ type: z.literal('drill.aborted'), payload: z.object({ ...base, reason: text }) }),
  z.object({ type: z.literal('drill.leaked'), payload: z.object({ ...base, text }) }),
  z.object({ type: z.literal('drill.hotwashed'), payload: z.object({ ...base, present: people, wentWell: text, toBetter: text }) }),
  z.object({
    type: z.literal('drill.reviewed'),
    payload: z.object({
      ...base,
      strengths: drillSchema.shape.strengths,
      improvements: z.array(improvementSchema.omit({ closedBy: true })).max(100),
    }),
  }),
  z.object({ type: z.literal('drill.signed'), payload: z.object(base) }),
  z.object({
    type: z.literal('drill.improvementClosed'),
    payload: z.object({ ...base, actionId: z.string(), byDrillId: z.string(), points: z.number() }),
  }),
  z.object({ type: z.literal('drill.closed'), payload: z.object(base) }),
]);
export type DrillEventBody = z.infer<typeof drillEventSchema>;
/** Subject `drill:<drillId>`. */
export type DrillEvent = DrillEventBody & { subject: string };

/** At the firm's own desk: what its drill desk said of a drill. Subject `drillResult:<drillId>`; the newest holds. */
export const drillResultEventSchema = z.object({
  type: z.literal('drillResult.received'),
  payload: z.object({ atMs: z.number(), result: drillResultSchema }),
});
export type DrillResultEvent = z.infer<typeof drillResultEventSchema> & { subject: string };
