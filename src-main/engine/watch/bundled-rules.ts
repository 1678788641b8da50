/** The rules that come with the product: what holds until a firm confirms, changes or retires them. */
import { z } from 'zod';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { packOf, type RulePack } from '#engine/watch/rule-schema';
import { type Rule, ruleSchema } from '#shared/desk/rules/rule';
import tradingFile from '../../../resources/rules/trading-rules.json' with { type: 'json' };
import watchFile from '../../../resources/rules/watch-rules.json' with { type: 'json' };

const MOST_RULES = 400;
const rulesFileSchema = z
  .object({ schema: z.literal('floorwatch-rules/2'), rules: z.array(ruleSchema).min(1).max(MOST_RULES) })
  .refine((file) => new Set(file.rules.map((rule) => rule.ruleId)).size === file.rules.length, { message: 'two rules share an id', path: ['rules'] })
  .refine((file) => file.rules.every(({ mode, shadowReason }) => mode !== 'shadow' || shadowReason !== undefined), {
    message: 'a rule that comes in shadow must say why',
    path: ['rules'],
  });

/** Parses a file of rules; throws with field and reason, as the desk must not open on rules nobody can read. */
export function readRules(value: unknown): Rule[] {
  return rulesFileSchema.parse(value).rules;
}

let bundled: readonly Rule[] | null = null;

/** Figures first, then detectors, each with its dated threshold rows. */
export function bundledRules(): readonly Rule[] {
  if (bundled === null) {
    const rows = bundledThresholdRows();
    const trading = tradingFile.rules.map((rule) => ({ ...rule, rows: rows.filter((row) => row.detector === rule.detector) }));
    bundled = readRules({ schema: 'floorwatch-rules/2', rules: [...watchFile.rules, ...trading] });
  }
  return bundled;
}

export function bundledRulePack(): RulePack {
  return packOf(bundledRules());
}
