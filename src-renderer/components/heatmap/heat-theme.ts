/** Reads the heat map's colours from the page's tokens: a canvas knows no CSS variables. */
import type { AxesTheme } from './axes';
import type { CellTheme } from './cell-layer';
import type { Rgb } from './colour-scale';

function readRgb(style: CSSStyleDeclaration, name: string): Rgb {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(style.getPropertyValue(name).trim());
  if (parts === null) return [128, 128, 128]; // only before the style sheet is there; the next theme read corrects it
  return [Number.parseInt(parts[1] ?? '80', 16), Number.parseInt(parts[2] ?? '80', 16), Number.parseInt(parts[3] ?? '80', 16)];
}

/** `isRedUp` is the Chinese convention: gains red, losses green. */
export type HeatTheme = { cells: CellTheme; axes: AxesTheme };

export function readHeatTheme(isRedUp: boolean): HeatTheme {
  const style = getComputedStyle(document.documentElement);
  const rgb = (name: string) => readRgb(style, name);
  const text = (name: string) => style.getPropertyValue(name).trim();
  return {
    cells: {
      palette: {
        background: rgb('--surface-1'),
        empty: rgb('--heat-empty'),
        unknown: rgb('--heat-unknown'),
        ink: rgb('--text-1'),
        low: rgb('--heat-low'),
        high: rgb('--heat-high'),
        gain: rgb(isRedUp ? '--heat-red' : '--heat-green'),
        loss: rgb(isRedUp ? '--heat-green' : '--heat-red'),
        longSide: rgb('--heat-long'),
        shortSide: rgb('--heat-short'),
        neutral: rgb('--heat-neutral'),
        levels: {
          normal: rgb('--heat-low'),
          warn: rgb('--heat-warn'),
          call: rgb('--heat-call'),
          force: rgb('--heat-force'),
          negative: rgb('--heat-negative'),
        },
      },
      focus: text('--focus'),
      fontFamily: text('--font'),
    },
    axes: {
      ink: text('--text-1'),
      line: text('--line-strong'),
      panel: text('--surface-2'),
      fontFamily: text('--font'),
    },
  };
}
