/** By date and by trade: two ways to split the same money. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { known, unknown } from '#shared/market/known';
import {
  averageOpenPrice,
  type LotTerms,
  openCost,
  positionCost,
  positionProfitByDate,
  positionProfitByTrade,
  profitFromCost,
} from '#shared/market/position-profit';

const price = fc.integer({ min: 1, max: 100_000 }).map((ticks) => ticks / 50);
const lot = fc.record({
  direction: fc.constantFrom('long' as const, 'short' as const),
  volume: fc.integer({ min: 1, max: 500 }),
  openPrice: price,
  isToday: fc.boolean(),
});
const lots = fc.array(lot, { minLength: 1, maxLength: 30 });

function withReference(list: readonly Omit<LotTerms, 'preSettlementPrice'>[], preSettlement: number): LotTerms[] {
  return list.map((one) => ({ ...one, preSettlementPrice: known(preSettlement) }));
}

function value(result: ReturnType<typeof positionProfitByDate>): number {
  if (!result.known) throw new Error(result.reason);
  return result.value;
}

describe('position profit', () => {
  test('equity is the same by date and by trade: what by-trade floats more, yesterday had settled already', () => {
    fc.assert(
      fc.property(lots, price, price, fc.constantFrom(5, 10, 1000), (list, preSettlement, mark, multiplier) => {
        const terms = withReference(list, preSettlement);
        const settledBefore = terms
          .filter((one) => !one.isToday)
          .reduce((sum, one) => sum + (one.direction === 'long' ? 1 : -1) * (preSettlement - one.openPrice) * multiplier * one.volume, 0);
        const byDate = value(positionProfitByDate(terms, known(mark), known(multiplier)));
        const byTrade = value(positionProfitByTrade(terms, known(mark), known(multiplier)));
        expect(byTrade).toBeCloseTo(settledBefore + byDate, 3);
      }),
    );
  });

  test('is linear: scaled by volume, additive over lots, and a long and a short lock it', () => {
    fc.assert(
      fc.property(lots, price, price, fc.integer({ min: 2, max: 9 }), (list, preSettlement, mark, factor) => {
        const terms = withReference(list, preSettlement);
        const once = value(positionProfitByDate(terms, known(mark), known(10)));
        const scaled = terms.map((one) => ({ ...one, volume: one.volume * factor }));
        expect(value(positionProfitByDate(scaled, known(mark), known(10)))).toBeCloseTo(once * factor, 2);
        const mirrored = terms.map((one) => ({ ...one, direction: one.direction === 'long' ? ('short' as const) : ('long' as const) }));
        expect(value(positionProfitByDate([...terms, ...mirrored], known(mark), known(10)))).toBeCloseTo(0, 2);
      }),
    );
  });

  test('from costs equals from lots on one side', () => {
    fc.assert(
      fc.property(lots, price, price, (list, preSettlement, mark) => {
        const terms = withReference(list, preSettlement).map((one) => ({ ...one, direction: 'short' as const }));
        const volume = terms.reduce((sum, one) => sum + one.volume, 0);
        const fromLots = value(positionProfitByDate(terms, known(mark), known(15)));
        const fromCost = value(profitFromCost('short', volume, positionCost(terms, known(15)), known(mark), known(15)));
        expect(fromCost).toBeCloseTo(fromLots, 2);
      }),
    );
  });

  test('a worked example: three lots of silver, two of them from yesterday', () => {
    const terms: LotTerms[] = [
      { direction: 'long', volume: 2, openPrice: 8000, isToday: false, preSettlementPrice: known(8100) },
      { direction: 'long', volume: 1, openPrice: 8150, isToday: true, preSettlementPrice: known(8100) },
    ];
    expect(value(positionProfitByDate(terms, known(8200), known(15)))).toBe(3000 + 750);
    expect(value(positionProfitByTrade(terms, known(8200), known(15)))).toBe(6000 + 750);
    expect(positionCost(terms, known(15))).toEqual(known(243_000 + 122_250));
    expect(openCost(terms, known(15))).toEqual(known(240_000 + 122_250));
    expect(averageOpenPrice(terms, 'noOpenPrice')).toEqual(known(24_150 / 3));
  });

  test('what is missing is named', () => {
    const yesterday: LotTerms = { direction: 'long', volume: 1, openPrice: 10, isToday: false, preSettlementPrice: unknown('noPreSettlement:X') };
    expect(positionProfitByDate([yesterday], known(11), known(5))).toEqual(unknown('noPreSettlement:X'));
    expect(positionProfitByTrade([yesterday], known(11), known(5))).toEqual(known(5));
    expect(positionProfitByTrade([yesterday], known(11), unknown('noMultiplier:X'))).toEqual(unknown('noMultiplier:X'));
    expect(positionProfitByDate([], unknown('noPrice:X'), unknown('noMultiplier:X'))).toEqual(known(0));
  });
});
