/** Ramping and suppressing with reverse trades: over minutes the price is led one way, then what was gathered is traded back. */
import type { DetectorDesk } from './detector-desk';
import type { Detector } from './facts';
import { reversedBurstDetector } from './reversed-burst';

export function rampingDetector(desk: DetectorDesk): Detector {
  return reversedBurstDetector(desk, 'ramping');
}
