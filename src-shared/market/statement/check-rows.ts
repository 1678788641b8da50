/** Recomputes the rows of a statement's tables, trade by trade and lot by lot, from prices, lots and the multipliers that the statement's own figures show. */
import { groupBy } from '#shared/group-by';
import { type AggregationRule, aggregateAccountMargin, productOf } from '#shared/market/counter/aggregation';
import { isOption } from '#shared/market/counter/sold-options';
import type { Statement, StatementLot } from '#shared/market/statement/statement';

/** `difference` is stated minus computed, to the cent; null with a `reason` where the statement alone does not suffice. */
export type StatementCheck = {
  subject: string;
  field: string;
  line: number | null;
  stated: number;
  computed: number | null;
  difference: number | null;
  reason?: string;
};

/** Half a cent is the most that rounding explains. */
const CENT = 0.005 + 1e-9;

export function check(subject: string, field: string, line: number | null, stated: number, computed: number | null, reason?: string): StatementCheck {
  if (computed === null) return { subject, field, line, stated, computed, difference: null, reason: reason ?? 'not known' };
  const rounded = Math.round(computed * 1e6) / 1e6;
  const difference = Math.round((stated - rounded) * 1e4) / 1e4;
  return { subject, field, line, stated, computed: rounded, difference: difference === 0 ? 0 : difference };
}

export function checkRows(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  const multiplierOf = multipliersOf(statement);
  return [
    ...checkTrades(statement, multiplierOf),
    ...checkCloses(statement, multiplierOf),
    ...checkLots(statement, multiplierOf),
    ...checkMargins(statement.positionsDetail),
    ...checkPositions(statement, rules),
    ...checkPrices(statement),
    ...checkTradedLots(statement),
  ];
}

type MultiplierOf = (instrumentID: string) => number | null;

/**
 * A product's multiplier as most of the statement's figures show it: turnover over price and lots of a trade, profit over price difference and lots of a lot or
 * a close. A trade alone is enough; of profits two must agree, since one would only be compared with itself.
 */
function multipliersOf(statement: Statement): MultiplierOf {
  const votes = new Map<string, Map<number, number>>();
  const vote = (instrumentID: string, amount: number, ofOneUnit: number, weight: number): void => {
    const multiplier = Math.round(Math.abs(amount / ofOneUnit));
    if (!(multiplier > 0) || !Number.isFinite(multiplier) || Math.abs(Math.abs(amount) - multiplier * Math.abs(ofOneUnit)) > CENT) return;
    const product = productKey(instrumentID);
    const own = votes.get(product) ?? new Map<number, number>();
    votes.set(product, own.set(multiplier, (own.get(multiplier) ?? 0) + weight));
  };
  for (const { instrumentID, turnover, price, volume } of statement.transactions) vote(instrumentID, turnover, price * volume, 2);
  for (const close of statement.closes)
    vote(close.instrumentID, close.closeProfit, (close.closePrice - closeBase(close, statement)) * close.volume, 1);
  for (const lot of statement.positionsDetail) {
    if (isOption(lot.instrumentID)) continue;
    vote(lot.instrumentID, lot.positionProfitByTrade, (lot.settlementPrice - lot.openPrice) * lot.volume, 1);
    vote(lot.instrumentID, lot.positionProfitByDate, (lot.settlementPrice - lotBase(lot, statement)) * lot.volume, 1);
  }
  return (instrumentID) => {
    let best: [multiplier: number, votes: number] | null = null;
    for (const [multiplier, count] of votes.get(productKey(instrumentID)) ?? []) if (best === null || count > best[1]) best = [multiplier, count];
    return best !== null && best[1] >= 2 ? best[0] : null;
  };
}

/** A contract's product; options on a future have its multiplier. */
function productKey(instrumentID: string): string {
  return instrumentID.replace(/\d.*$/, '');
}

function noMultiplier(instrumentID: string): string {
  return `nothing else in the statement shows the multiplier of ${instrumentID}`;
}

function checkTrades(statement: Statement, multiplierOf: MultiplierOf): StatementCheck[] {
  const turnovers = statement.transactions.map(({ instrumentID, line, turnover, price, volume }) => {
    const multiplier = multiplierOf(instrumentID);
    return check(instrumentID, 'turnover', line, turnover, multiplier === null ? null : price * volume * multiplier, noMultiplier(instrumentID));
  });
  // What trades realised stands once with the trades and once with the lots they closed. Some counters leave it out of the trades.
  const realised = statement.transactions.reduce((sum, { closeProfit }) => sum + closeProfit, 0);
  const ofCloses = statement.closes.reduce((sum, { closeProfit }) => sum + closeProfit, 0);
  const isStated = statement.transactions.some(({ closeProfit }) => closeProfit !== 0);
  return isStated ? [...turnovers, check('transactions', 'closeProfit', null, realised, ofCloses)] : turnovers;
}

/**
 * Lots opened today are those that are left of them and those closed again today, and every close trade stands among the closed lots: by contract, side and
 * hedge flag. An exercise brings and takes lots without a trade, and leaves both unknown.
 */
function checkTradedLots({ date, account, transactions, closes, positionsDetail }: Statement): StatementCheck[] {
  type Lots = { line: number; instrumentID: string; traded: number; held: number };
  const opened = new Map<string, Lots>();
  const closed = new Map<string, Lots>();
  const add = (to: Map<string, Lots>, row: LotsRow, side: 'buy' | 'sell', field: 'traded' | 'held'): void => {
    const key = `${row.instrumentID} ${side} ${row.hedgeFlag}`;
    const lots = to.get(key) ?? { line: row.line, instrumentID: row.instrumentID, traded: 0, held: 0 };
    lots[field] += row.volume;
    to.set(key, lots);
  };
  for (const trade of transactions) add(trade.offsetFlag === 'open' ? opened : closed, trade, trade.direction, 'traded');
  for (const lot of positionsDetail) if (lot.openDate === date) add(opened, lot, lot.direction, 'held');
  for (const close of closes) {
    add(closed, close, close.direction, 'held');
    // A sell closes what a buy opened.
    if (close.openDate === date) add(opened, close, close.direction === 'sell' ? 'buy' : 'sell', 'held');
  }
  const isExercised = [account.exerciseProfit, account.exerciseFee, account.deliveryProfit, account.deliveryFee].some(
    (stated) => (stated ?? 0) !== 0,
  );
  const checked = (field: string, all: Map<string, Lots>): StatementCheck[] =>
    [...all.values()].map(({ line, instrumentID, traded, held }) =>
      check(instrumentID, field, line, traded, isExercised ? null : held, 'an exercise or a delivery changes lots without a trade'),
    );
  return [...checked('openedVolume', opened), ...checked('closedVolume', closed)];
}
type LotsRow = { line: number; instrumentID: string; hedgeFlag: string; volume: number };

/** By date (盯市) lots of earlier days are reckoned from pre-settlement, lots of the day from their open price; by trade (逐笔) all from their open price. */
function closeBase(close: Statement['closes'][number], { basis }: Statement): number {
  return close.openDate === close.closeDate || basis === 'trade' ? close.openPrice : close.preSettlementPrice;
}

function lotBase(lot: StatementLot, { date }: Statement): number {
  return lot.openDate === date ? lot.openPrice : lot.preSettlementPrice;
}

function checkCloses(statement: Statement, multiplierOf: MultiplierOf): StatementCheck[] {
  return statement.closes.map((close) => {
    const { instrumentID, line, closeProfit, closePrice, volume } = close;
    if (isOption(instrumentID)) return check(instrumentID, 'closeProfit', line, closeProfit, null, anOption(instrumentID));
    const multiplier = multiplierOf(instrumentID);
    const sign = close.direction === 'sell' ? 1 : -1;
    const computed = multiplier === null ? null : sign * (closePrice - closeBase(close, statement)) * multiplier * volume;
    return check(instrumentID, 'closeProfit', line, closeProfit, computed, noMultiplier(instrumentID));
  });
}

function anOption(instrumentID: string): string {
  return `${instrumentID} is an option: how its profit is stated was not seen`;
}

function checkLots(statement: Statement, multiplierOf: MultiplierOf): StatementCheck[] {
  return statement.positionsDetail.flatMap((lot) => {
    const { instrumentID, line, volume, settlementPrice, optionValue } = lot;
    const isAnOption = isOption(instrumentID);
    const multiplier = multiplierOf(instrumentID);
    const reason = isAnOption ? anOption(instrumentID) : noMultiplier(instrumentID);
    const profitFrom = (base: number): number | null =>
      isAnOption || multiplier === null ? null : (lot.direction === 'buy' ? 1 : -1) * (settlementPrice - base) * multiplier * volume;
    const marketValue = !isAnOption ? 0 : multiplier === null ? null : Math.sign(optionValue ?? 0) * settlementPrice * multiplier * volume;
    return [
      check(instrumentID, 'positionProfitByTrade', line, lot.positionProfitByTrade, profitFrom(lot.openPrice), reason),
      check(instrumentID, 'positionProfitByDate', line, lot.positionProfitByDate, profitFrom(lotBase(lot, statement)), reason),
      ...(optionValue === undefined ? [] : [check(instrumentID, 'optionValue', line, optionValue, marketValue, noMultiplier(instrumentID))]),
    ];
  });
}

/** At a settlement all lots of a contract, side and hedge flag have one margin per lot: where most of them agree, one that does not is found. */
function checkMargins(lots: readonly StatementLot[]): StatementCheck[] {
  const groups = groupBy(lots, ({ instrumentID, direction, hedgeFlag }) => `${instrumentID} ${direction} ${hedgeFlag}`);
  return [...groups.values()].flatMap((group) => group.flatMap((lot) => checkMargin(lot, group)));
}

function checkMargin(lot: StatementLot, group: readonly StatementLot[]): StatementCheck[] {
  const margins = group.filter(({ volume }) => volume > 0).map(({ margin, volume }) => margin / volume);
  const perLot = [...margins].sort((a, b) => a - b)[Math.floor(margins.length / 2)];
  if (perLot === undefined || margins.length < 3 || lot.volume === 0) return [];
  // Each lot's margin is rounded to the cent on its own, so the margin of one is known to half a cent over its lots.
  const isSame = (other: StatementLot): boolean => Math.abs(other.margin - perLot * other.volume) <= CENT * (1 + other.volume);
  if (group.filter(isSame).length * 2 <= margins.length) return [];
  return [check(lot.instrumentID, 'margin', lot.line, lot.margin, isSame(lot) ? lot.margin : perLot * lot.volume)];
}

function checkPositions(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  const lotsOf = groupBy(statement.positionsDetail, ({ instrumentID, hedgeFlag }) => `${instrumentID} ${hedgeFlag}`);
  const ofProduct = groupBy(statement.positions, ({ instrumentID }) => productOf(instrumentID));
  return statement.positions.flatMap((position) => {
    const { instrumentID, hedgeFlag, line } = position;
    const lots = lotsOf.get(`${instrumentID} ${hedgeFlag}`) ?? [];
    const of = (direction: 'buy' | 'sell') => lots.filter((lot) => lot.direction === direction);
    const volume = (side: readonly StatementLot[]) => side.reduce((total, lot) => total + lot.volume, 0);
    const profit = lots.reduce((total, lot) => total + lot.positionProfitByDate, 0);
    return [
      check(instrumentID, 'longVolume', line, position.longVolume, volume(of('buy'))),
      check(instrumentID, 'shortVolume', line, position.shortVolume, volume(of('sell'))),
      check(instrumentID, 'positionProfitByDate', line, position.positionProfitByDate, profit),
      ...averages(statement.date, instrumentID, line, position.longAveragePrice, of('buy'), 'longAveragePrice'),
      ...averages(statement.date, instrumentID, line, position.shortAveragePrice, of('sell'), 'shortAveragePrice'),
      ...(ofProduct.get(productOf(instrumentID))?.length === 1 ? checkPositionMargin(position, lots, statement.date, rules) : []),
    ];
  });
}

/** The mean open price of lots of the day; whether lots of earlier days enter with their open price or with pre-settlement was not seen. */
function averages(
  date: string,
  instrumentID: string,
  line: number,
  stated: number,
  lots: readonly StatementLot[],
  field: 'longAveragePrice' | 'shortAveragePrice',
): StatementCheck[] {
  if (lots.some(({ openDate }) => openDate !== date)) return [];
  const volume = lots.reduce((total, lot) => total + lot.volume, 0);
  const mean = volume === 0 ? 0 : lots.reduce((total, lot) => total + lot.openPrice * lot.volume, 0) / volume;
  return [check(instrumentID, field, line, stated, Math.abs(mean - stated) <= CENT ? stated : mean)];
}

/** A contract has one pre-settlement and one settlement price in a day: every row that states another one than most do is found. */
function checkPrices({ closes, positionsDetail, positions }: Statement): StatementCheck[] {
  const stated = groupBy([...closes, ...positionsDetail, ...positions], ({ instrumentID }) => instrumentID);
  return [...stated].flatMap(([instrumentID, rows]) =>
    (['preSettlementPrice', 'settlementPrice'] as const).flatMap((field) => {
      const prices = rows.flatMap((row) => (field in row ? [{ line: row.line, price: (row as StatementLot)[field] }] : []));
      if (prices.length < 2) return [];
      const usual = [...prices].sort((a, b) => a.price - b.price)[Math.floor(prices.length / 2)]?.price ?? null;
      return prices.map(({ line, price }) => check(instrumentID, field, line, price, usual));
    }),
  );
}

/** Where the rule nets several contracts of a product, a statement does not say how it shares their margin out, so only the account's is checked then. */
function checkPositionMargin(
  position: Statement['positions'][number],
  lots: readonly StatementLot[],
  date: string,
  rules: readonly AggregationRule[],
): StatementCheck[] {
  const margin = aggregateAccountMargin(marginSides(lots), rules, date);
  return margin.known ? [check(position.instrumentID, 'marginOccupied', position.line, position.marginOccupied, margin.value)] : [];
}

export function marginSides(lots: readonly StatementLot[]): Parameters<typeof aggregateAccountMargin>[0] {
  return lots.map(({ exchangeID, instrumentID, direction, margin }) => ({
    exchangeID,
    instrumentID,
    direction: direction === 'buy' ? ('long' as const) : ('short' as const),
    margin,
  }));
}
