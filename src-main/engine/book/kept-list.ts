/** A few items by key in an array: a position has one to five lots, and a hundred thousand Maps for them would keep the garbage collector busy. */
import type { Kept } from './keyed-items';

/** Beyond this many an index by key is made, so that an account with thousands of lots in one contract stays quick. */
const INDEX_FROM = 24;

export class KeptList<Item> {
  #list: Kept<Item>[] = [];
  #index: Map<string, number> | null = null;

  static of<Item>(kept: Kept<Item>): KeptList<Item> {
    const list = new KeptList<Item>();
    list.set(kept);
    return list;
  }

  get size(): number {
    return this.#list.length;
  }

  /** The live array: not to be kept over a change. */
  values(): readonly Kept<Item>[] {
    return this.#list;
  }

  #find(key: string): number {
    if (this.#index !== null) return this.#index.get(key) ?? -1;
    for (let i = 0; i < this.#list.length; i++) if (this.#list[i]?.key === key) return i;
    return -1;
  }

  get(key: string): Kept<Item> | undefined {
    return this.#list[this.#find(key)];
  }

  set(kept: Kept<Item>): void {
    const at = this.#find(kept.key);
    if (at >= 0) {
      this.#list[at] = kept;
      return;
    }
    this.#list.push(kept);
    if (this.#index !== null) this.#index.set(kept.key, this.#list.length - 1);
    else if (this.#list.length > INDEX_FROM) this.#reindex();
  }

  delete(key: string): void {
    const at = this.#find(key);
    if (at < 0) return;
    this.#list.splice(at, 1);
    if (this.#index !== null) this.#reindex();
  }

  /** Removes what `feedId` said; returns how many that were. */
  deleteOf(feedId: string): number {
    const before = this.#list.length;
    this.#list = this.#list.filter((kept) => kept.feedId !== feedId);
    this.#reindex();
    return before - this.#list.length;
  }

  #reindex(): void {
    this.#index = this.#list.length > INDEX_FROM ? new Map(this.#list.map((kept, at) => [kept.key, at])) : null;
  }
}
