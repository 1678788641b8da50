/** What a watch rule must say about itself before it may raise anything: thresholds are data with a date and a source, never constants in code. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { certaintySchema } from '#shared/feed/items';

/** One rung. `above`: on from value >= enter until value < exit. `below`: on from value < enter until value > exit. */
const thresholdSchema = z
  .object({
    name: z.string().min(1).max(32),
    metric: z.string().min(1).max(64),
    direction: z.enum(['above', 'below']),
    enter: z.number(),
    exit: z.number(),
    severity: severitySchema,
    citation: z.string().min(1).max(400),
    /** The same for readers of Chinese: a supervisor must be able to check the threshold in the language of the desk. */
    citation_zh: z.string().min(1).max(400).optional(),
    certainty: certaintySchema,
  })
  .refine((rung) => (rung.direction === 'above' ? rung.exit < rung.enter : rung.exit > rung.enter), {
    message: 'must lie strictly inside enter, or the alert flaps on its own threshold',
    path: ['exit'],
  });
export type Threshold = z.infer<typeof thresholdSchema>;

export const ruleSchema = z.object({
  ruleId: z.string().min(1).max(64),
  version: z.number().int().min(1),
  kind: z.string().min(1).max(64),
  entity: z.enum(['account', 'feed', 'book']),
  effectiveFrom: z.string().regex(/^\d{8}$/, 'must be YYYYMMDD'),
  effectiveTo: z
    .string()
    .regex(/^\d{8}$/, 'must be YYYYMMDD')
    .optional(),
  /** Key of the text that tells a person what to do. No response, no alarm. */
  response: z.string().min(1, 'a rule without a response for a person is not a rule').max(64),
  onDelayMs: z.number().min(0).max(3_600_000),
  offDelayMs: z.number().min(0).max(3_600_000),
  /** For how long data may be missing before a condition that is on turns `unknown`. */
  unknownAfterMs: z.number().min(0).max(3_600_000),
  parameters: z.record(z.string(), z.number()).optional(),
  /** Rungs from the mildest to the worst: a condition stands on the highest rung that is on. */
  thresholds: z.array(thresholdSchema).min(1).max(8),
});
export type WatchRuleRow = z.infer<typeof ruleSchema>;

export const rulePackSchema = z
  .object({ schema: z.literal('floorwatch-rules/1'), rules: z.array(ruleSchema).min(1).max(200) })
  .refine((pack) => new Set(pack.rules.map((rule) => rule.ruleId)).size === pack.rules.length, { message: 'two rules share an id', path: ['rules'] })
  /** A critical alert may not be held back by a delay (a delayed or flapping critical alert is a lost one). */
  .refine((pack) => pack.rules.every((rule) => rule.onDelayMs <= 5000 || rule.thresholds.every((rung) => rung.severity !== 'critical')), {
    message: 'a rule with a critical rung may delay its start by 5 s at most',
    path: ['rules'],
  });
export type RulePack = z.infer<typeof rulePackSchema>;
