/**
 * What one row of the picture cache holds: an item as its feed said it, or that one was refused. What was unknown before a kill is unknown after an offline
 * start, with its reason, until the feed says it again and right: the good value from before the refusal is not the present one.
 */
import { businessKey } from '#shared/feed/business-key';
import type { ItemByStream, StreamName } from '#shared/feed/items';
import type { RefusedItem } from '#shared/feed/refused';

export type CachedRefusal = { refusedItem: RefusedItem };
export type CachedItem = ItemByStream[StreamName] | CachedRefusal;

/** Behind the key of the second of two rows about one thing in one message: they contradict each other, and both are kept. */
export const SECOND = ' #second';

/** What the market itself publishes; everything else is about clients, and sealed. */
export const PUBLIC_STREAMS: ReadonlySet<StreamName> = new Set(['quotes', 'instrumentStatus']);
const PUBLIC_NAMES = ['kind', 'exchangeID', 'instrumentID', 'productID'] as const;

export function isRefusal(item: CachedItem): item is CachedRefusal {
  return 'refusedItem' in item;
}

/** Of a stream that is not sealed only the names of the market: a garbled item may name anything. */
export function cachedRefusal(stream: StreamName, { field, about }: RefusedItem): CachedRefusal {
  if (!PUBLIC_STREAMS.has(stream)) return { refusedItem: { field, about } };
  return {
    refusedItem: { field, about: Object.fromEntries(PUBLIC_NAMES.flatMap((name) => (about[name] === undefined ? [] : [[name, about[name]]]))) },
  };
}

/** Only rows of reference data contradict each other within a message; elsewhere the later one of a message holds. */
export function canContradict(stream: StreamName): boolean {
  return stream === 'reference';
}

/** Refusals of one thing replace each other; what heals one comes after it, as it came from the feed. */
export function cacheKey(stream: StreamName, item: CachedItem): string {
  return isRefusal(item) ? `#refused ${JSON.stringify(item.refusedItem.about)}` : businessKey(stream, item);
}
