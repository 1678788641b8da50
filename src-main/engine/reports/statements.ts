/** Reads settlement statements into the journal's form, and compares a stated close with what the book and the counter say. */
import { createHash } from 'node:crypto';
import type { Book } from '#engine/book/book';
import { dayCharges } from '#engine/book/views/day-charges';
import { previousTradingDay } from '#engine/reports/daily-prices';
import { comparePositions, statedPositions } from '#engine/reports/statement-positions';
import type { DailyPrice } from '#engine/store/price-history';
import type { StatementComparison, StatementView } from '#shared/contract/numbers-desk';
import type { ImportedStatement } from '#shared/desk/statements/events';
import { aggregationRulesSchema } from '#shared/market/counter/aggregation';
import { roundHalfUp } from '#shared/market/money';
import { checkStatement, disagreements } from '#shared/market/statement/check';
import type { SummaryField } from '#shared/market/statement/layout';
import { parseStatement } from '#shared/market/statement/parse';
import type { Statement } from '#shared/market/statement/statement';
import type { Outcome } from '#shared/refusal';
import rulesFile from '../../../resources/rules/margin-aggregation.json' with { type: 'json' };

const { rules } = aggregationRulesSchema.parse(rulesFile);

/** The statement's words in the names of the account's own fields. */
const CLOSE_FIELDS: Readonly<Record<string, SummaryField>> = {
  preBalance: 'balanceBroughtForward',
  depositWithdrawal: 'depositWithdrawal',
  closeProfit: 'realizedProfit',
  positionProfit: 'mtmProfit',
  commission: 'commission',
  balance: 'clientEquity',
  currMargin: 'marginOccupied',
  deliveryMargin: 'deliveryMargin',
  available: 'fundAvailable',
  riskDegree: 'riskDegree',
  marginCall: 'marginCall',
  balanceCarriedForward: 'balanceCarriedForward',
};

/** Counters print in GBK, newer ones in UTF-8; what is not valid UTF-8 is read as GB 18030, which contains GBK. */
export function decodeStatement(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

export function readStatement(text: string): Outcome<{ imported: ImportedStatement; prices: DailyPrice[] }> {
  const parsed = parseStatement(text);
  if (!parsed.ok) return parsed;
  const statement = parsed.value;
  const checks = checkStatement(statement, rules);
  const { clientID, clientName, date, basis, currencyID } = statement;
  const imported: ImportedStatement = {
    statementId: `${clientID}|${date}|${basis}`,
    clientID,
    clientName,
    date,
    basis,
    currencyID,
    sha256: createHash('sha256').update(text).digest('hex'),
    checkCount: checks.length,
    disagreements: disagreements(checks),
    notRecomputed: checks.filter((check) => check.computed === null).length,
    close: Object.fromEntries(Object.entries(CLOSE_FIELDS).map(([field, stated]) => [field, statement.account[stated] ?? null])),
    positions: statedPositions(statement.positionsDetail),
  };
  return { ok: true, value: { imported, prices: settlementPrices(statement) } };
}

function settlementPrices({ positionsDetail, date }: Statement): DailyPrice[] {
  const byContract = new Map<string, DailyPrice>();
  for (const { exchangeID, instrumentID, settlementPrice } of positionsDetail) {
    if (settlementPrice > 0)
      byContract.set(`${exchangeID}|${instrumentID}`, { date, exchangeID, instrumentID, settlementPrice, volume: null, source: 'statement' });
  }
  return [...byContract.values()];
}

/** A client's statement against the account of the same number: today's close field by field, yesterday's through what was carried forward; and the positions of both. */
export function compareStatement(book: Book, statement: StatementView): StatementComparison {
  const accountID = statement.clientID;
  const account = book.records.findAccount(accountID);
  const counter = account?.counter ?? null;
  if (account === null || counter === null) return { statement, accountID, relation: 'noAccount', fields: [], positions: [] };
  const { columns } = book.kernel;
  const { index } = account;
  const of = (column: Float64Array): number | null => {
    const value = column[index];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const compared = (
    field: string,
    stated: string,
    ours: number | null,
    counterValue: number | undefined,
    reason: string | null = book.reasonOf(index),
  ): StatementComparison['fields'][number] => {
    const statedValue = statement.close[stated] ?? null;
    return {
      field,
      stated: statedValue,
      ours,
      counter: counterValue ?? null,
      residual: statedValue === null || ours === null ? null : roundHalfUp(statedValue - ours, 6),
      reason: ours === null ? reason : null,
    };
  };
  // Without the statement's own positions nothing is compared: none stated would read as none held.
  const positionsOf = (relation: 'sameDay' | 'dayBefore') =>
    statement.positions === undefined ? [] : comparePositions(book, account, statement.positions, relation);
  const { item, tradingDay } = counter;
  if (statement.date === tradingDay) {
    const balance = of(columns.balance);
    const margin = of(columns.margin);
    const charges = dayCharges(book, account);
    const fromTrades = (field: 'closeProfit' | 'commission') => {
      const figure = charges[field];
      return compared(field, field, figure.known ? roundHalfUp(figure.value, 6) : null, item[field], figure.known ? null : figure.reason);
    };
    return {
      statement,
      accountID,
      relation: 'sameDay',
      positions: positionsOf('sameDay'),
      fields: [
        compared('preBalance', 'preBalance', item.preBalance ?? null, item.preBalance),
        fromTrades('closeProfit'),
        compared('positionProfit', 'positionProfit', of(columns.positionProfit), item.positionProfit),
        fromTrades('commission'),
        compared('balance', 'balance', balance, item.balance),
        compared('currMargin', 'currMargin', margin, item.currMargin),
        compared('available', 'available', of(columns.available), item.available),
        compared('riskDegree', 'riskDegree', of(columns.degree), undefined),
        compared('marginCall', 'marginCall', balance === null || margin === null ? null : Math.max(0, margin - balance), undefined),
      ],
    };
  }
  const exchanges = [...new Set([...account.holdings.values()].map(({ instrument }) => instrument.exchangeID))];
  const known = exchanges.length > 0 ? exchanges : [...new Set(book.records.instruments.map(({ exchangeID }) => exchangeID))];
  const isDayBefore = known.some((exchangeID) => previousTradingDay(book, exchangeID, tradingDay) === statement.date);
  if (!isDayBefore) return { statement, accountID, relation: 'otherDay', fields: [], positions: [] };
  return {
    statement,
    accountID,
    relation: 'dayBefore',
    positions: positionsOf('dayBefore'),
    fields: [compared('preBalance', 'balanceCarriedForward', item.preBalance ?? null, item.preBalance)],
  };
}
