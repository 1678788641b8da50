/** ECharts around the cells: created once, told of its axes only when something of the layout has moved. */
import type { ECharts } from 'echarts/core';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { axesOption, createAxes, rowLabelsOption } from './axes';
import type { ColourScale } from './colour-scale';
import type { HeatTheme } from './heat-theme';
import type { HeatmapTexts } from './heatmap-props';
import type { HeatPlaces } from './use-heat-layout';

export type HeatAxes = {
  places: HeatPlaces;
  firstRow: number;
  firstColumn: number;
  totalsLabel: string;
  scale: ColourScale;
  legend: ReturnType<HeatmapTexts['legend']>;
  colours: HeatTheme;
};

export function useHeatAxes(
  element: RefObject<HTMLDivElement | null>,
  { places, firstRow, firstColumn, totalsLabel, scale, legend, colours }: HeatAxes,
): RefObject<ECharts | null> {
  const { size, labels, columnHead, left, top, geometry } = places;
  const chart = useRef<ECharts | null>(null);

  useEffect(() => {
    if (element.current === null) return;
    const axes = createAxes(element.current);
    chart.current = axes;
    return () => {
      axes.dispose();
      chart.current = null;
    };
  }, [element]);

  const visibleRowLabels = geometry === null ? [] : labels.rows.slice(firstRow, firstRow + geometry.visibleRows);
  const visibleColumnLabels = geometry === null ? [] : labels.columns.slice(firstColumn, firstColumn + geometry.visibleColumns);
  const rowsKey = JSON.stringify(visibleRowLabels);
  const axesKey = JSON.stringify([geometry, left, top, columnHead, visibleColumnLabels, totalsLabel, legend]);
  const shownRows = useRef('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: axesKey stands for everything the axes show but the rows, which have an effect of their own
  useLayoutEffect(() => {
    const axes = chart.current;
    if (axes === null || geometry === null || size === null) return;
    axes.resize({ width: size.width, height: size.height });
    axes.setOption(
      axesOption({
        geometry,
        left,
        top,
        rowLabels: visibleRowLabels,
        columnLabels: visibleColumnLabels,
        columnHead,
        totalsLabel,
        scale,
        legend,
        theme: colours.axes,
      }),
      { notMerge: true, lazyUpdate: false },
    );
    shownRows.current = rowsKey;
  }, [axesKey, scale, colours, size]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rowsKey stands for the visible rows
  useLayoutEffect(() => {
    if (chart.current === null || geometry === null || shownRows.current === rowsKey) return;
    chart.current.setOption(rowLabelsOption(visibleRowLabels));
    shownRows.current = rowsKey;
  }, [rowsKey]);

  return chart;
}
