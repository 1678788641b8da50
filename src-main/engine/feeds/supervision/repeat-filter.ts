/** Drops trades and fund movements that a source says again under a new sequence number: money and lots must not count twice. */
import { fundKey, tradeKey } from '#shared/feed/business-key';
import type { Fund, StreamName, Trade } from '#shared/feed/items';

/** Other streams say states, not happenings: hearing a state twice changes nothing, so they pass untouched. */
function happeningKeyOf(stream: StreamName): ((item: unknown) => string) | null {
  if (stream === 'trades') return (item) => tradeKey(item as Trade);
  if (stream === 'funds') return (item) => fundKey(item as Fund);
  return null;
}

export class RepeatFilter {
  readonly #keyOf: ((item: unknown) => string) | null;
  readonly #seen = new Set<string>();
  #tradingDay: string | null = null;

  constructor(stream: StreamName) {
    this.#keyOf = happeningKeyOf(stream);
  }

  /** A whole picture begins: what was seen before it no longer counts. */
  restart(tradingDay: string): void {
    this.#seen.clear();
    this.#tradingDay = tradingDay;
  }

  /** The items not yet seen on this trading day, in order; the same array when nothing was dropped. Keys are unique within a trading day only. */
  keepNew(tradingDay: string, items: unknown[]): unknown[] {
    const keyOf = this.#keyOf;
    if (keyOf === null) return items;
    if (tradingDay !== this.#tradingDay) this.restart(tradingDay);
    const fresh: unknown[] = [];
    for (const item of items) {
      const key = keyOf(item);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      fresh.push(item);
    }
    return fresh.length === items.length ? items : fresh;
  }
}
