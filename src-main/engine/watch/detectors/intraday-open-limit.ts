/** Lots a customer opened in one contract on one trading day, against the exchange's limit for the day, where one is in force. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { MergedCount } from './merged-count';

export function intradayOpenLimitDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'intradayOpenLimit');
  const counts = new MergedCount(desk);
  return {
    startDay: () => {
      rows.startDay();
      counts.startDay();
    },
    onTrade: (fact) => {
      if (fact.offsetFlag !== 'open') return;
      const row = rows.of(fact.contract.instrument);
      if (row === null) return;
      if (isExempt(row.exempt, { isFak: false, isFok: false, hedgeFlag: fact.hedgeFlag })) return;
      counts.add(row, { contract: fact.contract, atMs: fact.atMs, amount: fact.lots, orderSysID: fact.orderSysID, tradeID: fact.tradeID });
    },
  };
}
