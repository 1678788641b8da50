/** Which sources have said what their accounts hold, and of which trading day: before that, nothing held would be a guess, and a lot opened on that day is today's. */
import type { ItemsEvent, WelcomeEvent } from '#shared/feed/intake';
import type { AccountRecord } from './things';

export class ToldPositions {
  readonly #dayOfFeed = new Map<string, string>();
  readonly #offering = new Set<string>();
  /** The latest day that any feed's positions are of; null before the first. */
  day: string | null = null;

  /** A source that offers positions owes them; answers whether that is news. One that does not say what it offers owes nothing. */
  welcome({ feedId, streams }: WelcomeEvent): boolean {
    const wasOffering = this.#offering.has(feedId);
    const isOffering = streams?.includes('positions') ?? wasOffering;
    if (isOffering) this.#offering.add(feedId);
    else this.#offering.delete(feedId);
    return isOffering !== wasOffering;
  }

  /** Takes note of what has come; only a whole picture can take a feed's day back. Answers whether the day, or which sources have spoken, is another now. */
  take({ type, feedId, tradingDay }: ItemsEvent<'positions'>): boolean {
    const known = this.#dayOfFeed.get(feedId);
    if (known === undefined || tradingDay > known || type === 'picture') this.#dayOfFeed.set(feedId, tradingDay);
    const before = this.day;
    let latest = tradingDay;
    for (const day of this.#dayOfFeed.values()) if (day > latest) latest = day;
    this.day = latest;
    return known === undefined || before !== latest;
  }

  /**
   * Whether what the account holds has been told: by the source of its figures if that offers positions, by any source otherwise. Where another source has
   * named positions of the account, two sources speak of the same accounts, and those positions stand until the second one comes.
   */
  isToldOf({ counter, holdings }: AccountRecord): boolean {
    if (this.day === null) return false;
    if (counter === null || holdings.size > 0) return true;
    return this.#dayOfFeed.has(counter.feedId) || !this.#offering.has(counter.feedId);
  }
}
