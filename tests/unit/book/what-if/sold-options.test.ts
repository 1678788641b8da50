/** Sold options under scenarios: rates and the day's settlement change their margin by the formula; what no price tells stays unknown, with the reason. */
import { describe, expect, test } from 'vitest';
import { buildAccountModel } from '#engine/book/what-if/account-model';
import { figuresUnder, linesOf } from '#engine/book/what-if/scenario-figures';
import type { Instrument } from '#shared/feed/items';
import { knownOrNaN } from '#shared/market/known';
import { type Scenario, scenarioSchema, stressAccount } from '#shared/market/what-if/scenario';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, money, QUOTE, REFERENCE, smallBook } from '../small-book';

/** A call of 840 on gold: out of the money by 40 at yesterday's 800. */
const CALL: Instrument = {
  ...GOLD,
  instrumentID: 'au2612C840',
  productID: 'au_o',
  productClass: 'option',
  optionsType: 'call',
  strikePrice: 840,
  underlyingInstrID: 'au2612',
};

function bookWithSoldCall() {
  const book = smallBook({}, [...REFERENCE, CALL]);
  book.apply(
    itemsEvent('quotes', [
      { ...QUOTE, settlementPrice: 850, upperLimitPrice: 880, lowerLimitPrice: 720 },
      {
        ...QUOTE,
        instrumentID: CALL.instrumentID,
        lastPrice: 12,
        preSettlementPrice: 10,
        settlementPrice: 25,
        upperLimitPrice: 60,
        lowerLimitPrice: 1,
      },
    ]),
  );
  book.apply(itemsEvent('accounts', [money('A2', { cashIn: 11_000 })], { sequence: 2 }));
  book.apply(itemsEvent('positions', [lot('A2', 'O1', { instrumentID: CALL.instrumentID, direction: 'short', openPrice: 11 })], { sequence: 3 }));
  book.evaluate(FIXTURE_START_MS);
  return book;
}

function under(scenario: Partial<Scenario> & Pick<Scenario, 'price'>) {
  const book = bookWithSoldCall();
  const account = book.records.findAccount('A2');
  if (account === null) throw new Error('A2 is in the book');
  const whole = scenarioSchema.parse({ scenarioId: 's', name: 's', version: 1, ...scenario });
  const columns = figuresUnder(book, linesOf(book), whole);
  const pure = stressAccount(buildAccountModel(book, account), whole);
  const fast = [columns.balance, columns.currMargin, columns.exchangeMargin].map((column) => column[account.index] ?? Number.NaN);
  expect(fast).toEqual([pure.balance, pure.currMargin, pure.exchangeMargin].map(knownOrNaN));
  return pure;
}

// A2 also holds one lot of gold, long, of today at 802: margin at the open price, or at settlement after it.
const FUTURE = { now: 802_000 * 0.12, settled: 850_000 * 0.12 };

describe('a sold option', () => {
  test('follows the rate of its underlying: 15 % instead of 12 % before a holiday', () => {
    // Premium 10 x 1000 + max(15 % of 800,000 - half of 40,000, half of 15 % of 800,000).
    const { currMargin } = under({ price: { type: 'latest' }, marginOverrides: [{ layer: 'both', productID: 'au', addedRateByMoney: 0.03 }] });
    expect(knownOrNaN(currMargin)).toBeCloseTo(802_000 * 0.15 + 10_000 + Math.max(120_000 - 20_000, 60_000), 6);
  });

  test('stays as it is when another product gets other rates', () => {
    const { currMargin } = under({ price: { type: 'latest' }, marginOverrides: [{ layer: 'both', productID: 'cu', addedRateByMoney: 0.03 }] });
    expect(knownOrNaN(currMargin)).toBeCloseTo(FUTURE.now + 10_000 + Math.max(96_000 - 20_000, 48_000), 6);
  });

  test('is taken at the new premium and the underlying settlement price after the day is settled', () => {
    // In the money now: nothing is taken off. Premium 25 x 1000 + 12 % of 850,000.
    const { currMargin, exchangeMargin } = under({ price: { type: 'settlement' } });
    expect(knownOrNaN(currMargin)).toBeCloseTo(FUTURE.settled + 25_000 + 102_000, 6);
    expect(knownOrNaN(exchangeMargin)).toBeCloseTo(85_000 + 25_000 + 85_000, 6);
  });

  test('is unknown after locked limits, because nothing tells its premium, and the equity is still known', () => {
    const { currMargin, balance } = under({ price: { type: 'lockedLimit', direction: 'up', days: 2 } });
    expect(currMargin).toEqual({ known: false, reason: 'optionPremium:SHFE.au2612C840' });
    expect(balance.known).toBe(true);
  });

  test('shows its margin in the list of positions and of lots, as the account adds it up', () => {
    const book = bookWithSoldCall();
    const asked = { scope: { accountID: 'A2', instrumentID: CALL.instrumentID }, filter: '', sort: null, first: 0, count: 10 };
    const perLot = 10_000 + 96_000 - 20_000;
    expect(book.table({ ...asked, table: 'positions' }).rows[0]?.margin).toBeCloseTo(perLot, 6);
    expect(book.table({ ...asked, table: 'lots' }).rows[0]?.margin).toBeCloseTo(perLot, 6);
    expect(book.accountRow('A2')?.currMargin).toBeCloseTo(FUTURE.now + perLot, 6);
  });

  test('makes equity unknown while the counter does not say what premium has moved', () => {
    const book = bookWithSoldCall();
    book.apply(itemsEvent('accounts', [money('A2')], { sequence: 3 }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A2')).toMatchObject({ balance: null, level: 'unknown', reason: 'field:cashIn' });
    expect(book.accountRow('A1')).toMatchObject({ reason: null });
    expect(book.fullCheck().drift).toBeLessThan(1e-5);
  });
});
