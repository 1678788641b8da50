/** Small scrolls ask nothing new; sorts go where a person expects; a movement is claimed only between two known figures. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movement, nextSort, windowFor } from '../../../../../src-renderer/components/data-table/table-window';

describe('the window asked of the engine', () => {
  it('always covers what is visible and stays within the contract', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_000 }), fc.integer({ min: 0, max: 200 }), (first, count) => {
        const window = windowFor(first, count);
        expect(window.first).toBeLessThanOrEqual(first);
        expect(window.first + window.count).toBeGreaterThanOrEqual(first + count);
        expect(window.count).toBeLessThanOrEqual(500);
      }),
      { seed: 11 },
    );
  });

  it('stays the same over a small scroll', () => {
    expect(windowFor(103, 30)).toEqual(windowFor(106, 30));
  });
});

describe('sorting', () => {
  it('shows the largest figure or the first name first, then the reverse, then the own order', () => {
    const once = nextSort(null, 'riskDegree', true);
    expect(once).toEqual({ column: 'riskDegree', direction: 'descending' });
    const twice = nextSort(once, 'riskDegree', true);
    expect(twice?.direction).toBe('ascending');
    expect(nextSort(twice, 'riskDegree', true)).toBeNull();
    expect(nextSort(once, 'accountID', false)).toEqual({ column: 'accountID', direction: 'ascending' });
  });
});

describe('movement', () => {
  it('is not claimed where either end is unknown', () => {
    expect(movement(1, 2)).toBe('up');
    expect(movement(2, 1)).toBe('down');
    expect(movement(null, 1)).toBeNull();
    expect(movement(1, null)).toBeNull();
    expect(movement(1, 1)).toBeNull();
  });
});
