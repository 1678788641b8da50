/** Colours that tests can tell apart. */
import type { HeatPalette } from '../../../../../src-renderer/components/heatmap/colour-scale';

export const PALETTE: HeatPalette = {
  background: [0, 0, 0],
  empty: [1, 1, 1],
  unknown: [90, 80, 100],
  ink: [255, 255, 255],
  low: [10, 30, 60],
  high: [80, 150, 200],
  gain: [220, 60, 60],
  loss: [30, 160, 90],
  longSide: [60, 140, 210],
  shortSide: [150, 110, 220],
  neutral: [40, 48, 58],
  levels: { normal: [10, 30, 60], warn: [210, 160, 20], call: [230, 110, 30], force: [220, 50, 40], negative: [170, 40, 140] },
};
