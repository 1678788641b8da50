/** How many cells of a heat map are live, stale, of a closed market or unknown. */
import { type HeatmapPicture, QUALITY_CODE } from '#shared/contract/streams';
import { isUnknownCell } from './cell-painter';
import type { QualityCounts } from './heatmap-props';

export function countQualities({ values, qualities }: HeatmapPicture, negativeCells: Uint8Array | null): QualityCounts {
  const counts: QualityCounts = { live: 0, stale: 0, closed: 0, unknown: 0 };
  for (let index = 0; index < qualities.length; index += 1) {
    const quality = qualities[index] ?? 0;
    if (quality === QUALITY_CODE.none) continue;
    if (isUnknownCell(values[index] ?? Number.NaN, quality) && negativeCells?.[index] !== 1) counts.unknown += 1;
    else if (quality === QUALITY_CODE.stale) counts.stale += 1;
    else if (quality === QUALITY_CODE.closed) counts.closed += 1;
    else counts.live += 1;
  }
  return counts;
}
