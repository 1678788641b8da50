/** The same book as ordinary objects and the same questions by the obvious code: what the columns are measured against, and what checks their answers. */
import type { Kernel } from '#engine/book/kernel/kernel';
import { levelCode } from '#engine/book/what-if/figure-columns';
import type { FlatBook } from '#tests/bench/kernel/flat-book';

type Position = { price: number; product: number; k: number; cost: number };
type Account = { equity: number; positions: Position[] };
export type PlainBook = { accounts: Account[]; takeMoney(kernel: Kernel): void };

const INSTRUMENTS_PER_PRODUCT = 5;
const COMPANY_RATE = 0.12;

export function plainBook(book: FlatBook): PlainBook {
  const accounts = Array.from({ length: book.accountCount }, (): Account => ({ equity: 0, positions: [] }));
  for (let at = 0; at < book.k.length; at++) {
    const instrument = book.instrument[at] ?? 0;
    accounts[book.account[at] ?? 0]?.positions.push({
      price: (book.price[instrument] ?? 0) / 10_000,
      product: Math.floor(instrument / INSTRUMENTS_PER_PRODUCT),
      k: book.k[at] ?? 0,
      cost: (book.c[at] ?? 0) / 10_000,
    });
  }
  return {
    accounts,
    takeMoney({ columns }) {
      accounts.forEach((account, index) => {
        account.equity = columns.accountInput[index * 3] ?? 0;
      });
    },
  };
}

function valueAt({ equity, positions }: Account, move: number): { balance: number; margin: number } {
  let balance = equity;
  const products = new Map<number, { long: number; short: number }>();
  for (const { price, product, k, cost } of positions) {
    const mark = price * (1 + move);
    balance += k * mark - cost;
    const sides = products.get(product) ?? { long: 0, short: 0 };
    if (k > 0) sides.long += k * mark * COMPANY_RATE;
    else sides.short -= k * mark * COMPANY_RATE;
    products.set(product, sides);
  }
  let margin = 0;
  for (const { long, short } of products.values()) margin += Math.max(long, short);
  return { balance, margin };
}

export function plainStress(book: PlainBook, move: number): { balance: number; margin: number }[] {
  return book.accounts.map((account) => valueAt(account, move));
}

/** The move down at which the account is at call, by halving; the exchange's rate is three quarters of the company's in this book. */
export function plainInverse(book: PlainBook, index: number, thresholds: Float64Array): number {
  const account = book.accounts[index] as Account;
  const reaches = (steps: number): boolean => {
    const { balance, margin } = valueAt(account, -steps / 1e8);
    return levelCode(thresholds, balance, margin, margin * 0.75) >= 2;
  };
  if (reaches(0)) return 0;
  let [below, above] = [0, 1e8];
  if (!reaches(above)) return Number.POSITIVE_INFINITY;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (reaches(middle)) above = middle;
    else below = middle;
  }
  return -above / 1e8;
}
