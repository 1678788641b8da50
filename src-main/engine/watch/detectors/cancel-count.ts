/** What the three counts of cancels share: whose cancels count, the row in force, exemptions, and the count per control group and day. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector, OrderFact } from './facts';
import { MergedCount } from './merged-count';
import type { ThresholdRow } from './thresholds';

type Judgement = {
  /** False leaves the cancel out before any row is looked for. */
  concerns?(fact: OrderFact): boolean;
  /** What it is measured by beside the row, or null when it is not one that counts. */
  measure?(fact: OrderFact, row: ThresholdRow): Record<string, number> | null;
};

/** Only the customer's own cancels count; where the source does not say whose a cancel was, it is kept beside the count. */
export function cancelCountDetector(desk: DetectorDesk, kind: ThresholdRow['detector'], { concerns, measure }: Judgement): Detector {
  const rows = new RowLookup(desk, kind);
  const counts = new MergedCount(desk);
  return {
    startDay: () => {
      rows.startDay();
      counts.startDay();
    },
    orderKinds: ['cancel'],
    onOrder: (fact) => {
      if (fact.canceledBy === 'exchange' || fact.canceledBy === 'system') return;
      if (concerns?.(fact) === false) return;
      const { contract, orderSysID } = fact.order;
      const row = rows.of(contract.instrument);
      if (row === null || isExempt(row.exempt, fact.order)) return;
      const factors = measure?.(fact, row);
      if (factors === null) return;
      const cancel = { contract, atMs: fact.atMs, amount: 1, isUnknown: fact.canceledBy === 'unknown', orderSysID };
      counts.add(row, cancel, factors && (() => factors));
    },
  };
}
