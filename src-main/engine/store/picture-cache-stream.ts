/** One stream's items on their way to the cache: the newest of each, under the row number it has on disk; large pictures wait as they came and are keyed slice by slice. */
import type { CachedStream, ItemOrigin } from '#engine/store/cache-file';
import { businessKey } from '#shared/feed/business-key';
import { ByContract } from '#shared/feed/by-contract';
import type { ItemsEvent } from '#shared/feed/intake';
import type { ItemByStream, StreamName } from '#shared/feed/items';

export type CachedItem = ItemByStream[StreamName];

/** What is known of one business key: its row (0 before it has one) and what waits to be written into it. */
type Slot = { key: string; exchangeID: string; itemId: number; item: CachedItem | null; origin: ItemOrigin };

/** A message that waits as it came: the items before `next` have been keyed, those from `end` on were dropped. */
type Backlog = { items: readonly CachedItem[]; origin: ItemOrigin; next: number; end: number; isLarge: boolean };

/** Items keyed in one turn; more than these would hold the engine's thread up. A message with more is a large one. */
const ITEMS_KEYED_AT_ONCE = 1_000;
/**
 * Quotes that wait unkeyed. Keying each message as it comes costs four times as much: every map it touches has just been pushed out of the
 * processor's caches by the valuation. Thousands that wait are as many objects for the collector to move, and a stop when they are keyed: twice the p95 of
 * a message at 100,000 quotes a second.
 */
const QUOTES_KEYED_TOGETHER = 400;

export interface CacheBatchBuilder {
  readonly isFull: boolean;
  add(itemId: number, origin: ItemOrigin, item: CachedItem): void;
}

export class PictureCacheStream {
  readonly stream: CachedStream;
  isAnnounced: boolean;
  /** Items below this belong to the picture before; null when no new picture is under way. */
  replaceBelowItemId: number | null = null;
  #slots: Map<string, Slot>;
  /** Quotes come by the hundred thousand: found by their names, without a key being made. */
  #quoteSlots = new ByContract<Slot>();
  #waiting: Slot[] = [];
  #taken = 0;
  #backlog: Backlog[] = [];
  #backlogRows = 0;
  #largeCount = 0;

  constructor(stream: CachedStream, itemIds: ReadonlyMap<string, number>, isAnnounced: boolean) {
    this.stream = stream;
    this.isAnnounced = isAnnounced;
    const origin = { streamId: stream.streamId, tradingDay: '', sequence: 0, sourceTimeMs: 0, receivedAtMs: 0 };
    this.#slots = new Map([...itemIds].map(([key, itemId]) => [key, { key, exchangeID: '', itemId, item: null, origin }]));
  }

  get queuedRows(): number {
    return this.#waiting.length - this.#taken + this.#backlogRows;
  }

  /** Of the queued rows, those that did not come within the last moments but are left over from something large. */
  get leftOverRows(): number {
    return this.#waiting.length - this.#taken + (this.#largeCount > 0 ? this.#backlogRows : 0);
  }

  /** Takes at most `room` further rows; what is waiting may still be replaced by what is newer. Answers how many items had no room. */
  take(event: ItemsEvent, nextItemId: number, room: number): number {
    const { tradingDay, sequence, sourceTimeMs, receivedAtMs } = event;
    const origin: ItemOrigin = { streamId: this.stream.streamId, tradingDay, sequence, sourceTimeMs, receivedAtMs };
    let free = room;
    if (event.type === 'picture') {
      free += this.queuedRows;
      this.forget();
      this.#slots = new Map();
      this.#quoteSlots = new ByContract();
      this.replaceBelowItemId = nextItemId;
    }
    const { items } = event;
    const isLarge = items.length > ITEMS_KEYED_AT_ONCE;
    // What comes after a large message that still waits must wait behind it.
    if (!isLarge && this.#largeCount === 0) {
      if (this.stream.stream !== 'quotes') return this.#key(items, 0, items.length, origin, free);
      if (items.length > free || this.#backlogRows + items.length > QUOTES_KEYED_TOGETHER) {
        const before = this.queuedRows;
        this.#keyBacklog(QUOTES_KEYED_TOGETHER);
        return this.#key(items, 0, items.length, origin, free + before - this.queuedRows);
      }
    }
    const end = Math.min(items.length, Math.max(0, free));
    if (end > 0) {
      this.#backlog.push({ items, origin, next: 0, end, isLarge });
      if (isLarge) this.#largeCount += 1;
    }
    this.#backlogRows += end;
    return items.length - end;
  }

  /** Moves what waits into the batch until that is full. */
  drain(batch: CacheBatchBuilder, newItemId: () => number): void {
    // Together before the first is taken, so that of the same quote only the newest is written.
    if (this.#largeCount === 0) this.#keyBacklog(QUOTES_KEYED_TOGETHER);
    while (!batch.isFull && this.queuedRows > 0) {
      if (this.#taken === this.#waiting.length) this.#keyBacklog(ITEMS_KEYED_AT_ONCE);
      const slot = this.#waiting[this.#taken];
      if (slot === undefined) return;
      this.#taken += 1;
      const { item } = slot;
      if (item === null) continue;
      slot.item = null;
      if (slot.itemId === 0) slot.itemId = newItemId();
      batch.add(slot.itemId, slot.origin, item);
      if (isGone(item)) this.#slots.delete(slot.key);
    }
    if (this.#taken === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#taken = 0;
    }
  }

  /** Drops what waits. */
  forget(): void {
    for (const slot of this.#waiting) slot.item = null;
    this.#waiting = [];
    this.#taken = 0;
    this.#backlog = [];
    this.#backlogRows = 0;
    this.#largeCount = 0;
  }

  /** Keys about `limit` of the items that wait, the oldest first. */
  #keyBacklog(limit: number): void {
    let keyed = 0;
    let done = 0;
    for (const message of this.#backlog) {
      const to = Math.min(message.end, message.next + limit - keyed);
      this.#key(message.items, message.next, to, message.origin, Number.POSITIVE_INFINITY);
      keyed += to - message.next;
      message.next = to;
      if (to < message.end) break;
      done += 1;
      if (message.isLarge) this.#largeCount -= 1;
    }
    this.#backlog.splice(0, done);
    this.#backlogRows -= keyed;
  }

  #key(items: readonly CachedItem[], from: number, to: number, origin: ItemOrigin, room: number): number {
    let free = room;
    let dropped = 0;
    for (let at = from; at < to; at += 1) {
      const item = items[at] as CachedItem;
      const slot = this.stream.stream === 'quotes' ? this.#quoteSlot(item as ItemByStream['quotes'], origin) : this.#slot(item, origin);
      if (slot.item === null) {
        if (free <= 0) {
          dropped += 1;
          continue;
        }
        free -= 1;
        this.#waiting.push(slot);
      }
      slot.item = item;
      slot.origin = origin;
    }
    return dropped;
  }

  #quoteSlot(quote: ItemByStream['quotes'], origin: ItemOrigin): Slot {
    let slot = this.#quoteSlots.get(quote.exchangeID, quote.instrumentID);
    if (slot === undefined) {
      slot = this.#slot(quote, origin);
      slot.exchangeID = quote.exchangeID;
      this.#quoteSlots.set(quote.instrumentID, slot);
    }
    return slot;
  }

  #slot(item: CachedItem, origin: ItemOrigin): Slot {
    const key = businessKey(this.stream.stream, item);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { key, exchangeID: '', itemId: 0, item: null, origin };
      this.#slots.set(key, slot);
    }
    return slot;
  }
}

/** A closed lot leaves the book, and the picture of it. */
export function isGone(item: CachedItem): boolean {
  return 'kind' in item && item.kind === 'positionDetail' && item.volume === 0;
}
