/** Which rows to ask the engine for, and how keys move through a table: decisions kept out of the component so that they can be tested. */
import type { TableParams } from '#shared/contract/streams';

type Sort = NonNullable<TableParams['sort']>;

/** Requests are aligned to this many rows: a small scroll stays inside the window that is already subscribed. */
const STEP = 20;
/** The contract's own bound on `count`. */
const LARGEST_WINDOW = 500;

/** The window that covers the visible rows with a margin on both sides. */
export function windowFor(firstVisible: number, visibleCount: number): { first: number; count: number } {
  const first = Math.max(0, Math.floor((firstVisible - STEP) / STEP) * STEP);
  const end = Math.ceil((firstVisible + visibleCount + STEP) / STEP) * STEP;
  return { first, count: Math.min(LARGEST_WINDOW, Math.max(STEP, end - first)) };
}

/** A column's first sort is descending for figures (largest first) and ascending for text; the third press returns to the engine's own order. */
export function nextSort(current: Sort | null, column: string, isNumeric: boolean): Sort | null {
  const firstDirection = isNumeric ? 'descending' : 'ascending';
  if (current?.column !== column) return { column, direction: firstDirection };
  if (current.direction === firstDirection) return { column, direction: isNumeric ? 'ascending' : 'descending' };
  return null;
}

/** Where a key moves the cursor, by row and column; null for keys that do not move it. */
export function moveInTable(
  place: { row: number; column: number },
  key: string,
  withControl: boolean,
  bounds: { rowCount: number; columnCount: number; pageRows: number },
): { row: number; column: number } | null {
  const lastRow = Math.max(0, bounds.rowCount - 1);
  const lastColumn = Math.max(0, bounds.columnCount - 1);
  const page = Math.max(1, bounds.pageRows - 1);
  const bounded = (row: number, column: number) => ({
    row: Math.max(0, Math.min(lastRow, row)),
    column: Math.max(0, Math.min(lastColumn, column)),
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
      return withControl ? bounded(0, place.column) : bounded(place.row, 0);
    case 'End':
      return withControl ? bounded(lastRow, place.column) : bounded(place.row, lastColumn);
    default:
      return null;
  }
}

/** Which way a figure moved since it was last shown; null when it did not, or when either end is unknown. */
export function movement(before: unknown, after: unknown): 'up' | 'down' | null {
  if (typeof before !== 'number' || typeof after !== 'number' || before === after) return null;
  return after > before ? 'up' : 'down';
}
