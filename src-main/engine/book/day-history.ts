/** Orders, trades and fund movements of the current trading day, latest state per business key, bounded so that a long day cannot fill the memory. */
import type { ItemsEvent } from '#shared/feed/intake';
import { KeyedItems, keep } from './keyed-items';

/** Kept per stream and trading day. The oldest beyond it leave; how many is counted and shown. */
export const HISTORY_CAPACITY = 200_000;

export class DayHistory<Item> {
  readonly items = new KeyedItems<Item>();
  tradingDay: string | null = null;
  /** How many of the day's items are no longer kept. */
  droppedCount = 0;
  readonly #keyOf: (item: Item) => string;
  readonly #capacity: number;

  constructor(keyOf: (item: Item) => string, capacity: number = HISTORY_CAPACITY) {
    this.#keyOf = keyOf;
    this.#capacity = capacity;
  }

  /** Merges; a newer trading day begins an empty history, an older one is ignored. */
  apply(event: ItemsEvent, items: readonly Item[]): void {
    if (this.tradingDay !== null && event.tradingDay < this.tradingDay) return;
    if (this.tradingDay === null || event.tradingDay > this.tradingDay) this.beginDay(event.tradingDay);
    const keys = new Set<string>();
    for (const item of items) {
      const key = this.#keyOf(item);
      if (event.type === 'picture') keys.add(key);
      this.items.put(keep(event, key, item));
    }
    if (event.type === 'picture') this.items.retain(event.feedId, (key) => keys.has(key));
    const { byKey } = this.items;
    for (const key of byKey.keys()) {
      if (byKey.size <= this.#capacity) break;
      byKey.delete(key);
      this.droppedCount++;
    }
  }

  beginDay(tradingDay: string): void {
    this.tradingDay = tradingDay;
    this.items.byKey.clear();
    this.droppedCount = 0;
  }
}
