/** How much one desk holds in memory: a source that names ever new things must be stopped before it stops the engine, and with it the human side. */

/** Measured: about 3.6 KB per contract, 1.8 KB per account and 0.5 KB per lot; together under the 4 GB that one process may have. */
const CAPACITY = { instruments: 200_000, accounts: 200_000, lots: 4_000_000 } as const;
/** What a person lets in by resuming a feed that was stopped. */
const MORE_AFTER_A_STOP = 1.05;

export type Capacity = Record<keyof typeof CAPACITY, number>;

export class CapacityGuard {
  readonly #allowed: Capacity;

  constructor(allowed: Partial<Capacity> = {}) {
    this.#allowed = { ...CAPACITY, ...allowed };
  }

  /** Of what there is too much, in words for the journal, once for each time it grows; null while all is well. */
  exceeded(counts: Capacity): string | null {
    for (const kind of ['instruments', 'accounts', 'lots'] as const) {
      const allowed = this.#allowed[kind];
      if (counts[kind] <= allowed) continue;
      this.#allowed[kind] = Math.ceil(counts[kind] * MORE_AFTER_A_STOP);
      return `stopped by the desk: ${counts[kind]} ${kind}, more than the ${Math.floor(allowed)} it holds`;
    }
    return null;
  }
}
