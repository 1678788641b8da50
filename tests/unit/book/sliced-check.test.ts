/** The check a little at a time says what the check in one go says, and begins anew with another book. */
import { describe, expect, it } from 'vitest';
import { Book } from '#engine/book/book';
import { SlicedCheck } from '#engine/book/full-check';
import { makeBookFixture } from '#tests/bench/book-fixture';

function bookOf(seed: number): Book {
  const book = new Book();
  book.apply(makeBookFixture(seed, { instruments: 10, accounts: 20, lots: 120 }).events);
  book.evaluate();
  return book;
}

/** Every look at it is a millisecond later. */
function tickingClock() {
  let ms = 0;
  return { nowMs: () => 42, monotonicMs: () => ms++ };
}

describe('the sliced check', () => {
  it('takes several steps, and then finds what the whole check finds', () => {
    const book = bookOf(3);
    const check = new SlicedCheck();
    const clock = tickingClock();
    let steps = 1;
    let result = check.step(book, 5, clock);
    while (result === null) {
      steps += 1;
      result = check.step(book, 5, clock);
    }
    expect(steps).toBeGreaterThan(2);
    expect(result).toEqual({ drift: book.fullCheck().drift, atMs: 42 });
  });

  it('sees a figure that the kernel has wrong, and forgets half a round of another book', () => {
    const check = new SlicedCheck();
    check.step(bookOf(4), 5, tickingClock());
    const book = bookOf(5);
    const column = book.kernel.columns.balance;
    column[19] = (column[19] ?? 0) + 7;
    expect(check.step(book, 1_000, tickingClock())?.drift).toBeCloseTo(7, 6);
  });
});
