/** Accounts of one contract each, as a source would send them: what is wrong with one of them, or with its contract, touches nobody else. */

/** 09:00 of 8 May 2024 in Shanghai. */
const FEED_SERVER_DAY = { day: '20240508', dayBefore: '20240507', atMs: 1_715_130_000_000 };
const SOURCED = { effectiveFrom: '20240101', citation: 'test', certainty: 'demonstration' };

/** Items as they go over the wire, good ones; a test spoils what it wants. `rate` takes what is no rate too. */
export function oneContractAccount(name: string, { day, dayBefore, atMs } = FEED_SERVER_DAY) {
  const exchangeID = 'SHFE';
  const instrumentID = `${name}2406`;
  const accountID = `A-${name}`;
  const instrument = {
    kind: 'instrument',
    exchangeID,
    instrumentID,
    productID: name,
    productClass: 'futures',
    currencyID: 'CNY',
    volumeMultiple: 1000,
    priceTick: 0.02,
  };
  const rate = (layer: 'company' | 'exchange', ratio: unknown) => ({
    kind: 'marginRate',
    layer,
    investorRange: 'broker',
    exchangeID,
    productID: name,
    hedgeFlag: 'speculation',
    isRelative: false,
    longMarginRatioByMoney: ratio,
    longMarginRatioByVolume: 0,
    shortMarginRatioByMoney: ratio,
    shortMarginRatioByVolume: 0,
    ...SOURCED,
  });
  const master = {
    kind: 'accountMaster',
    accountID,
    accountName: name,
    departmentID: 'D1',
    currencyID: 'CNY',
    marginPriceType: 'open',
    algorithm: 'onlyLost',
    availIncludeCloseProfit: 'include',
  };
  const quote = { exchangeID, instrumentID, updateTimeMs: atMs, lastPrice: 805, preSettlementPrice: 800 };
  const money = {
    accountID,
    currencyID: 'CNY',
    asOfMs: atMs,
    preBalance: 1_000_000,
    deposit: 0,
    withdraw: 0,
    closeProfit: 0,
    commission: 0,
    frozenMargin: 0,
    frozenCommission: 0,
  };
  const lot = {
    kind: 'positionDetail',
    accountID,
    exchangeID,
    instrumentID,
    direction: 'long',
    hedgeFlag: 'speculation',
    openDate: day,
    tradeID: 'T1',
    asOfMs: atMs,
    volume: 2,
    openPrice: 802,
    closeVolume: 0,
  };
  const slice = {
    kind: 'position',
    accountID,
    exchangeID,
    instrumentID,
    posiDirection: 'long',
    hedgeFlag: 'speculation',
    positionDate: 'today',
    asOfMs: atMs,
    position: 2,
  };
  return { accountID, instrumentID, dayBefore, label: `SHFE.${instrumentID}`, instrument, rate, master, quote, money, lot, slice };
}
export type OneContractAccount = ReturnType<typeof oneContractAccount>;

/** All their reference items in one list. */
export function worldReference(accounts: readonly OneContractAccount[]): unknown[] {
  return [
    { kind: 'department', departmentID: 'D1', departmentName: 'Metals' },
    { kind: 'marginAggregation', exchangeID: 'SHFE', method: 'productBigSide', ...SOURCED },
    ...accounts.flatMap(({ instrument, rate, master }) => [instrument, rate('company', 0.12), rate('exchange', 0.1), master]),
  ];
}
