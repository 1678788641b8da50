/** Quote stuffing: messages at many times the usual rate in one contract, of which next to nothing trades. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { isCustomerMessage } from './order-rate';
import { rowParameter } from './thresholds';
import { SlidingSum } from './windows';

type Rate = { messages: SlidingSum; inserts: SlidingSum; fills: SlidingSum };

/** The metric is messages within the row's window, counted only while fills stay below the row's share of the orders (CME Rule 575.C). */
export function quoteStuffingDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'quoteStuffing');
  let rates: (Rate | undefined)[] = [];
  return {
    startDay: () => {
      rows.startDay();
      rates = [];
    },
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { contract } = fact.order;
      const row = rows.of(contract.instrument);
      if (row === null) return;
      const windowMs = rowParameter(row, 'windowMs');
      let rate = rates[contract.index];
      if (rate === undefined) {
        rate = { messages: new SlidingSum(windowMs), inserts: new SlidingSum(windowMs), fills: new SlidingSum(windowMs) };
        rates[contract.index] = rate;
      }
      if (fact.kind === 'fill') rate.fills.add(1, fact.atMs);
      if (!isCustomerMessage(fact)) return;
      if (fact.kind === 'insert') rate.inserts.add(1, fact.atMs);
      const value = rate.messages.add(1, fact.atMs);
      if (value < row.ignore) return;
      const fills = rate.fills.sumAt(fact.atMs);
      const inserts = rate.inserts.sumAt(fact.atMs);
      if (fills > rowParameter(row, 'maxFillShare') * Math.max(1, inserts)) return;
      desk.findings.observe({
        row,
        customer: contract.merged.customer,
        instrument: contract.instrument,
        value,
        atMs: fact.atMs,
        sinceMs: fact.atMs - windowMs,
        byAccount: () => [{ accountID: contract.account.accountID, value }],
        factors: () => ({ windowMs, inserts, fills }),
        orderSysID: fact.order.orderSysID,
      });
    },
  };
}
