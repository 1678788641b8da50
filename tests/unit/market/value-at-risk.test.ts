/** Value at risk: quantiles by hand, a back-test that counts, zones as the Basel table has them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backTest, dailyOutcomes, historicalVar, parametricVar, trafficLight } from '#shared/market/value-at-risk';

const ZONES = { confidence: 0.99, yellowFrom: 0.95, redFrom: 0.9999 };

describe('the historical figure', () => {
  it('is the loss exceeded on one day in a hundred', () => {
    const outcomes = Array.from({ length: 100 }, (_, at) => at - 60);
    // The worst day is -60; one day of a hundred may lie beyond, so the figure is the second worst.
    expect(historicalVar(outcomes, 0.99, 1)).toBe(59);
    expect(historicalVar(outcomes, 0.95, 1)).toBe(55);
    expect(historicalVar(outcomes, 0.99, 4)).toBe(118);
    expect(historicalVar([5, 6, 7], 0.99, 1)).toBe(0);
  });

  it('never shrinks with more confidence and scales with the book', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 20, maxLength: 300 }), (outcomes) => {
        const at99 = historicalVar(outcomes, 0.99, 1);
        expect(at99).toBeGreaterThanOrEqual(historicalVar(outcomes, 0.95, 1));
        expect(
          historicalVar(
            outcomes.map((amount) => amount * 3),
            0.99,
            1,
          ),
        ).toBeCloseTo(3 * at99, 9);
      }),
    );
  });
});

describe('the parametric figure', () => {
  it('is the normal quantile of the standard deviation', () => {
    expect(parametricVar([100, -100, 100, -100], 0.99, 1)).toBeCloseTo(232.6348, 3);
    expect(parametricVar([100, -100], 0.95, 4)).toBeCloseTo(2 * 164.4854, 3);
  });
});

describe('outcomes', () => {
  it('leave out days on which one contract has no return, instead of taking them as no move', () => {
    const exposures = [
      {
        label: 'a',
        value: 1000,
        returns: new Map([
          ['1', 0.01],
          ['2', -0.02],
        ]),
      },
      { label: 'b', value: -500, returns: new Map([['2', 0.1]]) },
    ];
    expect(dailyOutcomes(exposures, ['1', '2', '3'])).toEqual([{ date: '2', amount: -70 }]);
  });
});

describe('the back-test', () => {
  it('counts days worse than the figure of the days before them', () => {
    const outcomes = Array.from({ length: 130 }, (_, at) => ({ date: String(at), amount: at % 2 === 0 ? 1 : -1 }));
    outcomes[120] = { date: '120', amount: -50 };
    expect(backTest(outcomes, 0.99, 100)).toMatchObject({ exceptions: 1, days: 30, firstDate: '100', lastDate: '129' });
    expect(backTest(outcomes.slice(0, 100), 0.99, 100)).toBeNull();
  });

  it('takes the quantiles for the days there are: one exception in 25 days is yellow and not red', () => {
    const zones = (days: number) => [0, 1, 2, 3, 4, 5].map((exceptions) => trafficLight(exceptions, days, ZONES));
    // P(X <= 0, 1, 2, 3, 4) over 25 days: 0.778, 0.974, 0.998, 0.9999, 0.999996.
    expect(zones(25).slice(0, 3)).toEqual(['green', 'yellow', 'yellow']);
    expect(zones(25)[4]).toBe('red');
    // Over 100 days: 0.366, 0.736, 0.921, 0.982, 0.997, 0.9995.
    expect(zones(100)).toEqual(['green', 'green', 'green', 'yellow', 'yellow', 'yellow']);
  });

  it('has the zones of the Basel table over 250 days', () => {
    expect([0, 4, 5, 9, 10].map((exceptions) => trafficLight(exceptions, 250, ZONES))).toEqual(['green', 'green', 'yellow', 'yellow', 'red']);
  });
});
