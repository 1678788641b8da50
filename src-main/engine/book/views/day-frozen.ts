/** What an account's resting orders freeze by our own reckoning, kept between frames: a busy day has many orders, and a page asks ten times a second. */
import { type Known, sumKnown, unknown } from '#shared/market/known';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { restingOrders } from '../what-if/resting-orders';

export type DayFrozen = {
  margin: Known<number>;
  commission: Known<number>;
  orderCount: number;
  /** The source's time of the newest change to any of the account's orders; null without any. */
  newestOrderMs: number | null;
};
type Kept = DayFrozen & { mark: string; atMs: number };

/** Below this many orders of the whole desk looking again costs nothing worth saving. */
const SMALL_DAY = 5_000;
const PACE_MS = 1_000;
const keptOf = new WeakMap<AccountRecord, Kept>();

/** Unknown when not all of the day's orders are kept. */
export function dayFrozen(book: Book, account: AccountRecord): DayFrozen {
  const { items, droppedCount } = book.orders;
  let sequences = 0;
  for (const { stream, sequence } of book.streamMarks.values()) if (stream === 'orders' || stream === 'reference') sequences += sequence;
  const mark = `${book.tradingDay}|${items.byKey.size}|${sequences}`;
  const { nowMs } = book;
  const kept = keptOf.get(account);
  if (kept !== undefined && (kept.mark === mark || (items.byKey.size > SMALL_DAY && nowMs >= kept.atMs && nowMs - kept.atMs < PACE_MS))) return kept;
  const resting = restingOrders(book, account);
  let newestOrderMs: number | null = null;
  for (const { item } of items.byKey.values())
    if (item.accountID === account.accountID && (newestOrderMs === null || item.updateTimeMs > newestOrderMs)) newestOrderMs = item.updateTimeMs;
  const dropped = droppedCount > 0 ? unknown('ordersDropped') : null;
  const made: Kept = {
    margin: dropped ?? sumKnown(resting.map(({ frozen }) => frozen.margin)),
    commission: dropped ?? sumKnown(resting.map(({ frozen }) => frozen.commission)),
    orderCount: resting.length,
    newestOrderMs,
    mark,
    atMs: nowMs,
  };
  keptOf.set(account, made);
  return made;
}
