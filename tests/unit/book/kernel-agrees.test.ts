/** Two implementations of one truth: on random books and random sequences of what may arrive, the kernel says what the pure formulas say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import { buildAccountModel } from '#engine/book/what-if/account-model';
import type { AccountRow } from '#shared/contract/streams';
import type { IntakeEvent } from '#shared/feed/intake';
import { valueAccount } from '#shared/market/what-if/value-account';
import { decimal, itemsEvent, makeBookFixture } from '#tests/bench/book-fixture';
import { combinationRules, exclusions, randomCombinations } from '#tests/helpers/random-combinations';

type Fixture = ReturnType<typeof makeBookFixture>;

/** Anything a feed may send after the first picture: ticks, prices that vanish, lots that change or close, money, another rate. */
function randomEvent(fixture: Fixture, step: number): IntakeEvent {
  const { random, quotes, details, accounts } = fixture;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const over = { sequence: step + 2, receivedAtMs: 1_789_000_000_000 + step, sourceTimeMs: 1_789_000_000_000 + step };
  const kind = random();
  if (kind < 0.7) {
    const quote = pick(quotes);
    const lastPrice = decimal((quote.lastPrice ?? quote.preSettlementPrice ?? 1) + (Math.floor(random() * 21) - 10) * 0.02);
    const next = { ...quote, updateTimeMs: over.sourceTimeMs, lastPrice };
    quotes[quotes.indexOf(quote)] = next;
    const { lastPrice: _, ...withoutPrice } = next;
    return itemsEvent('quotes', [random() < 0.05 ? withoutPrice : next], over);
  }
  if (kind < 0.85) {
    const detail = pick(details);
    const volume = random() < 0.4 ? 0 : 1 + Math.floor(random() * 9);
    return itemsEvent('positions', [{ ...detail, volume, asOfMs: over.sourceTimeMs }], over);
  }
  if (kind < 0.95) {
    const account = { ...pick(accounts), asOfMs: over.sourceTimeMs, closeProfit: Math.round(random() * 1e6) / 100 };
    if (random() < 0.1) delete (account as { commission?: number }).commission;
    return itemsEvent('accounts', [account], over);
  }
  const rate = fixture.reference.find((item) => item.kind === 'marginRate' && item.layer === 'company');
  if (rate?.kind !== 'marginRate') throw new Error('the fixture has company rates');
  return itemsEvent('reference', [{ ...rate, longMarginRatioByMoney: decimal(random() * 0.1) }], over);
}

describe('kernel and formulas', () => {
  test('agree on random books through random events, whatever the margin price types, algorithms and aggregation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 120 }), fc.boolean(), fc.boolean(), (...input) => {
        const [seed, steps, isBySlices, hasCombinations] = input;
        const fixture = makeBookFixture(seed, { instruments: 23, accounts: 12, lots: 150 });
        const { random, details, reference } = fixture;
        const combinations = hasCombinations ? randomCombinations(random, details, 30) : [];
        if (hasCombinations) reference.push(...combinationRules(random), ...exclusions(random, reference, 0.2));
        const held = isBySlices ? fixture.slices : details;
        fixture.events[3] = itemsEvent('positions', [...held, ...combinations], { type: 'picture' });
        const book = new Book();
        book.apply(fixture.events);
        book.evaluate();
        expect(book.fullCheck().drift).toBeLessThan(1e-5);
        for (let step = 0; step < steps; step++) {
          book.apply(randomEvent(fixture, step));
          const row = combinations[step];
          // Some are dissolved, some grow.
          if (row !== undefined && step % 4 === 0) {
            const totalAmt = step % 8 === 0 ? 0 : row.totalAmt + row.legMultiple;
            book.apply(itemsEvent('positions', [{ ...row, totalAmt }], { sequence: step + 1000 }));
          }
          if (step % 3 === 0) book.evaluate();
        }
        book.evaluate();
        expect(book.fullCheck().drift).toBeLessThan(1e-5);
      }),
      { numRuns: 60 },
    );
  });

  test('incremental sums equal a full revaluation exactly, not nearly', () => {
    const fixture = makeBookFixture(7, { instruments: 40, accounts: 30, lots: 900 });
    const book = new Book();
    book.apply(fixture.events);
    for (let step = 0; step < 3000; step++) book.apply(randomEvent(fixture, step));
    book.evaluate();
    const before = Float64Array.from(book.accountColumns().positionProfit);
    book.kernel.revalueAll();
    expect(book.accountColumns().positionProfit).toEqual(before);
  });

  test('the same events give the same figures to the last bit in any batching', () => {
    const figures = [1, 7, 400].map((batch) => {
      const fixture = makeBookFixture(11, { instruments: 30, accounts: 20, lots: 400 });
      const book = new Book();
      book.apply(fixture.events);
      const events = Array.from({ length: 400 }, (_, step) => randomEvent(fixture, step));
      for (let first = 0; first < events.length; first += batch) {
        book.apply(events.slice(first, first + batch));
        book.evaluate();
      }
      const { balance, available, currMargin, riskDegree } = book.accountColumns();
      return [balance, available, currMargin, riskDegree].map((column) => Array.from(column));
    });
    expect(figures[1]).toEqual(figures[0]);
    expect(figures[2]).toEqual(figures[0]);
  });

  test('a restored picture values the same', () => {
    const fixture = makeBookFixture(5, { instruments: 20, accounts: 10, lots: 120 });
    const book = new Book();
    book.apply(fixture.events);
    for (let step = 0; step < 50; step++) book.apply(randomEvent(fixture, step));
    book.evaluate();
    const restored = new Book();
    restored.restorePicture(book.exportPicture());
    for (const account of book.records.accounts) {
      const twin = restored.records.findAccount(account.accountID);
      expect(twin).not.toBeNull();
      if (twin === null) continue;
      expect(restored.accountRow(account.accountID)).toMatchObject(withoutMoment(book.accountRow(account.accountID)));
      expect(valueAccount(buildAccountModel(restored, twin)).positionProfit).toEqual(valueAccount(buildAccountModel(book, account)).positionProfit);
    }
    expect(restored.fullCheck().drift).toBeLessThan(1e-5);
  });
});

/** The residual belongs to the moment the counter spoke, and the age of a price to the message it came in. */
function withoutMoment(row: AccountRow | null): Partial<AccountRow> {
  const { residual: _residual, quality: _quality, ...rest } = row ?? ({} as AccountRow);
  return rest;
}
