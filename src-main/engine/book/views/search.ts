/** Finding accounts, contracts, products, departments and control groups by a few letters: names that begin with them come first. */

import type { Book } from '../book';
import type { BookReader } from '../book-reader';
import { productKey } from './heatmap-view';
import { compareNames } from './sorting';

type Hit = ReturnType<BookReader['search']>[number];

/** 0 is the whole name, 1 its beginning, 2 the beginning of another text of the row, 3 anywhere, -1 nowhere. */
function rank(text: string, hit: Hit): number {
  const names = [hit.key, hit.label, hit.sublabel].map((name) => name.toLowerCase());
  const [key = '', label = '', sublabel = ''] = names;
  if (key === text || label === text) return 0;
  if (key.startsWith(text) || label.startsWith(text)) return 1;
  if (sublabel.startsWith(text)) return 2;
  return names.some((name) => name.includes(text)) ? 3 : -1;
}

function* candidates(book: Book): Generator<Hit> {
  for (const account of book.records.accounts) {
    if (book.records.isPresent(account))
      yield { kind: 'account', key: account.accountID, label: account.accountID, sublabel: account.master?.accountName ?? '' };
  }
  const products = new Set<string>();
  for (const instrument of book.records.instruments) {
    if (instrument.master === null && instrument.quote === null) continue;
    yield {
      kind: 'instrument',
      key: instrument.label,
      label: instrument.instrumentID,
      sublabel: instrument.master?.instrumentName ?? instrument.exchangeID,
    };
    const key = productKey(instrument);
    if (instrument.productID === '' || products.has(key)) continue;
    products.add(key);
    yield { kind: 'product', key, label: instrument.productID, sublabel: instrument.exchangeID };
  }
  for (const { departmentID, departmentName } of book.reference.departments.values())
    yield { kind: 'department', key: departmentID, label: departmentName, sublabel: departmentID };
  for (const { controlGroupID, controlGroupName } of book.reference.controlGroups.values()) {
    yield { kind: 'controlGroup', key: controlGroupID, label: controlGroupName, sublabel: controlGroupID };
  }
}

export function searchBook(book: Book, text: string, limit: number): Hit[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: { hit: Hit; rank: number }[] = [];
  for (const hit of candidates(book)) {
    const found = rank(wanted, hit);
    if (found >= 0) hits.push({ hit, rank: found });
  }
  hits.sort((a, b) => a.rank - b.rank || compareNames(a.hit.label, b.hit.label));
  return hits.slice(0, limit).map(({ hit }) => hit);
}
