/** How keys move a cursor over rows and columns, the same in every table and map. */

export type GridBounds = {
  rowCount: number;
  columnCount: number;
  /** Rows in view: a page keeps one of them. */
  pageRows: number;
  /** -1 where something stands before the first column that the cursor may step onto. */
  firstColumn: -1 | 0;
  /** Ctrl with Home or End leads into a corner; else it stays in its column. */
  hasCorners: boolean;
};
type Place = { row: number; column: number };

/** Where a key moves the cursor; null for keys that do not move it. */
export function moveCursor(place: Place, key: string, withControl: boolean, bounds: GridBounds): Place | null {
  const { rowCount, columnCount, pageRows, firstColumn, hasCorners } = bounds;
  const lastRow = Math.max(0, rowCount - 1);
  const lastColumn = Math.max(firstColumn, columnCount - 1);
  const page = Math.max(1, pageRows - 1);
  const bounded = (row: number, column: number): Place => ({
    row: Math.max(0, Math.min(lastRow, row)),
    column: Math.max(firstColumn, Math.min(lastColumn, column)),
  });
  switch (key) {
    case 'ArrowUp':
      return bounded(place.row - 1, place.column);
    case 'ArrowDown':
      return bounded(place.row + 1, place.column);
    case 'ArrowLeft':
      return bounded(place.row, place.column - 1);
    case 'ArrowRight':
      return bounded(place.row, place.column + 1);
    case 'PageUp':
      return bounded(place.row - page, place.column);
    case 'PageDown':
      return bounded(place.row + page, place.column);
    case 'Home':
      if (!withControl) return bounded(place.row, firstColumn);
      return bounded(0, hasCorners ? firstColumn : place.column);
    case 'End':
      if (!withControl) return bounded(place.row, lastColumn);
      return bounded(lastRow, hasCorners ? lastColumn : place.column);
    default:
      return null;
  }
}
