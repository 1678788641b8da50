/** The book's whole content as picture events, so that the cache can keep the last known picture and a book without a network can show it with its age. */
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';
import type { RefusedItem } from '#shared/feed/refused';
import type { Book } from './book';
import type { Refusal } from './refusals';

/** Where a feed's stream stood. */
export type StreamMark = { feedId: string; stream: StreamName; tradingDay: string; sequence: number; sourceTimeMs: number; receivedAtMs: number };

const ORDER: readonly StreamName[] = ['reference', 'instrumentStatus', 'quotes', 'accounts', 'positions', 'orders', 'trades', 'funds'];

function itemsOf(book: Book, mark: StreamMark): unknown[] {
  const items: unknown[] = [];
  const take = (kept: Iterable<{ feedId: string; item: unknown }>): void => {
    for (const one of kept) if (one.feedId === mark.feedId) items.push(one.item);
  };
  switch (mark.stream) {
    case 'reference':
      take(book.reference.items.byKey.values());
      break;
    case 'instrumentStatus':
      take(book.statuses.byKey.values());
      break;
    case 'quotes':
      for (const record of book.records.instruments) if (record.quote !== null && record.quoteFeedId === mark.feedId) items.push(record.quote);
      break;
    case 'accounts':
      for (const account of book.records.accounts) if (account.counter?.feedId === mark.feedId) items.push(account.counter.item);
      break;
    case 'positions':
      for (const account of book.records.accounts) {
        take(account.combinations?.rows.values() ?? []);
        for (const holding of account.holdings.values()) {
          for (const side of holding.sides) {
            take(side.slices.values());
            take(side.lots.values());
          }
        }
      }
      break;
    case 'orders':
      take(book.orders.items.byKey.values());
      break;
    case 'trades':
      take(book.trades.items.byKey.values());
      break;
    case 'funds':
      take(book.funds.items.byKey.values());
      break;
  }
  return items;
}

/** What the feed said on this stream and was refused: unknown in a copy of the book as in the book itself. */
function refusedOf(book: Book, { feedId, stream }: StreamMark): RefusedItem[] {
  const refusals: (Refusal | null)[] = [];
  if (stream === 'reference') refusals.push(...book.reference.refusals());
  else if (stream === 'quotes') for (const record of book.records.instruments) refusals.push(record.quoteRefusal);
  else if (stream === 'accounts') for (const account of book.records.accounts) refusals.push(account.counterRefusal);
  else if (stream === 'positions')
    for (const account of book.records.accounts) {
      refusals.push(...account.positionRefusals, ...(account.combinations?.refusals.values() ?? []));
      for (const holding of account.holdings.values()) refusals.push(...holding.refusals.values());
    }
  return refusals.flatMap((refusal) => (refusal?.feedId === feedId ? [refusal.item] : []));
}

export function exportPictures(book: Book): IntakeEvent[] {
  const marks = [...book.streamMarks.values()].sort((a, b) => ORDER.indexOf(a.stream) - ORDER.indexOf(b.stream));
  return marks.map((mark) => {
    const refused = refusedOf(book, mark);
    return { type: 'picture', ...mark, items: itemsOf(book, mark), ...(refused.length === 0 ? {} : { refused }) } as ItemsEvent;
  });
}
