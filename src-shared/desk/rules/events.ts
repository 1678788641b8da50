/** A rule that was saved or retired, as it is written in the journal: whole, before and after, so that what an alert was raised under can be read years later. */
import { z } from 'zod';
import { ruleSchema } from '#shared/desk/rules/rule';

const reason = z.string().min(1).max(2000);
export const ruleEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('rule.saved'),
    payload: z.object({ ruleId: z.string().max(64), before: ruleSchema.nullable(), after: ruleSchema, reason, atMs: z.number() }),
  }),
  z.object({
    type: z.literal('rule.retired'),
    payload: z.object({ ruleId: z.string().max(64), before: ruleSchema, reason, atMs: z.number() }),
  }),
]);
export type RuleEventBody = z.infer<typeof ruleEventSchema>;
export type RuleEvent = RuleEventBody & { subject: string };
