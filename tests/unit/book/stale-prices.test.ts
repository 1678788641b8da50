/** While every price is young and every feed speaks nobody looks at them one by one; the moment that ends, the stale ones are named. */
import { expect, test } from 'vitest';
import { StalePrices } from '#engine/book/stale-prices';
import type { InstrumentRecord } from '#engine/book/things';

function prices(ages: Record<string, { feed: string; receivedAtMs: number }>) {
  const silent = new Set<string>();
  const records = Object.entries(ages).map(([instrumentID, { feed, receivedAtMs }]) => ({
    instrumentID,
    quoteFeedId: feed,
    quoteReceivedAtMs: receivedAtMs,
  })) as unknown as InstrumentRecord[];
  const asked: string[] = [];
  const stale = new StalePrices({
    instruments: records,
    isStale(record, nowMs) {
      asked.push(record.instrumentID);
      return silent.has(record.quoteFeedId) || nowMs - (record.quoteReceivedAtMs ?? 0) > 100;
    },
    freshForMs: 100,
    isFeedLive: (feedId) => !silent.has(feedId),
    quoteFeeds: () => ['a', 'b'],
  });
  let version = 0;
  const at = (nowMs: number): string[] => stale.at(nowMs, version++).map(({ instrumentID }) => instrumentID);
  return { records, silent, asked, at };
}

test('prices grow old after the last look all the same', () => {
  const { at, asked, records } = prices({ x: { feed: 'a', receivedAtMs: 1000 }, y: { feed: 'b', receivedAtMs: 1050 } });
  expect(at(1060)).toEqual([]);
  expect(at(1100)).toEqual([]);
  expect(asked).toEqual([]);
  expect(at(1101)).toEqual(['x']);
  expect(at(1151)).toEqual(['x', 'y']);
  for (const record of records) Object.assign(record, { quoteReceivedAtMs: 1160 });
  expect(at(1160)).toEqual([]);
});

test('a feed that falls silent makes its prices stale at once, however young they are', () => {
  const { at, silent } = prices({ x: { feed: 'a', receivedAtMs: 1000 }, y: { feed: 'b', receivedAtMs: 1000 } });
  expect(at(1010)).toEqual([]);
  silent.add('b');
  expect(at(1011)).toEqual(['y']);
  silent.clear();
  expect(at(1012)).toEqual([]);
});

test('a contract that was not there at the last look is looked at', () => {
  const { at, records } = prices({ x: { feed: 'a', receivedAtMs: 1000 } });
  expect(at(1010)).toEqual([]);
  records.push({ instrumentID: 'old', quoteFeedId: 'a', quoteReceivedAtMs: 500 } as unknown as InstrumentRecord);
  expect(at(1011)).toEqual(['old']);
});
