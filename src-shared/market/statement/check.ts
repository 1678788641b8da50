/** Recomputes a statement's figures from its own lots, prices and trades, and says which of the stated figures do not follow. */
import { type AggregationRule, aggregateAccountMargin } from '#shared/market/counter/aggregation';
import { type Known, known, sumKnown, unknown } from '#shared/market/known';
import { type Reason, reasonFor, reasonParts } from '#shared/market/reason';
import type { SummaryField } from '#shared/market/statement/layout';
import type { Statement } from '#shared/market/statement/statement';

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

/** Statement money is stated in cents, so half a cent is the most that rounding explains. */
const CENT = 0.005 + 1e-9;

export function checkStatement(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  const multipliers = multipliersOf(statement);
  return [
    ...checkCloses(statement, multipliers),
    ...checkLots(statement, multipliers),
    ...checkPositions(statement),
    ...checkAccount(statement, rules),
  ];
}

export function disagreements(checks: readonly StatementCheck[]): StatementCheck[] {
  return checks.filter((check) => check.difference !== null && Math.abs(check.difference) > CENT);
}

/** A contract's multiplier as its trades show it (turnover over price and lots); contracts of one product share it. */
function multipliersOf(statement: Statement): ReadonlyMap<string, number> {
  const multipliers = new Map<string, number>();
  for (const trade of statement.transactions) {
    if (trade.price === 0 || trade.volume === 0) continue;
    const multiplier = Math.round(trade.turnover / trade.price / trade.volume);
    if (multiplier > 0 && Math.abs(multiplier * trade.price * trade.volume - trade.turnover) <= CENT)
      multipliers.set(productKey(trade.instrumentID), multiplier);
  }
  return multipliers;
}

function productKey(instrumentID: string): string {
  return instrumentID.replace(/\d.*$/, '');
}

/** Profit by date (盯市): from pre-settlement for lots of earlier days, from the open price for lots of the day. */
function checkCloses(statement: Statement, multipliers: ReadonlyMap<string, number>): StatementCheck[] {
  return statement.closes.map((close) => {
    const multiplier = multipliers.get(productKey(close.instrumentID));
    const base = close.openDate === close.closeDate || statement.basis === 'trade' ? close.openPrice : close.preSettlementPrice;
    const sign = close.direction === 'sell' ? 1 : -1;
    const computed = multiplier === undefined ? null : sign * (close.closePrice - base) * multiplier * close.volume;
    return check(
      close.instrumentID,
      'closeProfit',
      close.line,
      close.closeProfit,
      computed,
      `no trade of the day shows the multiplier of ${close.instrumentID}`,
    );
  });
}

function checkLots(statement: Statement, multipliers: ReadonlyMap<string, number>): StatementCheck[] {
  return statement.positionsDetail.flatMap((lot) => {
    const multiplier = multipliers.get(productKey(lot.instrumentID));
    const value = multiplier === undefined ? null : (lot.direction === 'buy' ? 1 : -1) * multiplier * lot.volume;
    const base = lot.openDate === statement.date ? lot.openPrice : lot.preSettlementPrice;
    const reason = `no trade of the day shows the multiplier of ${lot.instrumentID}`;
    return [
      check(
        lot.instrumentID,
        'positionProfitByTrade',
        lot.line,
        lot.positionProfitByTrade,
        value === null ? null : value * (lot.settlementPrice - lot.openPrice),
        reason,
      ),
      check(
        lot.instrumentID,
        'positionProfitByDate',
        lot.line,
        lot.positionProfitByDate,
        value === null ? null : value * (lot.settlementPrice - base),
        reason,
      ),
    ];
  });
}

function checkPositions(statement: Statement): StatementCheck[] {
  return statement.positions.flatMap((position) => {
    const lots = statement.positionsDetail.filter((lot) => lot.instrumentID === position.instrumentID && lot.hedgeFlag === position.hedgeFlag);
    const sum = (direction: 'buy' | 'sell') => lots.filter((lot) => lot.direction === direction).reduce((total, lot) => total + lot.volume, 0);
    const profit = lots.reduce((total, lot) => total + lot.positionProfitByDate, 0);
    return [
      check(position.instrumentID, 'longVolume', position.line, position.longVolume, sum('buy')),
      check(position.instrumentID, 'shortVolume', position.line, position.shortVolume, sum('sell')),
      check(position.instrumentID, 'positionProfitByDate', position.line, position.positionProfitByDate, profit),
    ];
  });
}

/** A sum of summary lines: a line the statement does not have makes it unknown, for which line. Its signs are 1 or -1. */
function sumOfLines(account: Statement['account'], signs: Partial<Record<SummaryField, 1 | -1>>): Known<number> {
  return sumKnown(
    Object.entries(signs).map(([field, sign]) => {
      const value = account[field as SummaryField];
      return value === undefined ? unknown(reasonFor('field', field)) : known(sign * value);
    }),
  );
}

function checkAccount(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  const { account } = statement;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const balance = sumOfLines(account, {
    balanceBroughtForward: 1,
    depositWithdrawal: 1,
    realizedProfit: 1,
    mtmProfit: 1,
    exerciseProfit: 1,
    deliveryProfit: 1,
    premiumReceived: 1,
    premiumPaid: -1,
    commission: -1,
    exerciseFee: -1,
    deliveryFee: -1,
  });
  const available = sumOfLines(account, { clientEquity: 1, marginOccupied: -1, deliveryMargin: -1, reserve: -1, fxPledgeOccupied: -1 });
  const call = sumOfLines(account, { marginOccupied: 1, clientEquity: -1 });
  const lots = statement.positionsDetail;
  const aggregated = aggregateAccountMargin(
    lots.map((lot) => ({
      exchangeID: lot.exchangeID,
      instrumentID: lot.instrumentID,
      direction: lot.direction === 'buy' ? ('long' as const) : ('short' as const),
      margin: lot.margin,
    })),
    rules,
    statement.date,
  );
  const isTradeBasis = statement.basis === 'trade';
  const floating = sum(lots.map((lot) => (isTradeBasis ? lot.positionProfitByTrade : lot.positionProfitByDate)));
  const summary = (field: SummaryField, computed: Known<number>): StatementCheck[] => {
    const stated = account[field];
    if (stated === undefined) return [];
    return [check('account', field, null, stated, computed.known ? computed.value : null, computed.known ? undefined : missingLine(computed.reason))];
  };
  return [
    ...summary('commission', known(sum(statement.transactions.map((trade) => trade.commission)))),
    ...summary('realizedProfit', known(sum(statement.closes.map((close) => close.closeProfit)))),
    ...summary('mtmProfit', known(floating)),
    ...summary('marginOccupied', aggregated),
    ...summary('balanceCarriedForward', balance),
    ...summary('fundAvailable', available),
    ...summary('riskDegree', statedDegree(account)),
    ...summary('marginCall', call.known ? known(Math.max(0, call.value)) : call),
  ];
}

/** The statement prints the degree in hundredths of a percent; equity at or below zero has no degree. */
function statedDegree({ clientEquity, marginOccupied }: Statement['account']): Known<number> {
  if (clientEquity === undefined) return unknown(reasonFor('field', 'clientEquity'));
  if (marginOccupied === undefined) return unknown(reasonFor('field', 'marginOccupied'));
  return clientEquity > 0 ? known(Math.round((marginOccupied / clientEquity) * 1e4) / 1e4) : unknown('noDegree');
}

function missingLine(reason: Reason): string {
  const { code, subject } = reasonParts(reason);
  if (code === 'field') return `the statement has no line ${subject}`;
  return code === 'noDegree' ? 'equity is not above zero: there is no risk degree' : reason;
}

function check(subject: string, field: string, line: number | null, stated: number, computed: number | null, reason?: string): StatementCheck {
  if (computed === null) return { subject, field, line, stated, computed, difference: null, reason: reason ?? 'not known' };
  const rounded = Math.round(computed * 1e6) / 1e6;
  const difference = Math.round((stated - rounded) * 1e4) / 1e4;
  return { subject, field, line, stated, computed: rounded, difference: difference === 0 ? 0 : difference };
}
