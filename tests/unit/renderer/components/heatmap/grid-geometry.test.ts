/** Axes, cells and pointer must agree on where a cell is, at any size, ratio and scroll. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnHeadOf,
  firstForScroll,
  type GridSpace,
  layOutGrid,
  placeAt,
  rectangleOf,
  scrollToShow,
} from '../../../../../src-renderer/components/heatmap/grid-geometry';

const SPACE: GridSpace = {
  width: 900,
  height: 500,
  devicePixelRatio: 1,
  rowCount: 300,
  columnCount: 40,
  totalsWidth: 64,
  totalsGap: 4,
  minimumCellWidth: 15,
  maximumCellWidth: 72,
  minimumCellHeight: 17,
  maximumCellHeight: 26,
};

describe('laying out the grid', () => {
  it('shows as many whole rows as fit and leaves the rest to scrolling', () => {
    const geometry = layOutGrid(SPACE);
    expect(geometry.visibleRows).toBe(29);
    expect(geometry.visibleColumns).toBe(40);
    expect(geometry.height).toBeLessThanOrEqual(500);
  });

  it('does not blow up a few cells beyond what reads well', () => {
    const geometry = layOutGrid({ ...SPACE, rowCount: 3, columnCount: 2 });
    expect(geometry.cellWidth).toBe(72);
    expect(geometry.cellHeight).toBe(26);
    expect(geometry.visibleRows).toBe(3);
  });

  it('never paints beyond its space, and cells are whole device pixels', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 120, max: 4000 }),
          height: fc.integer({ min: 20, max: 3000 }),
          devicePixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
          rowCount: fc.integer({ min: 0, max: 2000 }),
          columnCount: fc.integer({ min: 0, max: 300 }),
        }),
        (some) => {
          const geometry = layOutGrid({ ...SPACE, ...some });
          expect(geometry.width).toBeLessThanOrEqual(Math.max(some.width * some.devicePixelRatio, geometry.cellsLeft + geometry.cellWidth) + 1);
          expect(geometry.height).toBeLessThanOrEqual(Math.max(some.height * some.devicePixelRatio, geometry.cellHeight) + 1);
          expect(Number.isInteger(geometry.cellWidth) && Number.isInteger(geometry.cellHeight)).toBe(true);
        },
      ),
      { seed: 7 },
    );
  });
});

describe('finding cells', () => {
  it('finds under the middle of every visible cell that same cell, scrolled or not', () => {
    for (const devicePixelRatio of [1, 1.5, 2]) {
      const geometry = layOutGrid({ ...SPACE, columnCount: 90, devicePixelRatio });
      for (const place of [
        { row: 100, column: -1 },
        { row: 100, column: 20 },
        { row: 110, column: 31 },
      ]) {
        const box = rectangleOf(geometry, 100, 20, place);
        expect(box).not.toBeNull();
        if (box === null) continue;
        expect(placeAt(geometry, 100, 20, (box.x + box.width / 2) / devicePixelRatio, (box.y + box.height / 2) / devicePixelRatio)).toEqual(place);
      }
    }
  });

  it('finds nothing in the gap beside the totals and outside', () => {
    const geometry = layOutGrid(SPACE);
    expect(placeAt(geometry, 0, 0, 66, 10)).toBeNull();
    expect(placeAt(geometry, 0, 0, 10, -1)).toBeNull();
    expect(placeAt(geometry, 0, 0, 10, 5000)).toBeNull();
  });

  it('reaches the last row at the end of the scroll', () => {
    const geometry = layOutGrid(SPACE);
    const end = geometry.cellHeight * geometry.rowCount - geometry.height;
    expect(firstForScroll(end, geometry.cellHeight, 1, geometry.rowCount, geometry.visibleRows)).toBe(geometry.rowCount - geometry.visibleRows);
    expect(scrollToShow(299, 0, geometry.visibleRows, geometry.cellHeight, 1)).toBe(end);
    expect(scrollToShow(5, 0, geometry.visibleRows, geometry.cellHeight, 1)).toBeNull();
  });
});

describe('the heads of columns', () => {
  it('stand in one line where they fit, in lines of the cell where words fit, and slant where only letters would', () => {
    expect(columnHeadOf(4, 60)).toEqual({ kind: 'flat', height: 20 });
    expect(columnHeadOf(24, 70).kind).toBe('wrapped');
    expect(columnHeadOf(24, 20).kind).toBe('turned');
  });

  it('never take more room than is left to the cells, however long they are, and a longer one never less', () => {
    for (const cellWidth of [15, 30, 47, 48, 72]) {
      let before = 0;
      for (let units = 1; units <= 200; units += 1) {
        const { height } = columnHeadOf(units, cellWidth);
        expect(height).toBeLessThanOrEqual(92);
        expect(height).toBeGreaterThanOrEqual(before);
        before = height;
      }
    }
  });
});
