/** Why accounts are unknown under the columns of a stress run: columns only say that they are, the pure formulas say why. */
import { type Scenario, stressAccount } from '#shared/market/what-if/scenario';
import type { Book } from '../book';
import { buildAccountModel } from './account-model';

/** Each reason costs a valuation by the pure formulas; beyond these of a column a picture counts the unknown accounts and leaves their reasons to their own pages. */
const MOST_REASONS_A_COLUMN = 20;

export class UnknownUnder {
  readonly #book: Book;
  readonly #scenarios: readonly Scenario[];
  /** By column, then by account. */
  readonly #told = new Map<number, Map<number, string | null>>();

  constructor(book: Book, columns: readonly { percent: number | null; scenario: Scenario | null }[]) {
    this.#book = book;
    this.#scenarios = columns.map(({ percent, scenario }) => scenario ?? movedBy(percent ?? 0));
  }

  /** A reason code, or null where it cannot be told: too many were asked for, or the account is known by now. `column` -1 is now. */
  reasonOf(column: number, account: number): string | null {
    const told = this.#told.get(column) ?? new Map<number, string | null>();
    this.#told.set(column, told);
    const before = told.get(account);
    if (before !== undefined) return before;
    if (told.size >= MOST_REASONS_A_COLUMN) return null;
    const reason = this.#reason(this.#scenarios[column] ?? movedBy(0), account);
    told.set(account, reason);
    return reason;
  }

  #reason(scenario: Scenario, index: number): string | null {
    const account = this.#book.records.accounts[index];
    if (account === undefined) return null;
    const { balance, currMargin, exchangeMargin, available } = stressAccount(buildAccountModel(this.#book, account), scenario);
    const figure = [balance, currMargin, exchangeMargin, available].find(({ known }) => !known);
    return figure === undefined || figure.known ? null : figure.reason;
  }
}

function movedBy(percent: number): Scenario {
  return { scenarioId: 'move', name: 'move', version: 1, price: { type: 'percent', percent }, marginOverrides: [], cash: [], closes: [] };
}
