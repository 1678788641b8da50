/** Self-trades: one customer on both sides of one trade number. Exchanges call five a day in one contract abnormal. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { MergedCount } from './merged-count';

/** Counted once per trade number, by the second of its two sides; trades of an auction are counted apart, as nobody chooses whom they meet there. */
export function selfTradeDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'selfTrade');
  const counts = new MergedCount(desk);
  let auctionCounts: number[] = [];
  return {
    startDay: () => {
      rows.startDay();
      counts.startDay();
      auctionCounts = [];
    },
    onTrade: (fact) => {
      if (fact.counterparty === null || fact.counterparty.customer !== fact.contract.account.customer) return;
      const { contract } = fact;
      const row = rows.of(contract.instrument);
      if (row === null) return;
      if (isExempt(row.exempt, fact.order ?? { isFak: false, isFok: false, hedgeFlag: fact.hedgeFlag })) return;
      if (fact.isAuction) {
        auctionCounts[contract.merged.index] = (auctionCounts[contract.merged.index] ?? 0) + 1;
        return;
      }
      const between = fact.counterparty === contract.account ? {} : { between: fact.counterparty };
      counts.add(row, { contract, atMs: fact.atMs, amount: 1, ...between, orderSysID: fact.orderSysID, tradeID: fact.tradeID }, (merged) => ({
        auctionTrades: auctionCounts[merged.index] ?? 0,
      }));
    },
  };
}
