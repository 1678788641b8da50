/** Recomputes every account with the pure formulas, apart from the kernel, and says how far the two are from each other. Where they differ, the formulas are right. */
import { type Known, knownOrNaN } from '#shared/market/known';
import { valueAccount } from '#shared/market/what-if/value-account';
import type { Book } from './book';
import type { AccountRecord } from './things';
import { buildAccountModel } from './what-if/account-model';

/** The largest difference in account money between kernel and formulas; Infinity when one calls unknown what the other knows. */
export function checkInFull(book: Book): number {
  return book.records.accounts.reduce((drift, account) => Math.max(drift, driftOf(book, account)), 0);
}

function driftOf(book: Book, account: AccountRecord): number {
  const { columns } = book.kernel;
  const { index } = account;
  const figures = valueAccount(buildAccountModel(book, account));
  return Math.max(
    difference(columns.positionProfit[index], figures.positionProfit),
    difference(columns.margin[index], figures.currMargin),
    difference(columns.exchangeMargin[index], figures.exchangeMargin),
    difference(columns.balance[index], figures.balance),
    difference(columns.available[index], figures.available),
  );
}

function difference(kernelValue: number | undefined, formula: Known<number>): number {
  const expected = knownOrNaN(formula);
  const actual = kernelValue ?? Number.NaN;
  if (Number.isNaN(expected) && Number.isNaN(actual)) return 0;
  const distance = Math.abs(actual - expected);
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}

/** The same check a few milliseconds at a time: ten thousand accounts at once would hold up the ticks for seconds. */
export class SlicedCheck {
  /** Of the last check that came to its end; null before. */
  last: { drift: number; atMs: number } | null = null;
  #book: Book | null = null;
  #next = 0;
  #drift = 0;

  /** Checks accounts until `budgetMs` is used up; answers once all have been checked, and begins anew with the next call. */
  step(book: Book, budgetMs: number, clock: { nowMs(): number; monotonicMs(): number }): { drift: number; atMs: number } | null {
    if (book !== this.#book) this.#restart(book);
    const endMs = clock.monotonicMs() + budgetMs;
    const { accounts } = book.records;
    while (this.#next < accounts.length) {
      const account = accounts[this.#next++];
      if (account !== undefined) this.#drift = Math.max(this.#drift, driftOf(book, account));
      if (clock.monotonicMs() >= endMs) return null;
    }
    this.last = { drift: this.#drift, atMs: clock.nowMs() };
    this.#restart(book);
    return this.last;
  }

  #restart(book: Book): void {
    this.#book = book;
    this.#next = 0;
    this.#drift = 0;
  }
}
