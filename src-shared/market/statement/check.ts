/** Recomputes a statement's figures from its own lots, prices and trades, and says which of the stated figures do not follow. */
import { type AggregationRule, aggregateAccountMargin } from '#shared/market/counter/aggregation';
import { type Known, known, sumKnown, unknown } from '#shared/market/known';
import { type Reason, reasonFor, reasonParts } from '#shared/market/reason';
import { check, checkRows, marginSides, type StatementCheck } from '#shared/market/statement/check-rows';
import type { SummaryField } from '#shared/market/statement/layout';
import type { Statement } from '#shared/market/statement/statement';

/** Statement money is stated in cents, so half a cent is the most that rounding explains. */
const CENT = 0.005 + 1e-9;

export function checkStatement(statement: Statement, rules: readonly AggregationRule[]): StatementCheck[] {
  return [...checkRows(statement, rules), ...checkAccount(statement, rules)];
}

export function disagreements(checks: readonly StatementCheck[]): StatementCheck[] {
  return checks.filter((check) => check.difference !== null && Math.abs(check.difference) > CENT);
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
  const isTradeBasis = statement.basis === 'trade';
  const balance = sumOfLines(account, {
    balanceBroughtForward: 1,
    depositWithdrawal: 1,
    realizedProfit: 1,
    // By trade what still floats is not carried forward: it stands between the balance and equity.
    ...(isTradeBasis ? {} : { mtmProfit: 1 as const }),
    exerciseProfit: 1,
    deliveryProfit: 1,
    premiumReceived: 1,
    premiumPaid: -1,
    commission: -1,
    exerciseFee: -1,
    deliveryFee: -1,
  });
  const available = sumOfLines(account, { clientEquity: 1, marginOccupied: -1, deliveryMargin: -1, reserve: -1, fxPledgeOccupied: -1 });
  // How a pledge enters equity was not seen on a statement; without one equity is what is carried forward.
  const isPledged = (['pledgeAmount', 'pledgeChange', 'newFxPledge', 'fxRedemption', 'fxPledgeChange'] as const).some(
    (field) => (account[field] ?? 0) !== 0,
  );
  const equity = isPledged
    ? unknown(reasonFor('field', 'pledge'))
    : sumOfLines(account, { balanceCarriedForward: 1, ...(isTradeBasis ? { floatingProfit: 1 as const } : {}) });
  const optionValue = (field: 'optionValueLong' | 'optionValueShort'): StatementCheck[] =>
    statement.positions.some((position) => position[field] === undefined)
      ? []
      : summary(field, known(sum(statement.positions.map((position) => position[field] ?? 0))));
  const call = sumOfLines(account, { marginOccupied: 1, clientEquity: -1 });
  const lots = statement.positionsDetail;
  const aggregated = aggregateAccountMargin(marginSides(lots), rules, statement.date);
  const floating = sum(lots.map((lot) => (isTradeBasis ? lot.positionProfitByTrade : lot.positionProfitByDate)));
  const summary = (field: SummaryField, computed: Known<number>): StatementCheck[] => {
    const stated = account[field];
    if (stated === undefined) return [];
    return [check('account', field, null, stated, computed.known ? computed.value : null, computed.known ? undefined : missingLine(computed.reason))];
  };
  return [
    ...summary('commission', known(sum(statement.transactions.map((trade) => trade.commission)))),
    ...summary('realizedProfit', known(sum(statement.closes.map((close) => close.closeProfit)))),
    ...premiums(statement).flatMap(([field, computed]) => summary(field, computed)),
    ...summary(isTradeBasis ? 'floatingProfit' : 'mtmProfit', known(floating)),
    ...summary('marginOccupied', aggregated),
    ...summary('balanceCarriedForward', balance),
    ...summary('clientEquity', equity),
    ...optionValue('optionValueLong'),
    ...optionValue('optionValueShort'),
    ...summary('marketValueEquity', sumOfLines(account, { clientEquity: 1, optionValueLong: 1, optionValueShort: -1 })),
    ...summary('fundAvailable', available),
    ...summary('riskDegree', statedDegree(account)),
    ...summary('marginCall', call.known ? known(Math.max(0, call.value)) : call),
  ];
}

/** Received and paid of the day, where trades say their own. */
function premiums({ transactions }: Statement): [SummaryField, Known<number>][] {
  if (transactions.some(({ premium }) => premium === undefined)) return [];
  const of = (isCounted: (premium: number) => boolean, field: SummaryField): [SummaryField, Known<number>] => [
    field,
    known(transactions.reduce((sum, { premium = 0 }) => (isCounted(premium) ? sum + Math.abs(premium) : sum), 0)),
  ];
  return [of((premium) => premium > 0, 'premiumReceived'), of((premium) => premium < 0, 'premiumPaid')];
}

/** The statement prints the degree in hundredths of a percent; equity at or below zero has no degree. */
function statedDegree({ clientEquity, marginOccupied }: Statement['account']): Known<number> {
  if (clientEquity === undefined) return unknown(reasonFor('field', 'clientEquity'));
  if (marginOccupied === undefined) return unknown(reasonFor('field', 'marginOccupied'));
  return clientEquity > 0 ? known(Math.round((marginOccupied / clientEquity) * 1e4) / 1e4) : unknown('noDegree');
}

function missingLine(reason: Reason): string {
  const { code, subject } = reasonParts(reason);
  if (code === 'field' && subject === 'pledge') return 'how a pledge enters equity was not seen on a statement';
  if (code === 'field') return `the statement has no line ${subject}`;
  return code === 'noDegree' ? 'equity is not above zero: there is no risk degree' : reason;
}
