/** Which accounts and instruments a picture looks at. */
import type { Scope } from '#shared/contract/streams';
import type { PartReach } from '#shared/desk/people/person';
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

/** A scope as the port passes it on: `within` is what the person reaches, put in by the port and never by a page. */
export type ReachScope = Scope & { within?: PartReach };

/** Whether an account lies in the departments (with all below them) or control groups of a reach. */
export function reachFilter(book: Book, reach: PartReach): (account: AccountRecord) => boolean {
  const departments = reachedDepartments(book, reach);
  const groups = new Set(reach.controlGroups);
  return (account) => {
    const group = book.reference.controlGroupOf(account.accountID);
    return departments.has(account.master?.departmentID ?? '') || (group !== null && groups.has(group));
  };
}

/** The departments of a reach with all below them. */
export function reachedDepartments(book: Book, reach: PartReach): ReadonlySet<string> {
  return new Set(reach.departments.flatMap((departmentID) => [...departmentTree(book, departmentID)]));
}

/** An empty controlGroupID means the accounts that are in none. */
export function accountFilter(book: Book, scope: ReachScope): (account: AccountRecord) => boolean {
  const isWithin = scope.within === undefined ? null : reachFilter(book, scope.within);
  const departments = scope.departmentID === undefined ? null : departmentTree(book, scope.departmentID);
  return (account) =>
    book.records.isPresent(account) &&
    (isWithin === null || isWithin(account)) &&
    (scope.accountID === undefined || account.accountID === scope.accountID) &&
    (departments === null || departments.has(account.master?.departmentID ?? '')) &&
    (scope.controlGroupID === undefined || (book.reference.controlGroupOf(account.accountID) ?? '') === scope.controlGroupID);
}

/** False where every account is wanted, so that nobody need be looked at. */
export function narrowsAccounts(scope: ReachScope): boolean {
  return scope.accountID !== undefined || scope.departmentID !== undefined || scope.controlGroupID !== undefined || scope.within !== undefined;
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

/** What an account's money is in; undefined before anybody has said. */
export function currencyOf({ counter, master }: AccountRecord): string | undefined {
  return counter?.item.currencyID ?? master?.currencyID;
}

/** The currencies of the accounts wanted, by name. */
export function currenciesOf(book: Book, isWanted: (account: AccountRecord) => boolean): string[] {
  const currencies = new Set<string>();
  for (const account of book.records.accounts) {
    const currency = currencyOf(account);
    if (currency !== undefined && isWanted(account)) currencies.add(currency);
  }
  return [...currencies].sort();
}
