/** A burst of aggressive trading one way, the price going with it, then the way out: what momentum ignition and ramping have in common. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector, TradeFact } from './facts';
import type { CustomerContract } from './market-state';
import { type DetectorName, rowParameter, type ThresholdRow } from './thresholds';

type Burst = {
  isBuy: boolean;
  startMs: number;
  lastMs: number;
  /** Price before the first trade. */
  startPrice: number;
  /** Farthest the price went the burst's way, as a share of the start. */
  move: number;
  lots: number;
  /** Orders that traded, not trades: one order may fill in many parts. */
  orders: number;
  lastOrderSysID: string | null;
  /** Lots traded back since the burst was one. */
  reversedLots: number;
  byAccount: { accountID: string; value: number }[];
  isReported: boolean;
};

/** Begins anew in the same place, unless a finding still looks at it: nearly every trade begins one, and nearly none comes to anything. */
function beginBurst(fact: TradeFact, used: Burst | undefined): Burst {
  const { instrument, account } = fact.contract;
  const { accountID } = account;
  const { lastPrice } = instrument;
  const startPrice = Number.isNaN(lastPrice) ? fact.price : lastPrice;
  if (used === undefined || used.isReported) {
    return {
      isBuy: fact.isBuy,
      startMs: fact.atMs,
      lastMs: fact.atMs,
      startPrice,
      move: 0,
      lots: 0,
      orders: 0,
      lastOrderSysID: null,
      reversedLots: 0,
      byAccount: [{ accountID, value: 0 }],
      isReported: false,
    };
  }
  used.isBuy = fact.isBuy;
  used.startMs = fact.atMs;
  used.lastMs = fact.atMs;
  used.startPrice = startPrice;
  used.move = 0;
  used.lots = 0;
  used.orders = 0;
  used.lastOrderSysID = null;
  used.reversedLots = 0;
  // To set a length would leave the code that runs; nearly always there is but one account to name anew.
  while (used.byAccount.length > 1) used.byAccount.pop();
  for (const member of used.byAccount) {
    member.accountID = accountID;
    member.value = 0;
  }
  return used;
}

/**
 * The metric is the share of the burst's lots that was traded back while the rule's time for it ran; a burst without a way back stands at 0.
 * What makes a burst (orders, price move, length) is the row's. Source of the form: EU 2016/522 Annex II; broker console rule Z01 with reverse trading.
 */
export function reversedBurstDetector(desk: DetectorDesk, detector: Extract<DetectorName, 'momentumIgnition' | 'ramping'>): Detector {
  const rows = new RowLookup(desk, detector);
  let bursts: (Burst | undefined)[] = [];

  /** A counter-trade of at most this share of the burst does not end it; a row that names none lets none pass. */
  function noiseLots(burst: Burst, row: ThresholdRow): number {
    return (row.parameters.noiseShare ?? 0) * burst.lots;
  }

  function isQualified(burst: Burst, row: ThresholdRow): boolean {
    return burst.orders >= rowParameter(row, 'minOrders') && burst.move >= rowParameter(row, 'minMove');
  }

  function report(burst: Burst, fact: TradeFact, merged: CustomerContract, row: ThresholdRow): void {
    burst.isReported = true;
    desk.findings.observe({
      row,
      customer: merged.customer,
      instrument: merged.instrument,
      value: Math.min(1, burst.reversedLots / burst.lots),
      atMs: fact.atMs,
      sinceMs: burst.startMs,
      byAccount: () => burst.byAccount,
      factors: () => ({ isBuy: burst.isBuy ? 1 : 0, orders: burst.orders, lots: burst.lots, move: burst.move, reversedLots: burst.reversedLots }),
      orderSysID: fact.orderSysID,
      tradeID: fact.tradeID,
    });
  }

  function extend(burst: Burst, fact: TradeFact): void {
    const { instrument, account } = fact.contract;
    if (fact.orderSysID === null || fact.orderSysID !== burst.lastOrderSysID) burst.orders += 1;
    burst.lastOrderSysID = fact.orderSysID;
    burst.lots += fact.lots;
    burst.lastMs = fact.atMs;
    const member = burst.byAccount.find((one) => one.accountID === account.accountID);
    if (member === undefined) burst.byAccount.push({ accountID: account.accountID, value: fact.lots });
    else member.value += fact.lots;
    const price = Number.isNaN(instrument.lastPrice) ? fact.price : instrument.lastPrice;
    const move = ((price - burst.startPrice) / Math.abs(burst.startPrice)) * (burst.isBuy ? 1 : -1);
    if (move > burst.move) burst.move = move;
  }

  return {
    startDay: () => {
      rows.startDay();
      bursts = [];
    },
    onTrade: (fact) => {
      if (fact.isFromPicture || fact.isAuction) return;
      const { merged, instrument } = fact.contract;
      // Passive fills push no price; where the order is forgotten, the trade counts.
      const isPushing = fact.order === null || fact.order.isAggressive;
      const burst = bursts[merged.index];
      if (burst === undefined && !isPushing) return;
      const row = rows.of(instrument);
      if (row === null) return;
      if (burst === undefined) {
        const first = beginBurst(fact, undefined);
        bursts[merged.index] = first;
        extend(first, fact);
        return;
      }
      const isGoingOn =
        fact.atMs - burst.lastMs <= rowParameter(row, 'maxGapMs') &&
        fact.atMs - burst.startMs <= rowParameter(row, 'windowMs') &&
        burst.reversedLots <= noiseLots(burst, row);
      if (fact.isBuy === burst.isBuy) {
        if (isGoingOn && isPushing) {
          extend(burst, fact);
          if (isQualified(burst, row)) report(burst, fact, merged, row);
        } else if (isPushing) {
          const next = beginBurst(fact, burst);
          bursts[merged.index] = next;
          extend(next, fact);
        }
        return;
      }
      const isInTime = fact.atMs - burst.lastMs <= rowParameter(row, 'reverseWithinMs');
      if (isQualified(burst, row) && isInTime) {
        burst.reversedLots += fact.lots;
        report(burst, fact, merged, row);
        return;
      }
      if (isGoingOn && fact.lots <= noiseLots(burst, row)) return;
      if (!isPushing) return;
      const next = beginBurst(fact, burst);
      bursts[merged.index] = next;
      extend(next, fact);
    },
  };
}
