/** A book small enough to check by hand: gold on SHFE, one account with one lot of yesterday and one of today. */
import { Book, type BookOptions } from '#engine/book/book';
import type {
  AccountMaster,
  CounterAccount,
  Instrument,
  MarginAggregation,
  MarginRate,
  Order,
  PositionDetail,
  PositionSlice,
  Quote,
  ReferenceItem,
} from '#shared/feed/items';
import { FIXTURE_DAY, FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';

const SOURCED = { effectiveFrom: '20260101', citation: 'test', certainty: 'demonstration' } as const;

export const GOLD: Instrument = {
  kind: 'instrument',
  exchangeID: 'SHFE',
  instrumentID: 'au2612',
  productID: 'au',
  instrumentName: 'Gold 2612',
  productClass: 'futures',
  currencyID: 'CNY',
  volumeMultiple: 1000,
  priceTick: 0.02,
};
export const BIG_SIDE: MarginAggregation = { kind: 'marginAggregation', exchangeID: 'SHFE', method: 'productBigSide', ...SOURCED };
export function rateRow(layer: 'company' | 'exchange', ratio: number): MarginRate {
  return {
    kind: 'marginRate',
    layer,
    investorRange: 'broker',
    exchangeID: 'SHFE',
    productID: 'au',
    hedgeFlag: 'speculation',
    isRelative: false,
    longMarginRatioByMoney: ratio,
    longMarginRatioByVolume: 0,
    shortMarginRatioByMoney: ratio,
    shortMarginRatioByVolume: 0,
    ...SOURCED,
  };
}
export function master(accountID: string, over: Partial<AccountMaster> = {}): AccountMaster {
  return {
    kind: 'accountMaster',
    accountID,
    accountName: `Name of ${accountID}`,
    departmentID: 'D1',
    currencyID: 'CNY',
    marginPriceType: 'open',
    algorithm: 'onlyLost',
    availIncludeCloseProfit: 'include',
    ...over,
  };
}
export function money(accountID: string, over: Partial<CounterAccount> = {}): CounterAccount {
  return {
    accountID,
    currencyID: 'CNY',
    asOfMs: FIXTURE_START_MS,
    preBalance: 1_000_000,
    deposit: 0,
    withdraw: 0,
    closeProfit: 0,
    commission: 0,
    frozenMargin: 0,
    frozenCommission: 0,
    ...over,
  };
}
export const QUOTE: Quote = {
  exchangeID: 'SHFE',
  instrumentID: 'au2612',
  updateTimeMs: FIXTURE_START_MS - 500,
  lastPrice: 805,
  preSettlementPrice: 800,
};
export function lot(accountID: string, tradeID: string, over: Partial<PositionDetail> = {}): PositionDetail {
  return {
    kind: 'positionDetail',
    accountID,
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    direction: 'long',
    hedgeFlag: 'speculation',
    openDate: FIXTURE_DAY,
    tradeID,
    asOfMs: FIXTURE_START_MS,
    volume: 1,
    openPrice: 802,
    ...over,
  };
}
/** A resting order that closes one lot of a long position. */
export function restingClose(accountID: string, over: Partial<Order> = {}): Order {
  return {
    accountID,
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    orderSysID: 'R1',
    direction: 'sell',
    offsetFlag: 'close',
    hedgeFlag: 'speculation',
    limitPrice: 820,
    volumeTotalOriginal: 1,
    volumeTraded: 0,
    volumeTotal: 1,
    timeCondition: 'GFD',
    volumeCondition: 'any',
    orderStatus: 'noTradeQueueing',
    insertTimeMs: FIXTURE_START_MS,
    updateTimeMs: FIXTURE_START_MS,
    ...over,
  };
}
export function slice(accountID: string, over: Partial<PositionSlice> = {}): PositionSlice {
  return {
    kind: 'position',
    accountID,
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    posiDirection: 'long',
    hedgeFlag: 'speculation',
    positionDate: 'today',
    asOfMs: FIXTURE_START_MS,
    position: 1,
    ...over,
  };
}
export const REFERENCE: ReferenceItem[] = [
  { kind: 'department', departmentID: 'D1', departmentName: 'Metals' },
  GOLD,
  BIG_SIDE,
  rateRow('company', 0.12),
  rateRow('exchange', 0.1),
  master('A1'),
  master('A2'),
];

/** A1: yesterday's lot at 700 and today's at 802. A2: one lot of today, so that somebody is always right. Evaluated. */
export function smallBook(options: BookOptions = {}, reference: ReferenceItem[] = REFERENCE): Book {
  const book = new Book(options);
  book.apply([
    itemsEvent('reference', reference, { type: 'picture' }),
    itemsEvent('quotes', [QUOTE], { type: 'picture' }),
    itemsEvent('accounts', [money('A1'), money('A2')], { type: 'picture' }),
    itemsEvent('positions', [lot('A1', 'T1', { openDate: '20260910', openPrice: 700 }), lot('A1', 'T2'), lot('A2', 'T3')], { type: 'picture' }),
  ]);
  book.evaluate(FIXTURE_START_MS);
  return book;
}
