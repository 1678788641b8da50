/** Cancels at the limit price after the contract was locked there: orders that queued at the limit only to be seen. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { MergedCount } from './merged-count';

export function limitPriceCancelDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'limitPriceCancel');
  const counts = new MergedCount(desk);
  return {
    startDay: () => {
      rows.startDay();
      counts.startDay();
    },
    orderKinds: ['cancel'],
    onOrder: (fact) => {
      if (fact.canceledBy === 'exchange' || fact.canceledBy === 'system') return;
      const { order } = fact;
      const { instrument } = order.contract;
      if (!(order.isBuy ? instrument.wasLockedUp : instrument.wasLockedDown)) return;
      const isAtLimit = order.isBuy ? order.limitPrice >= instrument.upperLimitPrice : order.limitPrice <= instrument.lowerLimitPrice;
      if (!isAtLimit) return;
      const row = rows.of(instrument);
      if (row === null || isExempt(row.exempt, order)) return;
      counts.add(row, {
        contract: order.contract,
        atMs: fact.atMs,
        amount: 1,
        isUnknown: fact.canceledBy === 'unknown',
        orderSysID: order.orderSysID,
      });
    },
  };
}
