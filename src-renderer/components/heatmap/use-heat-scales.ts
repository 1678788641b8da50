/** The colour scales of a heat map's cells and totals: steady while figures move a little, and bound to the levels in force for the risk degree. */
import { useMemo, useRef } from 'react';
import type { HeatMeasure, HeatmapPicture } from '#shared/contract/streams';
import { buildScale, type ColourScale, riskReach, steadyReach } from './colour-scale';
import type { HeatTheme } from './heat-theme';

/** `reach`: where the cells' scale ends, in the measure's own unit. */
export function useHeatScales(
  measure: HeatMeasure,
  picture: HeatmapPicture,
  colours: HeatTheme,
): { scale: { cells: ColourScale; totals: ColourScale }; reach: number } {
  const reach = useRef<{ measure: HeatMeasure; cells: number; totals: number } | null>(null);
  const scales = useMemo(() => {
    const before = reach.current?.measure === measure ? reach.current : null;
    const next =
      measure === 'riskDegree'
        ? { measure, cells: riskReach(picture.levels), totals: riskReach(picture.levels) }
        : {
            measure,
            cells: steadyReach(before?.cells ?? null, picture.values),
            totals: steadyReach(before?.totals ?? null, picture.rowValues),
          };
    reach.current = next;
    return next;
  }, [measure, picture]);
  const levelKey = JSON.stringify(picture.levels ?? []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: levelKey stands for the levels, whose identity changes with every picture
  const scale = useMemo(
    () => ({
      cells: buildScale(measure, scales.cells, picture.levels, colours.cells.palette),
      totals: buildScale(measure, scales.totals, picture.levels, colours.cells.palette),
    }),
    [measure, scales.cells, scales.totals, levelKey, colours],
  );
  return { scale, reach: scales.cells };
}
