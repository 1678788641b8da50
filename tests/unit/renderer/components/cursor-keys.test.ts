/** Keys lead through tables and maps of any size, and stop at their edges. */
import { describe, expect, it } from 'vitest';
import { moveCursor } from '../../../../src-renderer/components/cursor-keys';

describe('keys in a table', () => {
  const table = { rowCount: 10_000, columnCount: 5, pageRows: 30, firstColumn: 0, hasCorners: false } as const;
  it('cross ten thousand rows in one press, in their column', () => {
    expect(moveCursor({ row: 3, column: 2 }, 'End', true, table)).toEqual({ row: 9999, column: 2 });
    expect(moveCursor({ row: 9999, column: 2 }, 'Home', true, table)).toEqual({ row: 0, column: 2 });
    expect(moveCursor({ row: 3, column: 2 }, 'End', false, table)).toEqual({ row: 3, column: 4 });
    expect(moveCursor({ row: 3, column: 0 }, 'ArrowLeft', false, table)).toEqual({ row: 3, column: 0 });
    expect(moveCursor({ row: 3, column: 0 }, 'PageDown', false, table)?.row).toBe(32);
    expect(moveCursor({ row: 3, column: 0 }, 'q', false, table)).toBeNull();
  });
  it('stay where they are in a table without rows', () => {
    expect(moveCursor({ row: 0, column: 0 }, 'ArrowDown', false, { ...table, rowCount: 0 })).toEqual({ row: 0, column: 0 });
  });
});

describe('keys in a map', () => {
  const map = { rowCount: 300, columnCount: 40, pageRows: 20, firstColumn: -1, hasCorners: true } as const;
  it('step onto the totals, stop at the edges, and reach the corners', () => {
    expect(moveCursor({ row: 0, column: 0 }, 'ArrowLeft', false, map)).toEqual({ row: 0, column: -1 });
    expect(moveCursor({ row: 0, column: -1 }, 'ArrowUp', false, map)).toEqual({ row: 0, column: -1 });
    expect(moveCursor({ row: 5, column: 3 }, 'Home', false, map)).toEqual({ row: 5, column: -1 });
    expect(moveCursor({ row: 5, column: 3 }, 'Home', true, map)).toEqual({ row: 0, column: -1 });
    expect(moveCursor({ row: 0, column: 0 }, 'End', true, map)).toEqual({ row: 299, column: 39 });
    expect(moveCursor({ row: 0, column: 0 }, 'PageDown', false, map)?.row).toBe(19);
  });
});
