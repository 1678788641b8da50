/** One stream's items on their way to the cache: the newest of each, under the row number it has on disk; large pictures wait as they came and are keyed slice by slice. */
import type { CachedStream, ItemOrigin } from '#engine/store/cache-file';
import { type CachedItem, cachedRefusal, cacheKey, canContradict, isRefusal, REFUSED, refusalHealedBy, SECOND } from '#engine/store/cached-item';
import { contractAt } from '#shared/feed/contracts';
import { type ItemsEvent, rowsOf } from '#shared/feed/intake';
import type { ItemByStream } from '#shared/feed/items';
import { type QuoteRows, quoteAt, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';

/** What is known of one business key: its row (0 before it has one) and what waits to be written into it. */
type Slot = {
  key: string;
  itemId: number;
  item: CachedItem | null;
  /** Of a quote: the place of its row, which becomes an item only when it is written; -1 for everything else. */
  place: number;
  origin: ItemOrigin;
};

/** A message that waits as it came: the items before `next` have been keyed, those from `end` on were dropped. */
type Backlog = { said: Said; origin: ItemOrigin; next: number; end: number; isLarge: boolean };
type Said = readonly CachedItem[] | QuoteRows;

const isRows = (said: Said): said is QuoteRows => 'numbers' in said;

/** Items keyed in one turn; more than these would hold the engine's thread up. A message with more is a large one. */
const ITEMS_KEYED_AT_ONCE = 1_000;
export interface CacheBatchBuilder {
  readonly isFull: boolean;
  add(itemId: number, origin: ItemOrigin, item: CachedItem): void;
}

/** Quotes come by the hundred thousand and are written by the dozen: until then they are rows side by side, found by their contract. */
class WaitingQuotes {
  readonly slots: (Slot | undefined)[] = [];
  /** By contract number; -1 where there is none. */
  readonly #places: number[] = [];
  #count = 0;
  #numbers = new Float64Array(0);
  #waits = new Uint8Array(0);
  readonly #origins: ItemOrigin[] = [];

  placeOf(contractNumber: number): number {
    const known = this.#places[contractNumber];
    if (known !== undefined && known >= 0) return known;
    while (this.#places.length <= contractNumber) this.#places.push(-1);
    const place = this.#count;
    this.#places[contractNumber] = place;
    this.#count += 1;
    if (this.#count > this.#waits.length) this.#enlarge(Math.max(64, this.#count * 2));
    return place;
  }

  doesWait(place: number): boolean {
    return this.#waits[place] === 1;
  }

  put(place: number, rows: Float64Array, at: number, origin: ItemOrigin): void {
    const numbers = this.#numbers;
    const to = place * ROW_LENGTH;
    for (let index = 0; index < ROW_LENGTH; index += 1) numbers[to + index] = rows[at + index] as number;
    this.#origins[place] = origin;
    this.#waits[place] = 1;
  }

  /** The quote, which waits no more; null when none does. */
  take(place: number): ItemByStream['quotes'] | null {
    if (this.#waits[place] !== 1) return null;
    this.#waits[place] = 0;
    return quoteAt(this.#numbers, place * ROW_LENGTH);
  }

  originOf(place: number): ItemOrigin {
    return this.#origins[place] as ItemOrigin;
  }

  forget(): void {
    this.#waits.fill(0);
  }

  /** Rows on disk are another's from now on. */
  restart(): void {
    this.forget();
    this.slots.length = 0;
  }

  #enlarge(room: number): void {
    const numbers = new Float64Array(room * ROW_LENGTH);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    const waits = new Uint8Array(room);
    waits.set(this.#waits);
    this.#waits = waits;
  }
}

export class PictureCacheStream {
  readonly stream: CachedStream;
  isAnnounced: boolean;
  /** Items below this belong to the picture before; null when no new picture is under way. */
  replaceBelowItemId: number | null = null;
  #slots: Map<string, Slot>;
  #hasRefusals = false;
  readonly #quotes = new WaitingQuotes();
  #waiting: Slot[] = [];
  #taken = 0;
  #backlog: Backlog[] = [];
  #backlogRows = 0;
  #largeCount = 0;

  constructor(stream: CachedStream, itemIds: ReadonlyMap<string, number>, isAnnounced: boolean) {
    this.stream = stream;
    this.isAnnounced = isAnnounced;
    const origin = { streamId: stream.streamId, tradingDay: '', sequence: 0, sourceTimeMs: 0, receivedAtMs: 0 };
    this.#slots = new Map([...itemIds].map(([key, itemId]) => [key, { key, itemId, item: null, place: -1, origin }]));
    for (const key of itemIds.keys()) this.#hasRefusals ||= key.startsWith(REFUSED);
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
      this.#hasRefusals = false;
      this.#quotes.restart();
      this.replaceBelowItemId = nextItemId;
    }
    let dropped = 0;
    if (event.refused !== undefined) {
      const refused = event.refused.map((item) => cachedRefusal(this.stream.stream, item));
      dropped = this.#keyItems(refused, 0, refused.length, origin, free);
      free -= refused.length - dropped;
    }
    const said = event.stream === 'quotes' ? rowsOf(event) : event.items;
    const count = isRows(said) ? said.count : said.length;
    const isLarge = count > ITEMS_KEYED_AT_ONCE;
    // What comes after a large message that still waits must wait behind it.
    if (!isLarge && this.#largeCount === 0) return dropped + this.#key(said, 0, count, origin, free);
    if (isRows(said)) said.keep();
    const end = Math.min(count, Math.max(0, free));
    if (end > 0) {
      this.#backlog.push({ said, origin, next: 0, end, isLarge });
      if (isLarge) this.#largeCount += 1;
    }
    this.#backlogRows += end;
    return dropped + count - end;
  }

  /** Moves what waits into the batch until that is full. */
  drain(batch: CacheBatchBuilder, newItemId: () => number): void {
    while (!batch.isFull && this.queuedRows > 0) {
      if (this.#taken === this.#waiting.length) this.#keyBacklog(ITEMS_KEYED_AT_ONCE);
      const slot = this.#waiting[this.#taken];
      if (slot === undefined) return;
      this.#taken += 1;
      const item = slot.place < 0 ? slot.item : this.#quotes.take(slot.place);
      if (item === null) continue;
      slot.item = null;
      if (slot.itemId === 0) slot.itemId = newItemId();
      batch.add(slot.itemId, slot.place < 0 ? slot.origin : this.#quotes.originOf(slot.place), item);
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
    this.#quotes.forget();
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
      this.#key(message.said, message.next, to, message.origin, Number.POSITIVE_INFINITY);
      keyed += to - message.next;
      message.next = to;
      if (to < message.end) break;
      done += 1;
      if (message.isLarge) this.#largeCount -= 1;
    }
    this.#backlog.splice(0, done);
    this.#backlogRows -= keyed;
  }

  /** Answers how many had no room. */
  #key(said: Said, from: number, to: number, origin: ItemOrigin, room: number): number {
    return isRows(said) ? this.#keyRows(said, from, to, origin, room) : this.#keyItems(said, from, to, origin, room);
  }

  #keyItems(items: readonly CachedItem[], from: number, to: number, origin: ItemOrigin, room: number): number {
    let free = room;
    let dropped = 0;
    for (let at = from; at < to; at += 1) {
      const item = items[at] as CachedItem;
      const slot = this.#slot(item, origin);
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
      if (isRefusal(item)) this.#hasRefusals = true;
      else if (this.#hasRefusals) this.#endRefusal(refusalHealedBy(item), origin);
    }
    return dropped;
  }

  /** Of a quote that waits already, only its row is touched. */
  #keyRows({ numbers }: QuoteRows, from: number, to: number, origin: ItemOrigin, room: number): number {
    const quotes = this.#quotes;
    let free = room;
    let dropped = 0;
    for (let row = from; row < to; row += 1) {
      const contractNumber = numbers[row * ROW_LENGTH + ROW.contract] as number;
      const place = quotes.placeOf(contractNumber);
      if (!quotes.doesWait(place)) {
        if (free <= 0) {
          dropped += 1;
          continue;
        }
        free -= 1;
        this.#waiting.push(this.#quoteSlot(contractNumber, place, origin));
      }
      quotes.put(place, numbers, row * ROW_LENGTH, origin);
    }
    return dropped;
  }

  #quoteSlot(contractNumber: number, place: number, origin: ItemOrigin): Slot {
    const known = this.#quotes.slots[place];
    if (known !== undefined) return known;
    const { exchangeID, instrumentID } = contractAt(contractNumber);
    const slot = this.#slot({ exchangeID, instrumentID, updateTimeMs: 0 }, origin);
    slot.place = place;
    this.#quotes.slots[place] = slot;
    return slot;
  }

  #slot(item: CachedItem, origin: ItemOrigin): Slot {
    const key = cacheKey(this.stream.stream, item);
    const known = this.#slots.get(key);
    if (known === undefined || !canContradict(this.stream.stream)) return known ?? this.#newSlot(key, origin);
    if (known.origin === origin) return this.#slots.get(key + SECOND) ?? this.#newSlot(key + SECOND, origin);
    // What one message says of it alone is the newer word on both.
    this.#end(this.#slots.get(key + SECOND));
    return known;
  }

  /** What one message says and refuses of a thing is refused. */
  #endRefusal(key: string | null, origin: ItemOrigin): void {
    const refusal = key === null ? undefined : this.#slots.get(key);
    if (refusal?.origin !== origin) this.#end(refusal);
  }

  #end(slot: Slot | undefined): void {
    if (slot === undefined) return;
    if (slot.item === null) this.#waiting.push(slot);
    slot.item = GONE;
  }

  #newSlot(key: string, origin: ItemOrigin): Slot {
    const slot: Slot = { key, itemId: 0, item: null, place: -1, origin };
    this.#slots.set(key, slot);
    return slot;
  }
}

/** Takes a row off the disk. */
const GONE: CachedItem = { refusedItem: { field: '', about: {} } };

/** A closed lot and a dissolved combination leave the book, and the picture of it. */
export function isGone(item: CachedItem): boolean {
  if (item === GONE) return true;
  if (isRefusal(item) || !('kind' in item)) return false;
  return (item.kind === 'positionDetail' && item.volume === 0) || (item.kind === 'positionCombineDetail' && item.totalAmt === 0);
}
