/** What stress says in sum is of the accounts a person has drilled into, and of nobody else. */
import { expect, test } from 'vitest';
import { buildStressPicture } from '#engine/book/what-if/stress-picture';
import { runStress } from '#engine/book/what-if/stress-run';
import type { StressParams } from '#shared/contract/numbers-stress';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { master, REFERENCE, smallBook } from '../small-book';

const CLOCK = { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 };

test('the outcome of a department counts and names only its accounts', () => {
  const book = smallBook({}, REFERENCE);
  book.apply(itemsEvent('reference', [master('A2', { departmentID: 'D2' })], { sequence: 2 }));
  book.evaluate(FIXTURE_START_MS);
  const run = runStress(book, [{ key: 'crash', label: 'crash', percent: -60, scenario: null }], CLOCK);
  const params: StressParams = {
    columns: { type: 'scenarios', scenarioIds: ['crash'] },
    rows: 'account',
    measure: 'balance',
    scope: {},
    filter: '',
    order: 'worst',
    first: 0,
    maxRows: 10,
  };
  const whole = buildStressPicture(book, run, params, []);
  const part = buildStressPicture(book, run, { ...params, scope: { departmentID: 'D2' } }, []);
  const count = (picture: typeof whole) => Object.values(picture.now.levels).reduce((sum, accounts) => sum + accounts, 0);
  expect([count(whole), count(part)]).toEqual([2, 1]);
  expect(part.summaries[0]?.balance).toBe(part.values[0]);
  expect(part.summaries[0]?.balanceChange).toBeLessThan(0);
  expect(part.summaries[0]?.changed.map(({ accountID }) => accountID)).not.toContain('A1');
  expect(whole.summaries[0]?.balance).toBeLessThan((whole.now.balance ?? 0) - 1_000_000);
});
