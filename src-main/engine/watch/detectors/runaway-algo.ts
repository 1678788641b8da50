/** A program that cannot stop: the same order again and again, each filled, the position growing with every one. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector, TrackedOrder } from './facts';
import { rowParameter } from './thresholds';
import { SlidingSum } from './windows';

type Run = { isBuy: boolean; volume: number; offsetFlag: string; orders: SlidingSum; fills: SlidingSum };

const isSame = (run: Run, order: TrackedOrder): boolean =>
  run.isBuy === order.isBuy && run.volume === order.volume && run.offsetFlag === order.offsetFlag;

/** The metric is equal orders (side, lots, offset) of one account in one contract within the row's window, without a different one between. */
export function runawayAlgoDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'runawayAlgo');
  let runs: (Run | undefined)[] = [];
  return {
    startDay: () => {
      rows.startDay();
      runs = [];
    },
    orderKinds: ['insert', 'fill'],
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { order } = fact;
      const { contract } = order;
      let run = runs[contract.index];
      if (fact.kind === 'fill') {
        if (run !== undefined && isSame(run, order) && order.traded === fact.lots) run.fills.add(1, fact.atMs);
        return;
      }
      const row = rows.of(contract.instrument);
      if (row === null) return;
      const windowMs = rowParameter(row, 'windowMs');
      if (run === undefined) {
        run = {
          isBuy: order.isBuy,
          volume: order.volume,
          offsetFlag: order.offsetFlag,
          orders: new SlidingSum(windowMs),
          fills: new SlidingSum(windowMs),
        };
        runs[contract.index] = run;
      } else if (!isSame(run, order)) {
        run.isBuy = order.isBuy;
        run.volume = order.volume;
        run.offsetFlag = order.offsetFlag;
        run.orders.clear();
        run.fills.clear();
      }
      const value = run.orders.add(1, fact.atMs);
      if (value < row.ignore) return;
      const fills = run.fills.sumAt(fact.atMs);
      if (fills < rowParameter(row, 'minFillShare') * value) return;
      desk.findings.observe({
        row,
        customer: contract.merged.customer,
        instrument: contract.instrument,
        value,
        atMs: fact.atMs,
        sinceMs: fact.atMs - windowMs,
        byAccount: () => [{ accountID: contract.account.accountID, value }],
        factors: () => ({ windowMs, lotsOfEach: order.volume, isBuy: order.isBuy ? 1 : 0, ordersWithFill: fills }),
        orderSysID: order.orderSysID,
      });
    },
  };
}
