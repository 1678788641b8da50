/** The levels that the screen shows are the rungs of the risk-level rule: one place says where attention, call and force begin. */
import { type Rule, simpleRung } from '#shared/desk/rules/rule';
import type { RiskLevelRow } from '#shared/market/risk-level';

/** The rule that says where an account's levels begin; its rungs may be changed, its name may not. */
export const LEVEL_RULE_ID = 'account-risk-level';
const BASIS = { riskDegree: 'company', exchangeRiskDegree: 'exchange' } as const;
const LEVELS: readonly string[] = ['warn', 'call', 'force'] satisfies RiskLevelRow['level'][];

export function levelRowsOf(rules: readonly Rule[]): RiskLevelRow[] {
  return rules.flatMap((rule) => {
    if (rule.ruleId !== LEVEL_RULE_ID || rule.watches !== 'figures') return [];
    return rule.rungs.flatMap((rung): RiskLevelRow[] => {
      const simple = simpleRung(rung);
      if (simple === null || !LEVELS.includes(rung.name) || !(simple.metric in BASIS) || simple.direction !== 'above') return [];
      const { effectiveFrom, effectiveTo } = rule;
      return [
        {
          level: rung.name as RiskLevelRow['level'],
          basis: BASIS[simple.metric as keyof typeof BASIS],
          enterDegree: simple.enter,
          effectiveFrom,
          ...(effectiveTo === undefined ? {} : { effectiveTo }),
          citation: rung.citation,
          certainty: rung.certainty,
        },
      ];
    });
  });
}
