/** Accounts of one contract each, as a source would send them: what is wrong with one of them, or with its contract, touches nobody else. */

const DAY = '20240508';
const SOURCED = { effectiveFrom: '20240101', citation: 'test', certainty: 'demonstration' };

/** Items as they go over the wire, good ones; a test spoils what it wants. `rate` takes what is no rate too. */
export function oneContractAccount(name: string) {
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
  const quote = { exchangeID, instrumentID, updateTimeMs: 1_715_130_000_000, lastPrice: 805, preSettlementPrice: 800 };
  const money = {
    accountID,
    currencyID: 'CNY',
    asOfMs: 1_715_130_000_000,
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
    openDate: DAY,
    tradeID: 'T1',
    asOfMs: 1_715_130_000_000,
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
    asOfMs: 1_715_130_000_000,
    position: 2,
  };
  return { accountID, instrumentID, label: `SHFE.${instrumentID}`, instrument, rate, master, quote, money, lot, slice };
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
