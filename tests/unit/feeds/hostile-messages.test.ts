/** Whatever bytes arrive, the reader answers with a statement or a reason: nothing thrown, nothing polluted, no memory taken on a claim. */
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { MessageReader } from '#engine/feeds/parsing/message-reader';
import { lookOverMsgpack } from '#engine/feeds/parsing/msgpack-guard';
import { Complaints } from '#engine/feeds/parsing/parse-items';

const packr = new Packr({ useRecords: false });

function read(bytes: Uint8Array | string, isBinary = typeof bytes !== 'string') {
  const complaints = new Complaints();
  const statement = new MessageReader().read(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, isBinary, complaints);
  return { statement, complaints };
}

const quote = { exchangeID: 'SHFE', instrumentID: 'au2412', updateTimeMs: 1_700_000_000_000, lastPrice: 561.24 };
const data = (items: unknown, more: object = {}) => ({
  type: 'data',
  stream: 'quotes',
  tradingDay: '20240501',
  sequence: 1,
  sourceTimeMs: 1,
  items,
  ...more,
});

describe('hostile messages', () => {
  it.each<[string, string]>([
    ['no JSON', '{"type":"data"'],
    ['no object', '[1,2,3]'],
    ['null', 'null'],
    ['empty', ''],
    ['no type', '{}'],
    ['a type from the prototype', '{"type":"constructor"}'],
    ['another one', '{"type":"__proto__"}'],
    ['unknown stream', JSON.stringify(data([], { stream: 'secrets' }))],
    ['items that are an object', JSON.stringify(data({ length: 3 }))],
    ['a fractional sequence', JSON.stringify(data([], { sequence: 1.5 }))],
    ['a sequence beyond exactness', JSON.stringify(data([])).replace('"sequence":1', '"sequence":9007199254740993')],
    ['a negative sequence', JSON.stringify(data([], { sequence: -1 }))],
    ['a trading day that is none', JSON.stringify(data([], { tradingDay: '2024-05-01' }))],
    ['a trading day of no calendar', JSON.stringify(data([quote], { tradingDay: '20241399' }))],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['binary garbage', '\u0000\u0001\ufffd'],
  ])('refuses a message with %s', (_, text) => {
    const { statement, complaints } = read(text);
    expect(statement).toBeNull();
    expect(complaints.count).toBe(1);
    expect(complaints.shown[0]?.sample.length).toBeLessThanOrEqual(400);
  });

  it.each<[string, unknown]>([
    ['__proto__ as a key', JSON.parse('{"__proto__":{"polluted":true},"exchangeID":"SHFE"}')],
    ['a constructor', { ...quote, instrumentID: { constructor: { prototype: { polluted: true } } } }],
    ['an array for an object', [quote]],
    ['a number for text', { ...quote, exchangeID: 5 }],
    ['text for a number', { ...quote, lastPrice: '561.24' }],
    ['a sentinel', { ...quote, lastPrice: 1.7976931348623157e308 }],
    ['null for absent', { ...quote, lastPrice: null }],
    ['a huge string', { ...quote, instrumentID: 'x'.repeat(1_000_000) }],
    ['nothing', null],
  ])('refuses only the item with %s', (_, item) => {
    for (const bytes of [JSON.stringify(data([quote, item, quote])), packr.pack(data([quote, item, quote]))]) {
      const { statement, complaints } = read(bytes);
      expect(statement).toMatchObject({ type: 'data', items: [quote, quote] });
      expect(complaints.count).toBe(1);
      expect(complaints.shown[0]?.stream).toBe('quotes');
      expect(complaints.shown[0]?.sample.length).toBeLessThanOrEqual(400);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('refuses a session in a time zone that nobody knows: the clock of the whole desk would stop over it', () => {
    const session = (timeZone: string) => ({
      kind: 'session',
      sessionID: 'day',
      timeZone,
      sections: [],
      citation: 'test',
      certainty: 'demonstration',
    });
    const zones = ['Nowhere/Land', '\u0000', '__proto__', '../../etc/localtime', '+25:99', 'x'.repeat(64)];
    const { complaints } = read(JSON.stringify(data([...zones, 'Asia/Shanghai'].map(session), { stream: 'reference' })));
    expect(complaints.count).toBe(zones.length);
    expect(complaints.shown.every(({ reason }) => reason.includes('timeZone'))).toBe(true);
  });

  it('drops an unknown key without refusing the item', () => {
    const { statement, complaints } = read(
      `{"type":"data","stream":"quotes","tradingDay":"20240501","sequence":1,"sourceTimeMs":1,"items":[{"__proto__":{"polluted":1},"constructor":2,"extra":"x",${JSON.stringify(quote).slice(1)}]}`,
    );
    expect(complaints.count).toBe(0);
    expect(statement).toMatchObject({ items: [quote] });
    expect(Object.keys((statement as { items: object[] }).items[0] ?? {}).sort()).toEqual(Object.keys(quote).sort());
  });

  it('refuses numbers that overflow (1e999)', () => {
    const { statement, complaints } = read(JSON.stringify(data([quote])).replace('561.24', '1e999'));
    expect(statement).toMatchObject({ items: [] });
    expect(complaints.shown[0]?.reason).toMatch(/lastPrice/);
  });

  it('shows a few complaints of a message and counts them all', () => {
    const { complaints } = read(JSON.stringify(data(Array.from({ length: 5000 }, () => 0))));
    expect(complaints.count).toBe(5000);
    expect(complaints.shown.length).toBe(20);
  });

  it('refuses MessagePack that claims more than it brings, before memory is taken', () => {
    for (const claim of [
      [0xdd, 0xff, 0xff, 0xff, 0xff],
      [0xdf, 0xff, 0xff, 0xff, 0xff],
      [0xdb, 0xff, 0xff, 0xff, 0xff],
      [0xdd, 0x01, 0xff, 0xff, 0xff],
    ]) {
      expect(read(Uint8Array.from(claim)).complaints.shown[0]?.reason).toMatch(/larger than the message/);
    }
    expect(lookOverMsgpack(Uint8Array.from([...Array.from({ length: 40 }, () => 0x91), 0xc0])).refusal).toMatch(/nested deeper/);
    expect(lookOverMsgpack(Uint8Array.from([0xc7, 0x01, 0x05, 0x00])).refusal).toMatch(/not used/);
    expect(lookOverMsgpack(Uint8Array.from([0xc0, 0xc0])).refusal).toMatch(/follow/);
    expect(lookOverMsgpack(Uint8Array.from([])).refusal).toMatch(/cut off/);
  });

  it('lets every plain MessagePack value through the guard', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 4, values: [fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)] }), (value) => {
        expect(lookOverMsgpack(packr.pack(value)).refusal).toBeNull();
      }),
    );
  });

  it('keeps two names apart that are both no UTF-8: neither becomes an account, and what they are about is not guessed', () => {
    const item = { kind: 'department', departmentID: 'GGGG', departmentName: 'one' };
    const message = {
      type: 'data',
      stream: 'reference',
      tradingDay: '20240501',
      sequence: 1,
      sourceTimeMs: 1,
      items: [item, { ...item, departmentID: 'D2' }],
    };
    for (const bytes of [packr.pack(message), Buffer.from(JSON.stringify(message))]) {
      const isBinary = bytes[0] !== 0x7b;
      for (const gbk of [
        [0xb9, 0xf3, 0xbd, 0xf0],
        [0xb9, 0xf4, 0xbd, 0xf0],
      ]) {
        bytes.set(gbk, bytes.indexOf('GGGG') >= 0 ? bytes.indexOf('GGGG') : bytes.indexOf(0xb9));
        const { statement, complaints } = read(bytes, isBinary);
        expect(statement).toMatchObject({ items: [{ departmentID: 'D2' }], refused: [{ field: 'departmentID', about: { kind: 'department' } }] });
        expect(complaints.shown.map(({ reason }) => reason)).toEqual(['departmentID: the text is not UTF-8']);
      }
    }
    // An address or a name that the desk does not read may be written as it likes.
    const unread = Buffer.from(
      JSON.stringify(message).replace('"one"', '"one","branch":"GGGG"').replace('"GGGG","departmentName"', '"D1","departmentName"'),
    );
    unread.set([0xb9, 0xf3, 0xbd, 0xf0], unread.indexOf('GGGG'));
    expect(read(unread, false)).toMatchObject({ statement: { items: [{}, {}] }, complaints: { count: 0 } });
    const welcome = Buffer.from(JSON.stringify({ type: 'heartbeat', sourceTimeMs: 1, tradingDay: 'GGGG', positions: [] }));
    welcome.set([0xb9, 0xf3, 0xbd, 0xf0], welcome.indexOf('GGGG'));
    expect(read(welcome, false)).toMatchObject({ statement: null, complaints: { count: 1 } });
  });

  it('answers any bytes without throwing', () => {
    const whole = packr.pack(data([quote, quote]));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), fc.nat(whole.length), (bytes, isBinary, cut) => {
        read(bytes, isBinary);
        const cutOff = read(whole.subarray(0, cut), true);
        if (cut < whole.length) expect(cutOff.statement).toBeNull();
      }),
      { numRuns: 800 },
    );
  });
});
