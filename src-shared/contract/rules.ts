/** What a person may ask about watch rules: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { severitySchema } from '#shared/desk/alerts/alert';
import { ruleSchema } from '#shared/desk/rules/rule';

const requiredReason = z.string().trim().min(1, 'a reason is needed').max(2000);
const ruleId = z.string().min(1).max(64);

const exampleSchema = z.object({
  atMs: z.number(),
  entity: z.string(),
  dimensions: z.record(z.string(), z.string()),
  severity: severitySchema,
  value: z.number().nullable(),
  level: z.string(),
});
export type RuleExample = z.infer<typeof exampleSchema>;

/** `subject` is an exchange or a contract, `*` all of them. */
const notJudgedSchema = z.object({ reason: z.string(), subject: z.string() });
export type NotJudged = z.infer<typeof notJudgedSchema>;

const ruleViewSchema = z.object({
  /** The version in force, or the newest where none is. */
  rule: ruleSchema,
  /** `bundled` came with the product, `changed` is a bundled one that somebody changed, `own` was made here. */
  origin: z.enum(['bundled', 'changed', 'own']),
  isInForce: z.boolean(),
  isRetired: z.boolean(),
  newestVersion: z.number(),
  /** A newer version that begins on a later day. */
  next: z.object({ version: z.number(), effectiveFrom: z.string() }).nullable(),
  /** Since the trading day began (or this desk first saw it): conditions begun, and those on now. */
  raised: z.number(),
  on: z.number(),
  /** The same for what a rule in shadow would have raised. */
  shadowRaised: z.number(),
  shadowOn: z.number(),
  lastAtMs: z.number().nullable(),
  examples: z.array(exampleSchema),
  /** Of what it could say nothing since the engine began, and why; the commonest first. */
  notJudged: z.array(notJudgedSchema),
});
export type RuleView = z.infer<typeof ruleViewSchema>;

const ruleVersionSchema = z.object({
  rule: ruleSchema,
  before: ruleSchema.nullable(),
  savedBy: z.string().nullable(),
  savedAtMs: z.number().nullable(),
  reason: z.string(),
});

const dryRunSchema = z.object({
  file: z.string(),
  events: z.number(),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  /** How often the draft would have raised, and how many of these were still on at the end. */
  raised: z.number(),
  stillOn: z.number(),
  entities: z.number(),
  bySeverity: z.record(z.string(), z.number()),
  /** Per clock hour of the recording, hours without any included. */
  perHour: z.array(z.object({ fromMs: z.number(), raised: z.number() })),
  examples: z.array(exampleSchema),
  /** What could not be read of the recording. */
  refusedLines: z.number(),
});
export type DryRun = z.infer<typeof dryRunSchema>;

export const RULE_REQUESTS = {
  'rule.get': {
    payload: z.object({ ruleId }),
    answer: z.object({
      view: ruleViewSchema,
      versions: z.array(ruleVersionSchema),
      retired: z.object({ by: z.string(), atMs: z.number(), reason: z.string() }).nullable(),
    }),
  },
  /** A new rule is saved over version 0. The version inside the draft is the engine's to give. */
  'rule.save': { payload: z.object({ rule: ruleSchema, baseVersion: z.number().int().min(0), reason: requiredReason }), answer: ruleViewSchema },
  'rule.retire': { payload: z.object({ ruleId, baseVersion: z.number().int().min(1), reason: requiredReason }), answer: ruleViewSchema },
  /** What a draft would have raised over a recording, worked out apart from everything live. */
  'rule.dryRun': { payload: z.object({ rule: ruleSchema, file: z.string().min(1).max(500) }), answer: dryRunSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;
export type RuleHistory = z.infer<(typeof RULE_REQUESTS)['rule.get']['answer']>;

export const RULE_ACCESS = {
  'rule.get': { needs: 'rule.view' },
  'rule.save': { needs: 'rule.edit', approval: () => 'rules' },
  'rule.retire': { needs: 'rule.edit', approval: () => 'rules' },
  'rule.dryRun': { needs: 'rule.edit' },
} satisfies Record<keyof typeof RULE_REQUESTS, AccessRule>;

export type RulesPicture = {
  /** Since when raised and shadow counts have been counted. */
  sinceMs: number | null;
  tradingDay: string | null;
  rules: RuleView[];
};

export const RULE_STREAMS = { rules: z.object({}) } satisfies Record<string, z.ZodType>;
export type PictureByRuleStream = { rules: RulesPicture };
export const RULE_STREAM_ACCESS = { rules: { needs: 'rule.view' } } satisfies Record<keyof typeof RULE_STREAMS, AccessRule>;
