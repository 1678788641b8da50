/** A window of a sorted table is that part of the whole table sorted, wherever it lies and however many rows are equal or unknown. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareNames, sortedWindow } from '#engine/book/views/sorting';

const rows = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }), { maxLength: 200 });

test('any window equals the same part of the full order; unknown first when worst, else last; equal rows keep their order', () => {
  fc.assert(
    fc.property(rows, fc.nat(210), fc.nat(60), fc.constantFrom('ascending' as const, 'descending' as const), (list, first, count, direction) => {
      const items = list.map((value, index) => ({ value, index }));
      const sign = direction === 'ascending' ? 1 : -1;
      const full = [...items].sort((a, b) => {
        if (a.value === null || b.value === null)
          return a.value === b.value ? a.index - b.index : (a.value === null ? -1 : 1) * (direction === 'ascending' ? 1 : -1);
        return sign * (a.value - b.value) || a.index - b.index;
      });
      const column = { kind: 'number', value: (row: { value: number | null }) => row.value, worst: 'ascending' } as const;
      expect(sortedWindow(items, column, direction, first, count)).toEqual(full.slice(first, first + count));
    }),
    { numRuns: 500 },
  );
});

test('names sort as people count, also when new ones come later', () => {
  const column = { kind: 'text', value: (row: string) => row } as const;
  expect(sortedWindow(['A10', 'A9', 'a1'], column, 'ascending', 0, 9)).toEqual(['a1', 'A9', 'A10']);
  expect(sortedWindow(['A10', 'A9', 'A9b', 'a1'], column, 'descending', 0, 2)).toEqual(['A10', 'A9b']);
  expect(compareNames('au2602', 'au2612')).toBeLessThan(0);
});
