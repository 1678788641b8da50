/** Limits are built seldom; what changed last before a quiet time must be seen all the same. */
import { expect, it } from 'vitest';
import { NumbersMarket } from '#engine/numbers-market';
import type { LimitsParams } from '#shared/contract/numbers-limits';
import type { ReferenceItem } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { GOLD, REFERENCE, smallBook } from '../book/small-book';

const limit = (limitVolume: number): ReferenceItem => ({
  kind: 'positionLimit',
  exchangeID: 'SHFE',
  productID: GOLD.productID,
  limitVolume,
  effectiveFrom: '20260101',
  citation: 'test',
  certainty: 'demonstration',
});
const PARAMS: LimitsParams = { view: 'positions', by: 'account', scope: {}, filter: '', sort: null, first: 0, count: 50 };

it('shows the last change before a quiet time once limits may be built again, and then stays as it is', () => {
  const book = smallBook({}, [...REFERENCE, limit(10)]);
  book.evaluate(FIXTURE_START_MS);
  const clock = { nowMs: () => FIXTURE_START_MS, monotonicMs: () => 0 };
  const market = new NumbersMarket({ clock, book: () => book, findScenario: () => null, volumes: () => null });
  const limitUseAt = (nowMs: number) => market.limits(PARAMS, nowMs).rows.find(({ holderID }) => holderID === 'A1')?.limitUse;
  let nowMs = FIXTURE_START_MS;
  const first = market.limitsVersion(nowMs);
  const before = limitUseAt(nowMs);

  book.apply(itemsEvent('reference', [limit(20)]));
  // As the port does: it builds when the version is another one, and never else.
  let [seen, shown] = [first, before];
  let builds = 0;
  for (let second = 0; second < 60; second += 1) {
    nowMs += 1000;
    const version = market.limitsVersion(nowMs);
    if (version === seen) continue;
    [seen, shown] = [version, limitUseAt(nowMs)];
    builds += 1;
  }
  expect(before).toBeGreaterThan(0);
  expect(shown).toBe((before ?? 0) / 2);
  expect(builds).toBeLessThanOrEqual(2);
});
