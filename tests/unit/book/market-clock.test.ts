/** One wrong time or day from a source must not stand for the rest of the day: a clock far ahead would call every silent price "closed" and drop every trade. */
import { describe, expect, test } from 'vitest';
import type { HeartbeatEvent, WelcomeEvent } from '#shared/feed/intake';
import type { Trade } from '#shared/feed/items';
import { FIXTURE_DAY, FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { lot, QUOTE, smallBook } from './small-book';

const HOUR_MS = 3_600_000;
const { feedId } = itemsEvent('quotes', []);

function heartbeat(over: Partial<HeartbeatEvent> = {}): HeartbeatEvent {
  return { type: 'heartbeat', feedId, receivedAtMs: FIXTURE_START_MS, sourceTimeMs: FIXTURE_START_MS, tradingDay: FIXTURE_DAY, ...over };
}
function welcome(over: Partial<WelcomeEvent> = {}): WelcomeEvent {
  return { ...heartbeat(), type: 'welcome', source: 's', simulated: false, demonstration: false, ...over };
}
const TRADE: Trade = {
  accountID: 'A1',
  exchangeID: 'SHFE',
  instrumentID: 'au2612',
  tradeID: 'T9',
  direction: 'buy',
  offsetFlag: 'open',
  hedgeFlag: 'speculation',
  price: 805,
  volume: 1,
  tradeTimeMs: FIXTURE_START_MS,
};
const tradesOf = (book: ReturnType<typeof smallBook>): number => book.trades.items.byKey.size;

describe("the market's clock", () => {
  test('goes back to what the source says of itself, and not for messages a little out of order', () => {
    const book = smallBook();
    book.apply(heartbeat({ sourceTimeMs: FIXTURE_START_MS + 12 * HOUR_MS }));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + 12 * HOUR_MS);
    book.apply(itemsEvent('quotes', [QUOTE]));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + 12 * HOUR_MS);
    book.apply(heartbeat({ sourceTimeMs: FIXTURE_START_MS + 1000 }));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + 1000);
    book.apply(heartbeat({ sourceTimeMs: FIXTURE_START_MS }));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + 1000);
  });

  test('is that of the feed furthest on, each with its own', () => {
    const book = smallBook();
    book.apply(heartbeat({ feedId: 'other', sourceTimeMs: FIXTURE_START_MS + HOUR_MS }));
    book.apply(heartbeat({ sourceTimeMs: FIXTURE_START_MS + 1000 }));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + HOUR_MS);
    book.apply(heartbeat({ feedId: 'other', sourceTimeMs: FIXTURE_START_MS - HOUR_MS }));
    expect(book.marketTimeMs).toBe(FIXTURE_START_MS + 1000);
  });
});

describe('the trading day', () => {
  test('does not begin with a heartbeat alone: orders and trades of today stay and go on', () => {
    const book = smallBook();
    book.apply(itemsEvent('trades', [TRADE]));
    book.apply(heartbeat({ tradingDay: '99991231' }));
    expect(book.tradingDay).toBe(FIXTURE_DAY);
    book.apply(itemsEvent('trades', [{ ...TRADE, tradeID: 'T10' }]));
    expect(tradesOf(book)).toBe(2);
  });

  test('goes back when the source takes a later one back, and what it says then is taken', () => {
    const book = smallBook();
    book.apply(welcome({ tradingDay: '99991231' }));
    expect(book.tradingDay).toBe('99991231');
    book.apply(heartbeat());
    expect(book.tradingDay).toBe(FIXTURE_DAY);
    book.apply(itemsEvent('trades', [TRADE]));
    expect(tradesOf(book)).toBe(1);
  });

  test("of the positions goes back with a whole picture, so that lots of today are not valued as yesterday's", () => {
    const book = smallBook();
    const before = book.accountRow('A2');
    const lots = [lot('A1', 'T1', { openDate: '20260910', openPrice: 700 }), lot('A1', 'T2'), lot('A2', 'T3')];
    book.apply(itemsEvent('positions', lots, { type: 'picture', tradingDay: '99991231' }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A2')?.positionProfit).not.toBe(before?.positionProfit);
    book.apply([welcome(), itemsEvent('positions', lots, { type: 'picture' })]);
    book.evaluate(FIXTURE_START_MS);
    expect(book.positionsDay).toBe(FIXTURE_DAY);
    expect(book.accountRow('A2')).toEqual(before);
  });
});
