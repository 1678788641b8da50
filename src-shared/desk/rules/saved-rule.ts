/** A rule with its versions, as folded from the journal, and which of them holds on a day. */
import { z } from 'zod';
import type { Recorded } from '#shared/desk/decision';
import type { RuleEventBody } from '#shared/desk/rules/events';
import { type Rule, ruleSchema } from '#shared/desk/rules/rule';

const versionSchema = z.object({ rule: ruleSchema, savedBy: z.string(), savedAtMs: z.number(), reason: z.string(), sequence: z.number() });
export type RuleVersion = z.infer<typeof versionSchema>;
/** Newest version first. A retired rule is kept, so that a version number is never given twice. */
export const savedRuleSchema = z.object({
  ruleId: z.string(),
  versions: z.array(versionSchema),
  retired: z.object({ by: z.string(), atMs: z.number(), reason: z.string(), sequence: z.number() }).nullable(),
});
export type SavedRule = z.infer<typeof savedRuleSchema>;

export function evolveRule(saved: SavedRule | null, event: RuleEventBody, entry: Recorded): SavedRule {
  const { ruleId, reason, atMs } = event.payload;
  const { actor, sequence } = entry;
  if (event.type === 'rule.retired') return { ruleId, versions: saved?.versions ?? [], retired: { by: actor, atMs, reason, sequence } };
  const version: RuleVersion = { rule: event.payload.after, savedBy: actor, savedAtMs: atMs, reason, sequence };
  return { ruleId, versions: [version, ...(saved?.versions ?? [])], retired: null };
}

/** The highest version that holds on the day; without a day, the newest. Null where none does. */
export function versionInForce(versions: readonly Rule[], day: string | null): Rule | null {
  let best: Rule | null = null;
  for (const rule of versions) {
    if (day !== null && (rule.effectiveFrom > day || (rule.effectiveTo !== undefined && rule.effectiveTo < day))) continue;
    if (best === null || rule.version > best.version) best = rule;
  }
  return best;
}
