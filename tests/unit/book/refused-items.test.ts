/** What a refused item was about is unknown until it comes right, whatever came in between; nobody else notices, and formulas and kernel say the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import { runLimits } from '#engine/book/limits/limit-run';
import { coalesceQuotes } from '#engine/feeds/coalescing/coalesce';
import { parseRecordedEvent } from '#engine/feeds/recording/parse-event';
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';
import { type RefusedItem, refusedItem } from '#shared/feed/refused';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, master, money, QUOTE, REFERENCE, rateRow, slice, smallBook } from './small-book';

/** Only A1 holds silver: what is refused about it must not touch A2. */
const SILVER = { ...GOLD, instrumentID: 'ag2612', productID: 'ag', volumeMultiple: 15, priceTick: 1 };
const SILVER_QUOTE = { ...QUOTE, instrumentID: 'ag2612', lastPrice: 15_800, preSettlementPrice: 15_700 };
const SILVER_LOT = lot('A1', 'S1', { instrumentID: 'ag2612', openPrice: 15_700 });
const SILVER_RATE = { ...rateRow('company', 0.16), productID: 'ag' };
const START: IntakeEvent[] = [
  itemsEvent('reference', [...REFERENCE, SILVER, SILVER_RATE, { ...rateRow('exchange', 0.12), productID: 'ag' }], { type: 'picture' }),
  itemsEvent('quotes', [QUOTE, SILVER_QUOTE], { type: 'picture' }),
  itemsEvent('positions', [lot('A1', 'T1', { openDate: '20260910', openPrice: 700 }), SILVER_LOT, lot('A2', 'T3')], { type: 'picture' }),
];

function refused<S extends StreamName>(stream: S, field: string, item: object): ItemsEvent {
  const said = refusedItem(stream, field, item);
  if (said === null) throw new Error('the item names nothing');
  return { ...(itemsEvent(stream, []) as ItemsEvent), refused: [said] };
}

function bookWithSilver(): Book {
  const book = smallBook();
  book.apply(START);
  book.evaluate(FIXTURE_START_MS);
  return book;
}

/** Things that can be said badly and rightly; each refusal stands by itself. */
const THINGS = {
  quote: { bad: refused('quotes', 'lastPrice', SILVER_QUOTE), good: itemsEvent('quotes', [SILVER_QUOTE]) },
  account: { bad: refused('accounts', 'preBalance', money('A1')), good: itemsEvent('accounts', [money('A1')]) },
  lot: { bad: refused('positions', 'volume', SILVER_LOT), good: itemsEvent('positions', [SILVER_LOT]) },
  slice: {
    bad: refused('positions', 'position', slice('A1', { instrumentID: 'ag2612' })),
    good: itemsEvent('positions', [slice('A1', { instrumentID: 'ag2612' })]),
  },
  rate: { bad: refused('reference', 'longMarginRatioByMoney', SILVER_RATE), good: itemsEvent('reference', [SILVER_RATE]) },
  instrument: { bad: refused('reference', 'volumeMultiple', SILVER), good: itemsEvent('reference', [SILVER]) },
  master: { bad: refused('reference', 'algorithm', master('A1')), good: itemsEvent('reference', [master('A1')]) },
} as const;
type Thing = keyof typeof THINGS;

describe('refused items', () => {
  test('make their account unknown exactly while one of them stands, in whatever order they come', () => {
    const right = bookWithSilver().accountRow('A2');
    const known = bookWithSilver().accountRow('A1');
    const said = fc.record({ thing: fc.constantFrom(...(Object.keys(THINGS) as Thing[])), isBad: fc.boolean() });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 24 }), (steps) => {
        const book = bookWithSilver();
        const standing = new Set<Thing>();
        for (const { thing, isBad } of steps) {
          book.apply(THINGS[thing][isBad ? 'bad' : 'good']);
          book.evaluate(FIXTURE_START_MS);
          if (isBad) standing.add(thing);
          else standing.delete(thing);
          const row = book.accountRow('A1');
          expect(row?.reason === null).toBe(standing.size === 0);
          if (standing.size === 0) expect(row).toEqual(known);
          else expect(row).toMatchObject({ riskDegree: null, level: 'unknown', quality: 'unknown' });
          expect(book.accountRow('A2')).toEqual(right);
          expect(book.fullCheck().drift).toBeLessThan(1e-5);
        }
        // A whole new picture leaves nothing of it.
        book.apply([...START, itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture' })]);
        book.evaluate(FIXTURE_START_MS);
        expect(book.accountRow('A1')).toEqual(known);
      }),
      { numRuns: 60 },
    );
  });

  test('are unknown in a copy of the book as well', () => {
    for (const { bad } of Object.values(THINGS)) {
      const book = bookWithSilver();
      book.apply(bad);
      book.evaluate(FIXTURE_START_MS);
      const copy = new Book();
      copy.restorePicture(book.exportPicture());
      expect(copy.accountRow('A1')?.quality).toBe('unknown');
      expect(copy.accountRow('A2')).toMatchObject({ balance: 1_003_000, reason: null });
    }
  });

  test('never make an account, a contract or a position up', () => {
    const book = bookWithSilver();
    const before = book.counts();
    book.apply([
      refused('quotes', 'lastPrice', { ...QUOTE, instrumentID: 'nobody' }),
      refused('accounts', 'balance', { accountID: 'nobody' }),
      refused('positions', 'volume', { ...SILVER_LOT, accountID: 'nobody' }),
      refused('reference', 'volumeMultiple', { ...SILVER, instrumentID: 'nobody' }),
      refused('reference', 'algorithm', master('nobody')),
    ]);
    book.evaluate(FIXTURE_START_MS);
    expect(book.counts()).toEqual(before);
    expect(book.accountRow('A1')?.reason).toBeNull();
  });

  test('that do not say of which contract make the whole account unknown, until the next picture', () => {
    const book = bookWithSilver();
    book.apply(refused('positions', 'instrumentID', { kind: 'positionDetail', accountID: 'A1' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ reason: 'positionRefused:instrumentID', balance: null, currMargin: null });
    book.apply(itemsEvent('positions', [SILVER_LOT]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')?.balance).toBeNull();
    book.apply(START);
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')?.reason).toBeNull();
  });

  test('leave no limit use of a position that is not known', () => {
    const book = bookWithSilver();
    book.apply(THINGS.lot.bad);
    const run = runLimits(book, { by: 'account', scope: { instrumentID: 'ag2612' }, filter: '' });
    expect([...run.problems.values()]).toEqual(['positionRefused:SHFE.ag2612 volume']);
  });
});

describe('an older row', () => {
  test('does not stand in for a newer one that was refused', () => {
    const book = bookWithSilver();
    book.apply(refused('reference', 'longMarginRatioByMoney', { ...SILVER_RATE, effectiveFrom: '20260914' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')?.reason).toBe('rateRefused:SHFE.ag2612 company speculation');
    // One of a later day is not in force yet.
    const other = bookWithSilver();
    other.apply(refused('reference', 'longMarginRatioByMoney', { ...SILVER_RATE, effectiveFrom: '20990101' }));
    other.evaluate(FIXTURE_START_MS);
    expect(other.accountRow('A1')?.reason).toBeNull();
  });
});

describe('on their way', () => {
  const bad = refused('quotes', 'lastPrice', SILVER_QUOTE);
  const tick = (lastPrice: number): ItemsEvent => itemsEvent('quotes', [{ ...SILVER_QUOTE, lastPrice }]) as ItemsEvent;

  test('quotes are not merged across a refused one', () => {
    const { events } = coalesceQuotes([tick(1), tick(2), bad, tick(3), tick(4)]);
    expect(events).toEqual([tick(2), bad, tick(4)].map((event) => expect.objectContaining({ items: event.items })));
    expect(events[1]).toEqual(bad);
  });

  test('a recording keeps them', () => {
    expect(parseRecordedEvent(JSON.parse(JSON.stringify(bad)))).toEqual({ ok: true, event: bad });
  });

  test('whatever arrives is named by short texts only, or by nothing', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.string(), (value, field) => {
        const item: RefusedItem | null = refusedItem('positions', field, value);
        if (item === null) return;
        expect(item.field.length).toBeLessThanOrEqual(64);
        for (const name of Object.values(item.about)) expect((name ?? '').length).toBeLessThanOrEqual(64);
      }),
    );
    expect(refusedItem('trades', 'price', { accountID: 'A1' })).toBeNull();
  });
});
