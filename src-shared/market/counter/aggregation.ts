/** Adds the sides of a holding up to one margin by the exchange's dated rule, or says why it cannot. */
import { z } from 'zod';
import { groupBy } from '#shared/group-by';
import { type Known, known, sumKnown, unknown } from '#shared/market/known';
import { aggregateMargin } from '#shared/market/margin';
import { newest } from '#shared/market/rates';
import { reasonFor } from '#shared/market/reason';

export const aggregationRuleSchema = z.object({
  exchangeID: z.string().min(1).max(16),
  method: z.enum(['productBigSide', 'instrumentBigSide', 'plainSum']),
  effectiveFrom: z.string().regex(/^\d{8}$/),
  effectiveTo: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
  certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
  citation: z.string().min(1).max(400),
});
export const aggregationRulesSchema = z.object({ about: z.string(), rules: z.array(aggregationRuleSchema) });
export type AggregationRule = z.infer<typeof aggregationRuleSchema>;

export type MarginSide = { exchangeID: string; instrumentID: string; direction: 'long' | 'short'; margin: number };

/** The product is the letters an instrument id begins with: `ag2702` is ag, `MA701` is MA. Options and combinations keep their whole id. */
export function productOf(instrumentID: string): string {
  return /^([A-Za-z]+)\d{3,4}$/.exec(instrumentID)?.[1] ?? instrumentID;
}

/** The newest in force; two of one date that differ are nobody's to choose. */
export function ruleInForce(rules: readonly AggregationRule[], exchangeID: string, tradingDay: string): AggregationRule | 'conflict' | undefined {
  const inForce = rules.filter(
    (rule) =>
      rule.exchangeID === exchangeID && rule.effectiveFrom <= tradingDay && (rule.effectiveTo === undefined || tradingDay <= rule.effectiveTo),
  );
  return newest(inForce, (a, b) => a.method === b.method);
}

/**
 * The account's margin from all its sides; unknown when an exchange with both sides of a product held has no rule in force. Where one side only
 * is held, every method gives the same sum, so a missing rule costs nothing.
 */
export function aggregateAccountMargin(sides: readonly MarginSide[], rules: readonly AggregationRule[], tradingDay: string): Known<number> {
  const products = groupBy(sides, (side) => `${side.exchangeID}.${productOf(side.instrumentID)}`);
  return sumKnown(
    [...products].map(([product, held]) => {
      const exchangeID = held[0]?.exchangeID ?? '';
      const rule = ruleInForce(rules, exchangeID, tradingDay);
      const isOneSided = new Set(held.map((side) => side.direction)).size < 2;
      if (rule === undefined && !isOneSided) return unknown(reasonFor('noAggregation', product));
      if (rule === 'conflict' && !isOneSided) return unknown(reasonFor('twoAggregations', product));
      const instruments = groupBy(held, (side) => side.instrumentID);
      return aggregateMargin(
        rule === undefined || rule === 'conflict' ? 'plainSum' : rule.method,
        [...instruments].map(([instrumentID, own]) => ({ instrumentID, long: known(sum(own, 'long')), short: known(sum(own, 'short')) })),
      );
    }),
  );
}

function sum(sides: readonly MarginSide[], direction: MarginSide['direction']): number {
  return sides.reduce((total, side) => (side.direction === direction ? total + side.margin : total), 0);
}
