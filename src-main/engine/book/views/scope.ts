/** Which accounts and instruments a picture looks at. */
import type { Scope } from '#shared/contract/streams';
import type { Book } from '../book';
import type { AccountRecord, InstrumentRecord } from '../things';

/** A department with all departments below it. */
function departmentTree(book: Book, departmentID: string): Set<string> {
  const tree = new Set([departmentID]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { departmentID: id, parentID } of book.reference.departments.values()) {
      if (parentID === undefined || !tree.has(parentID) || tree.has(id)) continue;
      tree.add(id);
      grew = true;
    }
  }
  return tree;
}

/** Product and instrument may be named alone (`au`) or with their exchange (`SHFE.au`). */
export function instrumentFilter(scope: Scope): (instrument: InstrumentRecord) => boolean {
  const { productID, instrumentID } = scope;
  return (instrument) =>
    (productID === undefined || productID === instrument.productID || productID === `${instrument.exchangeID}.${instrument.productID}`) &&
    (instrumentID === undefined || instrumentID === instrument.instrumentID || instrumentID === instrument.label);
}

/** An empty controlGroupID means the accounts that are in none. */
export function accountFilter(book: Book, scope: Scope): (account: AccountRecord) => boolean {
  const departments = scope.departmentID === undefined ? null : departmentTree(book, scope.departmentID);
  return (account) =>
    book.records.isPresent(account) &&
    (scope.accountID === undefined || account.accountID === scope.accountID) &&
    (departments === null || departments.has(account.master?.departmentID ?? '')) &&
    (scope.controlGroupID === undefined || (book.reference.controlGroupOf(account.accountID) ?? '') === scope.controlGroupID);
}

export function narrowsInstruments(scope: Scope): boolean {
  return scope.productID !== undefined || scope.instrumentID !== undefined;
}

/** Every word must occur somewhere in the row's own texts; case does not matter. */
export function textFilter(filter: string): ((...texts: (string | null | undefined)[]) => boolean) | null {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  return (...texts) => {
    const all = texts.join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  };
}
