/** Quote stuffing: messages at many times the usual rate in one contract, of which next to nothing trades. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector, OrderFact } from './facts';
import type { AccountContract } from './market-state';
import { isCustomerMessage } from './order-rate';
import { rowParameter } from './thresholds';
import { SlidingSum } from './windows';

type Rate = { accountID: string; messages: SlidingSum; inserts: SlidingSum; fills: SlidingSum; group: GroupRate | null };
/** What a control group's accounts send together; an account that is in none has its own rate only. */
type GroupRate = { all: Rate; members: Rate[] };

function newRate(accountID: string, windowMs: number): Rate {
  return { accountID, messages: new SlidingSum(windowMs), inserts: new SlidingSum(windowMs), fills: new SlidingSum(windowMs), group: null };
}

/**
 * The metric is messages within the row's window, counted only while fills stay below the row's share of the orders (CME Rule 575.C): of a control
 * group together, and of each of its accounts by itself, so that neither sharing the messages out nor a partner that trades hides them.
 */
export function quoteStuffingDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'quoteStuffing');
  let rates: (Rate | undefined)[] = [];
  let groups: (GroupRate | undefined)[] = [];

  function rateOf({ index, account, merged }: AccountContract, windowMs: number): Rate {
    let rate = rates[index];
    if (rate !== undefined) return rate;
    rate = newRate(account.accountID, windowMs);
    rates[index] = rate;
    if (merged.customer.kind === 'group') {
      const group = groups[merged.index] ?? { all: newRate('', windowMs), members: [] };
      groups[merged.index] = group;
      group.members.push(rate);
      rate.group = group;
    }
    return rate;
  }

  return {
    startDay: () => {
      rows.startDay();
      rates = [];
      groups = [];
    },
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { contract } = fact.order;
      const row = rows.of(contract.instrument);
      if (row === null) return;
      const { atMs } = fact;
      const windowMs = rowParameter(row, 'windowMs');
      const own = rateOf(contract, windowMs);
      const all = own.group?.all ?? null;
      count(own, fact);
      if (all !== null) count(all, fact);
      if (!isCustomerMessage(fact)) return;
      const maxFillShare = rowParameter(row, 'maxFillShare');
      const isStuffing = ({ messages, inserts, fills }: Rate): boolean =>
        messages.sumAt(atMs) >= row.ignore && fills.sumAt(atMs) <= maxFillShare * Math.max(1, inserts.sumAt(atMs));
      const rate = all !== null && isStuffing(all) ? all : own;
      if (rate === own && !isStuffing(own)) return;
      const members = rate === all ? (own.group?.members ?? []) : [own];
      const [value, inserts, fills] = [rate.messages.sumAt(atMs), rate.inserts.sumAt(atMs), rate.fills.sumAt(atMs)];
      desk.findings.observe({
        row,
        customer: contract.merged.customer,
        instrument: contract.instrument,
        value,
        atMs,
        sinceMs: atMs - windowMs,
        byAccount: () => members.map(({ accountID, messages }) => ({ accountID, value: messages.sumAt(atMs) })),
        factors: () => ({ windowMs, inserts, fills }),
        orderSysID: fact.order.orderSysID,
      });
    },
  };
}

function count(rate: Rate, fact: OrderFact): void {
  if (fact.kind === 'fill') rate.fills.add(1, fact.atMs);
  if (!isCustomerMessage(fact)) return;
  if (fact.kind === 'insert') rate.inserts.add(1, fact.atMs);
  rate.messages.add(1, fact.atMs);
}
