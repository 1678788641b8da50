/** Frequent cancels: how often a customer took back working orders in one contract on one day, whatever their size. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { MergedCount } from './merged-count';

/** Only the customer's own cancels count; where the source does not say whose a cancel was, it is kept beside the count. */
export function frequentCancelDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'frequentCancel');
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
      counts.add(row, { contract, atMs: fact.atMs, amount: 1, isUnknown: fact.canceledBy === 'unknown', orderSysID: fact.order.orderSysID });
    },
  };
}
