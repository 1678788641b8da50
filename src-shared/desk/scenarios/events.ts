/** A saved or removed stress scenario as it is written in the journal: whole, so that what a figure was computed under can be read years later. */
import { z } from 'zod';
import { scenarioSchema } from '#shared/market/what-if/scenario';

export const scenarioEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scenario.saved'), payload: z.object({ scenario: scenarioSchema, note: z.string().max(2000), atMs: z.number() }) }),
  z.object({
    type: z.literal('scenario.removed'),
    payload: z.object({ scenarioId: z.string().min(1).max(64), reason: z.string().max(2000), atMs: z.number() }),
  }),
]);
export type ScenarioEventBody = z.infer<typeof scenarioEventSchema>;
export type ScenarioEvent = ScenarioEventBody & { subject: string };
