/** What a person types becomes the scenario they meant, and a scenario opened for change saves as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scenario, scenarioSchema } from '#shared/market/what-if/scenario';
import { draftOf, EMPTY_FORM, formOf, numberOf } from '../../../../../src-renderer/features/stress/scenario-form';

const cents = (most: number) => fc.integer({ min: -most, max: most }).map((value) => value / 100);
const name = fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/);
const maybe = (key: string) => fc.option(name, { nil: undefined }).map((value) => (value === undefined ? {} : { [key]: value }));

const price = fc.oneof(
  fc.constantFrom({ type: 'latest' }, { type: 'settlement' }, { type: 'average' }, { type: 'upperLimit' }, { type: 'lowerLimit' }),
  cents(9000).map((percent) => ({ type: 'percent', percent })),
  fc
    .record(
      {
        direction: fc.constantFrom('up', 'down'),
        days: fc.integer({ min: 1, max: 4 }),
        widening: fc.oneof(
          fc.constant('exchange' as const),
          fc.array(fc.constantFrom({ limitAdded: 0.03, marginAdded: 0.05 }, { limitAdded: 0, marginAdded: 0.02 }), { minLength: 1, maxLength: 4 }),
        ),
      },
      { requiredKeys: ['direction', 'days'] },
    )
    .map((rest) => ({ type: 'lockedLimit', ...rest })),
  fc
    .array(
      fc
        .tuple(maybe('exchangeID'), maybe('productID'), maybe('instrumentID'), cents(9000))
        .map(([a, b, c, percent]) => ({ ...a, ...b, ...c, percent })),
      { maxLength: 4 },
    )
    .map((moves) => ({ type: 'custom', moves })),
);
const scenario = fc
  .record({
    scenarioId: name,
    name,
    version: fc.integer({ min: 1, max: 9 }),
    price,
    marginOverrides: fc.array(
      fc
        .tuple(fc.constantFrom('both', 'company', 'exchange'), maybe('exchangeID'), maybe('productID'), cents(9000))
        .map(([layer, a, b, points]) => ({ layer, ...a, ...b, addedRateByMoney: points / 100 })),
      { maxLength: 3 },
    ),
    cash: fc.array(fc.record({ accountID: name, amount: cents(1e9) }), { maxLength: 3 }),
    closes: fc.array(
      fc.record({
        accountID: name,
        exchangeID: name,
        instrumentID: name,
        direction: fc.constantFrom('long', 'short'),
        volume: fc.integer({ min: 1, max: 999 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map((raw): Scenario => scenarioSchema.parse(raw));

describe('a scenario form', () => {
  it('gives back the scenario it was opened with', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const { scenarioId, name: title, price: prices, marginOverrides, cash, closes } = given;
        const draft = draftOf(formOf(given, true));
        expect({ ...draft, marginOverrides: [] }).toEqual({ scenarioId, name: title, price: prices, marginOverrides: [], cash, closes });
        expect(draft.marginOverrides).toHaveLength(marginOverrides.length);
        for (const [index, row] of marginOverrides.entries()) {
          const { addedRateByMoney, ...rest } = draft.marginOverrides[index] ?? { addedRateByMoney: Number.NaN };
          expect(addedRateByMoney).toBeCloseTo(row.addedRateByMoney, 9);
          expect({ ...rest, addedRateByMoney: row.addedRateByMoney }).toEqual(row);
        }
      }),
    );
  });

  it('makes a copy of a bundled scenario a new one', () => {
    const bundled = scenarioSchema.parse({ scenarioId: 'holiday', name: 'Holiday', version: 1, price: { type: 'latest' } });
    expect(draftOf(formOf(bundled, false))).not.toHaveProperty('scenarioId');
    expect(draftOf(formOf(bundled, true))).toMatchObject({ scenarioId: 'holiday' });
  });

  it('reads numbers as people write them, and leaves to the engine what is none', () => {
    expect(['1,000.5', ' −3 ', '12 %', '2 000'].map(numberOf)).toEqual([1000.5, -3, 12, 2000]);
    expect(numberOf('')).toBeNaN();
    expect(numberOf('three')).toBeNaN();
    expect(
      draftOf({ ...EMPTY_FORM, name: 'x', margins: [{ layer: 'both', exchangeID: '', productID: '', addedPoints: '3' }] }).marginOverrides,
    ).toEqual([{ layer: 'both', addedRateByMoney: 0.03 }]);
  });
});
