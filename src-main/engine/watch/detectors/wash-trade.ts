/** Wash trades: lots that wander between the accounts of one group and come back, volume without a change of owner. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector, TradeFact } from './facts';
import { rowParameter, type ThresholdRow } from './thresholds';

type Run = { isBuy: boolean; lots: number; fromMs: number };
/** One account's trades with its own group: the way it goes now and the way it went before; rounds within the window. */
type Flow = { accountID: string; before: Run | null; now: Run | null; rounds: { fromMs: number; lots: number }[] };

const MOST_ROUNDS = 256;

/**
 * A round: an account gives lots to others of its group and gets (nearly) as many back, whoever from, so that rings of three are seen as well as two
 * accounts to and fro, and lots that left the group in between do not hide the rest. Small lots and single self-trades are no rounds. The metric is
 * rounds of the account with the most of them within the row's window (CME Rule 534).
 */
export function washTradeDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'washTrade');
  let flows: (Flow[] | undefined)[] = [];

  /** True when this leg completes a round. */
  function take(flow: Flow, isBuy: boolean, fact: TradeFact, row: ThresholdRow): boolean {
    const windowMs = rowParameter(row, 'windowMs');
    if (flow.now !== null && flow.now.isBuy === isBuy) flow.now.lots += fact.lots;
    else {
      flow.before = flow.now;
      flow.now = { isBuy, lots: fact.lots, fromMs: fact.atMs };
    }
    const { before, now } = flow;
    if (before === null || fact.atMs - before.fromMs > windowMs) return false;
    const lots = Math.min(before.lots, now.lots);
    if (lots < rowParameter(row, 'minLots') || now.lots < (1 - rowParameter(row, 'tolerance')) * before.lots) return false;
    flow.rounds.push({ fromMs: before.fromMs, lots: before.lots + now.lots });
    flow.rounds = flow.rounds.filter((round) => round.fromMs >= fact.atMs - windowMs).slice(-MOST_ROUNDS);
    flow.before = null;
    flow.now = null;
    return true;
  }

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
      let ofGroup = flows[merged.index];
      if (ofGroup === undefined) {
        ofGroup = [];
        flows[merged.index] = ofGroup;
      }
      let isRound = false;
      for (const { accountID } of [contract.account, counterparty]) {
        let flow = ofGroup.find((one) => one.accountID === accountID);
        if (flow === undefined) {
          flow = { accountID, before: null, now: null, rounds: [] };
          ofGroup.push(flow);
        }
        if (take(flow, accountID === contract.account.accountID ? fact.isBuy : !fact.isBuy, fact, row)) isRound = true;
      }
      if (!isRound) return;
      const most = ofGroup.reduce((best, flow) => (flow.rounds.length > best.rounds.length ? flow : best));
      desk.findings.observe({
        row,
        customer: merged.customer,
        instrument: merged.instrument,
        value: most.rounds.length,
        atMs: fact.atMs,
        sinceMs: most.rounds[0]?.fromMs ?? fact.atMs,
        byAccount: () => ofGroup.map((flow) => ({ accountID: flow.accountID, value: flow.rounds.length })),
        factors: () => ({ washedLots: most.rounds.reduce((sum, round) => sum + round.lots, 0) }),
        orderSysID: fact.orderSysID,
        tradeID: fact.tradeID,
      });
    },
  };
}
