/** An account with a spread declared to the exchange, and silver of a month that is out of its product's larger side: margins small enough to check by hand. */

const SOURCED = { effectiveFrom: '20240101', citation: 'test', certainty: 'demonstration' };
const DAY_BEFORE = '20260915';
export const SPREAD_CLIENT = '900010';
const CONTRACTS = [
  { exchangeID: 'DCE', productID: 'm', instrumentID: 'm2701', volumeMultiple: 10, priceTick: 1, price: 3_000 },
  { exchangeID: 'DCE', productID: 'm', instrumentID: 'm2705', volumeMultiple: 10, priceTick: 1, price: 3_200 },
  { exchangeID: 'SHFE', productID: 'cu', instrumentID: 'cu2609', volumeMultiple: 5, priceTick: 10, price: 80_000 },
  { exchangeID: 'SHFE', productID: 'cu', instrumentID: 'cu2612', volumeMultiple: 5, priceTick: 10, price: 80_000 },
] as const;

function rate(layer: 'company' | 'exchange', exchangeID: string, productID: string, ratio: number) {
  const ratios = { longMarginRatioByMoney: ratio, longMarginRatioByVolume: 0, shortMarginRatioByMoney: ratio, shortMarginRatioByVolume: 0 };
  const place = { investorRange: 'broker', exchangeID, productID, hedgeFlag: 'speculation', isRelative: false };
  return { kind: 'marginRate', layer, ...place, ...ratios, ...SOURCED };
}

export function spreadReference(): unknown[] {
  return [
    ...CONTRACTS.map(({ price: _price, ...contract }) => ({ kind: 'instrument', productClass: 'futures', currencyID: 'CNY', ...contract })),
    { kind: 'marginAggregation', exchangeID: 'DCE', method: 'plainSum', ...SOURCED },
    { kind: 'bigSideExclusion', exchangeID: 'SHFE', instrumentID: 'cu2609', countedAs: 'plainSum', ...SOURCED },
    ...[
      rate('company', 'DCE', 'm', 0.1),
      rate('exchange', 'DCE', 'm', 0.07),
      rate('company', 'SHFE', 'cu', 0.1),
      rate('exchange', 'SHFE', 'cu', 0.08),
    ],
    {
      ...{ kind: 'accountMaster', accountID: SPREAD_CLIENT, accountName: '套利客户', departmentID: 'D1', currencyID: 'CNY' },
      ...{ marginPriceType: 'open', algorithm: 'onlyLost', availIncludeCloseProfit: 'include' },
    },
  ];
}

export function spreadQuotes(atMs: number): unknown[] {
  return CONTRACTS.map(({ exchangeID, instrumentID, price }) => ({
    ...{ exchangeID, instrumentID, updateTimeMs: atMs, lastPrice: price, preSettlementPrice: price },
  }));
}

export function spreadMoney(atMs: number): unknown[] {
  const none = { deposit: 0, withdraw: 0, closeProfit: 0, commission: 0, frozenMargin: 0, frozenCommission: 0 };
  return [{ accountID: SPREAD_CLIENT, currencyID: 'CNY', asOfMs: atMs, preBalance: 400_000, ...none }];
}

/** Long ten m2701 (30,000) and short ten m2705 (32,000), of which `combined` are in a spread; long one cu2609 and short one cu2612, 40,000 each. */
export function spreadPositions(atMs: number, combined: number): unknown[] {
  const held = [
    { at: 0, direction: 'long', volume: 10 },
    { at: 1, direction: 'short', volume: 10 },
    { at: 2, direction: 'long', volume: 1 },
    { at: 3, direction: 'short', volume: 1 },
  ] as const;
  const lots = held.map(({ at, direction, volume }) => {
    const { exchangeID, instrumentID, price } = CONTRACTS[at];
    const named = {
      accountID: SPREAD_CLIENT,
      exchangeID,
      instrumentID,
      direction,
      hedgeFlag: 'speculation',
      openDate: DAY_BEFORE,
      tradeID: `T${at}`,
    };
    return { kind: 'positionDetail', ...named, asOfMs: atMs, volume, openPrice: price, lastSettlementPrice: price };
  });
  const legs = lots.slice(0, 2).map(({ volume: _volume, openPrice: _open, lastSettlementPrice: _last, ...lot }, at) => ({
    ...lot,
    ...{ kind: 'positionCombineDetail', comTradeID: 'C-1', combInstrumentID: 'SP m2701&m2705', legID: at + 1, legMultiple: 1, totalAmt: combined },
  }));
  return [...lots, ...legs];
}
