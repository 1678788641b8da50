/** The course of a degree has gaps where there was no live data, and money to the cent where there was. */
import { expect, test } from 'vitest';
import { AccountHistories, HISTORY_EVERY_MS } from '#engine/book/account-history';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { money, smallBook } from './small-book';

test('half a picture is never a reading, and silence is a gap', () => {
  const book = smallBook();
  const histories = new AccountHistories();
  const at = (step: number): number => FIXTURE_START_MS + step * HISTORY_EVERY_MS;
  histories.sample(book, at(0), false);
  expect(histories.of(book, 'A1').atMs).toHaveLength(0);
  book.apply(itemsEvent('accounts', [money('A1', { preBalance: 123_456_789.12 })]));
  book.evaluate(FIXTURE_START_MS);
  histories.sample(book, at(1), true);
  histories.sample(book, at(2), false);
  histories.sample(book, at(3), false);
  histories.sample(book, at(4), true);
  const { atMs, balance, riskDegree } = histories.of(book, 'A1');
  expect([...atMs]).toEqual([at(1), at(2), at(4)]);
  expect([...balance]).toEqual([123_464_789.12, Number.NaN, 123_464_789.12]);
  expect(riskDegree[1]).toBeNaN();
});
