/** A map that remembers the latest N and says up to when it has forgotten: what bounds the memory of a day without end. */
export class RecentMap<V> {
  readonly #capacity: number;
  readonly #timeOf: (value: V) => number;
  readonly #values = new Map<string, V>();
  /** Latest time among what was forgotten; everything older may have been here before. */
  forgottenUpToMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number, timeOf: (value: V) => number) {
    this.#capacity = capacity;
    this.#timeOf = timeOf;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  add(key: string, value: V): void {
    this.#values.set(key, value);
    if (this.#values.size <= this.#capacity) return;
    const oldest = this.#values.entries().next().value;
    if (oldest === undefined) return;
    this.#values.delete(oldest[0]);
    const timeMs = this.#timeOf(oldest[1]);
    if (timeMs > this.forgottenUpToMs) this.forgottenUpToMs = timeMs;
  }

  clear(): void {
    this.#values.clear();
    this.forgottenUpToMs = Number.NEGATIVE_INFINITY;
  }
}
