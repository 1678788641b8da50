/** What resting close orders freeze of a position, as the orders and as the counter's own slices tell it. */
import { describe, expect, test } from 'vitest';
import type { Book } from '#engine/book/book';
import type { AccountRecord } from '#engine/book/things';
import { frozenVolumes } from '#engine/book/what-if/frozen-volumes';
import { cutClosesInBook } from '#engine/book/what-if/scenario-rows';
import { worklistBasis } from '#engine/book/what-if/worklist-basis';
import type { Order, PositionSlice } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, REFERENCE, restingClose, slice, smallBook } from '../small-book';

const GOLD_BY_DAYS = { ...GOLD, positionDateType: 'useHistory' as const };
const accountOf = (book: Book) => book.records.findAccount('A1') as AccountRecord;

function bookWith(orders: Order[], slices: PositionSlice[] = [], keepsDaysApart = true): Book {
  const book = smallBook({}, keepsDaysApart ? REFERENCE.map((item) => (item === GOLD ? GOLD_BY_DAYS : item)) : REFERENCE);
  book.apply([itemsEvent('orders', orders, { sequence: 2 }), itemsEvent('positions', slices, { sequence: 2 })]);
  book.evaluate(FIXTURE_START_MS);
  return book;
}
const frozenOf = (...of: Parameters<typeof bookWith>) => {
  const volumes = frozenVolumes(bookWith(...of), accountOf(bookWith(...of))).get('SHFE.au2612') ?? [];
  return volumes.map(({ direction, days, volume, orders }) => [direction, days, volume, ...orders].join(' '));
};

describe('lots frozen by resting close orders', () => {
  test('are those of the day that the order names where the exchange keeps days apart, and any elsewhere', () => {
    const close = restingClose('A1');
    expect(frozenOf([close])).toEqual(['long history 1 R1']);
    expect(frozenOf([{ ...close, offsetFlag: 'closeYesterday' }])).toEqual(['long history 1 R1']);
    expect(frozenOf([{ ...close, offsetFlag: 'closeToday' }])).toEqual(['long today 1 R1']);
    expect(frozenOf([{ ...close, offsetFlag: 'forceClose' }])).toEqual(['long any 1 R1']);
    expect(frozenOf([{ ...close, offsetFlag: 'closeToday' }], [], false)).toEqual(['long any 1 R1']);
  });

  test('are none of an opening order, of one that is over, of another account, side or hedge flag', () => {
    const others: Partial<Order>[] = [
      { offsetFlag: 'open' },
      { orderStatus: 'canceled' },
      { orderStatus: 'allTraded', volumeTotal: 0 },
      { accountID: 'A2' },
      { direction: 'buy' },
      { hedgeFlag: 'hedge' },
    ];
    for (const over of others) expect(frozenOf([restingClose('A1', over)])).toEqual([]);
  });

  test('are as many as the counter’s slices say where those say more, for either stream may be behind', () => {
    const day = { positionDate: 'history' as const };
    expect(frozenOf([], [slice('A1', { ...day, shortFrozen: 1, longFrozen: 7 })])).toEqual(['long history 1']);
    expect(frozenOf([restingClose('A1')], [slice('A1', { ...day, shortFrozen: 3 })])).toEqual(['long history 3 R1']);
    expect(frozenOf([restingClose('A1', { volumeTotal: 4 })], [slice('A1', { ...day, shortFrozen: 3 })])).toEqual(['long history 4 R1']);
    expect(frozenOf([restingClose('A1')], [slice('A1', { ...day, shortFrozen: 0 })])).toEqual(['long history 1 R1']);
  });

  test('are part of what a worklist stands on and of what a scenario can close', () => {
    const close = { accountID: 'A1', exchangeID: 'SHFE', instrumentID: 'au2612', direction: 'long' as const, volume: 2 };
    const free = bookWith([]);
    const book = bookWith([restingClose('A1')]);
    expect(worklistBasis(book, accountOf(book)).lotsHash).toBe(worklistBasis(free, accountOf(free)).lotsHash);
    expect(worklistBasis(book, accountOf(book)).frozen).not.toBe(worklistBasis(free, accountOf(free)).frozen);
    expect(cutClosesInBook(free, { closes: [close] })).toEqual([]);
    expect(cutClosesInBook(book, { closes: [close] })).toMatchObject([{ accountID: 'A1', asked: 2, closed: 1, frozen: 1 }]);
    book.apply(itemsEvent('positions', [lot('A1', 'T2', { volume: 0 })], { sequence: 3 }));
    expect(cutClosesInBook(book, { closes: [close] })).toMatchObject([{ asked: 2, closed: 0, frozen: 1 }]);
  });
});
