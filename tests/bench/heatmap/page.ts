/** Runs in the page: the shipped cell layer and ECharts' own heat map draw the same changing cells in turn, each timed until its pixels exist. */
import { HeatmapChart } from 'echarts/charts';
import { GridComponent, VisualMapComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { QUALITY_CODE } from '#shared/contract/streams';
import { type CellFrame, CellLayer } from '../../../src-renderer/components/heatmap/cell-layer';
import { buildScale, cssColour, type HeatPalette, legendColours } from '../../../src-renderer/components/heatmap/colour-scale';
import { layOutGrid } from '../../../src-renderer/components/heatmap/grid-geometry';

use([HeatmapChart, GridComponent, VisualMapComponent, CanvasRenderer]);

export type HeatmapBenchCase = { rows: number; columns: number; oursRounds: number; theirsRounds: number };
export type Timing = { medianMs: number; p95Ms: number; rounds: number };
export type HeatmapBenchResult = HeatmapBenchCase & { ours: Timing; oursSubmit: Timing; echarts: Timing; wrongCells: number };

const WIDTH = 1400;
const HEIGHT = 420;
/** Pictures drawn in turn, so that every cell changes every time and no generator runs inside the clock. */
const PICTURES = 6;
const PALETTE: HeatPalette = {
  background: [22, 27, 34],
  empty: [18, 23, 29],
  unknown: [75, 69, 96],
  ink: [232, 237, 242],
  low: [28, 47, 65],
  high: [79, 147, 200],
  gain: [221, 74, 66],
  loss: [34, 163, 95],
  longSide: [63, 143, 214],
  shortSide: [155, 111, 220],
  neutral: [41, 49, 59],
  levels: { normal: [28, 47, 65], warn: [214, 162, 26], call: [234, 116, 32], force: [224, 53, 45], negative: [176, 42, 146] },
};
const LEVELS = [
  { level: 'warn', enterDegree: 0.8 },
  { level: 'call', enterDegree: 1 },
] as const;

/** mulberry32: small, seeded, the same in every run. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function timing(times: number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { medianMs: at(0.5), p95Ms: at(0.95), rounds: times.length };
}

/** Reads one pixel back: a canvas records its commands, and only a read makes it do the work. */
function settle(canvas: HTMLCanvasElement): void {
  canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
}

function run(benchCase: HeatmapBenchCase): HeatmapBenchResult {
  const { rows, columns } = benchCase;
  const next = random(rows * 1000 + columns);
  const values = Array.from({ length: PICTURES }, () => Float64Array.from({ length: rows * columns }, () => next() * 1.2));
  // Two cells in a hundred unknown, two stale: our side also draws their patterns.
  const qualities = Uint8Array.from({ length: rows * columns }, () => {
    const dice = next();
    return dice < 0.02 ? QUALITY_CODE.unknown : dice < 0.04 ? QUALITY_CODE.stale : QUALITY_CODE.live;
  });
  const ours = oursOf(rows, columns, values, qualities);
  const theirs = theirsOf(rows, columns, values);

  for (let round = 0; round < 3; round += 1) {
    ours.draw(round);
    theirs.draw(round);
  }
  const submitted: number[] = [];
  const drawn: number[] = [];
  const echarts: number[] = [];
  const perTurn = Math.ceil(benchCase.oursRounds / benchCase.theirsRounds);
  for (let turn = 0; turn < benchCase.theirsRounds; turn += 1) {
    for (let round = 0; round < perTurn; round += 1) {
      const from = performance.now();
      ours.draw(turn + round);
      submitted.push(performance.now() - from);
      settle(ours.canvas);
      drawn.push(performance.now() - from);
    }
    const from = performance.now();
    theirs.draw(turn);
    echarts.push(performance.now() - from);
  }
  const wrongCells = ours.countWrong(benchCase.theirsRounds - 1 + perTurn - 1);
  theirs.end();
  ours.end();
  return { ...benchCase, ours: timing(drawn), oursSubmit: timing(submitted), echarts: timing(echarts), wrongCells };
}

function oursOf(rows: number, columns: number, values: Float64Array[], qualities: Uint8Array) {
  const host = document.getElementById('ours') as HTMLElement;
  const canvas = document.createElement('canvas');
  const labels = document.createElement('canvas');
  host.replaceChildren(canvas, labels);
  for (const each of [canvas, labels]) each.style.position = 'absolute';
  const layer = new CellLayer(canvas, labels, { palette: PALETTE, focus: '#ffd166', fontFamily: 'sans-serif' });
  const scale = buildScale('riskDegree', 1.25, [...LEVELS], PALETTE);
  const geometry = layOutGrid({
    width: WIDTH,
    height: HEIGHT,
    devicePixelRatio: 1,
    rowCount: rows,
    columnCount: columns,
    totalsWidth: 0,
    totalsGap: 0,
    minimumCellWidth: 1,
    maximumCellWidth: 72,
    minimumCellHeight: 1,
    maximumCellHeight: 26,
  });
  const frame = (at: number): CellFrame => ({
    geometry,
    firstRow: 0,
    firstColumn: 0,
    cells: { values: values[at % PICTURES] ?? new Float64Array(0), qualities, columnTotal: columns },
    totals: null,
    negativeRows: null,
    scale,
    totalsScale: scale,
    label: (value) => String(Math.round(value * 100)),
    totalLabel: null,
    cursor: null,
    hover: null,
  });
  return {
    canvas,
    draw: (at: number) => layer.draw(frame(at)),
    /** Live cells whose pixel is not the colour of their value: the picture must be right, not only fast. */
    countWrong(at: number): number {
      const image = canvas.getContext('2d')?.getImageData(0, 0, geometry.width, geometry.height).data ?? new Uint8ClampedArray(0);
      const shown = values[at % PICTURES] ?? new Float64Array(0);
      let wrong = 0;
      for (let cell = 0; cell < shown.length; cell += 1) {
        if (qualities[cell] !== QUALITY_CODE.live) continue;
        const x = (cell % columns) * geometry.cellWidth;
        const y = Math.floor(cell / columns) * geometry.cellHeight;
        const pixel = (y * geometry.width + x) * 4;
        const wanted = scale.live[Math.floor(((shown[cell] ?? 0) / 1.25) * scale.live.length)] ?? 0;
        if (image[pixel] !== (wanted & 255) || image[pixel + 1] !== ((wanted >>> 8) & 255) || image[pixel + 2] !== ((wanted >>> 16) & 255))
          wrong += 1;
      }
      return wrong;
    },
    end: () => host.replaceChildren(),
  };
}

function theirsOf(rows: number, columns: number, values: Float64Array[]) {
  const host = document.getElementById('theirs') as HTMLElement;
  const chart: ECharts = init(host, null, { renderer: 'canvas', devicePixelRatio: 1 });
  const scale = buildScale('riskDegree', 1.25, [...LEVELS], PALETTE);
  chart.setOption({
    animation: false,
    grid: { left: 0, top: 0, width: WIDTH, height: HEIGHT },
    xAxis: { type: 'category', data: Array.from({ length: columns }, (_, at) => String(at)), show: false },
    yAxis: { type: 'category', data: Array.from({ length: rows }, (_, at) => String(at)), show: false, inverse: true },
    visualMap: { show: false, min: 0, max: 1.25, inRange: { color: legendColours(scale, 9) } },
    // Progressive drawing would spread the same work over later frames and out of the clock.
    series: [
      {
        type: 'heatmap',
        data: [],
        progressive: 0,
        label: { show: false },
        itemStyle: { borderWidth: 0, borderColor: cssColour(PALETTE.background) },
      },
    ],
  });
  const pictures = values.map((picture) => Array.from(picture, (value, cell) => [cell % columns, Math.floor(cell / columns), value]));
  return {
    draw(at: number) {
      chart.setOption({ series: [{ data: pictures[at % PICTURES] ?? [] }] });
      chart.getZr().flush();
      const canvas = host.querySelector('canvas');
      if (canvas !== null) settle(canvas);
    },
    end: () => chart.dispose(),
  };
}

declare global {
  interface Window {
    runHeatmapBench: typeof run;
  }
}
window.runHeatmapBench = run;
