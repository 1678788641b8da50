/** Quotes that come as rows must leave the book exactly as the same quotes do when they come as objects, whatever they say or leave out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import { type IntakeEvent, type ItemsEvent, QuotesInRows } from '#shared/feed/intake';
import type { Quote } from '#shared/feed/items';
import { packQuotes } from '#shared/feed/quote-rows';
import { makeBookFixture } from '#tests/bench/book-fixture';

const size = { instruments: 6, accounts: 12, lots: 80 };
const price = fc.option(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 90_000 }).map((ticks) => ticks / 100) }, fc.constantFrom(0, -1)), {
  nil: undefined,
});
const said = fc.record({
  instrument: fc.nat(size.instruments),
  laterMs: fc.integer({ min: -2000, max: 2000 }),
  prices: fc.record({
    lastPrice: price,
    preSettlementPrice: price,
    averagePrice: price,
    highestPrice: price,
    lowestPrice: price,
    upperLimitPrice: price,
    askPrice1: price,
    bidPrice1: price,
  }),
});
const message = fc.record({
  feedId: fc.constantFrom('one', 'two'),
  tradingDay: fc.constantFrom('20260914', '20260914', '20260915'),
  quotes: fc.array(said, { maxLength: 5 }),
  refused: fc.option(fc.nat(size.instruments), { nil: undefined }),
});

/** Keys without a value left out, as every reader leaves them out. */
function present<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}

function pictureOf(book: Book): unknown {
  book.evaluate();
  const { balance, currMargin, available, riskDegree } = book.accountColumns();
  return {
    instruments: book.records.instruments.map((record) => ({
      label: record.label,
      quote: record.quote,
      badPrices: record.badPrices,
      refusal: record.quoteRefusal,
      receivedAtMs: record.quoteReceivedAtMs,
      from: [record.quoteFeedId, record.quoteTradingDay],
      marks: [-3000, -1000, 0, 1000, 3000].map((laterMs) => record.markAt(Date.UTC(2026, 8, 14, 3) + laterMs)),
    })),
    accounts: [balance, currMargin, available, riskDegree].map((column) => Array.from(column)),
  };
}

test('the same quotes as rows and as objects make the same book and the same market for the detectors', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), (messages) => {
      const { events, quotes } = makeBookFixture(7, size);
      const books = [new Book(), new Book()];
      const runs = [new DetectorRun([]), new DetectorRun([])];
      for (const book of books) book.apply(events);
      messages.forEach(({ feedId, tradingDay, quotes: list, refused }, index) => {
        const nowMs = Date.UTC(2026, 8, 14, 3) + index * 100;
        const items = list.map(({ instrument, laterMs, prices }): Quote => {
          // One contract more than the book knows.
          const { exchangeID, instrumentID } = quotes[instrument] ?? { exchangeID: 'DCE', instrumentID: 'unknown' };
          return present({ exchangeID, instrumentID, updateTimeMs: nowMs + laterMs, ...prices } as Quote);
        });
        const mark = { feedId, receivedAtMs: nowMs, sourceTimeMs: nowMs, tradingDay, sequence: index + 1 };
        const about = refused === undefined ? undefined : quotes[refused];
        const refusals =
          about === undefined ? undefined : [{ about: { exchangeID: about.exchangeID, instrumentID: about.instrumentID }, field: 'lastPrice' }];
        const plain = { type: 'items', stream: 'quotes', ...mark, items } as ItemsEvent<'quotes'>;
        if (refusals !== undefined) plain.refused = refusals as NonNullable<typeof plain.refused>;
        const rows = packQuotes(items.map((item) => ({ ...item })));
        const inRows: ItemsEvent<'quotes'> = new QuotesInRows(feedId, nowMs, nowMs, tradingDay, index + 1, rows);
        if (refusals !== undefined) inRows.refused = refusals as NonNullable<typeof plain.refused>;
        const bothWays: IntakeEvent[] = [plain, inRows];
        for (const [way, event] of bothWays.entries()) {
          books[way]?.apply(event);
          runs[way]?.onEvent(event);
        }
        expect(JSON.parse(JSON.stringify(inRows)).items).toEqual(items);
      });
      expect(pictureOf(books[1] as Book)).toEqual(pictureOf(books[0] as Book));
      expect(runs[1]?.coverage()).toEqual(runs[0]?.coverage());
    }),
    { numRuns: 150 },
  );
});
