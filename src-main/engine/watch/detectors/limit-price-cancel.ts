/** Cancels at the limit price after the contract was locked there: orders that queued at the limit only to be seen. */
import { cancelCountDetector } from './cancel-count';
import type { DetectorDesk } from './detector-desk';
import type { Detector, OrderFact } from './facts';

function isAtLockedLimit({ order }: OrderFact): boolean {
  const { instrument } = order.contract;
  return order.isBuy
    ? instrument.wasLockedUp && order.limitPrice >= instrument.upperLimitPrice
    : instrument.wasLockedDown && order.limitPrice <= instrument.lowerLimitPrice;
}

export function limitPriceCancelDetector(desk: DetectorDesk): Detector {
  return cancelCountDetector(desk, 'limitPriceCancel', { concerns: isAtLockedLimit });
}
