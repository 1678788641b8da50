/** What rules had to say on a trading day, kept over restarts: a rule in shadow is judged by these numbers before anybody lets it go live. */
import { z } from 'zod';
import { alertReasonSchema, severitySchema } from '#shared/desk/alerts/alert';
import type { Recorded } from '#shared/desk/decision';

export const MOST_EXAMPLES = 10;
const dimensions = z.record(z.string(), z.string());
const exampleSchema = z.object({
  atMs: z.number(),
  entity: z.string(),
  dimensions,
  severity: severitySchema,
  value: z.number().nullable(),
  level: z.string(),
});
const shadowConditionSchema = z.object({
  ruleId: z.string().max(64),
  kind: z.string().max(64),
  entity: z.string(),
  dimensions,
  severity: severitySchema,
  reason: alertReasonSchema,
  state: z.enum(['active', 'unknown']),
});

/** Numbers are those of the whole day so far; what is on is told by what began and ended since the entry before. */
const countedSchema = z.object({
  ruleId: z.string().max(64),
  raised: z.number().int().min(0),
  shadowRaised: z.number().int().min(0),
  lastAtMs: z.number().nullable(),
  examples: z.array(exampleSchema).max(MOST_EXAMPLES),
  shadowBegan: z.array(z.object({ key: z.string(), condition: shadowConditionSchema })),
  shadowEnded: z.array(z.string()),
});
export type RuleCounted = z.infer<typeof countedSchema>;

export const ruleCountedSchema = z.object({
  type: z.literal('rule.counted'),
  payload: z.object({ atMs: z.number(), tradingDay: z.string().nullable(), sinceMs: z.number(), rules: z.array(countedSchema) }),
});
export type RuleCountedEvent = z.infer<typeof ruleCountedSchema>;

export const ruleCountsSchema = countedSchema
  .omit({ shadowBegan: true, shadowEnded: true })
  .extend({ tradingDay: z.string().nullable(), sinceMs: z.number(), shadowOn: z.record(z.string(), shadowConditionSchema), sequence: z.number() });
export type RuleCounts = z.infer<typeof ruleCountsSchema>;

export function evolveRuleCounts(
  before: RuleCounts | null,
  counted: RuleCounted,
  day: Pick<RuleCounts, 'tradingDay' | 'sinceMs'>,
  entry: Recorded,
): RuleCounts {
  const { shadowBegan, shadowEnded, ...numbers } = counted;
  const shadowOn = { ...before?.shadowOn };
  for (const { key, condition } of shadowBegan) shadowOn[key] = condition;
  for (const key of shadowEnded) delete shadowOn[key];
  return { ...numbers, ...day, shadowOn, sequence: entry.sequence };
}
