/** Frequent cancels: how often a customer took back working orders in one contract on one day, whatever their size. */
import { cancelCountDetector } from './cancel-count';
import type { DetectorDesk } from './detector-desk';
import type { Detector } from './facts';

export function frequentCancelDetector(desk: DetectorDesk): Detector {
  return cancelCountDetector(desk, 'frequentCancel', {});
}
