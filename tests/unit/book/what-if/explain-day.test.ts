/** What the day's orders and trades came to opens like any other figure: each line with its price, its multiplier, its rate row with date and citation, and its source. */
import { describe, expect, test } from 'vitest';
import type { Book } from '#engine/book/book';
import { explainInputs } from '#engine/book/what-if/explain-inputs';
import { EXPLAINED_FIELDS, type ExplainedField } from '#shared/contract/numbers-account';
import type { CommissionRate, Order, Trade } from '#shared/feed/items';
import type { Derivation } from '#shared/market/explain/derivation';
import { explainAccount } from '#shared/market/explain/explain-account';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, lot, money, QUOTE, REFERENCE, slice, smallBook } from '../small-book';

const AT = { accountID: 'A1', exchangeID: 'SHFE', instrumentID: GOLD.instrumentID, hedgeFlag: 'speculation' } as const;
const COMMISSION: CommissionRate = {
  kind: 'commissionRate',
  investorRange: 'broker',
  exchangeID: 'SHFE',
  productID: GOLD.productID,
  openRatioByMoney: 0,
  openRatioByVolume: 10,
  closeRatioByMoney: 0,
  closeRatioByVolume: 10,
  closeTodayRatioByMoney: 0,
  closeTodayRatioByVolume: 4,
  effectiveFrom: '20260102',
  citation: 'notice of the broker',
  certainty: 'demonstration',
};
const trade = (tradeID: string, over: Partial<Trade>): Trade => ({
  ...AT,
  tradeID,
  direction: 'sell',
  offsetFlag: 'close',
  price: 810,
  volume: 1,
  tradeTimeMs: FIXTURE_START_MS - 1000,
  ...over,
});

function traded(): Book {
  const book = smallBook({}, [{ ...GOLD, positionDateType: 'noUseHistory' }, ...REFERENCE.filter((item) => item.kind !== 'instrument'), COMMISSION]);
  book.apply(
    itemsEvent('positions', [lot('A1', 'T1'), slice('A1', { positionDate: 'history', position: 0, ydPosition: 1, preSettlementPrice: 800 })], {
      sequence: 2,
    }),
  );
  book.apply(
    itemsEvent('trades', [
      trade('X1', { direction: 'buy', offsetFlag: 'open', price: 804, tradeTimeMs: FIXTURE_START_MS - 3000 }),
      trade('X2', { price: 810, volume: 2 }),
    ]),
  );
  const order: Order = {
    ...AT,
    orderSysID: 'O1',
    direction: 'buy',
    offsetFlag: 'open',
    orderStatus: 'noTradeQueueing',
    limitPrice: 800,
    volumeTotalOriginal: 3,
    volumeTotal: 3,
    volumeTraded: 0,
    insertTimeMs: FIXTURE_START_MS - 2000,
    updateTimeMs: FIXTURE_START_MS - 2000,
  } as Order;
  book.apply(itemsEvent('orders', [order]));
  book.apply(itemsEvent('accounts', [money('A1', { deposit: 5000, frozenMargin: 288_000, frozenCommission: 30 })]));
  book.evaluate(FIXTURE_START_MS);
  return book;
}

function explained(book: Book, field: ExplainedField): Derivation {
  const account = book.records.findAccount('A1');
  if (account === null) throw new Error('the account is there');
  return explainAccount(explainInputs(book, account), field);
}

const childValue = (node: Derivation | undefined, id: string): number | null | undefined => node?.children.find((child) => child.id === id)?.value;

describe('the day of an account', () => {
  test('closes: the morning lot against yesterday, the lot of today against its open price, and both add up', () => {
    const root = explained(traded(), 'closeProfit');
    // 1 x (810 - 800) x 1000 + 1 x (810 - 804) x 1000.
    expect(root.value).toBe(16_000);
    const [position] = root.children;
    expect(position?.children.map(({ id, value }) => [id, value])).toEqual([
      ['tradeClose.long', 10_000],
      ['tradeClose.long', 6_000],
    ]);
    expect(childValue(position?.children[0], 'lot.preSettlementPrice')).toBe(800);
    expect(childValue(position?.children[1], 'lot.openPrice')).toBe(804);
    for (const close of position?.children ?? []) {
      expect(close.source).toMatchObject({ stream: 'trades', asOfMs: FIXTURE_START_MS - 1000 });
      expect(childValue(close, 'multiplier')).toBe(1000);
    }
  });

  test('commission: each trade by its tier, with the row that charges it', () => {
    const root = explained(traded(), 'commission');
    // Opened 1 at 10; of the 2 closed as many as were opened today at 4, the other at 10.
    expect(root.value).toBe(24);
    expect(root.children.map(({ id, value }) => [id, value])).toEqual([
      ['tradeCommission.open', 10],
      ['tradeCommission.closeToday', 4],
      ['tradeCommission.close', 10],
    ]);
    for (const line of root.children) expect(line.rules).toMatchObject([{ effectiveFrom: '20260102', citation: 'notice of the broker' }]);
    expect(root.children[1]?.rules[0]?.text).toBe('closeTodayRatioByVolume 4');
  });

  test('frozen: by order with its rate row, and beside the counter with nothing between', () => {
    const book = traded();
    const root = explained(book, 'frozenMargin');
    // 3 x 800 x 1000 x 12 %.
    expect(root.value).toBe(288_000);
    expect(root.children[0]?.rules).toMatchObject([{ subject: 'company speculation SHFE.au broker', effectiveFrom: '20260101' }]);
    expect(explained(book, 'frozenCommission')).toMatchObject({ value: 30, children: [{ rules: [{ citation: 'notice of the broker' }] }] });
    const figures = book.account({ accountID: 'A1' }).figures;
    for (const field of ['frozenMargin', 'frozenCommission']) expect(figures.find((each) => each.field === field)).toMatchObject({ residual: 0 });
  });

  test('what the counter alone says opens to its source and time', () => {
    expect(explained(traded(), 'deposit')).toMatchObject({
      id: 'input.deposit',
      value: 5000,
      source: { stream: 'accounts', asOfMs: FIXTURE_START_MS },
    });
  });

  test('every figure on the page of an account opens, and says why where it is unknown', () => {
    const book = traded();
    const shown = book.account({ accountID: 'A1' }).figures.map(({ field }) => field);
    expect(shown.filter((field) => !(EXPLAINED_FIELDS as readonly string[]).includes(field))).toEqual([]);
    for (const field of EXPLAINED_FIELDS) {
      const root = explained(book, field);
      expect(root.value !== null || root.reason !== null || root.text !== null, field).toBe(true);
    }
  });
});

test('a sold option opens down to premium, strike and the rate row of its underlying', () => {
  const option = {
    ...GOLD,
    instrumentID: 'au2612C840',
    productID: 'au_o',
    productClass: 'option' as const,
    underlyingInstrID: GOLD.instrumentID,
    optionsType: 'call' as const,
    strikePrice: 840,
  };
  const aggregation = {
    kind: 'marginAggregation',
    exchangeID: 'SHFE',
    method: 'productBigSide',
    effectiveFrom: '20260101',
    citation: 'test',
  } as const;
  const book = smallBook({}, [...REFERENCE, option, { ...aggregation, certainty: 'demonstration' }]);
  book.apply(itemsEvent('quotes', [QUOTE, { ...QUOTE, instrumentID: option.instrumentID, lastPrice: 12, preSettlementPrice: 11 }]));
  book.apply(
    itemsEvent('positions', [lot('A1', 'OP', { instrumentID: option.instrumentID, direction: 'short', volume: 2, openPrice: 12 })], { sequence: 3 }),
  );
  book.apply(itemsEvent('accounts', [money('A1', { cashIn: 24_000 })]));
  book.evaluate(FIXTURE_START_MS);
  const find = (node: Derivation, id: string): Derivation | undefined =>
    node.id === id ? node : node.children.map((child) => find(child, id)).find((found) => found !== undefined);
  const seller = find(explained(book, 'currMargin'), 'option.marginPerLot');
  // 11 x 1000 + max(96 000 - half of 40 000, half of 96 000).
  expect(seller?.value).toBe(87_000);
  expect(childValue(seller, 'option.futuresMargin')).toBe(96_000);
  expect(childValue(seller, 'option.outOfTheMoney')).toBe(40_000);
  expect(childValue(seller, 'option.premium')).toBe(11);
  expect(seller?.children.find(({ id }) => id === 'option.futuresMargin')?.rules).toMatchObject([{ subject: 'company speculation SHFE.au broker' }]);
});

test('has no sum where the day has more trades and orders than the desk keeps, like the figure it explains', () => {
  const book = smallBook({ historyCapacity: 2 }, [...REFERENCE, COMMISSION]);
  book.apply(
    itemsEvent(
      'trades',
      ['X1', 'X2', 'X3'].map((tradeID) => trade(tradeID, { direction: 'buy', offsetFlag: 'open' })),
    ),
  );
  const resting: Omit<Order, 'orderSysID'> = {
    ...AT,
    direction: 'buy',
    offsetFlag: 'open',
    orderStatus: 'noTradeQueueing',
    limitPrice: 800,
    volumeTotalOriginal: 1,
    volumeTotal: 1,
    volumeTraded: 0,
    timeCondition: 'GFD',
    volumeCondition: 'any',
    insertTimeMs: FIXTURE_START_MS,
    updateTimeMs: FIXTURE_START_MS,
  };
  book.apply(
    itemsEvent(
      'orders',
      ['O1', 'O2', 'O3'].map((orderSysID) => ({ ...resting, orderSysID })),
    ),
  );
  const account = book.records.findAccount('A1');
  if (account === null) throw new Error('no account');
  const inputs = explainInputs(book, account);
  for (const [field, reason] of [
    ['commission', 'tradesDropped'],
    ['closeProfit', 'tradesDropped'],
    ['frozenMargin', 'ordersDropped'],
    ['frozenCommission', 'ordersDropped'],
  ] as const) {
    expect(explainAccount(inputs, field)).toMatchObject({ value: null, reason });
    expect(book.account({ accountID: 'A1' }).figures.find((figure) => figure.field === field)).toMatchObject({ ours: null, reason });
  }
});

test('a forced close is charged for the very lots that its profit is reckoned from, the older ones first, and unknown where the morning is', () => {
  const book = smallBook({}, [{ ...GOLD, positionDateType: 'useHistory' }, ...REFERENCE.filter((item) => item.kind !== 'instrument'), COMMISSION]);
  const history = slice('A1', { positionDate: 'history', position: 0, ydPosition: 1, preSettlementPrice: 800 });
  book.apply(
    itemsEvent('trades', [
      trade('X1', { direction: 'buy', offsetFlag: 'open', price: 804, tradeTimeMs: FIXTURE_START_MS - 3000 }),
      trade('X2', { offsetFlag: 'forceClose', price: 810, volume: 2 }),
    ]),
  );
  const account = book.records.findAccount('A1');
  if (account === null) throw new Error('the small book has A1');
  const charged = () =>
    explainInputs(book, account).charged?.map(({ charged: { tier, volume, amount } }) => [tier, volume, amount.known ? amount.value : amount.reason]);
  expect(charged()).toEqual([
    ['open', 1, 10],
    ['close', 2, 'field:ydPosition'],
  ]);
  book.apply(itemsEvent('positions', [history], { sequence: 2 }));
  expect(charged()).toEqual([
    ['open', 1, 10],
    ['closeToday', 1, 4],
    ['close', 1, 10],
  ]);
  expect(explainInputs(book, account).closes.flatMap(({ lines }) => lines.map(({ volume, isToday }) => [volume, isToday]))).toEqual([
    [1, false],
    [1, true],
  ]);
});
