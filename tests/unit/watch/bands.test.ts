/** The kernel watches bands so that the rules need not look at every account: what is said must be the same as if they did. */
import { describe, expect, it } from 'vitest';
import { Book } from '#engine/book/book';
import { nextAbove } from '#engine/watch/band';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { BANDED_RULES, compareBandedWatch, Desk, fixture, play } from '#tests/helpers/banded-watch';

describe('a banded watch', () => {
  // A sample of what `npm run prove banded-watch` plays by the thousand.
  it.each(BANDED_RULES)('says exactly what a watch says that looks at every account, with %s', (_, rules) => {
    expect(compareBandedWatch(rules, 11, 12)).toBeGreaterThan(50);
  });

  it('looks at nobody while no account nears a level', () => {
    const desk = new Desk(new Book(), []);
    play(desk, []);
    let looked = 0;
    const take = desk.book.takeCrossedAccounts.bind(desk.book);
    desk.book.takeCrossedAccounts = () => {
      const taken = take();
      looked += taken.length;
      return taken;
    };
    const quotes = fixture.quotes.map((quote) => ({ ...quote, lastPrice: (quote.lastPrice ?? 0) + 0.02 }));
    desk.core.onMessage([itemsEvent('quotes', quotes)], FIXTURE_START_MS + 1);
    expect(looked).toBe(0);
  });

  it('turns a limit that is still held into the next number above it', () => {
    for (const value of [0, 1000, -1000, 0.1, -0.1, Number.MIN_VALUE]) {
      expect(nextAbove(value)).toBeGreaterThan(value);
      expect(value + (nextAbove(value) - value) / 2 === value || value + (nextAbove(value) - value) / 2 === nextAbove(value)).toBe(true);
    }
  });
});
