/** The distance ranking: safe prices that can be traded, and who is beyond the level already by how far. */
import { expect, test } from 'vitest';
import { buildDistancePicture, runDistance, safePrice } from '#engine/book/what-if/distance-picture';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { money, REFERENCE, smallBook } from '../small-book';

test('a safe price is on the grid, on the side where the level is not reached', () => {
  expect([safePrice(3303.51, -0.01, 1), safePrice(3303.51, 0.01, 1), safePrice(800.03, -0.01, 0.02)]).toEqual([3304, 3303, 800.04]);
  expect(safePrice(3303.51, -0.01, undefined)).toBe(3303.51);
});

test('accounts that are there already stand by how far beyond', () => {
  const book = smallBook({}, REFERENCE);
  book.apply(itemsEvent('accounts', [money('A1', { preBalance: 90_000 }), money('A2', { preBalance: 40_000 })], { sequence: 2 }));
  book.evaluate(FIXTURE_START_MS);
  const run = runDistance(book, { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 });
  const params = { target: 'warn', direction: 'nearest', measure: 'percent', scope: {}, filter: '', sort: null, first: 0, count: 10 } as const;
  const rows = buildDistancePicture(book, run, params).rows;
  expect(rows.map(({ percent }) => percent)).toEqual([0, 0]);
  const degrees = rows.map(({ riskDegree }) => riskDegree ?? Number.POSITIVE_INFINITY);
  expect(degrees[0]).toBeGreaterThan(degrees[1] ?? Number.POSITIVE_INFINITY);
});
