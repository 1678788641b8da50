/** A program that cannot stop: the same order again and again, each filled, the position growing with every one. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector, TrackedOrder } from './facts';
import type { AccountContract } from './market-state';
import { rowParameter } from './thresholds';
import { SlidingSum } from './windows';

type Run = {
  isBuy: boolean;
  volume: number;
  offsetFlag: string;
  orders: SlidingSum;
  fills: SlidingSum;
  /** Each account's own part. */
  parts: Map<string, SlidingSum>;
};

const isSame = (run: Run, order: TrackedOrder): boolean =>
  run.isBuy === order.isBuy && run.volume === order.volume && run.offsetFlag === order.offsetFlag;

function newRun({ isBuy, volume, offsetFlag }: TrackedOrder, windowMs: number): Run {
  return { isBuy, volume, offsetFlag, orders: new SlidingSum(windowMs), fills: new SlidingSum(windowMs), parts: new Map() };
}

/** A different order between begins the run anew. */
function goOn(run: Run, order: TrackedOrder, atMs: number, windowMs: number): void {
  if (!isSame(run, order)) {
    run.isBuy = order.isBuy;
    run.volume = order.volume;
    run.offsetFlag = order.offsetFlag;
    run.orders.clear();
    run.fills.clear();
    run.parts.clear();
  }
  run.orders.add(1, atMs);
  const { accountID } = order.contract.account;
  let part = run.parts.get(accountID);
  if (part === undefined) {
    part = new SlidingSum(windowMs);
    run.parts.set(accountID, part);
  }
  part.add(1, atMs);
}

/**
 * The metric is equal orders (side, lots, offset) in one contract within the row's window, without a different one between: of one account, and of the
 * accounts of a control group together, whichever run is longer.
 */
export function runawayAlgoDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'runawayAlgo');
  let own: (Run | undefined)[] = [];
  let merged: (Run | undefined)[] = [];

  /** The account's run, and its group's where it is in one. */
  function runsOf({ index, merged: group }: AccountContract): (Run | undefined)[] {
    return group.customer.kind === 'group' ? [merged[group.index], own[index]] : [own[index]];
  }

  return {
    startDay: () => {
      rows.startDay();
      own = [];
      merged = [];
    },
    orderKinds: ['insert', 'fill'],
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { order, atMs } = fact;
      const { contract } = order;
      if (fact.kind === 'fill') {
        if (order.traded !== fact.lots) return;
        for (const run of runsOf(contract)) if (run !== undefined && isSame(run, order)) run.fills.add(1, atMs);
        return;
      }
      const row = rows.of(contract.instrument);
      if (row === null) return;
      const windowMs = rowParameter(row, 'windowMs');
      own[contract.index] ??= newRun(order, windowMs);
      if (contract.merged.customer.kind === 'group') merged[contract.merged.index] ??= newRun(order, windowMs);
      const minFillShare = rowParameter(row, 'minFillShare');
      let longest: Run | null = null;
      let value = 0;
      for (const run of runsOf(contract)) {
        if (run === undefined) continue;
        goOn(run, order, atMs, windowMs);
        const orders = run.orders.sumAt(atMs);
        if (orders < row.ignore || orders <= value || run.fills.sumAt(atMs) < minFillShare * orders) continue;
        longest = run;
        value = orders;
      }
      if (longest === null) return;
      const { fills, parts } = longest;
      const ordersWithFill = fills.sumAt(atMs);
      desk.findings.observe({
        row,
        customer: contract.merged.customer,
        instrument: contract.instrument,
        value,
        atMs,
        sinceMs: atMs - windowMs,
        byAccount: () => [...parts].map(([accountID, part]) => ({ accountID, value: part.sumAt(atMs) })),
        factors: () => ({ windowMs, lotsOfEach: order.volume, isBuy: order.isBuy ? 1 : 0, ordersWithFill }),
        orderSysID: order.orderSysID,
      });
    },
  };
}
