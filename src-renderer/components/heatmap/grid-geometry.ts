/** Where every cell of the heat map lies, in whole device pixels, so that ECharts' axes, our cells and the pointer agree exactly. */

/** A cell narrower than this (CSS px) carries no label: text there is noise and costs more than the cell. */
export const LABEL_MINIMUM_WIDTH = 26;

export type GridSpace = {
  /** CSS pixels available to totals and cells together. */
  width: number;
  height: number;
  devicePixelRatio: number;
  rowCount: number;
  columnCount: number;
  /** CSS width of the row totals' column, 0 for none, and the gap after it. */
  totalsWidth: number;
  totalsGap: number;
  minimumCellWidth: number;
  maximumCellWidth: number;
  minimumCellHeight: number;
  maximumCellHeight: number;
};

/** All lengths in device pixels unless said otherwise. */
export type GridGeometry = {
  ratio: number;
  cellWidth: number;
  cellHeight: number;
  visibleRows: number;
  visibleColumns: number;
  rowCount: number;
  columnCount: number;
  totalsWidth: number;
  cellsLeft: number;
  /** Size of the painted area. */
  width: number;
  height: number;
  /** Gap between cells; 0 when cells are too small to afford one. */
  gap: number;
};

function share(available: number, count: number, minimum: number, maximum: number): { size: number; visible: number } {
  if (count <= 0 || available < 1) return { size: Math.max(1, Math.floor(minimum)), visible: 0 };
  if (count * minimum <= available) {
    return { size: Math.max(1, Math.floor(Math.min(maximum, available / count))), visible: count };
  }
  const visible = Math.max(1, Math.min(count, Math.floor(available / minimum)));
  return { size: Math.max(1, Math.floor(Math.min(maximum, available / visible))), visible };
}

export function layOutGrid(space: GridSpace): GridGeometry {
  const ratio = space.devicePixelRatio > 0 ? space.devicePixelRatio : 1;
  const totalsWidth = Math.round(space.totalsWidth * ratio);
  const cellsLeft = totalsWidth > 0 ? totalsWidth + Math.round(space.totalsGap * ratio) : 0;
  const columns = share(space.width * ratio - cellsLeft, space.columnCount, space.minimumCellWidth * ratio, space.maximumCellWidth * ratio);
  const rows = share(space.height * ratio, space.rowCount, space.minimumCellHeight * ratio, space.maximumCellHeight * ratio);
  const smallest = Math.min(columns.size, rows.size);
  return {
    ratio,
    cellWidth: columns.size,
    cellHeight: rows.size,
    visibleRows: rows.visible,
    visibleColumns: columns.visible,
    rowCount: space.rowCount,
    columnCount: space.columnCount,
    totalsWidth,
    cellsLeft,
    width: cellsLeft + columns.size * columns.visible,
    height: rows.size * rows.visible,
    gap: smallest >= 6 ? Math.max(1, Math.round(ratio)) : 0,
  };
}

/** First row or column to show for a scroll offset in CSS pixels: scrolling moves by whole cells so that axes and cells stay together. */
export function firstForScroll(scrollOffset: number, cellSize: number, ratio: number, count: number, visible: number): number {
  return Math.max(0, Math.min(count - visible, Math.round((scrollOffset * ratio) / cellSize)));
}

/** The scroll offset (CSS px) that shows `index` with the least movement, or null when it is in view already. */
export function scrollToShow(index: number, first: number, visible: number, cellSize: number, ratio: number): number | null {
  if (index < first) return (index * cellSize) / ratio;
  if (index >= first + visible) return ((index - visible + 1) * cellSize) / ratio;
  return null;
}

/** A place on the map: `column` is -1 on the row's total. */
export type CellPlace = { row: number; column: number };

/** What lies under a point (CSS px from the painted area's corner); null in the gap and outside. */
export function placeAt(geometry: GridGeometry, firstRow: number, firstColumn: number, x: number, y: number): CellPlace | null {
  const deviceX = x * geometry.ratio;
  const deviceY = y * geometry.ratio;
  if (deviceX < 0 || deviceY < 0 || deviceX >= geometry.width || deviceY >= geometry.height) return null;
  const row = firstRow + Math.floor(deviceY / geometry.cellHeight);
  if (row >= geometry.rowCount) return null;
  if (deviceX < geometry.totalsWidth) return { row, column: -1 };
  if (deviceX < geometry.cellsLeft) return null;
  const column = firstColumn + Math.floor((deviceX - geometry.cellsLeft) / geometry.cellWidth);
  return column < geometry.columnCount ? { row, column } : null;
}

/** A place's rectangle in device pixels, or null when it is scrolled out of view. */
export function rectangleOf(
  geometry: GridGeometry,
  firstRow: number,
  firstColumn: number,
  place: CellPlace,
): { x: number; y: number; width: number; height: number } | null {
  const row = place.row - firstRow;
  if (row < 0 || row >= geometry.visibleRows) return null;
  const y = row * geometry.cellHeight;
  if (place.column < 0) return geometry.totalsWidth > 0 ? { x: 0, y, width: geometry.totalsWidth, height: geometry.cellHeight } : null;
  const column = place.column - firstColumn;
  if (column < 0 || column >= geometry.visibleColumns) return null;
  return { x: geometry.cellsLeft + column * geometry.cellWidth, y, width: geometry.cellWidth, height: geometry.cellHeight };
}

/** `flat`: in one line; `wrapped`: in lines of the cell's width; `turned`: along a slope, cut where the room ends. `height` in CSS px. */
export type ColumnHead = { kind: 'flat' | 'wrapped' | 'turned'; height: number };

/** Of one letter in an 11 px label. */
const PIXELS_PER_UNIT = 7;
/** Codes of contracts are short and often in capitals. */
const WIDEST_UNIT = 8.5;
export const HEAD_LINE_HEIGHT = 13;
const MOST_LINES = 5;
export const HEAD_TURN_DEGREES = 60;
const HIGHEST_TURNED = 92;
/** Narrower than this, words would be broken into single letters. */
const NARROWEST_WRAPPED = 48;

/** `units` of the longest label in letters of `PIXELS_PER_UNIT`; `cellWidth` in CSS px. */
export function columnHeadOf(units: number, cellWidth: number): ColumnHead {
  const length = units * PIXELS_PER_UNIT;
  if (length + 6 <= cellWidth) return { kind: 'flat', height: 20 };
  if (cellWidth >= NARROWEST_WRAPPED) {
    // Words rarely fill their lines: one more than the letters need.
    const lines = Math.min(MOST_LINES, Math.ceil(length / (cellWidth - 6)) + 1);
    return { kind: 'wrapped', height: lines * HEAD_LINE_HEIGHT + 8 };
  }
  return { kind: 'turned', height: Math.min(HIGHEST_TURNED, units * WIDEST_UNIT * Math.sin((HEAD_TURN_DEGREES * Math.PI) / 180) + 16) };
}
