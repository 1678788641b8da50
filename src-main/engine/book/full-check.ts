/** Recomputes every account with the pure formulas, apart from the kernel, and says how far the two are from each other. Where they differ, the formulas are right. */
import { type Known, knownOrNaN } from '#shared/market/known';
import { valueAccount } from '#shared/market/what-if/value-account';
import type { Book } from './book';
import { buildAccountModel } from './what-if/account-model';

/** The largest difference in account money between kernel and formulas; Infinity when one calls unknown what the other knows. */
export function checkInFull(book: Book): number {
  const { columns } = book.kernel;
  let drift = 0;
  const compare = (kernelValue: number | undefined, formula: Known<number>): void => {
    const expected = knownOrNaN(formula);
    const actual = kernelValue ?? Number.NaN;
    if (Number.isNaN(expected) && Number.isNaN(actual)) return;
    const difference = Math.abs(actual - expected);
    drift = Math.max(drift, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  };
  for (const account of book.records.accounts) {
    const figures = valueAccount(buildAccountModel(book, account));
    const { index } = account;
    compare(columns.positionProfit[index], figures.positionProfit);
    compare(columns.margin[index], figures.currMargin);
    compare(columns.exchangeMargin[index], figures.exchangeMargin);
    compare(columns.balance[index], figures.balance);
    compare(columns.available[index], figures.available);
  }
  return drift;
}
