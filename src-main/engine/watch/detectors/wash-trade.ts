/** Wash trades: lots that wander between the accounts of one group and end where they began, volume without a change of owner. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import type { CustomerContract } from './market-state';
import { rowParameter } from './thresholds';

/** `net`: lots each account has gained from the others since the last time nobody had. */
type Flow = { merged: CustomerContract; net: Map<string, number>; gross: number; legs: number; largestLeg: number; sinceMs: number; rounds: Round[] };
type Round = { fromMs: number; lots: number };

const MOST_ROUNDS = 256;

/**
 * A round is complete when every account of the group stands again where it stood, within a tolerance of the largest leg; so rings of three are seen
 * as well as two accounts to and fro. Small lots and single self-trades are not rounds. The metric is rounds within the row's window (CME Rule 534).
 */
export function washTradeDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'washTrade');
  let flows: (Flow | undefined)[] = [];
  return {
    startDay: () => {
      rows.startDay();
      flows = [];
    },
    onTrade: (fact) => {
      const { contract, counterparty } = fact;
      if (counterparty === null || counterparty === contract.account || counterparty.customer !== contract.account.customer) return;
      if (fact.isAuction || fact.isFromPicture) return;
      const row = rows.of(contract.instrument);
      if (row === null || isExempt(row.exempt, { isFak: false, isFok: false, hedgeFlag: fact.hedgeFlag })) return;
      const { merged } = contract;
      let flow = flows[merged.index];
      if (flow === undefined) {
        flow = { merged, net: new Map(), gross: 0, legs: 0, largestLeg: 0, sinceMs: fact.atMs, rounds: [] };
        flows[merged.index] = flow;
      }
      const windowMs = rowParameter(row, 'windowMs');
      // Legs that found no way back within the window are plain self-trades: a new round begins.
      if (flow.legs === 0 || fact.atMs - flow.sinceMs > windowMs) {
        flow.net.clear();
        flow.gross = 0;
        flow.legs = 0;
        flow.largestLeg = 0;
        flow.sinceMs = fact.atMs;
      }
      const own = fact.isBuy ? fact.lots : -fact.lots;
      flow.net.set(contract.account.accountID, (flow.net.get(contract.account.accountID) ?? 0) + own);
      flow.net.set(counterparty.accountID, (flow.net.get(counterparty.accountID) ?? 0) - own);
      flow.gross += fact.lots;
      flow.legs += 1;
      flow.largestLeg = Math.max(flow.largestLeg, fact.lots);
      const farthest = Math.max(...[...flow.net.values()].map(Math.abs));
      if (flow.legs < 2 || farthest > rowParameter(row, 'netTolerance') * flow.largestLeg) return;
      const isSmall = flow.largestLeg < rowParameter(row, 'minLots');
      flow.legs = 0;
      if (isSmall) return;
      flow.rounds.push({ fromMs: flow.sinceMs, lots: flow.gross });
      flow.rounds = flow.rounds.filter((round) => round.fromMs >= fact.atMs - windowMs).slice(-MOST_ROUNDS);
      const lots = flow.rounds.reduce((sum, round) => sum + round.lots, 0);
      desk.findings.observe({
        row,
        customer: merged.customer,
        instrument: merged.instrument,
        value: flow.rounds.length,
        atMs: fact.atMs,
        sinceMs: flow.rounds[0]?.fromMs ?? fact.atMs,
        byAccount: [...flow.net.keys()].map((accountID) => ({ accountID, value: flow.rounds.length })),
        factors: { washedLots: lots, netLots: farthest },
        orderSysID: fact.orderSysID,
        tradeID: fact.tradeID,
      });
    },
  };
}
