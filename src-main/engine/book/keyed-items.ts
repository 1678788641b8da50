/** The latest item of every business key of one stream, so that replays and resends change nothing and a picture replaces a feed's whole content. */
import type { ItemsEvent } from '#shared/feed/intake';

/** What stood around an item when it came. */
export type Kept<Item> = { key: string; item: Item; feedId: string; tradingDay: string; sourceTimeMs: number; receivedAtMs: number };

export function keep<Item>(event: ItemsEvent, key: string, item: Item): Kept<Item> {
  const { feedId, tradingDay, sourceTimeMs, receivedAtMs } = event;
  return { key, item, feedId, tradingDay, sourceTimeMs, receivedAtMs };
}

export class KeyedItems<Item> {
  readonly byKey = new Map<string, Kept<Item>>();

  /** Returns what was there before. */
  put(kept: Kept<Item>): Kept<Item> | undefined {
    const before = this.byKey.get(kept.key);
    this.byKey.set(kept.key, kept);
    return before;
  }

  /** Removes what `feedId` said and `isKept` does not name; returns the removed. */
  retain(feedId: string, isKept: (key: string) => boolean): Kept<Item>[] {
    const removed: Kept<Item>[] = [];
    for (const kept of this.byKey.values()) if (kept.feedId === feedId && !isKept(kept.key)) removed.push(kept);
    for (const kept of removed) this.byKey.delete(kept.key);
    return removed;
  }
}
