/** A counter on the morning after a written statement: what was carried over, an option sold and one closed since, delivery margin, a pledge, and neighbours in trouble. */
import { writeStatement } from './statement-writer';

const DAY = '20260916';
const SOURCED = { effectiveFrom: '20240101', citation: 'test', certainty: 'demonstration' };
const BROUGHT_FORWARD = 10_000_000;
const FEE = 7.07;
const CARRIED = 3;
const OPENED_AT = 15_700;
const SETTLED_AT = 15_891;
const MULTIPLIER = 15;
const CONTRACT = 'ag2702';
const OPTION = 'ag2702C16000';

/** 10:00 in Shanghai. */
export const MORNING_MS = Date.UTC(2026, 8, 16, 2);
export const CLIENT = '900001';
export const WITHOUT_EQUITY = '900002';
export const REFUSED = '900003';
export const MORNING_DAY = DAY;
/** For accounts of one contract each that stand beside these. */
export const MORNING = { day: DAY, dayBefore: '20260915', atMs: MORNING_MS };
export const GROUP = { kind: 'controlGroup', controlGroupID: 'G1', controlGroupName: '一致行动组', accountIDs: [CLIENT, REFUSED] };

export function statementOfTheDayBefore(): string {
  return writeStatement([{ instrumentID: CONTRACT, direction: 'buy', isOpen: true, price: OPENED_AT, volume: CARRIED, fee: FEE }], BROUGHT_FORWARD);
}

/** Settlement prices of so many trading days that went before, up and down by turns, with a fall now and then. */
export function pricesOf(days: number): string {
  const lines = ['date,exchangeID,instrumentID,settlementPrice'];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2026, 8, 15) - (days - 1 - day) * 86_400_000);
    const name = date.toISOString().slice(0, 10).replaceAll('-', '');
    const swing = 1 + 0.008 * Math.sin(day * 1.7) - (day % 47 === 0 ? 0.035 : 0);
    lines.push(`${name},SHFE,${CONTRACT},${Math.round(SETTLED_AT * swing)}`);
  }
  return lines.join('\n');
}

const instrument = {
  kind: 'instrument',
  exchangeID: 'SHFE',
  instrumentID: CONTRACT,
  productID: 'ag',
  instrumentName: 'Silver 2702',
  productClass: 'futures',
  currencyID: 'CNY',
  volumeMultiple: MULTIPLIER,
  priceTick: 1,
  maxLimitOrderVolume: 500,
};
const option = {
  ...instrument,
  instrumentID: OPTION,
  productID: 'ag_o',
  instrumentName: 'Silver 2702 call 16000',
  productClass: 'option',
  underlyingInstrID: CONTRACT,
  optionsType: 'call',
  strikePrice: 16_000,
  priceTick: 0.5,
};

function rate(layer: 'company' | 'exchange', ratio: number) {
  const ratios = { longMarginRatioByMoney: ratio, longMarginRatioByVolume: 0, shortMarginRatioByMoney: ratio, shortMarginRatioByVolume: 0 };
  return {
    kind: 'marginRate',
    layer,
    investorRange: 'broker',
    exchangeID: 'SHFE',
    productID: 'ag',
    hedgeFlag: 'speculation',
    isRelative: false,
    ...ratios,
    ...SOURCED,
  };
}

function master(accountID: string, accountName: string) {
  const settings = { marginPriceType: 'open', algorithm: 'onlyLost', availIncludeCloseProfit: 'include' };
  return { kind: 'accountMaster', accountID, accountName, departmentID: 'D1', currencyID: 'CNY', ...settings };
}

export function morningReference(): unknown[] {
  return [
    { kind: 'department', departmentID: 'D1', departmentName: 'Metals' },
    ...['ag', 'ag_o'].map((productID) => ({ kind: 'marginAggregation', exchangeID: 'SHFE', productID, method: 'productBigSide', ...SOURCED })),
    {
      kind: 'calendar',
      exchangeID: 'SHFE',
      from: '20260901',
      to: '20260930',
      tradingDays: ['20260914', '20260915', DAY],
      noNightSession: [],
      citation: 'test',
      certainty: 'demonstration',
    },
    instrument,
    option,
    rate('company', 0.19),
    rate('exchange', 0.16),
    master(CLIENT, '测试客户'),
    master(WITHOUT_EQUITY, '穿仓客户'),
    master(REFUSED, '拒收客户'),
    GROUP,
    { kind: 'positionLimit', exchangeID: 'SHFE', productID: 'ag', limitVolume: 5, ...SOURCED },
  ];
}

export function morningQuotes(): unknown[] {
  const at = { exchangeID: 'SHFE', updateTimeMs: MORNING_MS };
  return [
    { ...at, instrumentID: CONTRACT, lastPrice: 15_850, preSettlementPrice: SETTLED_AT, upperLimitPrice: 18_275, lowerLimitPrice: 13_507 },
    { ...at, instrumentID: OPTION, lastPrice: 412, preSettlementPrice: 405.5, upperLimitPrice: 2_789, lowerLimitPrice: 0.5 },
  ];
}

export function morningMoney(): unknown[] {
  const none = { deposit: 0, withdraw: 0, closeProfit: 0, commission: 0, frozenMargin: 0, frozenCommission: 0 };
  const carriedForward = BROUGHT_FORWARD + (SETTLED_AT - OPENED_AT) * MULTIPLIER * CARRIED - FEE;
  const base = { currencyID: 'CNY', asOfMs: MORNING_MS, ...none };
  return [
    {
      ...base,
      accountID: CLIENT,
      preBalance: carriedForward,
      preMortgage: 0,
      mortgage: 250_000,
      cashIn: 11_940,
      commission: 15.4,
      deliveryMargin: 48_000,
      frozenCash: 6_180,
    },
    { ...base, accountID: WITHOUT_EQUITY, preBalance: -120_000 },
    { ...base, accountID: REFUSED, preBalance: 500_000 },
  ];
}

export function morningPositions(): unknown[] {
  const lot = (accountID: string, instrumentID: string, direction: 'long' | 'short', volume: number, openPrice: number, openDate: string) => [
    {
      kind: 'positionDetail',
      accountID,
      exchangeID: 'SHFE',
      instrumentID,
      direction,
      hedgeFlag: 'speculation',
      openDate,
      tradeID: `T-${accountID}-${instrumentID}`,
      asOfMs: MORNING_MS,
      volume,
      openPrice,
      closeVolume: 0,
    },
    {
      kind: 'position',
      accountID,
      exchangeID: 'SHFE',
      instrumentID,
      posiDirection: direction,
      hedgeFlag: 'speculation',
      positionDate: openDate === DAY ? 'today' : 'history',
      asOfMs: MORNING_MS,
      position: volume,
      ydPosition: openDate === DAY ? 0 : volume,
    },
  ];
  return [
    ...lot(CLIENT, CONTRACT, 'long', CARRIED, OPENED_AT, '20260915'),
    ...lot(CLIENT, OPTION, 'short', 2, 398, DAY),
    ...lot(WITHOUT_EQUITY, CONTRACT, 'short', 1, 15_880, '20260915'),
    ...lot(REFUSED, CONTRACT, 'long', 1, 15_880, '20260915'),
  ];
}

/** An option bought and sold again since the morning: what closing it realised, no counter was seen to book. */
export function morningTrades(): unknown[] {
  const trade = {
    accountID: CLIENT,
    exchangeID: 'SHFE',
    instrumentID: OPTION,
    hedgeFlag: 'speculation',
    volume: 1,
    tradeTimeMs: MORNING_MS - 600_000,
  };
  return [
    { ...trade, tradeID: 'X1', direction: 'buy', offsetFlag: 'open', price: 401 },
    { ...trade, tradeID: 'X2', direction: 'sell', offsetFlag: 'closeToday', price: 409, tradeTimeMs: MORNING_MS - 300_000 },
  ];
}
