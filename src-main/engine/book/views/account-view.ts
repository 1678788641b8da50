/** One account with its figures side by side: what the counter said and what the book makes of lots, marks and rates. */
import { COUNTER_INPUTS } from '#shared/contract/numbers-account';
import type { AccountPicture, FigurePair } from '#shared/contract/streams';
import type { CounterAccount } from '#shared/feed/items';
import { OPTIONAL_TERMS, staticEquity } from '#shared/market/equity';
import { type Known, knownNumber, unknown } from '#shared/market/known';
import { roundHalfUp } from '#shared/market/money';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { Book } from '../book';
import type { MoneyResidual } from '../book-reader';
import { marginReason } from '../reasons';
import type { AccountRecord } from '../things';
import { buildAccountRow, orNull } from './account-rows';
import { atCounterMoment, withdrawableOf, withdrawTerms } from './counter-moment';
import { dayCharges } from './day-charges';
import { dayFrozen } from './day-frozen';
import { combinationsBehind, ownRowsBehind } from './own-rows-behind';

type CounterField = Exclude<keyof CounterAccount, 'accountID' | 'currencyID' | 'asOfMs'>;

/** Inputs are shown as the counter gave them: there is nothing of ours to compare. */
function inputFigure(field: CounterField, counter: CounterAccount | undefined): FigurePair {
  const value = counter?.[field] ?? null;
  const isOptional = (OPTIONAL_TERMS as readonly string[]).includes(field);
  return { field, counter: value, ours: null, residual: null, reason: value === null && !isOptional ? reasonFor('field', field) : null };
}

/**
 * `then` is ours at the counter's own moment, which the residual (counter minus ours) is taken at. Where both are known and there is no residual, the reason
 * is that of the comparison.
 */
function computed(field: string, counter: number | undefined, ours: number | null, reason: string | null, then: Known<number>): FigurePair {
  const residual = counter === undefined || !then.known ? null : roundHalfUp(counter - then.value, 6);
  const why = counter === undefined || then.known ? null : then.reason;
  return { field, counter: counter ?? null, ours, residual, reason: ours === null ? reason : why };
}

/** A residual that was taken when the counter spoke: the marks of that moment may be gone by now. */
function compared(
  field: 'balance' | 'positionProfit',
  counter: number | undefined,
  ours: number | null,
  reason: string | null,
  residual: number | null,
  account: AccountRecord,
): FigurePair {
  const why = residual !== null || counter === undefined ? null : (account.residualReason ?? 'differentMoment');
  return { field, counter: counter ?? null, ours, residual, reason: ours === null ? reason : why };
}

function degree(margin: number | undefined, balance: number | undefined): number | undefined {
  return margin === undefined || balance === undefined || balance <= 0 ? undefined : margin / balance;
}

function figuresOf(book: Book, account: AccountRecord): FigurePair[] {
  const { columns } = book.kernel;
  const { index } = account;
  const counter = account.counter?.item;
  const reason = book.reasonOf(index);
  const fixed = staticEquity(counter ?? {});
  const balance = orNull(columns.balance[index]);
  const margin = orNull(columns.margin[index]);
  const degreeReason = reason ?? (balance !== null && balance <= 0 ? 'noDegree' : null);
  const counterCall =
    counter?.currMargin === undefined || counter.balance === undefined ? undefined : Math.max(0, counter.currMargin - counter.balance);
  const terms = withdrawTerms(book, account);
  const then = atCounterMoment(book, account, terms);
  const free = orNull(columns.available[index]);
  const freeReason = reason ?? (account.master?.algorithm === undefined ? 'noAlgorithm' : reasonFor('field', 'frozenMargin'));
  const quota = withdrawableOf(knownNumber(free, freeReason as Reason), account, terms);
  return [
    computed('staticEquity', undefined, fixed.known ? fixed.value : null, fixed.known ? null : fixed.reason, fixed),
    compared('balance', counter?.balance, balance, reason, account.residual, account),
    compared('positionProfit', counter?.positionProfit, orNull(columns.positionProfit[index]), reason, account.profitResidual, account),
    computed('currMargin', counter?.currMargin, margin, marginReason(account, 'company'), then.currMargin),
    computed(
      'exchangeMargin',
      counter?.exchangeMargin,
      orNull(columns.exchangeMargin[index]),
      marginReason(account, 'exchange'),
      then.exchangeMargin,
    ),
    computed('available', counter?.available, free, freeReason, then.available),
    computed('withdrawQuota', counter?.withdrawQuota, quota.known ? quota.value : null, quota.known ? null : quota.reason, then.withdrawQuota),
    computed('riskDegree', degree(counter?.currMargin, counter?.balance), orNull(columns.degree[index]), degreeReason, then.riskDegree),
    computed(
      'exchangeRiskDegree',
      degree(counter?.exchangeMargin, counter?.balance),
      orNull(columns.exchangeDegree[index]),
      degreeReason ?? marginReason(account, 'exchange'),
      then.exchangeRiskDegree,
    ),
    computed('marginCall', counterCall, balance === null || margin === null ? null : Math.max(0, margin - balance), reason, then.marginCall),
    ...dayFigures(book, account),
    ...COUNTER_INPUTS.map((field) => inputFigure(field, counter)),
  ];
}

/** What the day's trades and resting orders come to; reckoned from all of them, so dearer than the rest. */
function dayFigures(book: Book, account: AccountRecord): FigurePair[] {
  const counter = account.counter?.item;
  const { commission, closeProfit, tradeCount, newestTradeMs } = dayCharges(book, account);
  // A trade of a later moment is not in the counter's figures yet.
  const isTradedSince = newestTradeMs !== null && counter !== undefined && newestTradeMs > counter.asOfMs;
  const atMoment = (figure: Known<number>): Known<number> => (isTradedSince ? unknown('differentMoment') : figure);
  return [
    computed(
      'closeProfit',
      counter?.closeProfit,
      closeProfit.known ? roundHalfUp(closeProfit.value, 6) : null,
      closeProfit.known ? null : closeProfit.reason,
      atMoment(closeProfit),
    ),
    // Counters that round each charge differ from the exact sum by half a cent a trade.
    {
      ...computed(
        'commission',
        counter?.commission,
        commission.known ? commission.value : null,
        commission.known ? null : commission.reason,
        atMoment(commission),
      ),
      tolerance: 0.005 * (tradeCount + 1),
    },
    ...frozenFigures(book, account),
  ];
}

/** What resting orders freeze; an order that changed after the counter spoke is not in its figure yet. */
function frozenFigures(book: Book, account: AccountRecord): FigurePair[] {
  const counter = account.counter?.item;
  const { margin, commission, orderCount, newestOrderMs } = dayFrozen(book, account);
  const isLater = newestOrderMs !== null && counter !== undefined && newestOrderMs > counter.asOfMs;
  const pair = (field: 'frozenMargin' | 'frozenCommission', ours: Known<number>): FigurePair => ({
    ...computed(
      field,
      counter?.[field],
      ours.known ? ours.value : null,
      ours.known ? null : ours.reason,
      isLater ? unknown('differentMoment') : ours,
    ),
    // Counters round each order by itself.
    tolerance: 0.005 * (orderCount + 1),
  });
  return [pair('frozenMargin', margin), pair('frozenCommission', commission)];
}

const DEGREES: ReadonlySet<string> = new Set(['riskDegree', 'exchangeRiskDegree']);

/** The account's money figures that can be compared with the counter's just now, and by how much they may differ. */
export function comparedFigures(book: Book, account: AccountRecord): MoneyResidual[] {
  return figuresOf(book, account).flatMap(({ field, residual, tolerance = 0 }) =>
    residual === null || DEGREES.has(field) ? [] : [{ field, residual, tolerance }],
  );
}

export function buildAccountPicture(book: Book, accountID: string): AccountPicture {
  const account = book.records.findAccount(accountID);
  const levels = book.levels.map(({ level, enterDegree }) => ({ level, enterDegree }));
  if (account === null || !book.records.isPresent(account))
    return {
      row: null,
      figures: [],
      counterAsOfMs: null,
      marketAsOfMs: book.marketTimeMs,
      levels,
      ownRows: [],
      combinations: { count: 0, unconfirmed: 0 },
    };
  return {
    row: buildAccountRow(book, account),
    figures: figuresOf(book, account),
    counterAsOfMs: account.counter?.item.asOfMs ?? null,
    marketAsOfMs: book.marketTimeMs,
    levels,
    ownRows: ownRowsBehind(book, account),
    combinations: combinationsBehind(book, account),
  };
}
