/** The trading day that the positions are of, as each feed states it: a lot opened on it is today's. */
import type { ItemsEvent } from '#shared/feed/intake';

export class PositionsDay {
  readonly #ofFeed = new Map<string, string>();

  /** The latest day that a feed's positions are of; only a whole picture can take a feed's day back. */
  after({ type, feedId, tradingDay }: ItemsEvent<'positions'>): string {
    const days = this.#ofFeed;
    const known = days.get(feedId);
    if (known === undefined || tradingDay > known || type === 'picture') days.set(feedId, tradingDay);
    let latest = tradingDay;
    for (const day of days.values()) if (day > latest) latest = day;
    return latest;
  }
}
