/** Reads a chart's colours from the page's tokens: a canvas knows no CSS variables. */
import { RISK_LEVELS } from '#shared/contract/numbers-stress';
import type { RiskLevel } from '#shared/contract/streams';

export type ChartTheme = {
  text: string;
  line: string;
  faint: string;
  panel: string;
  accent: string;
  second: string;
  font: string;
  levels: Record<RiskLevel, string>;
};

export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read('--text-1'),
    line: read('--line-strong'),
    faint: read('--line'),
    panel: read('--surface-2'),
    accent: read('--accent'),
    second: read('--level-call'),
    font: read('--font'),
    levels: Object.fromEntries(RISK_LEVELS.map((level) => [level, read(`--level-${level}`)])) as Record<RiskLevel, string>,
  };
}
