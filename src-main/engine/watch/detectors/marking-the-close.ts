/** Marking the close: one-way trading in a contract's last minutes that takes the price with it. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import type { CustomerContract } from './market-state';
import { rowParameter } from './thresholds';

type Side = { lots: number; orders: number; lastOrderSysID: string | null };
type Closing = { merged: CustomerContract; buy: Side; sell: Side; sinceMs: number; byAccount: Map<string, number> };
type Opening = { price: number; marketVolume: number };

const newSide = (): Side => ({ lots: 0, orders: 0, lastOrderSysID: null });

/**
 * The metric is aggressive orders of the customer on its main side within the row's window before the contract's own close, while nearly all it trades is
 * on that side, the price has moved that way since the window began, and its share of the market's volume is not nothing (EU 2016/522 Annex II); or
 * while it goes on for very many orders and the price goes along or runs too wildly to say anything.
 */
export function markingTheCloseDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'markingTheClose');
  let closings: (Closing | undefined)[] = [];
  let openings: (Opening | undefined)[] = [];
  return {
    startDay: () => {
      rows.startDay();
      closings = [];
      openings = [];
    },
    onQuote: (instrument, previousPrice, previousVolume) => {
      if (openings[instrument.index] !== undefined || Number.isNaN(instrument.closeMs)) return;
      const row = rows.of(instrument);
      if (row === null || instrument.quoteMs < instrument.closeMs - rowParameter(row, 'windowMs')) return;
      openings[instrument.index] = Number.isNaN(previousPrice)
        ? { price: instrument.lastPrice, marketVolume: instrument.marketVolume }
        : { price: previousPrice, marketVolume: previousVolume };
    },
    onTrade: (fact) => {
      if (fact.isFromPicture || fact.isAuction) return;
      const { instrument, merged, account } = fact.contract;
      const opening = openings[instrument.index];
      if (opening === undefined || fact.atMs > instrument.closeMs) return;
      const row = rows.of(instrument);
      if (row === null || fact.atMs < instrument.closeMs - rowParameter(row, 'windowMs')) return;
      if (fact.order !== null && !fact.order.isAggressive) return;
      let closing = closings[merged.index];
      if (closing === undefined) {
        closing = { merged, buy: newSide(), sell: newSide(), sinceMs: fact.atMs, byAccount: new Map() };
        closings[merged.index] = closing;
      }
      const side = fact.isBuy ? closing.buy : closing.sell;
      if (fact.orderSysID === null || fact.orderSysID !== side.lastOrderSysID) side.orders += 1;
      side.lastOrderSysID = fact.orderSysID;
      side.lots += fact.lots;
      closing.byAccount.set(account.accountID, (closing.byAccount.get(account.accountID) ?? 0) + 1);
      const isUp = closing.buy.lots >= closing.sell.lots;
      const main = isUp ? closing.buy : closing.sell;
      if (main.orders < row.ignore) return;
      const oneWayShare = main.lots / (closing.buy.lots + closing.sell.lots);
      const move = ((instrument.lastPrice - opening.price) / Math.abs(opening.price)) * (isUp ? 1 : -1);
      const marketLots = instrument.marketVolume - opening.marketVolume;
      // Where the market's volume is not published, the share cannot speak against it.
      const marketShare = marketLots > 0 ? main.lots / marketLots : 1;
      if (oneWayShare < rowParameter(row, 'minOneWayShare')) return;
      // A market that runs by itself neither proves nor acquits anybody: there only persistence tells, as hardly anyone else goes one way so often.
      const isPersistent = main.orders >= (row.parameters.persistentOrders ?? Number.POSITIVE_INFINITY);
      const isWild = Math.abs(move) > (row.parameters.wildMove ?? Number.POSITIVE_INFINITY);
      const isAlong = move >= rowParameter(row, 'minMove');
      // A slow program that sells into a market which does not care is no painter: persistence alone is enough only where the price tells nothing.
      if (isPersistent ? !isWild && !isAlong : isWild || !isAlong || marketShare < rowParameter(row, 'minMarketShare')) return;
      desk.findings.observe({
        row,
        customer: merged.customer,
        instrument,
        value: main.orders,
        atMs: fact.atMs,
        sinceMs: closing.sinceMs,
        byAccount: () => [...closing.byAccount].map(([accountID, value]) => ({ accountID, value })),
        factors: () => ({ isBuy: isUp ? 1 : 0, lots: main.lots, oneWayShare, move, marketShare, beforeCloseMs: instrument.closeMs - fact.atMs }),
        orderSysID: fact.orderSysID,
        tradeID: fact.tradeID,
      });
    },
  };
}
