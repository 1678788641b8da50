/** The message fee (申报费) a customer runs up in a contract: charged at settlement only, so that during the day an estimate is all there is. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector, OrderFact } from './facts';
import type { CustomerContract } from './market-state';
import { rowParameter, type ThresholdRow } from './thresholds';

/** Quote requests are part of the exchange's count and are in no feed: the estimate is from below. */
export type MessageFeeAccrual = {
  customerKind: 'account' | 'group';
  customerID: string;
  exchangeID: string;
  instrumentID: string;
  messages: number;
  ordersWithFill: number;
  /** Messages per order with a fill, less one. */
  orderToTradeRatio: number;
  feeCny: number;
  ruleId: string;
};
type Count = {
  merged: CustomerContract;
  row: ThresholdRow;
  messages: number;
  ordersWithFill: number;
  sinceMs: number;
  byAccount: Map<string, number>;
};

/** CNY for so many messages: each message costs what its tier says. Source of the form: SHFE notice of 2022-07-29. */
export function messageFeeCny(tiers: readonly { fromMessage: number; feeCny: number }[], messages: number): number {
  let sum = 0;
  for (const [index, tier] of tiers.entries()) {
    const end = Math.min(messages, (tiers[index + 1]?.fromMessage ?? Number.POSITIVE_INFINITY) - 1);
    if (end >= tier.fromMessage) sum += (end - tier.fromMessage + 1) * tier.feeCny;
  }
  return sum;
}

export function orderToTradeRatio(messages: number, ordersWithFill: number): number {
  return messages / Math.max(1, ordersWithFill) - 1;
}

/** A fill-and-kill with a remainder counts two, by its insert and by the exchange's cancel of what was left. */
function isFeeMessage(fact: OrderFact): boolean {
  if (fact.kind === 'insert') return !fact.order.isRefused;
  return fact.kind === 'cancel' && (fact.canceledBy === 'customer' || fact.canceledBy === 'unknown' || fact.order.isFak);
}

export type MessageFeeDetector = Detector & { accruals(): MessageFeeAccrual[] };

export function messageFeeDetector(desk: DetectorDesk): MessageFeeDetector {
  const rows = new RowLookup(desk, 'messageFee');
  let counts: (Count | undefined)[] = [];

  function accrualOf({ merged, row, messages, ordersWithFill }: Count): MessageFeeAccrual {
    const ratio = orderToTradeRatio(messages, ordersWithFill);
    const full = messageFeeCny(row.tiers ?? [], messages);
    const isLow = ratio <= rowParameter(row, 'lowRatio');
    return {
      customerKind: merged.customer.kind,
      customerID: merged.customer.customerID,
      exchangeID: merged.instrument.exchangeID,
      instrumentID: merged.instrument.instrumentID,
      messages,
      ordersWithFill,
      orderToTradeRatio: ratio,
      feeCny: isLow ? full * rowParameter(row, 'lowRatioShare') : full,
      ruleId: row.ruleId,
    };
  }

  return {
    startDay: () => {
      rows.startDay();
      counts = [];
    },
    onOrder: (fact) => {
      const { contract } = fact.order;
      const isFirstFill = fact.kind === 'fill' && fact.order.traded === fact.lots;
      if (!isFirstFill && !isFeeMessage(fact)) return;
      const row = rows.of(contract.instrument);
      if (row === null || isExempt(row.exempt, fact.order)) return;
      let count = counts[contract.merged.index];
      if (count === undefined) {
        count = { merged: contract.merged, row, messages: 0, ordersWithFill: 0, sinceMs: fact.atMs, byAccount: new Map() };
        counts[contract.merged.index] = count;
      }
      if (isFirstFill) {
        count.ordersWithFill += 1;
        return;
      }
      count.messages += 1;
      const { accountID } = contract.account;
      count.byAccount.set(accountID, (count.byAccount.get(accountID) ?? 0) + 1);
      if (count.messages < row.ignore) return;
      const counted = count;
      desk.findings.observe({
        row,
        customer: contract.merged.customer,
        instrument: contract.instrument,
        value: count.messages,
        atMs: fact.atMs,
        sinceMs: count.sinceMs,
        byAccount: () => [...counted.byAccount].map(([id, value]) => ({ accountID: id, value })),
        factors: () => {
          const { feeCny, orderToTradeRatio: ratio, ordersWithFill } = accrualOf(counted);
          return { feeCny, orderToTradeRatio: ratio, ordersWithFill };
        },
        orderSysID: fact.order.orderSysID,
      });
    },
    /** The estimates so far, the dearest first. */
    accruals: () =>
      counts
        .flatMap((count) => (count === undefined ? [] : [accrualOf(count)]))
        .sort(
          (a, b) =>
            b.feeCny - a.feeCny || b.messages - a.messages || (`${a.customerID} ${a.instrumentID}` < `${b.customerID} ${b.instrumentID}` ? -1 : 1),
        ),
  };
}
