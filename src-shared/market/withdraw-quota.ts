/** How much a customer may take out now: a rule of each broker, held as dated rows, because the counters seen do not publish theirs. */
import { z } from 'zod';
import type { AvailIncludeCloseProfit } from '#shared/market/equity';
import { roundHalfUp, truncate } from '#shared/market/money';
import { type Known, known, unknown } from './known';
import { isInForce, newest } from './rates';
import { reasonFor } from './reason';

const date = z.string().regex(/^\d{8}$/);
const withdrawRuleSchema = z.object({
  /** Share of the fund that may leave while lots are held or have been traded today. */
  shareWhileTrading: z.number().min(0).max(1),
  /** Share with no position and no trade. */
  shareUntouched: z.number().min(0).max(1),
  effectiveFrom: date,
  effectiveTo: date.optional(),
  certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
  citation: z.string().min(1).max(400),
});
export type WithdrawRule = z.infer<typeof withdrawRuleSchema>;
export const withdrawRulesSchema = z.object({ about: z.string(), rules: z.array(withdrawRuleSchema) });

/** The newest in force; two that differ from one date are nobody's to choose. */
export function withdrawRuleInForce(rules: readonly WithdrawRule[], tradingDay: string): Known<WithdrawRule> {
  const inForce = rules.filter((rule) => isInForce(rule, tradingDay));
  const rule = newest(inForce, (a, b) => a.shareWhileTrading === b.shareWhileTrading && a.shareUntouched === b.shareUntouched);
  if (rule === undefined) return unknown('noWithdrawRule');
  return rule === 'conflict' ? unknown(reasonFor('twoRates', 'withdrawQuota')) : known(rule);
}

/** mortgageableFund: what is available without the day's realised gain, unless that gain is not in available in the first place. */
export function mortgageableFund(available: number, closeProfit: number, includeClose: AvailIncludeCloseProfit): number {
  return includeClose === 'include' ? available - Math.max(closeProfit, 0) : available;
}

/** Money that may be withdrawn: the share of the fund, rounded to four places, then cut to the cent; never below zero. [seen on CTP SimNow only] */
export function withdrawQuota(fund: number, isUntouched: boolean, rule: WithdrawRule): number {
  if (isUntouched && rule.shareUntouched === 1) return Math.max(0, fund);
  return Math.max(0, truncate(roundHalfUp((isUntouched ? rule.shareUntouched : rule.shareWhileTrading) * fund, 4)));
}
