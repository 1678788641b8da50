/** High-frequency trading on the stock exchanges: so many messages of one account in any second, or in a day. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import type { Customer } from './market-state';
import { isCustomerMessage } from './order-rate';
import { rowParameter } from './thresholds';
import { LastTimes } from './windows';

type Rate = { times: LastTimes; customer: Customer; perDay: number; hitSecondAtMs: number | null; sinceMs: number };

/** Per account, not per group: the metric is the day's count in shares of the day's threshold, 1 also when a second reached its own. */
export function securitiesHighFrequencyDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'securitiesHighFrequency');
  let rates = new Map<string, Rate[]>();
  return {
    startDay: () => {
      rows.startDay();
      rates = new Map();
    },
    orderKinds: ['insert', 'cancel'],
    onOrder: (fact) => {
      const { account, instrument } = fact.order.contract;
      const { exchangeID } = instrument;
      const row = rows.overall(exchangeID);
      if (row === null || !isCustomerMessage(fact)) return;
      let ofExchange = rates.get(exchangeID);
      if (ofExchange === undefined) {
        ofExchange = [];
        rates.set(exchangeID, ofExchange);
      }
      let rate = ofExchange[account.index];
      if (rate === undefined) {
        const own: Customer = { index: -1, kind: 'account', customerID: account.accountID, accountIDs: new Set([account.accountID]) };
        rate = { times: new LastTimes(rowParameter(row, 'perSecond')), customer: own, perDay: 0, hitSecondAtMs: null, sinceMs: fact.atMs };
        ofExchange[account.index] = rate;
      } else if (rate.times.size !== rowParameter(row, 'perSecond')) rate.times = new LastTimes(rowParameter(row, 'perSecond'));
      rate.perDay += 1;
      // Strictly less than a second, so that a second's two ends are not both in it.
      if (rate.times.add(fact.atMs, 999)) rate.hitSecondAtMs ??= fact.atMs;
      const share = rate.perDay / rowParameter(row, 'perDay');
      const value = rate.hitSecondAtMs === null ? share : Math.max(1, share);
      if (value < row.ignore) return;
      desk.findings.observe({
        row,
        customer: rate.customer,
        instrument: null,
        value,
        atMs: fact.atMs,
        sinceMs: rate.sinceMs,
        byAccount: () => [{ accountID: account.accountID, value: rate.perDay }],
        factors: () => ({ messagesToday: rate.perDay, ...(rate.hitSecondAtMs === null ? {} : { secondReachedAtMs: rate.hitSecondAtMs }) }),
        orderSysID: fact.order.orderSysID,
      });
    },
  };
}
