/** Quotes that were merged while the engine was behind must not look like a disagreement with the counter. */
import { describe, expect, test } from 'vitest';
import { coalesceQuotes } from '#engine/feeds/coalescing/coalesce';
import type { IntakeEvent } from '#shared/feed/intake';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { money, QUOTE, smallBook } from './small-book';

const at = (afterMs: number, lastPrice: number): IntakeEvent =>
  itemsEvent('quotes', [{ ...QUOTE, updateTimeMs: FIXTURE_START_MS + afterMs, lastPrice }]);

/** What the counter would say with this price: 2 lots of 1000, bought at 800 (settlement) and 802. */
function counterAt(afterMs: number, lastPrice: number): IntakeEvent {
  const counter = money('A1', { asOfMs: FIXTURE_START_MS + afterMs });
  const book = smallBook();
  book.apply([at(afterMs, lastPrice), itemsEvent('accounts', [counter])]);
  book.evaluate();
  return itemsEvent('accounts', [{ ...counter, balance: book.accountRow('A1')?.balance ?? 0 }]);
}

function residualAfter(events: readonly IntakeEvent[]): number | null {
  const book = smallBook();
  book.apply(events);
  book.evaluate();
  return book.residualOf(0);
}

describe('a counter compared at its own moment', () => {
  const said = [at(1000, 806), at(2000, 807), counterAt(2500, 807), at(3000, 809)];

  test('agrees when nothing was left out, and still when quotes before and after its report were merged', () => {
    expect(residualAfter(said)).toBe(0);
    const { events, dropped } = coalesceQuotes(said);
    expect(dropped).toBe(1);
    expect(residualAfter(events)).toBe(0);
  });

  test('a real difference is still seen through merged quotes', () => {
    const { events } = coalesceQuotes([at(1000, 806), at(2000, 807), counterAt(2500, 807.5), at(3000, 809)]);
    expect(residualAfter(events)).toBe(1000);
  });

  test('is not compared where the price of that moment was left out, as an older one would be a guess', () => {
    // The report speaks of 2 s, but comes after the quotes of 3 s, which swallowed those of 2 s.
    const late = [at(1000, 806), at(2000, 807), at(3000, 809), counterAt(2500, 807)];
    expect(residualAfter(late)).toBe(0);
    expect(residualAfter(coalesceQuotes(late).events)).toBeNull();
  });

  test('is compared again once reports and kept prices meet', () => {
    const { events } = coalesceQuotes([at(1000, 806), at(2000, 807), at(3000, 809)]);
    expect(residualAfter([...events, counterAt(2500, 807), counterAt(3500, 809)])).toBe(0);
  });
});
