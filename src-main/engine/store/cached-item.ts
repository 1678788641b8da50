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

/** Refusals of one thing replace each other. What heals one comes after it, as it came from the feed, or takes it off the disk; see `refusalHealedBy`. */
export function cacheKey(stream: StreamName, item: CachedItem): string {
  if (!isRefusal(item)) return businessKey(stream, item);
  const { about } = item.refusedItem;
  return `${REFUSED}${(stream === 'positions' ? placeOf(about) : null) ?? JSON.stringify(about)}`;
}

export const REFUSED = '#refused ';

/** The key of the refusal that this item ends: of a position or lot said rightly, also when it is closed and leaves no row of its own to come after it. */
export function refusalHealedBy(item: CachedItem): string | null {
  const place = isRefusal(item) || !('kind' in item) ? null : placeOf(item as RefusedItem['about']);
  return place === null ? null : REFUSED + place;
}

/** A combination is refused, and said rightly, as a whole: whichever of its legs is meant. */
function placeOf(about: RefusedItem['about']): string | null {
  const { kind, accountID, exchangeID, instrumentID, hedgeFlag } = about;
  if (kind === 'positionCombineDetail') return [kind, accountID, exchangeID, about.combInstrumentID, about.comTradeID].join('|');
  const place = [kind, accountID, exchangeID, instrumentID, hedgeFlag];
  if (kind === 'positionDetail') return [...place, about.direction, about.openDate, about.tradeID].join('|');
  return kind === 'position' ? [...place, about.posiDirection, about.positionDate].join('|') : null;
}
