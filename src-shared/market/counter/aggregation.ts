/** Adds the sides of a holding up to one margin by the exchange's dated rule, or says why it cannot. */
import { z } from 'zod';

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

export function ruleInForce(rules: readonly AggregationRule[], exchangeID: string, tradingDay: string): AggregationRule | null {
  const inForce = rules.filter(
    (rule) =>
      rule.exchangeID === exchangeID && rule.effectiveFrom <= tradingDay && (rule.effectiveTo === undefined || tradingDay <= rule.effectiveTo),
  );
  return inForce.sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0] ?? null;
}

/** Where an account holds one side only, every method gives the same sum, so a missing rule costs nothing. */
export function aggregateMargin(
  sides: readonly MarginSide[],
  rules: readonly AggregationRule[],
  tradingDay: string,
): { known: true; margin: number } | { known: false; reason: string } {
  let total = 0;
  for (const [exchangeID, held] of groupBy(sides, (side) => side.exchangeID)) {
    const rule = ruleInForce(rules, exchangeID, tradingDay);
    const isOneSided = [...groupBy(held, (side) => productOf(side.instrumentID)).values()].every(
      (product) => new Set(product.map((side) => side.direction)).size < 2,
    );
    if (rule === null && !isOneSided) return { known: false, reason: `no margin aggregation rule for ${exchangeID} on ${tradingDay}` };
    total += rule === null ? sum(held) : aggregateBy(rule.method, held);
  }
  return { known: true, margin: total };
}

function aggregateBy(method: AggregationRule['method'], sides: readonly MarginSide[]): number {
  if (method === 'plainSum') return sum(sides);
  const groups = groupBy(sides, (side) => (method === 'productBigSide' ? productOf(side.instrumentID) : side.instrumentID));
  return [...groups.values()].reduce((total, group) => total + largerSide(group), 0);
}

function largerSide(sides: readonly MarginSide[]): number {
  return Math.max(sum(sides.filter((side) => side.direction === 'long')), sum(sides.filter((side) => side.direction === 'short')));
}

function sum(sides: readonly MarginSide[]): number {
  return sides.reduce((total, side) => total + side.margin, 0);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
