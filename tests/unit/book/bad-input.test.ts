/** What is missing or contradictory makes the figures it touches unknown, with the reason, and leaves every other account right. */
import { describe, expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import type { IntakeEvent } from '#shared/feed/intake';
import type { ReferenceItem, StreamName, Trade } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { BIG_SIDE, GOLD, lot, master, money, QUOTE, REFERENCE, rateRow, slice, smallBook } from './small-book';

const A2 = { positionProfit: 3000, balance: 1_003_000, currMargin: 96_240, reason: null };

function expectUnknown(book: Book, reason: string): void {
  book.evaluate(FIXTURE_START_MS);
  const row = book.accountRow('A1');
  expect(row).toMatchObject({ riskDegree: null, quality: 'unknown', level: 'unknown', reason });
  expect(book.reasonOf(0)).toBe(reason);
  expect(Number.isNaN(book.accountColumns().riskDegree[0])).toBe(true);
}

describe('a book in order', () => {
  test('values yesterday at settlement and today at open, by hand', () => {
    const book = smallBook();
    // (805-800 + 805-802) x 1000; margin 12 % of (800 + 802) x 1000.
    expect(book.accountRow('A1')).toMatchObject({
      positionProfit: 8000,
      balance: 1_008_000,
      currMargin: 192_240,
      exchangeMargin: 160_200,
      level: 'normal',
      reason: null,
    });
    expect(book.accountRow('A1')?.riskDegree).toBeCloseTo(192_240 / 1_008_000, 12);
    expect(book.accountRow('A1')?.available).toBe(1_008_000 - 192_240 - 8000);
    expect(book.accountRow('A2')).toMatchObject(A2);
  });

  test('a tick moves the holders and reports them once', () => {
    const book = smallBook();
    expect([...book.takeCrossedAccounts()].sort()).toEqual([0, 1]);
    book.apply(itemsEvent('quotes', [{ ...QUOTE, lastPrice: 806 }]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 10_000 });
    expect([...book.takeCrossedAccounts()].sort()).toEqual([0, 1]);
    expect([...book.takeCrossedAccounts()]).toEqual([]);
  });

  test('an account without positions has degree 0, one without equity has none', () => {
    const book = smallBook();
    book.apply(itemsEvent('reference', [master('A3')]));
    book.apply(itemsEvent('accounts', [money('A3')]));
    book.apply(itemsEvent('accounts', [money('A1', { preBalance: -9000 })]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A3')).toMatchObject({ riskDegree: 0, level: 'normal', quality: 'none' });
    expect(book.accountRow('A1')).toMatchObject({ riskDegree: null, balance: -1000, level: 'negative', reason: null });
  });
});

describe('bad input', () => {
  test('no multiplier', () => {
    const { volumeMultiple: _, ...withoutMultiplier } = GOLD;
    const book = smallBook(
      {},
      REFERENCE.map((item) => (item === GOLD ? withoutMultiplier : item)),
    );
    expectUnknown(book, 'noMultiplier:SHFE.au2612');
    expect(book.table({ table: 'positions', scope: {}, filter: '', sort: null, first: 0, count: 10 }).rows[0]).toMatchObject({
      positionProfitByDate: null,
      margin: null,
    });
  });

  test('no instrument at all', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [lot('A1', 'T9', { instrumentID: 'au2701' })]));
    expectUnknown(book, 'noInstrument:SHFE.au2701');
    expect(book.accountRow('A2')).toMatchObject(A2);
  });

  test('no rate, two rates for one date, no aggregation', () => {
    const without = REFERENCE.filter((item) => item.kind !== 'marginRate');
    expectUnknown(smallBook({}, [...without, rateRow('exchange', 0.1)]), 'noRate:SHFE.au2612 company speculation');
    expectUnknown(smallBook({}, [...REFERENCE, rateRow('company', 0.13)]), 'twoRates:SHFE.au2612 company speculation');
    expectUnknown(
      smallBook(
        {},
        REFERENCE.filter((item) => item !== BIG_SIDE),
      ),
      'noAggregation:SHFE.au',
    );
  });

  test('a rate given again in a later message is a correction', () => {
    const book = smallBook({}, [...REFERENCE, rateRow('company', 0.13)]);
    book.apply(itemsEvent('reference', [rateRow('company', 0.2)]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A2')).toMatchObject({ currMargin: 160_400, reason: null });
  });

  test('an unknown exchange rate leaves the company figures known', () => {
    const book = smallBook(
      {},
      REFERENCE.filter((item) => !(item.kind === 'marginRate' && item.layer === 'exchange')),
    );
    expect(book.accountRow('A1')).toMatchObject({
      currMargin: 192_240,
      exchangeMargin: null,
      exchangeRiskDegree: null,
      reason: null,
      level: 'normal',
    });
  });

  test('no price; and again when it comes back', () => {
    const book = smallBook();
    const { lastPrice: _, ...withoutPrice } = QUOTE;
    book.apply(itemsEvent('quotes', [withoutPrice]));
    expectUnknown(book, 'noPrice:SHFE.au2612');
    book.apply(itemsEvent('quotes', [QUOTE]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 8000, reason: null });
  });

  test('no pre-settlement: only who holds from yesterday', () => {
    const book = smallBook();
    const { preSettlementPrice: _, ...withoutSettlement } = QUOTE;
    book.apply(itemsEvent('quotes', [withoutSettlement]));
    expectUnknown(book, 'noPreSettlement:SHFE.au2612');
    expect(book.accountRow('A2')).toMatchObject(A2);
  });

  test('lots that do not add up to the slice, until they do', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [slice('A1', { position: 5 })]));
    expectUnknown(book, 'lotsDoNotAddUp:SHFE.au2612');
    expect(book.accountRow('A2')).toMatchObject(A2);
    book.apply(itemsEvent('positions', [slice('A1', { position: 1 }), slice('A1', { positionDate: 'history', position: 1 })]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 8000, reason: null });
  });

  test('one lot told in two ways in one picture', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [lot('A1', 'T1'), lot('A1', 'T1', { volume: 4 }), lot('A2', 'T3')], { type: 'picture' }));
    expectUnknown(book, 'lotTwice:SHFE.au2612');
    expect(book.accountRow('A2')).toMatchObject(A2);
  });

  test('another currency, a missing counter field, a missing setting', () => {
    const dollars = smallBook(
      {},
      REFERENCE.map((item) => (item === GOLD ? { ...GOLD, currencyID: 'USD' } : item)),
    );
    expectUnknown(dollars, 'currencyDiffers:SHFE.au2612');
    const book = smallBook();
    const { commission: _, ...withoutCommission } = money('A1');
    book.apply(itemsEvent('accounts', [withoutCommission]));
    expectUnknown(book, 'field:commission');
    const { marginPriceType: _type, algorithm: _algorithm, ...bare } = master('A1');
    const unset = smallBook({}, [...REFERENCE.filter((item) => item.kind !== 'accountMaster'), bare, master('A2')]);
    expectUnknown(unset, 'noMarginPriceType');
    expect(unset.accountRow('A1')?.available).toBeNull();
  });

  test("money of an account in another currency, which does not take its own currency's place in whatever order they come", () => {
    const dollars = money('A1', { currencyID: 'USD', preBalance: 5 });
    const right = smallBook().accountRow('A1');
    for (const items of [
      [dollars, money('A1')],
      [money('A1'), dollars],
    ]) {
      const book = smallBook();
      book.apply(itemsEvent('accounts', [...items, money('A2')], { type: 'picture' }));
      book.apply(itemsEvent('accounts', [dollars]));
      book.evaluate(FIXTURE_START_MS);
      expect(book.accountRow('A1')).toEqual(right);
    }
    // The counter has no figures in the account's own currency any more.
    const book = smallBook();
    book.apply(itemsEvent('accounts', [dollars, money('A2')], { type: 'picture' }));
    expectUnknown(book, 'noAccount');
  });

  test('an account the counter has not reported', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A2')], { type: 'picture' }));
    expectUnknown(book, 'noAccount');
  });

  test('before a source has said what accounts hold, nothing held is not taken for granted', () => {
    const book = new Book();
    book.apply(itemsEvent('reference', REFERENCE, { type: 'picture' }));
    book.apply(itemsEvent('quotes', [QUOTE], { type: 'picture' }));
    book.apply(itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture' }));
    expectUnknown(book, 'noPositions');
    expect(book.accountRow('A1')).toMatchObject({
      balance: null,
      currMargin: null,
      exchangeMargin: null,
      available: null,
      positionProfit: null,
      residual: null,
    });
    book.apply(itemsEvent('positions', [lot('A2', 'T3')], { type: 'picture' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({
      riskDegree: 0,
      currMargin: 0,
      exchangeMargin: 0,
      positionProfit: 0,
      balance: 1_000_000,
      level: 'normal',
    });
    expect(book.accountRow('A2')).toMatchObject(A2);
  });

  test('each source owes the positions of its own accounts', () => {
    const second = { feedId: 'second' };
    const welcome = (streams: StreamName[]): IntakeEvent => ({
      type: 'welcome',
      feedId: 'second',
      receivedAtMs: FIXTURE_START_MS,
      source: 'second counter',
      simulated: true,
      demonstration: false,
      sourceTimeMs: FIXTURE_START_MS,
      tradingDay: '20260914',
      streams,
    });
    const book = smallBook();
    book.apply(welcome(['accounts', 'positions']));
    book.apply(itemsEvent('accounts', [money('B1')], { ...second, type: 'picture' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('B1')).toMatchObject({ riskDegree: null, currMargin: null, balance: null, level: 'unknown', reason: 'noPositions' });
    expect(book.accountRow('A2')).toMatchObject(A2);
    expect(book.fullCheck().drift).toBe(0);
    // A tick and a full revaluation leave it unknown.
    book.apply(itemsEvent('quotes', [{ ...QUOTE, lastPrice: 806 }]));
    book.evaluate(FIXTURE_START_MS);
    book.kernel.revalueAll();
    expect(book.accountRow('B1')).toMatchObject({ currMargin: null, positionProfit: null });
    book.apply(itemsEvent('positions', [], { ...second, type: 'picture' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('B1')).toMatchObject({ riskDegree: 0, currMargin: 0, balance: 1_000_000, level: 'normal', reason: null });
    expect(book.fullCheck().drift).toBe(0);
  });

  test('a source without positions takes them from another', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('B1')], { feedId: 'second', type: 'picture' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('B1')).toMatchObject({ riskDegree: 0, reason: null });
  });

  test('figures of yesterday beside positions of today', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [lot('A1', 'T1'), lot('A2', 'T3')], { type: 'picture', tradingDay: '20260915' }));
    expectUnknown(book, 'dayMixed:20260914 20260915');
    book.apply(itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture', tradingDay: '20260915' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')?.reason).not.toBe('dayMixed:20260914 20260915');
  });
});

describe('slices without lots', () => {
  test('are valued from their costs', () => {
    const book = smallBook();
    book.apply(
      itemsEvent(
        'positions',
        [
          slice('A1', { position: 2, positionCost: 1_604_000, openCost: 1_604_000 }),
          slice('A1', { positionDate: 'history', position: 1, positionCost: 800_000, openCost: 700_000 }),
        ],
        { type: 'picture' },
      ),
    );
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ positionProfit: 11_000, currMargin: 288_480, reason: null });
    const row = book.table({ table: 'positions', scope: { accountID: 'A1' }, filter: '', sort: null, first: 0, count: 10 }).rows[0];
    expect(row).toMatchObject({ volume: 3, todayVolume: 2, historyVolume: 1, positionProfitByDate: 11_000, positionProfitByTrade: 111_000 });
  });

  test('are unknown without a cost', () => {
    const book = smallBook();
    book.apply(itemsEvent('positions', [slice('A1')], { type: 'picture' }));
    expectUnknown(book, 'noPositionCost:SHFE.au2612');
  });
});

describe('the residual', () => {
  test('is taken at the counter moment, not at the moment of looking', () => {
    const book = smallBook();
    book.apply(itemsEvent('quotes', [{ ...QUOTE, lastPrice: 820, updateTimeMs: FIXTURE_START_MS + 1000 }]));
    book.apply(itemsEvent('accounts', [money('A1', { balance: 1_008_000.5, positionProfit: 8000 })]));
    book.evaluate(FIXTURE_START_MS + 2000);
    expect(book.accountRow('A1')).toMatchObject({ balance: 1_038_000, residual: 0.5 });
    expect(book.account({ accountID: 'A1' }).figures.find((figure) => figure.field === 'positionProfit')).toMatchObject({
      counter: 8000,
      ours: 38_000,
      residual: 0,
    });
  });

  test('of the margin call stands beside those of balance and margin, and a degree that cannot be says why', () => {
    const book = smallBook();
    book.apply(itemsEvent('accounts', [money('A1', { preBalance: 100_000, balance: 108_000, currMargin: 192_240 })]));
    book.evaluate(FIXTURE_START_MS + 2000);
    const of = (accountID: string, field: string) => book.account({ accountID }).figures.find((figure) => figure.field === field);
    expect(of('A1', 'marginCall')).toMatchObject({ counter: 84_240, residual: 0, reason: null });
    book.apply(itemsEvent('accounts', [money('A1', { preBalance: -100_000, balance: -92_000, currMargin: 192_240 })]));
    book.evaluate(FIXTURE_START_MS + 3000);
    expect(of('A1', 'riskDegree')).toMatchObject({ ours: null, reason: 'noDegree' });
    expect(of('A1', 'exchangeRiskDegree')).toMatchObject({ ours: null, reason: 'noDegree' });
  });

  test('of the commission and of the close profit says nothing of a trade that came after the counter spoke', () => {
    const rate: ReferenceItem = {
      ...{ kind: 'commissionRate', investorRange: 'broker', exchangeID: 'SHFE', productID: 'au', openRatioByMoney: 0, openRatioByVolume: 10 },
      ...{ closeRatioByMoney: 0, closeRatioByVolume: 10, closeTodayRatioByMoney: 0, closeTodayRatioByVolume: 0 },
      ...{ effectiveFrom: '20260101', citation: 'test', certainty: 'demonstration' },
    };
    const trade = (tradeID: string, tradeTimeMs: number): Trade => ({
      ...{ accountID: 'A1', exchangeID: 'SHFE', instrumentID: GOLD.instrumentID, tradeID, tradeTimeMs },
      ...{ direction: 'buy', offsetFlag: 'open', hedgeFlag: 'speculation', price: 802, volume: 1 },
    });
    const book = smallBook({}, [...REFERENCE, rate]);
    const commissionNow = () => book.account({ accountID: 'A1' }).figures.find(({ field }) => field === 'commission');
    book.apply(itemsEvent('accounts', [money('A1', { commission: 10 })]));
    book.apply(itemsEvent('trades', [trade('T2', FIXTURE_START_MS - 1000)], { sequence: 1 }));
    book.evaluate(FIXTURE_START_MS);
    expect(commissionNow()).toMatchObject({ counter: 10, ours: 10, residual: 0, reason: null });
    book.apply(itemsEvent('trades', [trade('T8', FIXTURE_START_MS + 1000)], { sequence: 2 }));
    book.evaluate(FIXTURE_START_MS + 2000);
    expect(commissionNow()).toMatchObject({ counter: 10, ours: 20, residual: null, reason: 'differentMoment' });
  });

  test('of the close profit is taken as soon as the morning’s lots are told, though no further trade comes', () => {
    const book = smallBook();
    const closed: Trade = {
      ...{ accountID: 'A1', exchangeID: 'SHFE', instrumentID: GOLD.instrumentID, tradeID: 'T9', tradeTimeMs: FIXTURE_START_MS - 1000 },
      ...{ direction: 'sell', offsetFlag: 'close', hedgeFlag: 'speculation', price: 803, volume: 1 },
    };
    const closeProfit = () => book.account({ accountID: 'A1' }).figures.find(({ field }) => field === 'closeProfit');
    book.apply(itemsEvent('trades', [closed], { sequence: 1 }));
    book.evaluate(FIXTURE_START_MS);
    expect(closeProfit()).toMatchObject({ ours: null, reason: 'field:ydPosition' });
    book.apply(
      itemsEvent('positions', [slice('A1', { positionDate: 'history', ydPosition: 1, position: 0, preSettlementPrice: 800 })], { sequence: 2 }),
    );
    book.evaluate(FIXTURE_START_MS);
    expect(closeProfit()).toMatchObject({ ours: 3000, reason: null });
  });
});
