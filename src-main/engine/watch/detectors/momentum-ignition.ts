/** Momentum ignition: within seconds a burst that sets the price going, and out again into those who follow. */
import type { DetectorDesk } from './detector-desk';
import type { Detector } from './facts';
import { reversedBurstDetector } from './reversed-burst';

export function momentumIgnitionDetector(desk: DetectorDesk): Detector {
  return reversedBurstDetector(desk, 'momentumIgnition');
}
