/** Recomputes a statement's figures from its own lots, prices and trades, and says which of the stated figures do not follow. */
import { type AggregationRule, aggregateAccountMargin } from '#shared/market/counter/aggregation';
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

function checkAccount(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  const { account } = statement;
  const of = (field: SummaryField): number => account[field] ?? 0;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const equity = of('clientEquity');
  const margin = of('marginOccupied');
  const balance =
    of('balanceBroughtForward') +
    of('depositWithdrawal') +
    of('realizedProfit') +
    of('mtmProfit') +
    of('exerciseProfit') +
    of('deliveryProfit') +
    of('premiumReceived') -
    of('premiumPaid') -
    of('commission') -
    of('exerciseFee') -
    of('deliveryFee');
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
  const summary = (field: SummaryField, computed: number | null, reason?: string) => check('account', field, null, of(field), computed, reason);
  return [
    summary('commission', sum(statement.transactions.map((trade) => trade.commission))),
    summary('realizedProfit', sum(statement.closes.map((close) => close.closeProfit))),
    summary('mtmProfit', floating),
    summary('marginOccupied', aggregated.known ? aggregated.value : null, aggregated.known ? undefined : aggregated.reason),
    summary('balanceCarriedForward', balance),
    summary('fundAvailable', equity - margin - of('deliveryMargin') - of('reserve') - of('fxPledgeOccupied')),
    // The statement prints the degree in hundredths of a percent; equity at or below zero has no degree.
    summary('riskDegree', equity > 0 ? Math.round((margin / equity) * 1e4) / 1e4 : null, 'equity is not above zero: there is no risk degree'),
    summary('marginCall', Math.max(0, margin - equity)),
  ];
}

function check(subject: string, field: string, line: number | null, stated: number, computed: number | null, reason?: string): StatementCheck {
  if (computed === null) return { subject, field, line, stated, computed, difference: null, reason: reason ?? 'not known' };
  const rounded = Math.round(computed * 1e6) / 1e6;
  const difference = Math.round((stated - rounded) * 1e4) / 1e4;
  return { subject, field, line, stated, computed: rounded, difference: difference === 0 ? 0 : difference };
}
