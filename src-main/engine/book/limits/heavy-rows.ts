/** Heavy positions: the margin of a holder's net position in a product, or in a set of products that net, over the holder's equity. */
import type { HeavyRow, LimitsParams } from '#shared/contract/numbers-limits';
import type { ConcentrationTable } from '#shared/market/concentration';
import { isInForce } from '#shared/market/rates';
import type { Book } from '../book';
import { sortedWindow } from '../views/sorting';
import { type Holder, holdersOf } from './limit-run';

type Row = { holder: Holder; setID: string; products: string[]; net: number; balance: number };

/** Company rates; long margin minus short margin per product, summed over the set before the sign is dropped. */
export function buildHeavyRows(book: Book, params: LimitsParams, table: ConcentrationTable): { total: number; rows: HeavyRow[] } {
  const sets = table.productSets.filter((set) => book.tradingDay === null || isInForce(set, book.tradingDay));
  const rows = holdersOf(book, params).flatMap((holder) => {
    const unknownIfRefused = holder.membersReason === null ? 0 : Number.NaN;
    const balance = holder.accounts.reduce((sum, { index }) => sum + (book.kernel.columns.balance[index] ?? Number.NaN), unknownIfRefused);
    const net = netByProduct(book, holder);
    const ofProducts = [...net].map(
      ([product, margin]): Row => ({ holder, setID: product, products: [product], net: Math.abs(margin + unknownIfRefused), balance }),
    );
    const ofSets = sets.flatMap(({ setID, products }): Row[] => {
      const held = products.filter((product) => net.has(product));
      if (held.length < 2) return [];
      return [{ holder, setID, products, net: Math.abs(held.reduce((sum, product) => sum + (net.get(product) ?? 0), unknownIfRefused)), balance }];
    });
    return [...ofProducts, ...ofSets];
  });
  const value = (row: Row): number => {
    if (params.sort?.column === 'netMargin') return row.net;
    if (params.sort?.column === 'balance') return row.balance;
    return row.balance > 0 ? row.net / row.balance : row.net > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  };
  const column =
    params.sort?.column === 'holderID'
      ? ({ kind: 'text', value: (row: Row) => row.holder.id } as const)
      : params.sort?.column === 'setID'
        ? ({ kind: 'text', value: (row: Row) => row.setID } as const)
        : ({ kind: 'number', value, worst: 'descending' } as const);
  return {
    total: rows.length,
    rows: sortedWindow(rows, column, params.sort?.direction ?? 'descending', params.first, params.count).map((row) => buildRow(book, row)),
  };
}

function netByProduct(book: Book, holder: Holder): Map<string, number> {
  const { groupSides } = book.kernel.columns;
  const net = new Map<string, number>();
  const add = (product: string, margin: number): void => void net.set(product, (net.get(product) ?? 0) + margin);
  for (const { groups, combinations } of holder.accounts) {
    for (const [key, group] of groups) {
      const [exchangeID = '', productID = ''] = key.split('|');
      const product = `${exchangeID}.${productID}`;
      const long = groupSides[group * 4] ?? Number.NaN;
      const short = groupSides[group * 4 + 1] ?? Number.NaN;
      if (long === 0 && short === 0) continue;
      add(product, long - short);
    }
    // What is in a combination is out of its product's sides, and as much of the position as before.
    for (const { group, legs } of combinations?.placed.values() ?? [])
      for (const [place, { product, sign }] of legs.entries()) add(product, sign * (groupSides[group * 4 + place] ?? Number.NaN));
  }
  return net;
}

function buildRow(book: Book, { holder, setID, products, net, balance }: Row): HeavyRow {
  const unknown = holder.accounts.find(({ index }) => book.reasonOf(index) !== null);
  return {
    key: `${holder.kind}|${holder.id}|${setID}`,
    holderKind: holder.kind,
    holderID: holder.id,
    holderName: holder.name,
    setID,
    products,
    netMargin: Number.isNaN(net) ? null : net,
    balance: Number.isNaN(balance) ? null : balance,
    ratio: balance > 0 && !Number.isNaN(net) ? net / balance : null,
    reason: holder.membersReason ?? (unknown === undefined ? null : book.reasonOf(unknown.index)),
  };
}
