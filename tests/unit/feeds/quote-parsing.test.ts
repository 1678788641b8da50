/** The fast readers of the hot stream must never differ from the schema: not on what they accept, not on what they read, not on what they refuse. */
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { JsonQuoteScanner } from '#engine/feeds/parsing/json-quote-scanner';
import { lookOverMsgpack } from '#engine/feeds/parsing/msgpack-guard';
import { MsgpackQuoteScanner } from '#engine/feeds/parsing/msgpack-quote-scanner';
import { Complaints, parseItems, quickQuote } from '#engine/feeds/parsing/parse-items';
import { type Quote, quoteSchema } from '#shared/feed/items';
import { QUOTE_FIELD_NAMES } from '#shared/feed/quote-rows';

const packr = new Packr({ useRecords: false });

const oddNumber = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.round(value * 100) / 100),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1e15,
    -1e15,
    999999999999999,
    1.7976931348623157e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    8.64e15,
    8.64e15 + 2,
    5e-324,
    -5e-324,
  ),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: oddNumber },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.string({ maxLength: 70 }),
      fc.constantFrom(null, undefined, true, [], {}, [1], { lastPrice: 1 }, '1.5', '', 'x'.repeat(65), 'x'.repeat(17)),
      fc.object({ maxDepth: 3 }),
    ),
  },
);
const name = fc.oneof(
  fc.constantFrom('SHFE', 'au2412', '', 'a', '黄金', 'quo"te', 'back\\slash', 'x'.repeat(64), 'x'.repeat(65)),
  fc.string({ maxLength: 20 }),
);
const numberNames = QUOTE_FIELD_NAMES.slice(2);
const plainQuote = fc
  .tuple(
    fc.constantFrom('SHFE', 'INE', 'CZCE'),
    fc.constantFrom('au2412', 'ag2501', 'SR501'),
    fc.integer({ min: 0, max: 2_000_000_000_000 }),
    fc.dictionary(
      fc.constantFrom(...numberNames.slice(1)),
      fc.oneof(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.double({ min: 0, max: 1e7, noNaN: true }).map((value) => Math.round(value * 1000) / 1000),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
      ),
      { maxKeys: 18 },
    ),
  )
  .map(([exchangeID, instrumentID, updateTimeMs, fields]) => ({ exchangeID, instrumentID, updateTimeMs, ...fields }));
const oddQuote = fc
  .tuple(
    fc.dictionary(fc.oneof(fc.constantFrom(...numberNames), fc.constantFrom('__proto__', 'constructor', 'toString', 'extra')), oddValue, {
      maxKeys: 20,
    }),
    fc.option(name, { nil: undefined }),
    fc.option(name, { nil: undefined }),
    fc.boolean(),
  )
  .map(([fields, exchangeID, instrumentID, hasTime]) => {
    const quote: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(fields))
      Object.defineProperty(quote, key, { value, enumerable: true, configurable: true, writable: true });
    if (exchangeID !== undefined) quote.exchangeID = exchangeID;
    if (instrumentID !== undefined) quote.instrumentID = instrumentID;
    if (hasTime) quote.updateTimeMs = 1_700_000_000_000;
    return quote;
  });
const anyItem = fc.oneof({ weight: 4, arbitrary: plainQuote }, { weight: 4, arbitrary: oddQuote }, { weight: 1, arbitrary: oddValue });

/** What the schema alone says; a field that is explicitly undefined is absent. */
function bySchema(items: readonly unknown[]): Quote[] {
  const good: Quote[] = [];
  for (const item of items) {
    const parsed = quoteSchema.safeParse(item);
    if (parsed.success) good.push(Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) as Quote);
  }
  return good;
}

const message = (items: readonly unknown[]) => ({
  type: 'data',
  stream: 'quotes',
  tradingDay: '20240501',
  sequence: 7,
  sourceTimeMs: 1_714_521_600_000.5,
  items,
});

describe('quotes', () => {
  it('knows exactly the fields of the schema', () => {
    expect([...QUOTE_FIELD_NAMES].sort()).toEqual(Object.keys(quoteSchema.shape).sort());
  });

  it('accepts quickly only what the schema accepts, with the same values', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const quick = quickQuote(item);
        if (quick === null) return;
        expect(quick).toStrictEqual(bySchema([item])[0]);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the quick way for an ordinary quote', () => {
    fc.assert(
      fc.property(plainQuote, (quote) => {
        expect(quickQuote(quote)).toEqual(quote);
      }),
    );
  });

  it('refuses what the schema refuses and keeps the rest, item by item', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 12 }), (items) => {
        const complaints = new Complaints();
        const good = parseItems('quotes', items, complaints);
        expect(good).toEqual(bySchema(items));
        expect(complaints.count).toBe(items.length - good.length);
        for (const complaint of complaints.shown) {
          expect(complaint.reason.length).toBeGreaterThan(3);
          expect(complaint.sample.length).toBeLessThanOrEqual(400);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads JSON bytes as JSON.parse and the schema do, or leaves them to those', () => {
    const scanner = new JsonQuoteScanner();
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 6 }), fc.constantFrom(undefined, 1), (items, indent) => {
        const text = JSON.stringify(message(items), undefined, indent);
        const scanned = scanner.scan(Buffer.from(text));
        if (scanned === null) return;
        const parsed = JSON.parse(text) as { items: unknown[]; sourceTimeMs: number };
        expect(scanned.items).toStrictEqual(bySchema(parsed.items));
        expect(scanned.items.length).toBe(parsed.items.length);
        expect(scanned.sourceTimeMs).toBe(parsed.sourceTimeMs);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads ordinary JSON itself, also with spaces after commas and colons and fields in any order', () => {
    const scanner = new JsonQuoteScanner();
    fc.assert(
      fc.property(fc.array(plainQuote, { maxLength: 6 }), fc.boolean(), fc.boolean(), (quotes, isSpaced, isReversed) => {
        const plain = quotes.filter((quote) => !/e[+-]/.test(JSON.stringify(quote)));
        const items = isReversed ? plain.map((quote) => Object.fromEntries(Object.entries(quote).reverse())) : plain;
        const text = JSON.stringify(message(items));
        const scanned = scanner.scan(Buffer.from(isSpaced ? text.replaceAll(',"', ', "').replaceAll('":', '": ') : text));
        expect(scanned?.items).toEqual(plain);
      }),
    );
  });

  it('reads every decimal to the same bits as JSON.parse', () => {
    const scanner = new JsonQuoteScanner();
    const decimal = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.option(fc.stringMatching(/^\d{1,18}$/), { nil: undefined }));
    fc.assert(
      fc.property(decimal, ([isNegative, whole, decimals]) => {
        const number = `${isNegative ? '-' : ''}${whole}${decimals === undefined ? '' : `.${decimals}`}`;
        const text = `{"type":"data","stream":"quotes","tradingDay":"20240501","sequence":7,"sourceTimeMs":0,"items":[{"exchangeID":"A","instrumentID":"B","updateTimeMs":1,"lastPrice":${number}}]}`;
        const scanned = scanner.scan(Buffer.from(text));
        if (scanned === null) return;
        expect(Object.is((scanned.items[0] as Quote).lastPrice, JSON.parse(number))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('never reads broken JSON as a message', () => {
    const scanner = new JsonQuoteScanner();
    const text = JSON.stringify(message([{ exchangeID: 'SHFE', instrumentID: 'au2412', updateTimeMs: 1, lastPrice: 561.24, volume: 12 }]));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length }), fc.integer({ min: 0, max: 2 }), fc.string({ maxLength: 3 }), (at, removed, inserted) => {
        const broken = text.slice(0, at) + inserted + text.slice(at + removed);
        const scanned = scanner.scan(Buffer.from(broken));
        if (scanned === null) return;
        const parsed = JSON.parse(broken) as { items: unknown[]; tradingDay: string; sequence: number };
        expect(scanned.items).toEqual(bySchema(parsed.items));
        expect([scanned.tradingDay, scanned.sequence]).toEqual([parsed.tradingDay, parsed.sequence]);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads MessagePack as the general reader does, or leaves it to that', () => {
    const scanner = new MsgpackQuoteScanner();
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 6 }), (items) => {
        const bytes = packr.pack(message(items));
        const scanned = scanner.scan(bytes);
        if (scanned === null) return;
        const parsed = packr.unpack(bytes) as { items: unknown[] };
        expect(scanned.items).toStrictEqual(bySchema(parsed.items));
        expect(scanned.items.length).toBe(parsed.items.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads ordinary MessagePack itself', () => {
    const scanner = new MsgpackQuoteScanner();
    fc.assert(
      fc.property(fc.array(plainQuote, { maxLength: 20 }), (quotes) => {
        expect(scanner.scan(packr.pack(message(quotes)))?.items).toEqual(quotes);
      }),
    );
  });

  it('reads MessagePack that was cut off or changed as the general reader does, or leaves it to that', () => {
    const scanner = new MsgpackQuoteScanner();
    const quotes = fc.array(plainQuote, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(quotes, fc.nat(), fc.integer({ min: 0, max: 255 }), (items, place, byte) => {
        const bytes = packr.pack(message(items));
        const at = place % bytes.length;
        // The rest of the message still lies behind it in memory, as another message would.
        expect(scanner.scan(bytes.subarray(0, at))).toBeNull();
        const changed = Uint8Array.from(bytes);
        changed[at] = byte;
        const scanned = scanner.scan(changed);
        if (scanned === null) return;
        expect(lookOverMsgpack(changed).refusal).toBeNull();
        const parsed = packr.unpack(changed) as { items: unknown[]; tradingDay: string; sequence: number };
        expect(scanned.items).toStrictEqual(bySchema(parsed.items));
        expect([scanned.tradingDay, scanned.sequence, scanned.items.length]).toEqual([parsed.tradingDay, parsed.sequence, parsed.items.length]);
      }),
      { numRuns: 2000 },
    );
  });

  it('lends what it read until the next message, and refuses to show something else afterwards', () => {
    const scanner = new MsgpackQuoteScanner();
    const of = (lastPrice: number) => packr.pack(message([{ exchangeID: 'SHFE', instrumentID: 'au2412', updateTimeMs: 1, lastPrice }]));
    const [lent, kept] = [scanner.scan(of(1))?.rows, scanner.scan(of(2))?.rows];
    expect(() => lent?.quotes).toThrow('lent');
    kept?.keep();
    scanner.scan(of(3));
    expect(kept?.quotes).toMatchObject([{ lastPrice: 2 }]);
  });

  it('keeps names right when the memory of an earlier message is used again', () => {
    const scanner = new JsonQuoteScanner();
    const text = (instrumentID: string) => JSON.stringify(message([{ exchangeID: 'SHFE', instrumentID, updateTimeMs: 1 }]));
    const socketMemory = Buffer.from(text('au2412'));
    expect(scanner.scan(socketMemory)?.items).toMatchObject([{ instrumentID: 'au2412' }]);
    socketMemory.write(text('ag2501'));
    expect(scanner.scan(socketMemory)?.items).toMatchObject([{ instrumentID: 'ag2501' }]);
    expect(scanner.scan(Buffer.from(text('au2412')))?.items).toMatchObject([{ instrumentID: 'au2412' }]);
  });
});
