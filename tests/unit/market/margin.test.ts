/** Margin: at which price, at which rate, and how sides add up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarginRate } from '#shared/feed/items';
import { marginRateSchema } from '#shared/feed/items';
import { known, unknown } from '#shared/market/known';
import { aggregateMargin, averagePricePerUnit, lotsMargin, type SideMargins } from '#shared/market/margin';
import type { LotTerms } from '#shared/market/position-profit';
import { type RateQuery, selectAggregation, selectMarginRate } from '#shared/market/rates';

const MARKS = { latest: known(110), preSettlement: known(100), average: known(105) };
const RATE = known({ longByMoney: 0.1, longByVolume: 2, shortByMoney: 0.2, shortByVolume: 0 });

function lot(isToday: boolean, direction: 'long' | 'short' = 'long'): LotTerms {
  return { direction, volume: 3, openPrice: 90, isToday, preSettlementPrice: known(100) };
}

describe('margin of lots', () => {
  test.each([
    ['open', 3 * 0.1 * 90 * 10 + 6],
    ['preSettlement', 3 * 0.1 * 100 * 10 + 6],
    ['average', 3 * 0.1 * 105 * 10 + 6],
    ['latest', 3 * 0.1 * 110 * 10 + 6],
  ] as const)('of today is at the %s price', (type, expected) => {
    const margin = lotsMargin([lot(true)], RATE, type, MARKS, known(10));
    expect(margin.known && margin.value).toBeCloseTo(expected, 9);
  });

  test('of yesterday is at the pre-settlement price whatever the setting, even an unknown one', () => {
    for (const type of ['open', 'latest', 'average', undefined] as const) {
      const margin = lotsMargin([lot(false)], RATE, type, { ...MARKS, latest: unknown('noPrice') }, known(10));
      expect(margin.known && margin.value).toBeCloseTo(306, 9);
    }
    expect(lotsMargin([lot(true)], RATE, undefined, MARKS, known(10))).toEqual(unknown('noMarginPriceType'));
  });

  test('takes the side of its direction', () => {
    const margin = lotsMargin([lot(false, 'short')], RATE, 'open', MARKS, known(10));
    expect(margin.known && margin.value).toBeCloseTo(600, 9);
  });
});

const side = fc.record({
  instrumentID: fc.constantFrom('a', 'b', 'c'),
  long: fc.integer({ min: 0, max: 1e6 }).map(known),
  short: fc.integer({ min: 0, max: 1e6 }).map(known),
});

function of(method: 'productBigSide' | 'instrumentBigSide' | 'plainSum', sides: readonly SideMargins[]): number {
  const margin = aggregateMargin(method, sides);
  if (!margin.known) throw new Error(margin.reason);
  return margin.value;
}

describe('aggregation', () => {
  test('nets least when plain, more per instrument, most per product', () => {
    fc.assert(
      fc.property(fc.array(side, { maxLength: 8 }), (sides) => {
        expect(of('instrumentBigSide', sides)).toBeLessThanOrEqual(of('plainSum', sides));
        expect(of('productBigSide', sides)).toBeLessThanOrEqual(of('instrumentBigSide', sides));
        expect(of('productBigSide', sides) * 2).toBeGreaterThanOrEqual(of('plainSum', sides));
      }),
    );
  });

  test('under a big side, less on the smaller side releases nothing and more on the larger side costs in full', () => {
    fc.assert(
      fc.property(fc.array(side, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 1e5 }), (sides, more) => {
        const before = of('productBigSide', sides);
        const sum = (pick: 'long' | 'short'): number => sides.reduce((total, one) => total + (one[pick].known ? one[pick].value : 0), 0);
        const larger = sum('long') >= sum('short') ? 'long' : 'short';
        const smaller = larger === 'long' ? 'short' : 'long';
        const first = sides[0];
        if (first === undefined) return;
        const with_ = (pick: 'long' | 'short', change: number): SideMargins[] => [
          { ...first, [pick]: known(Math.max(0, (first[pick].known ? first[pick].value : 0) + change)) },
          ...sides.slice(1),
        ];
        expect(of('productBigSide', with_(larger, more))).toBe(before + more);
        expect(of('productBigSide', with_(smaller, -more))).toBe(before);
      }),
    );
  });

  test('an unknown side makes the product unknown', () => {
    expect(aggregateMargin('plainSum', [{ instrumentID: 'a', long: unknown('noRate:a'), short: known(1) }])).toEqual(unknown('noRate:a'));
  });
});

const ROW: MarginRate = {
  kind: 'marginRate',
  layer: 'company',
  investorRange: 'broker',
  exchangeID: 'SHFE',
  productID: 'au',
  hedgeFlag: 'speculation',
  isRelative: false,
  longMarginRatioByMoney: 0.1,
  longMarginRatioByVolume: 0,
  shortMarginRatioByMoney: 0.1,
  shortMarginRatioByVolume: 0,
  effectiveFrom: '20260101',
  citation: 'test',
  certainty: 'demonstration',
};
const QUERY: RateQuery = {
  layer: 'company',
  exchangeID: 'SHFE',
  productID: 'au',
  instrumentID: 'au2612',
  hedgeFlag: 'speculation',
  accountID: 'A1',
  investorGroupID: 'G1',
  tradingDay: '20260914',
};

function at(ratio: number, over: Partial<MarginRate> = {}): MarginRate {
  return { ...ROW, longMarginRatioByMoney: ratio, ...over };
}
function selected(rows: readonly MarginRate[], query: RateQuery = QUERY): number | string {
  const rate = selectMarginRate(rows, query);
  return rate.known ? rate.value.longByMoney : rate.reason;
}

describe('rate selection', () => {
  test('investor over group over broker, before instrument over product, before date', () => {
    const broker = at(0.1);
    const instrument = at(0.11, { instrumentID: 'au2612' });
    const group = at(0.12, { investorRange: 'group', investorID: 'G1' });
    const investor = at(0.13, { investorRange: 'investor', investorID: 'A1' });
    expect(selected([broker])).toBe(0.1);
    expect(selected([broker, instrument])).toBe(0.11);
    expect(selected([group, instrument, broker])).toBe(0.12);
    expect(selected([investor, group, instrument, broker])).toBe(0.13);
    expect(selected([broker, at(0.5, { investorRange: 'investor', investorID: 'A2' }), at(0.5, { investorRange: 'group', investorID: 'G2' })])).toBe(
      0.1,
    );
  });

  test('the newest row that has begun and not ended', () => {
    const rows = [at(0.1), at(0.2, { effectiveFrom: '20260910', effectiveTo: '20260920' }), at(0.3, { effectiveFrom: '20260921' })];
    expect(selected(rows)).toBe(0.2);
    expect(selected(rows, { ...QUERY, tradingDay: '20260909' })).toBe(0.1);
    expect(selected(rows, { ...QUERY, tradingDay: '20260930' })).toBe(0.3);
    expect(selected(rows, { ...QUERY, tradingDay: '20251231' })).toBe('noRate:SHFE.au2612 company speculation');
  });

  test('a relative row is added to the exchange rate, and unknown without one', () => {
    const relative = at(0.02, { isRelative: true });
    const exchange = at(0.15, { layer: 'exchange' });
    expect(selected([relative, exchange])).toBeCloseTo(0.17, 12);
    expect(selected([relative])).toBe('noRate:SHFE.au2612 exchange speculation');
  });

  test('a company rate that follows the exchange is the larger of its own and the exchange’s plus its distance, ratio by ratio', () => {
    const above = (long: number, short: number) => ({
      longMarginRatioByMoney: long,
      longMarginRatioByVolume: 0,
      shortMarginRatioByMoney: short,
      shortMarginRatioByVolume: 0,
    });
    const both = (ratio: number, over: Partial<MarginRate> = {}) => at(ratio, { shortMarginRatioByMoney: ratio, ...over });
    const rate = (rows: Parameters<typeof selectMarginRate>[0]) => selectMarginRate(rows, QUERY);
    const own = both(0.16, { aboveExchange: above(0.02, 0.05) });
    expect(rate([own, both(0.12, { layer: 'exchange' })])).toMatchObject({ value: { longByMoney: 0.16, shortByMoney: expect.closeTo(0.17, 12) } });
    // The exchange raises its rate before a holiday: the company's rises with it.
    expect(rate([own, both(0.2, { layer: 'exchange' })])).toMatchObject({
      value: { longByMoney: expect.closeTo(0.22, 12), shortByMoney: expect.closeTo(0.25, 12) },
    });
    expect(selected([own])).toBe('noRate:SHFE.au2612 exchange speculation');
    expect(selected([own, both(0.16, { aboveExchange: above(0.03, 0.05) })])).toBe('twoRates:SHFE.au2612 company speculation');
    for (const wrong of [{ isRelative: true }, { layer: 'exchange' as const }]) {
      const parsed = marginRateSchema.safeParse({ ...own, ...wrong });
      expect(parsed.error?.issues[0]?.path).toEqual(['aboveExchange']);
    }
    expect(marginRateSchema.safeParse(own).data).toEqual(own);
  });

  test('a company rate that does not follow the exchange is its own times a ratio, each ratio for itself', () => {
    const times = { longMarginRatioByMoney: 1.5, longMarginRatioByVolume: 2, shortMarginRatioByMoney: 0.5, shortMarginRatioByVolume: 1 };
    const own = at(0.16, { longMarginRatioByVolume: 10, shortMarginRatioByMoney: 0.2, shortMarginRatioByVolume: 7, ownTimes: times });
    const exchange = at(0.5, { layer: 'exchange' });
    // Whatever the exchange asks, even nothing that is known.
    for (const rows of [[own], [own, exchange]])
      expect(selectMarginRate(rows, QUERY)).toMatchObject({
        value: { longByMoney: expect.closeTo(0.24, 12), longByVolume: 20, shortByMoney: expect.closeTo(0.1, 12), shortByVolume: 7 },
      });
    expect(selected([own, { ...own, ownTimes: { ...times, shortMarginRatioByMoney: 1 } }])).toBe('twoRates:SHFE.au2612 company speculation');
    expect(selected([{ ...own, longMarginRatioByMoney: -0.1 }])).toBe('negativeRate:SHFE.au2612 company speculation');
    expect(marginRateSchema.safeParse(own).data).toEqual(own);
    for (const wrong of [
      { isRelative: true },
      { layer: 'exchange' as const },
      { aboveExchange: times },
      { ownTimes: { ...times, longMarginRatioByMoney: -1 } },
    ])
      expect(marginRateSchema.safeParse({ ...own, ...wrong }).error?.issues[0]?.path[0]).toBe('ownTimes');
  });

  test('two rates for one date are a question for a person; the same rate twice is not', () => {
    expect(selected([at(0.1), at(0.2)])).toBe('twoRates:SHFE.au2612 company speculation');
    expect(selected([at(0.1), at(0.1, { citation: 'again' })])).toBe(0.1);
    expect(selected([at(0.1), at(0.2), at(0.3, { effectiveFrom: '20260601' })])).toBe(0.3);
  });

  test('never takes another hedge flag, product, exchange or layer instead', () => {
    expect(
      selected([at(0.1, { hedgeFlag: 'hedge' }), at(0.1, { productID: 'ag' }), at(0.1, { exchangeID: 'INE' }), at(0.1, { layer: 'exchange' })]),
    ).toBe('noRate:SHFE.au2612 company speculation');
  });

  test('aggregation: product row over exchange row, two for one date unknown', () => {
    const row = {
      kind: 'marginAggregation',
      exchangeID: 'SHFE',
      method: 'productBigSide',
      effectiveFrom: '20260101',
      citation: 'test',
      certainty: 'demonstration',
    } as const;
    const query = { exchangeID: 'SHFE', productID: 'au', tradingDay: '20260914' };
    expect(selectAggregation([row], query)).toEqual(known('productBigSide'));
    expect(selectAggregation([row, { ...row, productID: 'au', method: 'plainSum' }], query)).toEqual(known('plainSum'));
    expect(selectAggregation([row, { ...row, method: 'plainSum' }], query)).toEqual(unknown('twoAggregations:SHFE.au'));
    expect(selectAggregation([], query)).toEqual(unknown('noAggregation:SHFE.au'));
  });
});

test('an average price with the multiplier inside is told by the day range, and is unknown when neither reading fits', () => {
  expect(averagePricePerUnit(500, 490, 510, known(1000), 'X')).toEqual(known(500));
  expect(averagePricePerUnit(500_000, 490, 510, known(1000), 'X')).toEqual(known(500));
  expect(averagePricePerUnit(700, 490, 510, known(1000), 'X')).toEqual(unknown('noAveragePrice:X'));
  expect(averagePricePerUnit(500, undefined, 510, known(1000), 'X')).toEqual(unknown('noAveragePrice:X'));
});
