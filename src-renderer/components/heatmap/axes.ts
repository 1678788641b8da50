/** What ECharts draws around our cells: two grids (row totals and cells) with their category axes. It is told of layout changes only, never of values. */
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ColourScale } from './colour-scale';
import { cssColour, legendColours, SCALE_STEPS, unpackPixel } from './colour-scale';
import { type ColumnHead, type GridGeometry, HEAD_LINE_HEIGHT, HEAD_TURN_DEGREES } from './grid-geometry';

use([GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

export type AxesTheme = { ink: string; line: string; panel: string; fontFamily: string };

export type AxesInput = {
  geometry: GridGeometry;
  /** CSS px of the painted area's corner inside the chart's element. */
  left: number;
  top: number;
  /** Labels of the visible rows and columns, in order. */
  rowLabels: string[];
  columnLabels: string[];
  /** How the column labels stand in the room above the cells. */
  columnHead: ColumnHead;
  totalsLabel: string;
  scale: ColourScale;
  /** Texts of the legend: its ends, or its bands where the measure has level breaks (one more than breaks). */
  legend: { low: string; high: string; bands: string[] };
  theme: AxesTheme;
};

function columnLabelStyle({ kind, height }: ColumnHead, cellWidth: number): Record<string, unknown> {
  switch (kind) {
    case 'flat':
      return { rotate: 0 };
    case 'wrapped':
      return { rotate: 0, width: cellWidth - 1, height: height - 8, overflow: 'break', lineOverflow: 'truncate', lineHeight: HEAD_LINE_HEIGHT };
    case 'turned':
      return { rotate: HEAD_TURN_DEGREES, width: (height - 14) / Math.sin((HEAD_TURN_DEGREES * Math.PI) / 180), overflow: 'truncate' };
  }
}

export function createAxes(element: HTMLElement): ECharts {
  return init(element, null, { renderer: 'canvas' });
}

/** Legend bands of a scale with breaks: the plain ramp up to the first break, then one band per level. */
function bandPieces(scale: ColourScale, labels: string[]): { gte: number; lt: number; label: string; color: string }[] {
  const edges = [scale.minimum, ...scale.breaks.map((entry) => entry.enterDegree), scale.maximum];
  return labels.map((label, index) => {
    const gte = edges[index] ?? 0;
    const lt = edges[index + 1] ?? scale.maximum;
    const at = index === 0 ? lt * 0.6 : (gte + lt) / 2;
    const step = Math.min(SCALE_STEPS - 1, Math.floor(((at - scale.minimum) / (scale.maximum - scale.minimum)) * SCALE_STEPS));
    return { gte, lt, label, color: cssColour(unpackPixel(scale.live[step] ?? 0)) };
  });
}

/** The whole option: small (no series at all), so `setOption` costs labels only. */
export function axesOption(input: AxesInput): Record<string, unknown> {
  const { geometry, theme } = input;
  const css = (devicePixels: number) => devicePixels / geometry.ratio;
  const cellCssWidth = css(geometry.cellWidth);
  const axisText = { color: theme.ink, fontFamily: theme.fontFamily, fontSize: 11 };
  const quiet = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  // Our cells lie where we say: a grid that gave way to its labels would leave them behind the cells.
  const asPlaced = { containLabel: false, outerBoundsMode: 'none' };
  const grids = [
    { left: input.left, top: input.top, width: css(geometry.totalsWidth), height: css(geometry.height), ...asPlaced },
    {
      left: input.left + css(geometry.cellsLeft),
      top: input.top,
      width: css(geometry.width - geometry.cellsLeft),
      height: css(geometry.height),
      ...asPlaced,
    },
  ];
  const hasBands = input.legend.bands.length > 0;
  const legendText = { color: theme.ink, fontFamily: theme.fontFamily, fontSize: 11 };
  const legendPlace = { left: input.left, top: 2, orient: 'horizontal', textStyle: legendText, seriesIndex: [] as number[] };
  const legend = hasBands
    ? {
        ...legendPlace,
        type: 'piecewise',
        pieces: bandPieces(input.scale, input.legend.bands),
        selectedMode: false,
        hoverLink: false,
        itemWidth: 14,
        itemHeight: 12,
        itemGap: 10,
        padding: 0,
        showLabel: true,
      }
    : {
        ...legendPlace,
        type: 'continuous',
        min: input.scale.minimum,
        max: input.scale.maximum,
        calculable: false,
        hoverLink: false,
        itemWidth: 12,
        itemHeight: 140,
        padding: 0,
        text: [input.legend.high, input.legend.low],
        inRange: { color: legendColours(input.scale, 9) },
      };
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: grids,
    xAxis: [
      {
        gridIndex: 0,
        type: 'category',
        position: 'top',
        data: [input.totalsLabel],
        axisLabel: { ...axisText, fontWeight: 'bold', interval: 0 },
        ...quiet,
      },
      {
        gridIndex: 1,
        type: 'category',
        position: 'top',
        data: input.columnLabels,
        axisLabel: {
          ...axisText,
          ...columnLabelStyle(input.columnHead, cellCssWidth),
          interval: cellCssWidth >= 12 ? 0 : Math.ceil(12 / cellCssWidth) - 1,
        },
        ...quiet,
      },
    ],
    yAxis: [
      {
        gridIndex: 0,
        type: 'category',
        inverse: true,
        data: input.rowLabels,
        axisLabel: {
          ...axisText,
          width: input.left - 12,
          overflow: 'truncate',
          margin: 6,
          interval: css(geometry.cellHeight) >= 12 ? 0 : Math.ceil(12 / css(geometry.cellHeight)) - 1,
        },
        ...quiet,
      },
      { gridIndex: 1, type: 'category', inverse: true, data: input.rowLabels, show: false },
    ],
    visualMap: legend,
    tooltip: {
      show: true,
      trigger: 'none',
      confine: false,
      appendTo: 'body',
      transitionDuration: 0,
      enterable: false,
      backgroundColor: theme.panel,
      borderColor: theme.line,
      padding: [6, 10],
      textStyle: { color: theme.ink, fontFamily: theme.fontFamily, fontSize: 12 },
      extraCssText: 'z-index: 40; max-width: 420px; white-space: normal; pointer-events: none;',
    },
    series: [],
  };
}

/** Other rows in the same places, which is what a map sorted worst first shows many times a second: merged, so that nothing else is made anew. */
export function rowLabelsOption(rowLabels: string[]): Record<string, unknown> {
  return { yAxis: [{ data: rowLabels }, { data: rowLabels }] };
}

/** Opens ECharts' own tooltip at a point (CSS px in the chart's element). `content` is built as elements, so no text of a feed is ever parsed as HTML. */
export function showTooltip(chart: ECharts, x: number, y: number, content: HTMLElement): void {
  chart.dispatchAction({ type: 'showTip', x, y, tooltip: { formatter: () => content } });
}

export function hideTooltip(chart: ECharts): void {
  chart.dispatchAction({ type: 'hideTip' });
}
