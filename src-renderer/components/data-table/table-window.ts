/** Which rows to ask the engine for, how a table is sorted next, and which way a figure moved: decisions kept out of the component so that they can be tested. */
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

/** Which way a figure moved since it was last shown; null when it did not, or when either end is unknown. */
export function movement(before: unknown, after: unknown): 'up' | 'down' | null {
  if (typeof before !== 'number' || typeof after !== 'number' || before === after) return null;
  return after > before ? 'up' : 'down';
}
