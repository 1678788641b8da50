/** A line chart in an element of the page: made once, redrawn when its option or the theme changes, as large as its element. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type RefObject, useEffect, useRef } from 'react';
import { usePreferences } from '../state/preferences';
import { type ChartTheme, readChartTheme } from './chart-theme';

use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** Lines at a given height. Left to itself the library rounds the height to two decimals: a threshold of 1.8 % would stand at 2 %. */
export const EXACT_LINES = { symbol: 'none', silent: true, precision: 12 };

/** Text on axes and beside marks. */
export function chartText({ text, font }: ChartTheme, fontSize = 11): { color: string; fontFamily: string; fontSize: number } {
  return { color: text, fontFamily: font, fontSize };
}

/** `optionOf` is asked anew whenever it is another function: keep it with `useCallback`. */
export function useLineChart(optionOf: (colours: ChartTheme) => EChartsCoreOption): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const theme = usePreferences((state) => state.theme);
  useEffect(() => {
    const at = element.current;
    if (at === null) return;
    const made = init(at, null, { renderer: 'canvas' });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(at);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours change with the theme
  useEffect(() => {
    const colours = readChartTheme();
    const { tooltip, ...option } = optionOf(colours);
    chart.current?.setOption(
      {
        animation: false,
        textStyle: { fontFamily: colours.font, color: colours.text },
        tooltip: {
          trigger: 'axis',
          backgroundColor: colours.panel,
          borderColor: colours.line,
          textStyle: chartText(colours, 12),
          ...(tooltip as object),
        },
        ...option,
      },
      { notMerge: true },
    );
  }, [optionOf, theme]);
  return element;
}
