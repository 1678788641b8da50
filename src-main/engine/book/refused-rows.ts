/**
 * Rate and rule rows that were refused. One that says which row it is keeps its place without its values: it goes before older and wider rows as the
 * right one would have, and whoever it is about has no rate until it comes right. No older row may stand in for it.
 */
import {
  type BigSideExclusion,
  bigSideExclusionSchema,
  type CombinationMargin,
  combinationMarginSchema,
  commissionRateSchema,
  type MarginAggregation,
  marginAggregationSchema,
  marginRateSchema,
  positionLimitSchema,
  type ReferenceItem,
} from '#shared/feed/items';
import type { RefusedItem } from '#shared/feed/refused';

const SOURCE = { citation: '', certainty: 'unconfirmed' } as const;

/** Rows whose value is a word cannot carry NaN: they are marked by being these very objects. */
type SideRule = MarginAggregation | BigSideExclusion | CombinationMargin;
const REFUSED_SIDE_RULES = new WeakSet<SideRule>();

export function isRefusedSideRule(row: SideRule): boolean {
  return REFUSED_SIDE_RULES.has(row);
}

/** The row in its place, its values NaN; null where it does not say which row it is, or is of a kind that has no rank. */
export function refusedRow({ about }: RefusedItem): ReferenceItem | null {
  switch (about.kind) {
    case 'marginRate': {
      const placed = marginRateSchema.safeParse({
        ...about,
        ...SOURCE,
        isRelative: false,
        longMarginRatioByMoney: 0,
        longMarginRatioByVolume: 0,
        shortMarginRatioByMoney: 0,
        shortMarginRatioByVolume: 0,
      });
      if (!placed.success) return null;
      return {
        ...placed.data,
        longMarginRatioByMoney: Number.NaN,
        longMarginRatioByVolume: Number.NaN,
        shortMarginRatioByMoney: Number.NaN,
        shortMarginRatioByVolume: Number.NaN,
      };
    }
    case 'commissionRate': {
      const none = {
        openRatioByMoney: 0,
        openRatioByVolume: 0,
        closeRatioByMoney: 0,
        closeRatioByVolume: 0,
        closeTodayRatioByMoney: 0,
        closeTodayRatioByVolume: 0,
      };
      const placed = commissionRateSchema.safeParse({ ...about, ...SOURCE, ...none });
      return placed.success
        ? { ...placed.data, openRatioByMoney: Number.NaN, closeRatioByMoney: Number.NaN, closeTodayRatioByMoney: Number.NaN }
        : null;
    }
    case 'marginAggregation':
      return keptWithoutValue(marginAggregationSchema.safeParse({ ...about, ...SOURCE, method: 'plainSum' }).data);
    case 'bigSideExclusion':
      return keptWithoutValue(bigSideExclusionSchema.safeParse({ ...about, ...SOURCE, countedAs: 'plainSum' }).data);
    case 'combinationMargin':
      return keptWithoutValue(combinationMarginSchema.safeParse({ ...about, ...SOURCE, legMargin: 'sumOfLegs' }).data);
    case 'positionLimit': {
      const placed = positionLimitSchema.safeParse({ ...about, ...SOURCE, limitVolume: 0 });
      return placed.success ? { ...placed.data, limitVolume: Number.NaN } : null;
    }
    default:
      return null;
  }
}

function keptWithoutValue(row: SideRule | undefined): SideRule | null {
  if (row === undefined) return null;
  REFUSED_SIDE_RULES.add(row);
  return row;
}
