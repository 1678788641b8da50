/** Large cancels: how often a customer took back very many lots at once. The measure is what the one cancel took out, not what was ordered. */
import { cancelCountDetector } from './cancel-count';
import type { DetectorDesk } from './detector-desk';
import type { Detector } from './facts';
import type { ThresholdRow } from './thresholds';

/** Lots from which a cancel is large; NaN when the exchange says it as a share of an order limit that is not known. */
function largeFrom(row: ThresholdRow, maxOrderVolume: number): number {
  const { minLots, minShareOfMaxOrder, moreThanShareOfMaxOrder } = row.parameters;
  if (minLots !== undefined) return minLots;
  if (minShareOfMaxOrder !== undefined) return Math.ceil(minShareOfMaxOrder * maxOrderVolume);
  if (moreThanShareOfMaxOrder !== undefined) return Math.floor(moreThanShareOfMaxOrder * maxOrderVolume) + 1;
  throw new Error(`threshold row ${row.ruleId}: it does not say which cancels are large`);
}

export function largeCancelDetector(desk: DetectorDesk): Detector {
  return cancelCountDetector(desk, 'largeCancel', {
    measure: ({ lots, order }, row) => {
      const { instrument } = order.contract;
      const from = largeFrom(row, instrument.maxOrderVolume);
      if (Number.isNaN(from)) desk.unjudged.add('largeCancel', 'MAX_ORDER_UNKNOWN', instrument.instrumentID);
      return lots >= from ? { largeFromLots: from } : null;
    },
  });
}
