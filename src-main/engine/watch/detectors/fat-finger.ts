/** Fat finger: one order of weight whose price lies so far from the market that nobody can have meant it. */
import { type DetectorDesk, RowLookup } from './detector-desk';
import type { Detector } from './facts';
import { rowParameter } from './thresholds';

/**
 * The metric is the distance of the limit from the last price, as a share of it, on either side; smaller orders than the row's amount are left out.
 * An order that was turned away is noted, not told: the counter has already done what an alert could ask for.
 */
export function fatFingerDetector(desk: DetectorDesk): Detector {
  const rows = new RowLookup(desk, 'fatFinger');
  return {
    startDay: rows.startDay.bind(rows),
    orderKinds: ['insert'],
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { order } = fact;
      const { instrument, merged, account } = order.contract;
      // An order without a limit has no price to be wrong.
      if (Number.isNaN(order.limitPrice)) return;
      const deviation = Math.abs(order.limitPrice - instrument.lastPrice) / Math.abs(instrument.lastPrice);
      const row = rows.of(instrument);
      if (row === null || deviation < row.ignore) return;
      if (Number.isNaN(deviation) || fact.atMs - instrument.quoteMs > rowParameter(row, 'maxQuoteAgeMs')) {
        desk.unjudged.add('fatFinger', 'NO_CURRENT_PRICE', instrument.instrumentID);
        return;
      }
      const notionalCny = order.limitPrice * order.volume * instrument.volumeMultiple;
      if (Number.isNaN(notionalCny)) {
        desk.unjudged.add('fatFinger', 'VOLUME_MULTIPLE_UNKNOWN', instrument.instrumentID);
        return;
      }
      if (notionalCny < rowParameter(row, 'minNotionalCny')) return;
      desk.findings.observe({
        row,
        customer: merged.customer,
        instrument,
        value: deviation,
        atMs: fact.atMs,
        sinceMs: fact.atMs,
        byAccount: () => [{ accountID: account.accountID, value: deviation }],
        factors: () => ({ limitPrice: order.limitPrice, lastPrice: instrument.lastPrice, lots: order.volume, notionalCny }),
        orderSysID: order.orderSysID,
        highestRung: order.isRefused ? 'ignore' : 'ban',
      });
    },
  };
}
