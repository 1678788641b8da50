/** Which rows of a scenario match nothing in the book, and why a scenario may not be used as it stands. */
import { type CutClose, cutCloses } from '#shared/market/what-if/frozen-lots';
import type { Scenario } from '#shared/market/what-if/scenario';
import { doubledRow, type RowProblem, unmatchedRows } from '#shared/market/what-if/scenario-check';
import { type Refusal, refuse } from '#shared/refusal';
import type { Book } from '../book';
import { lotVolume, sliceVolume } from '../holding-problem';
import { buildAccountModel } from './account-model';
import { frozenVolumes, restingCloses, withFrozen } from './frozen-volumes';

/** None while the book knows no contract yet: before the first data nothing could match. */
export function unmatchedInBook(book: Book, scenario: Omit<Scenario, 'scenarioId' | 'version' | 'name'>): RowProblem[] {
  const { records } = book;
  if (records.instruments.length === 0) return [];
  return unmatchedRows(scenario, {
    hasContract: ({ exchangeID, productID, instrumentID }) =>
      records.instruments.some(
        (one) =>
          (exchangeID ?? one.exchangeID) === one.exchangeID &&
          (productID ?? one.productID) === one.productID &&
          (instrumentID ?? one.instrumentID) === one.instrumentID,
      ),
    hasAccount(accountID) {
      const account = records.findAccount(accountID);
      return account !== null && records.isPresent(account);
    },
    holds: (accountID, exchangeID, instrumentID, direction) =>
      [...(records.findAccount(accountID)?.holdings.values() ?? [])].some(
        ({ instrument, sides }) =>
          instrument.exchangeID === exchangeID &&
          instrument.instrumentID === instrumentID &&
          // A side stays with the holding when the last of it is closed.
          sides.some((side) => side.direction === direction && lotVolume(side) + sliceVolume(side) > 0),
      ),
  });
}

/** Closes of one side that ask for more lots than can be closed: more than are held, or some that resting orders close already. */
export function cutClosesInBook(book: Book, { closes }: Pick<Scenario, 'closes'>): CutClose[] {
  const accountIDs = new Set(closes.map(({ accountID }) => accountID));
  if (accountIDs.size === 0) return [];
  const resting = restingCloses(book, (accountID) => accountIDs.has(accountID));
  return [...accountIDs].flatMap((accountID) => {
    const account = book.records.findAccount(accountID);
    if (account === null) return [];
    const model = withFrozen(buildAccountModel(book, account), frozenVolumes(book, account, resting));
    return cutCloses(model, closes);
  });
}

/** Refuses the first row that stands twice or matches nothing, with its field; null when all rows can be used. */
export function scenarioRefusal(book: Book, scenario: Omit<Scenario, 'scenarioId' | 'version' | 'name'>): Refusal | null {
  const doubled = doubledRow(scenario);
  if (doubled !== null)
    return refuse('INVALID', `${doubled.field}: a row before it has the same scope (${doubled.about || 'everything'})`, doubled.field);
  const [unmatched] = unmatchedInBook(book, scenario);
  return unmatched === undefined
    ? null
    : refuse('INVALID', `${unmatched.field}: nothing in the book matches it (${unmatched.about})`, unmatched.field);
}
