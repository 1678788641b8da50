/** Large cancels: how often a customer took back very many lots at once. The measure is what the one cancel took out, not what was ordered. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { MergedCount } from './merged-count';
import type { ThresholdRow } from './thresholds';

/** Lots from which a cancel is large; NaN when the exchange says it as a share of an order limit that is not known. */
function largeFrom(row: ThresholdRow, maxOrderVolume: number): number {
  const { minLots, minShareOfMaxOrder, moreThanShareOfMaxOrder } = row.parameters;
  if (minLots !== undefined) return minLots;
  if (minShareOfMaxOrder !== undefined) return Math.ceil(minShareOfMaxOrder * maxOrderVolume);
  if (moreThanShareOfMaxOrder !== undefined) return Math.floor(moreThanShareOfMaxOrder * maxOrderVolume) + 1;
  throw new Error(`threshold row ${row.ruleId}: it does not say which cancels are large`);
}

export function largeCancelDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'largeCancel');
  const counts = new MergedCount(desk);
  return {
    startDay: () => {
      rows.startDay();
      counts.startDay();
    },
    orderKinds: ['cancel'],
    onOrder: (fact) => {
      if (fact.canceledBy === 'exchange' || fact.canceledBy === 'system') return;
      const { contract } = fact.order;
      const row = rows.of(contract.instrument);
      if (row === null || isExempt(row.exempt, fact.order)) return;
      const from = largeFrom(row, contract.instrument.maxOrderVolume);
      if (Number.isNaN(from)) desk.unjudged.add('largeCancel', 'MAX_ORDER_UNKNOWN', contract.instrument.instrumentID);
      if (!(fact.lots >= from)) return;
      counts.add(row, { contract, atMs: fact.atMs, amount: 1, isUnknown: fact.canceledBy === 'unknown', orderSysID: fact.order.orderSysID }, () => ({
        largeFromLots: from,
      }));
    },
  };
}
