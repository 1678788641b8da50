/** The keys of reference items, and which kinds of them can contradict each other. */
import type { ReferenceItem } from '#shared/feed/items';

/** What one reference item is about, so that a second one about the same thing replaces it. Dated rows keep one row per first day. */
export function referenceKey(item: ReferenceItem): string {
  switch (item.kind) {
    case 'instrument':
      return `instrument|${item.exchangeID}|${item.instrumentID}`;
    case 'marginAggregation':
      return `aggregation|${item.exchangeID}|${item.productID ?? ''}|${item.effectiveFrom}`;
    case 'bigSideExclusion':
      return `exclusion|${item.exchangeID}|${item.instrumentID}|${item.effectiveFrom}`;
    case 'combinationMargin':
      return `combination|${item.exchangeID}|${item.combinationKind ?? ''}|${item.effectiveFrom}`;
    case 'marginRate':
      return `margin|${item.layer}|${item.investorRange}|${item.investorID ?? ''}|${item.exchangeID}|${item.productID ?? ''}|${item.instrumentID ?? ''}|${item.hedgeFlag}|${item.effectiveFrom}`;
    case 'commissionRate':
      return `commission|${item.investorRange}|${item.investorID ?? ''}|${item.exchangeID}|${item.productID ?? ''}|${item.instrumentID ?? ''}|${item.effectiveFrom}`;
    case 'session':
      return `session|${item.sessionID}`;
    case 'calendar':
      return `calendar|${item.exchangeID}|${item.from}`;
    case 'department':
      return `department|${item.departmentID}`;
    case 'accountMaster':
      return `account|${item.accountID}`;
    case 'controlGroup':
      return `controlGroup|${item.controlGroupID}`;
    case 'positionLimit':
      return `limit|${item.exchangeID}|${item.productID ?? ''}|${item.instrumentID ?? ''}|${item.effectiveFrom}`;
  }
}

/** Rows that contradict each other where one message has two about one thing. */
export const CONFLICTING_KINDS: ReadonlySet<ReferenceItem['kind']> = new Set([
  ...(['marginRate', 'marginAggregation', 'bigSideExclusion', 'combinationMargin', 'commissionRate', 'positionLimit'] as const),
]);

/** Rules by which sides make a margin: with one of them the groups of sides are others. */
export const SIDE_RULE_KINDS: ReadonlySet<ReferenceItem['kind']> = new Set(['marginAggregation', 'bigSideExclusion', 'combinationMargin']);
