/** What may be withdrawn is computed by the book itself and held against the counter's own figure at the counter's own moment. */
import { describe, expect, test } from 'vitest';
import type { Book } from '#engine/book/book';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { lot, master, money, QUOTE, smallBook } from './small-book';

function figure(book: Book, accountID: string, field: string) {
  book.evaluate(FIXTURE_START_MS + 5000);
  return book.account({ accountID }).figures.find((one) => one.field === field);
}

describe('what may be withdrawn', () => {
  test('is 80 % of what is available without realised gains while lots are held, cut to the cent, and all of it when nothing is', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A1', { closeProfit: 1000 })]));
    // available 1,009,000 - 192,240 - 8,000 held back gains; less the realised gain of 1,000.
    expect(figure(book, 'A1', 'available')?.ours).toBe(808_760);
    expect(figure(book, 'A1', 'withdrawQuota')).toMatchObject({ ours: 0.8 * 807_760, reason: null });
    book.apply(itemsEvent('reference', [master('A3')]));
    book.apply(itemsEvent('accounts', [money('A3')]));
    expect(figure(book, 'A3', 'withdrawQuota')?.ours).toBe(figure(book, 'A3', 'available')?.ours);
  });

  test('is compared as counter minus ours at the moment the counter spoke, whatever the price did since', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A1', { available: 807_760.5, withdrawQuota: 646_208.01 })]));
    book.apply(itemsEvent('quotes', [{ ...QUOTE, lastPrice: 820, updateTimeMs: FIXTURE_START_MS + 1000 }]));
    expect(figure(book, 'A1', 'available')?.residual).toBe(0.5);
    expect(figure(book, 'A1', 'withdrawQuota')?.residual).toBe(0.01);
  });

  test('is not compared where lots came after the counter spoke', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A1', { withdrawQuota: 1 })]));
    book.apply(itemsEvent('positions', [lot('A1', 'T7', { asOfMs: FIXTURE_START_MS + 900_000 })]));
    expect(figure(book, 'A1', 'withdrawQuota')?.residual).toBeNull();
    // Both are known; that they are not of one moment is why nothing stands between them.
    expect(figure(book, 'A1', 'currMargin')).toMatchObject({ residual: null });
    expect(figure(book, 'A1', 'withdrawQuota')).toMatchObject({ counter: 1, residual: null, reason: 'differentMoment' });
  });

  test('is not compared where lots went after the counter spoke: nothing of them is left to say so', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A1', { currMargin: 192_240 })]));
    expect(figure(book, 'A1', 'currMargin')?.residual).toBe(0);
    book.apply(itemsEvent('positions', [lot('A1', 'T2', { volume: 0, asOfMs: FIXTURE_START_MS + 1000 })]));
    expect(figure(book, 'A1', 'currMargin')).toMatchObject({ ours: 96_000, residual: null, reason: 'differentMoment' });
    book.apply(itemsEvent('accounts', [money('A1', { currMargin: 96_000, asOfMs: FIXTURE_START_MS + 2000 })]));
    expect(figure(book, 'A1', 'currMargin')?.residual).toBe(0);
  });

  test('is unknown where available is, with the same reason', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [lot('A1', 'T9', { instrumentID: 'au2701' })]));
    expect(figure(book, 'A1', 'withdrawQuota')).toMatchObject({ ours: null, reason: 'noInstrument:SHFE.au2701' });
  });
});
