/** What an account's trades of the day are charged by the dated rows and what its closes realised, kept between frames: a busy day has 200,000 trades, and a page asks ten times a second. */
import type { StreamName } from '#shared/feed/items';
import { commissionEstimate } from '#shared/market/commission';
import { type Known, unknown } from '#shared/market/known';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { chargedTrades } from '../what-if/charged-trades';
import { closeProfitOf, closesOf, type PositionCloses } from './day-closes';

export type DayCharges = {
  tradeCount: number;
  /** Exchange time of the newest trade; null without any. */
  newestTradeMs: number | null;
  commission: Known<number>;
  closeProfit: Known<number>;
  /** What it is made of, by position. */
  closes: PositionCloses[];
};
type Kept = DayCharges & { mark: string; atMs: number };

/** Below this many trades of the whole desk looking again costs nothing worth saving. */
const SMALL_DAY = 5_000;
const PACE_MS = 1_000;
/** Trades and their rates, and of a close the morning's lots and yesterday's settlement. */
const READ_STREAMS: ReadonlySet<StreamName> = new Set(['trades', 'reference', 'positions', 'quotes']);
const keptOf = new WeakMap<AccountRecord, Kept>();

/** Commission is an estimate: settlements round trade by trade. Both are unknown when not all of the day's trades are kept, and when no source says any. */
export function dayCharges(book: Book, account: AccountRecord): DayCharges {
  const { size } = book.trades.items.byKey;
  let sequences = 0;
  let isTold = false;
  for (const { stream, sequence } of book.streamMarks.values()) {
    if (READ_STREAMS.has(stream)) sequences += sequence;
    isTold ||= stream === 'trades';
  }
  const mark = `${book.tradingDay}|${size}|${sequences}`;
  const { nowMs } = book;
  const kept = keptOf.get(account);
  if (kept !== undefined && (kept.mark === mark || (size > SMALL_DAY && nowMs >= kept.atMs && nowMs - kept.atMs < PACE_MS))) return kept;
  const charged = chargedTrades(book, account);
  const trades = [...new Set(charged.map(({ charged: { trade } }) => trade))];
  const closes = closesOf(book, account, trades);
  const missing = book.trades.droppedCount > 0 ? unknown('tradesDropped') : isTold ? null : unknown('noTrades');
  const made: Kept = {
    closes,
    tradeCount: charged.length,
    newestTradeMs: trades.reduce<number | null>((newest, { tradeTimeMs }) => Math.max(newest ?? 0, tradeTimeMs), null),
    commission: missing ?? commissionEstimate(charged.map((one) => one.charged)),
    closeProfit: missing ?? closeProfitOf(closes),
    mark,
    atMs: nowMs,
  };
  keptOf.set(account, made);
  return made;
}
