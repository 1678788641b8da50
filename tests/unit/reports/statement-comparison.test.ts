/** A statement is yesterday's truth or today's close: money, lots and settlement prices against the book, and nothing said where nothing can be compared. */
import { describe, expect, test } from 'vitest';
import { compareStatement } from '#engine/reports/statements';
import type { StatementView } from '#shared/contract/numbers-desk';
import type { ReferenceItem } from '#shared/feed/items';
import { FIXTURE_DAY, FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { lot, money, QUOTE, REFERENCE, slice, smallBook } from '../book/small-book';

const CALENDAR: ReferenceItem = {
  kind: 'calendar',
  exchangeID: 'SHFE',
  from: '20260901',
  to: '20260930',
  tradingDays: ['20260910', '20260911', '20260914'],
  noNightSession: [],
  citation: 'test',
  certainty: 'demonstration',
};
const GOLD_LONG = { exchangeID: 'SHFE', instrumentID: 'au2612', direction: 'long' as const };

function statement(date: string, over: Partial<StatementView> = {}): StatementView {
  return {
    statementId: `A1|${date}|mtm`,
    clientID: 'A1',
    clientName: 'Name of A1',
    date,
    basis: 'mtm',
    currencyID: 'CNY',
    sha256: '',
    checkCount: 1,
    disagreements: [],
    notRecomputed: 0,
    close: { balanceCarriedForward: 1_000_000, balance: 1_008_000, currMargin: 192_240 },
    positions: [{ ...GOLD_LONG, volume: 1, settlementPrice: 800 }],
    importedAtMs: FIXTURE_START_MS,
    importedBy: 'p-supervisor',
    ...over,
  };
}

function bookOfTheDay() {
  const book = smallBook({}, [...REFERENCE, CALENDAR]);
  book.apply([
    itemsEvent('positions', [slice('A1', { position: 1 }), slice('A1', { positionDate: 'history', position: 1, ydPosition: 1 })]),
    itemsEvent('accounts', [money('A1')]),
  ]);
  book.evaluate(FIXTURE_START_MS);
  return book;
}

describe('a statement', () => {
  test('of the day before is what the morning began with', () => {
    const { relation, fields, positions } = compareStatement(bookOfTheDay(), statement('20260911'));
    expect(relation).toBe('dayBefore');
    expect(fields).toEqual([expect.objectContaining({ field: 'preBalance', stated: 1_000_000, ours: 1_000_000, residual: 0 })]);
    expect(positions).toEqual([{ ...GOLD_LONG, statedVolume: 1, volume: 1, statedPrice: 800, price: 800, reason: null }]);
  });

  test('that has lots the morning has not, or lacks lots, shows both sides', () => {
    const other = { exchangeID: 'SHFE', instrumentID: 'au2702', direction: 'short' as const, volume: 3, settlementPrice: 810 };
    const { positions } = compareStatement(bookOfTheDay(), statement('20260911', { positions: [other] }));
    expect(positions).toEqual([
      { ...GOLD_LONG, statedVolume: 0, volume: 1, statedPrice: null, price: 800, reason: null },
      expect.objectContaining({ instrumentID: 'au2702', statedVolume: 3, volume: 0, statedPrice: 810, price: null, reason: 'noInstrument' }),
    ]);
  });

  test('of the same day is the close of now', () => {
    const book = bookOfTheDay();
    book.apply(itemsEvent('quotes', [{ ...QUOTE, settlementPrice: 806 }]));
    const stated = statement(FIXTURE_DAY, { positions: [{ ...GOLD_LONG, volume: 2, settlementPrice: 806 }] });
    const { relation, fields, positions } = compareStatement(book, stated);
    expect(relation).toBe('sameDay');
    expect(fields.find(({ field }) => field === 'balance')).toMatchObject({ stated: 1_008_000, ours: 1_008_000, residual: 0 });
    expect(positions).toEqual([{ ...GOLD_LONG, statedVolume: 2, volume: 2, statedPrice: 806, price: 806, reason: null }]);
  });

  test('takes what was realised and charged from the trades, never from the counter that printed it', () => {
    const book = bookOfTheDay();
    book.apply(itemsEvent('accounts', [money('A1', { closeProfit: 500, commission: 20 })]));
    const stated = statement(FIXTURE_DAY, { close: { closeProfit: 500, commission: 20 } });
    const figures = () => compareStatement(book, stated).fields.filter(({ field }) => field === 'closeProfit' || field === 'commission');
    expect(figures()).toMatchObject([
      { field: 'closeProfit', stated: 500, counter: 500, ours: null, residual: null, reason: 'noTrades' },
      { field: 'commission', stated: 20, counter: 20, ours: null, residual: null, reason: 'noTrades' },
    ]);
    book.apply(itemsEvent('trades', []));
    expect(figures()).toMatchObject([
      { field: 'closeProfit', stated: 500, counter: 500, ours: 0, residual: 500 },
      { field: 'commission', stated: 20, counter: 20, ours: 0, residual: 20 },
    ]);
  });

  test('compares nothing with lots that are not known, and nothing at all of another day or of an older import', () => {
    const book = bookOfTheDay();
    book.apply(itemsEvent('positions', [lot('A1', 'T1', { volume: 4, openDate: '20260910', openPrice: 700 })]));
    const [row] = compareStatement(book, statement(FIXTURE_DAY)).positions;
    expect(row).toMatchObject({ volume: null, reason: 'lotsDoNotAddUp:SHFE.au2612' });
    expect(compareStatement(book, statement('20260910'))).toMatchObject({ relation: 'otherDay', fields: [], positions: [] });
    const { positions: _, ...older } = statement('20260911');
    expect(compareStatement(book, older).positions).toEqual([]);
  });
});
