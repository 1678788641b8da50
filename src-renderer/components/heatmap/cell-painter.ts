/** Values and qualities to pixels, one pixel a cell: the pure core of the heat map, no DOM and nothing allocated per frame. */
import { QUALITY_CODE } from '#shared/contract/streams';
import { type ColourScale, SCALE_STEPS } from './colour-scale';

/** The part of a picture that is on the screen. */
export type CellWindow = { firstRow: number; rowCount: number; firstColumn: number; columnCount: number };

/**
 * Row-major cells of the whole picture; `columnTotal` is its width. `rowInks` overrides the scale for whole rows (a level that somebody else
 * decided), packed pixels by row, 0 for none; live figures only. `negativeCells` marks single cells as `negativeRows` marks whole rows, and where it is given
 * those decide alone: a row without equity under one scenario says nothing of a figure that another could not tell.
 */
export type CellSource = {
  values: Float64Array;
  qualities: Uint8Array;
  columnTotal: number;
  rowInks?: Uint32Array | null;
  negativeCells?: Uint8Array | null;
};

/** Packed colours of what has no place on the scale. */
export type CellInks = { empty: number; unknown: number; negative: number };

/**
 * Fills `target` (at least rowCount x columnCount packed pixels, row-major). A row with `negativeRows[row] = 1` has no equity to divide by:
 * its cells are neither unknown nor a figure and get a colour of their own. A cell beyond the source is empty.
 */
export function paintCells(
  target: Uint32Array,
  source: CellSource,
  window: CellWindow,
  scale: ColourScale,
  inks: CellInks,
  negativeRows: Uint8Array | null,
): void {
  const { values, qualities, columnTotal } = source;
  const { live, stale, closed, minimum, maximum } = scale;
  const perUnit = SCALE_STEPS / (maximum - minimum || 1);
  const last = SCALE_STEPS - 1;
  let at = 0;
  for (let row = 0; row < window.rowCount; row += 1) {
    const rowIndex = window.firstRow + row;
    const isNegative = source.negativeCells == null && negativeRows !== null && negativeRows[rowIndex] === 1;
    const rowInk = source.rowInks?.[rowIndex] ?? 0;
    let from = rowIndex * columnTotal + window.firstColumn;
    for (let column = 0; column < window.columnCount; column += 1, from += 1, at += 1) {
      const quality = qualities[from] ?? 0;
      if (quality === QUALITY_CODE.none) {
        target[at] = inks.empty;
        continue;
      }
      const value = values[from] ?? Number.NaN;
      if (quality === QUALITY_CODE.unknown || Number.isNaN(value)) {
        target[at] = isNegative || source.negativeCells?.[from] === 1 ? inks.negative : inks.unknown;
        continue;
      }
      if (rowInk !== 0 && quality === QUALITY_CODE.live) {
        target[at] = rowInk;
        continue;
      }
      let step = ((value - minimum) * perUnit) | 0;
      if (step < 0 || value <= minimum) step = 0;
      else if (step > last || value >= maximum) step = last;
      const table = quality === QUALITY_CODE.live ? live : quality === QUALITY_CODE.stale ? stale : closed;
      target[at] = table[step] ?? inks.unknown;
    }
  }
}

/** True where a cell is shown as unknown: said to be, or without a number although it should have one. */
export function isUnknownCell(value: number, quality: number): boolean {
  return quality === QUALITY_CODE.unknown || (quality !== QUALITY_CODE.none && Number.isNaN(value));
}

/**
 * Runs of neighbouring cells that carry an overlay, as [row, firstColumn, columnCount] triples relative to the window: one rectangle a run
 * keeps a picture that is wholly stale as cheap as one that is not.
 */
export function overlayRuns(source: CellSource, window: CellWindow, overlay: 'unknown' | 'stale', negativeRows: Uint8Array | null): number[] {
  const runs: number[] = [];
  for (let row = 0; row < window.rowCount; row += 1) {
    const rowIndex = window.firstRow + row;
    if (overlay === 'unknown' && source.negativeCells == null && negativeRows !== null && negativeRows[rowIndex] === 1) continue;
    const offset = rowIndex * source.columnTotal + window.firstColumn;
    let start = -1;
    for (let column = 0; column <= window.columnCount; column += 1) {
      let isMarked = false;
      if (column < window.columnCount) {
        const quality = source.qualities[offset + column] ?? 0;
        const value = source.values[offset + column] ?? Number.NaN;
        isMarked =
          overlay === 'unknown'
            ? isUnknownCell(value, quality) && source.negativeCells?.[offset + column] !== 1
            : quality === QUALITY_CODE.stale && !Number.isNaN(value);
      }
      if (isMarked && start < 0) start = column;
      if (!isMarked && start >= 0) {
        runs.push(row, start, column - start);
        start = -1;
      }
    }
  }
  return runs;
}
