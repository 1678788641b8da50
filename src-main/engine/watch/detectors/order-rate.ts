/** How fast a customer sends: the highest rate within a second, and the bursts from which programmatic trading must be reported. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector, OrderFact } from './facts';
import type { Customer } from './market-state';
import { rowParameter, type ThresholdRow } from './thresholds';
import { LastTimes, SlidingSum } from './windows';

/** What the customer sent: its orders and its own cancels. What the exchange or the counter ended was no message of the customer's. */
export function isCustomerMessage(fact: OrderFact): boolean {
  if (fact.kind === 'insert') return true;
  // An unknown end of an order that could rest was most likely the customer's; of one that could not, the exchange's.
  return fact.kind === 'cancel' && (fact.canceledBy === 'customer' || (fact.canceledBy === 'unknown' && !fact.order.isFak && !fact.order.isFok));
}

type Rate = { times: LastTimes; perSecond: SlidingSum; occurrences: number; messages: number; byAccount: Map<string, number>; sinceMs: number };

const seenIn = ({ order, atMs }: OrderFact) => ({ customer: order.contract.account.customer, instrument: null, atMs, orderSysID: order.orderSysID });

/** How many messages make one occurrence; without a row none is counted. */
const sizeOf = (row: ThresholdRow | null): number => (row === null ? 1 : rowParameter(row, 'messages'));

/**
 * Messages over all contracts, a control group merged. `programReport` counts occurrences of N messages within a second; the messages of one
 * occurrence count for no other, so that one long burst is as many occurrences as it has whole lots of N.
 */
export function orderRateDetector(desk: DetectorDesk): Detector {
  const rateRows = new RowLookup(desk, 'orderRate');
  const reportRows = new RowLookup(desk, 'programReport');
  let rates: (Rate | undefined)[] = [];

  function rateOf(customer: Customer, row: ThresholdRow | null, atMs: number): Rate {
    let rate = rates[customer.index];
    if (rate === undefined) {
      rate = { times: new LastTimes(sizeOf(row)), perSecond: new SlidingSum(1000), occurrences: 0, messages: 0, byAccount: new Map(), sinceMs: atMs };
      rates[customer.index] = rate;
    } else if (row !== null && rate.times.size !== sizeOf(row)) rate.times = new LastTimes(sizeOf(row));
    return rate;
  }

  return {
    startDay: () => {
      rates = [];
      rateRows.startDay();
      reportRows.startDay();
    },
    orderKinds: ['insert', 'cancel'],
    onOrder: (fact) => {
      if (!isCustomerMessage(fact)) return;
      const rateRow = rateRows.everywhere();
      const reportRow = reportRows.everywhere();
      const { account } = fact.order.contract;
      const { customer } = account;
      const rate = rateOf(customer, reportRow, fact.atMs);
      rate.messages += 1;
      const isReported = reportRow !== null && !reportRow.notOnExchanges.includes(fact.order.contract.instrument.exchangeID);
      if (reportRow !== null && isReported && rate.times.add(fact.atMs, rowParameter(reportRow, 'withinMs'))) {
        rate.times.clear();
        rate.occurrences += 1;
        if (rate.occurrences === 1) rate.sinceMs = fact.atMs;
        rate.byAccount.set(account.accountID, (rate.byAccount.get(account.accountID) ?? 0) + 1);
        const byAccount = () => [...rate.byAccount].map(([accountID, value]) => ({ accountID, value }));
        const factors = () => ({ messagesToday: rate.messages });
        desk.findings.observe({ ...seenIn(fact), row: reportRow, value: rate.occurrences, sinceMs: rate.sinceMs, byAccount, factors });
      }
      if (rateRow === null || fact.isFromPicture) return;
      const value = rate.perSecond.add(1, fact.atMs);
      if (value >= rateRow.ignore) {
        desk.findings.observe({
          ...seenIn(fact),
          row: rateRow,
          value,
          sinceMs: fact.atMs - 1000,
          byAccount: () => [{ accountID: account.accountID, value }],
        });
      }
    },
  };
}
