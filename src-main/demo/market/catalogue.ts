/** Turns the product table into contracts of real-looking months and into the reference items that describe the market. */
import type { Calendar, Instrument, MarginAggregation, MarginRate, PositionLimit, ReferenceItem, Session } from '#shared/feed/items';
import { hasNightSession, isTradingDay, shiftTradingDay } from './calendar';
import { CITATION, EXCHANGES, type Exchange, exchangeOf, PRODUCTS, type Product, SESSIONS, TIME_ZONE } from './market-data';

/** A contract. Prices are kept as whole ticks so that money adds up to the cent. */
export type Contract = {
  index: number;
  instrumentID: string;
  product: Product;
  exchange: Exchange;
  /** Price = ticks x tickUnits / scale, exactly as a decimal would say it. */
  tickUnits: number;
  scale: number;
  /** CNY cents that one tick on one lot is worth. */
  tickCents: number;
  initialTicks: number;
  expireDate: string | null;
  /** Rank of the month: 0 is the nearest. */
  rank: number;
};

export function priceOf(contract: Contract, ticks: number): number {
  return (ticks * contract.tickUnits) / contract.scale;
}

function decimalsOf(value: number): number {
  const text = String(value);
  const dot = text.indexOf('.');
  return dot < 0 ? 0 : text.length - dot - 1;
}

function monthsAfter(product: Product, tradingDay: string): { year: number; month: number }[] {
  const months: { year: number; month: number }[] = [];
  let year = Number(tradingDay.slice(0, 4));
  let month = Number(tradingDay.slice(4, 6));
  while (months.length < product.contracts) {
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
    if (product.months.includes(month)) months.push({ year, month });
  }
  return months;
}

/** The 15th of the delivery month, or the trading day after it. */
function expiry(year: number, month: number): string {
  let date = `${year}${String(month).padStart(2, '0')}15`;
  if (!isTradingDay(date)) date = shiftTradingDay(date, 1);
  return date;
}

export function buildContracts(tradingDay: string): Contract[] {
  const contracts: Contract[] = [];
  for (const product of PRODUCTS) {
    const exchange = exchangeOf(product.exchangeID);
    const scale = 10 ** decimalsOf(product.tick);
    const months = product.months.length === 0 ? [null] : monthsAfter(product, tradingDay);
    for (const [rank, month] of months.entries()) {
      const code = month === null ? '' : `${String(month.year).slice(exchange.monthDigits === 3 ? 3 : 2)}${String(month.month).padStart(2, '0')}`;
      contracts.push({
        index: contracts.length,
        instrumentID: `${product.productID}${code}`,
        product,
        exchange,
        tickUnits: Math.round(product.tick * scale),
        scale,
        tickCents: Math.round(product.tick * product.multiplier * 100),
        // Later months carry a little more: an upward curve is the usual shape.
        initialTicks: Math.round((product.price * (1 + 0.0035 * rank)) / product.tick),
        expireDate: month === null ? null : expiry(month.year, month.month),
        rank,
      });
    }
  }
  return contracts;
}

/** What has no delivery month is deferred spot on the gold exchange, and a fund's shares on a stock exchange. */
function classOf(product: Product): Instrument['productClass'] {
  if (product.months.length > 0) return 'futures';
  return product.exchangeID === 'SGE' ? 'spotDeferred' : 'spot';
}

function instrumentItem(contract: Contract): Instrument {
  const { product } = contract;
  return {
    kind: 'instrument',
    exchangeID: product.exchangeID,
    instrumentID: contract.instrumentID,
    productID: product.productID,
    instrumentName: `${product.name}${contract.instrumentID.slice(product.productID.length)}`,
    productClass: classOf(product),
    currencyID: 'CNY',
    volumeMultiple: product.multiplier,
    priceTick: product.tick,
    maxLimitOrderVolume: product.maxOrder,
    ...(contract.expireDate === null ? {} : { expireDate: contract.expireDate }),
    lifePhase: 'started',
    positionDateType: contract.exchange.distinguishesToday ? 'useHistory' : 'noUseHistory',
    sessionID: product.sessionID,
  };
}

const sourcedFrom = (effectiveFrom: string, effectiveTo?: string) => ({
  effectiveFrom,
  ...(effectiveTo === undefined ? {} : { effectiveTo }),
  citation: CITATION,
  certainty: 'demonstration' as const,
});

const round6 = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Both layers of the margin rates, with a row that has already ended, a near-month row and broker rows relative to the exchange's. */
function marginRows(contracts: readonly Contract[], tradingDay: string): MarginRate[] {
  const changedOn = shiftTradingDay(tradingDay, -18);
  const lastOfOld = shiftTradingDay(changedOn, -1);
  const longAgo = shiftTradingDay(tradingDay, -230);
  const rows: MarginRate[] = [];
  for (const product of PRODUCTS) {
    const near = contracts.find((contract) => contract.product === product && contract.rank === 0);
    for (const hedgeFlag of ['speculation', 'hedge'] as const) {
      const current = hedgeFlag === 'hedge' ? product.hedgeMargin : product.margin;
      const row = (
        layer: 'exchange' | 'company',
        ratio: number,
        isRelative: boolean,
      ): Omit<MarginRate, 'effectiveFrom' | 'citation' | 'certainty'> => ({
        kind: 'marginRate',
        layer,
        investorRange: 'broker',
        exchangeID: product.exchangeID,
        productID: product.productID,
        hedgeFlag,
        isRelative,
        longMarginRatioByMoney: round6(ratio),
        longMarginRatioByVolume: 0,
        shortMarginRatioByMoney: round6(ratio),
        shortMarginRatioByVolume: 0,
      });
      if (product.sector === 'precious') {
        rows.push({ ...row('exchange', current - 0.02, false), ...sourcedFrom(longAgo, lastOfOld) });
        rows.push({ ...row('exchange', current, false), ...sourcedFrom(changedOn) });
      } else {
        rows.push({ ...row('exchange', current, false), ...sourcedFrom(longAgo) });
      }
      // Announced for the next trading day: a rate that is not in force yet must not be used yet.
      if (product.productID === 'ag') rows.push({ ...row('exchange', current + 0.01, false), ...sourcedFrom(shiftTradingDay(tradingDay, 1)) });
      rows.push({ ...row('company', product.addend, true), ...sourcedFrom(longAgo) });
      if (near !== undefined && product.sector === 'ferrous') {
        rows.push({ ...row('exchange', current + 0.02, false), instrumentID: near.instrumentID, ...sourcedFrom(changedOn) });
      }
    }
  }
  return rows;
}

function commissionRows(tradingDay: string): ReferenceItem[] {
  const longAgo = shiftTradingDay(tradingDay, -230);
  return PRODUCTS.map((product) => ({
    kind: 'commissionRate',
    investorRange: 'broker',
    exchangeID: product.exchangeID,
    productID: product.productID,
    openRatioByMoney: product.fee.open.byMoney,
    openRatioByVolume: product.fee.open.byVolume,
    closeRatioByMoney: product.fee.close.byMoney,
    closeRatioByVolume: product.fee.close.byVolume,
    closeTodayRatioByMoney: product.fee.closeToday.byMoney,
    closeTodayRatioByVolume: product.fee.closeToday.byVolume,
    ...sourcedFrom(longAgo),
  }));
}

function calendarItems(tradingDay: string): Calendar[] {
  const from = shiftTradingDay(tradingDay, -60);
  const tradingDays: string[] = [];
  for (let date = from; tradingDays.length < 320; date = shiftTradingDay(date, 1)) tradingDays.push(date);
  const noNightSession = tradingDays.filter((date) => !hasNightSession(date));
  return EXCHANGES.map((exchange) => ({
    kind: 'calendar',
    exchangeID: exchange.exchangeID,
    from,
    to: tradingDays.at(-1) ?? from,
    tradingDays,
    noNightSession,
    citation: CITATION,
    certainty: 'demonstration',
  }));
}

/** Everything about the market that does not depend on the broker's clients. */
export function marketReference(contracts: readonly Contract[], tradingDay: string): ReferenceItem[] {
  const longAgo = shiftTradingDay(tradingDay, -230);
  const sessions: Session[] = SESSIONS.map((session) => ({
    kind: 'session',
    sessionID: session.sessionID,
    timeZone: TIME_ZONE,
    sections: session.sections.map((section) => ({ ...section })),
    citation: CITATION,
    certainty: 'demonstration',
  }));
  const aggregations: MarginAggregation[] = EXCHANGES.map((exchange) => ({
    kind: 'marginAggregation',
    exchangeID: exchange.exchangeID,
    method: exchange.aggregation,
    ...sourcedFrom(longAgo),
  }));
  const limits: PositionLimit[] = PRODUCTS.map((product) => ({
    kind: 'positionLimit',
    exchangeID: product.exchangeID,
    productID: product.productID,
    limitVolume: product.positionLimit,
    ...sourcedFrom(longAgo),
  }));
  return [
    ...calendarItems(tradingDay),
    ...sessions,
    ...contracts.map(instrumentItem),
    ...aggregations,
    ...marginRows(contracts, tradingDay),
    ...commissionRows(tradingDay),
    ...limits,
  ];
}
