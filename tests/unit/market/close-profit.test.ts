/** Closes of a day, first in first out: by hand, and the one law that ties both conventions together. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CarriedLot, closedOnTheDay, type DayTrade } from '#shared/market/close-profit';
import { known, unknown } from '#shared/market/known';
import { positionProfitByDate, positionProfitByTrade } from '#shared/market/position-profit';

const TWICE = 'lotClosedTwice:X' as const;
const carriedAt = (openPrice: number, volume: number): CarriedLot => ({
  volume: known(volume),
  preSettlementPrice: known(100),
  openPrice: known(openPrice),
});
const day = (trades: DayTrade[], keepsDaysApart: boolean, carried: CarriedLot[] = [carriedAt(90, 2)]) =>
  closedOnTheDay({ direction: 'long', carried, trades, keepsDaysApart, multiplier: known(10), overClosed: TWICE });
const open = (price: number, volume: number): DayTrade => ({ offsetFlag: 'open', price, volume });
const close = (price: number, volume: number, offsetFlag: DayTrade['offsetFlag'] = 'close'): DayTrade => ({ offsetFlag, price, volume });

describe('closes', () => {
  test('take yesterday first where the days are kept together', () => {
    const { byDate, byTrade, left } = day([open(110, 1), close(120, 3)], false);
    // 2 x (120-100) + 1 x (120-110), and against 90: 2 x 30 + 10.
    expect([byDate, byTrade, left]).toEqual([known(500), known(700), []]);
  });

  test('take the day that the order names where they are kept apart', () => {
    expect(day([open(110, 1), close(120, 1, 'closeToday')], true)).toMatchObject({ byDate: known(100), byTrade: known(100) });
    expect(day([open(110, 1), close(120, 1, 'closeYesterday')], true)).toMatchObject({ byDate: known(200), byTrade: known(300) });
    expect(day([open(110, 1), close(120, 1)], true)).toMatchObject({ byDate: known(200) });
    // A forced close does not say: the older lots go first.
    expect(day([open(110, 1), close(120, 3, 'forceClose')], true)).toMatchObject({ byDate: known(500) });
  });

  test('of more than there was are unknown: a lot was closed twice', () => {
    expect(day([close(120, 3)], false)).toMatchObject({ byDate: unknown(TWICE), byTrade: unknown(TWICE), parts: [], left: null });
    expect(day([open(110, 1), close(120, 1, 'closeToday'), close(120, 1, 'closeToday')], true).byDate).toEqual(unknown(TWICE));
    expect(day([open(110, 5), close(120, 3, 'closeYesterday')], true).byDate).toEqual(unknown(TWICE));
  });

  test('need to know the morning only where it matters, and a lost open price only by trade', () => {
    const unknownMorning: CarriedLot = { volume: unknown('field:ydPosition'), preSettlementPrice: known(100), openPrice: unknown('noOpenPrice:X') };
    expect(day([open(110, 1), close(120, 1, 'closeToday')], true, [unknownMorning]).byDate).toEqual(known(100));
    expect(day([close(120, 1)], true, [unknownMorning])).toMatchObject({ byDate: known(200), byTrade: unknown('noOpenPrice:X') });
    expect(day([open(110, 1), close(120, 1)], false, [unknownMorning]).byDate).toEqual(unknown('field:ydPosition'));
    expect(day([open(110, 1), close(120, 2, 'forceClose')], true, [unknownMorning]).byDate).toEqual(unknown('field:ydPosition'));
    expect(day([open(110, 1)], false, [unknownMorning]).byDate).toEqual(known(0));
    const noSettlement: CarriedLot = { ...carriedAt(90, 2), preSettlementPrice: unknown('noPreSettlement:X') };
    expect(day([close(120, 1)], false, [noSettlement])).toMatchObject({ byDate: unknown('noPreSettlement:X'), byTrade: known(300) });
  });

  test('give the same equity by date and by trade, whatever was traded: the split alone differs, by what was carried', () => {
    const price = fc.integer({ min: 50, max: 150 });
    const trade = fc.record({
      offsetFlag: fc.constantFrom<DayTrade['offsetFlag']>('open', 'close', 'closeToday', 'closeYesterday'),
      price,
      volume: fc.integer({ min: 1, max: 4 }),
    });
    const lots = fc.array(fc.tuple(price, fc.integer({ min: 1, max: 5 })), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(trade, { maxLength: 20 }),
        lots,
        price,
        fc.boolean(),
        fc.constantFrom('long' as const, 'short' as const),
        (trades, held, mark, apart, direction) => {
          const carried = held.map(([openPrice, volume]) => carriedAt(openPrice, volume));
          const result = closedOnTheDay({ direction, carried, trades, keepsDaysApart: apart, multiplier: known(10), overClosed: TWICE });
          fc.pre(result.left !== null);
          const left = result.left ?? [];
          const of = (value: { known: boolean; value?: number }): number => value.value ?? Number.NaN;
          const dated = of(result.byDate) + of(positionProfitByDate(left, known(mark), known(10)));
          const traded = of(result.byTrade) + of(positionProfitByTrade(left, known(mark), known(10)));
          const sign = direction === 'long' ? 1 : -1;
          const before = held.reduce((sum, [openPrice, volume]) => sum + sign * (100 - openPrice) * 10 * volume, 0);
          expect(dated + before).toBeCloseTo(traded, 6);
          const volumeIn = held.reduce((sum, [, volume]) => sum + volume, 0);
          const net = trades.reduce((sum, one) => sum + (one.offsetFlag === 'open' ? one.volume : -one.volume), volumeIn);
          expect(left.reduce((sum, { volume }) => sum + volume, 0)).toBe(net);
        },
      ),
      { numRuns: 300 },
    );
  });
});
