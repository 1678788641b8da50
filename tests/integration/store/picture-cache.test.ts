import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Book } from '#engine/book/book';
import { openPictureCache, type PictureCacheOptions } from '#engine/store/picture-cache';
import { loadSqlite } from '#engine/store/sqlite-module';
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { PositionDetail } from '#shared/feed/items';
import { START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';
import { smallBook } from '#tests/unit/book/small-book';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const dataKey = { keyId: '0a1b2c3d', bytes: Buffer.alloc(32, 7) };
const sqlite = loadSqlite({ isPackaged: false, modulePath: null });

function open(options: Partial<PictureCacheOptions> = {}) {
  return openPictureCache({ directory: folder.path, sqlite, clock: new TestClock(START_MS), log: () => undefined, dataKey, ...options });
}

function quotes(type: 'items' | 'picture', sequence: number, prices: Record<string, number>): ItemsEvent {
  const receivedAtMs = START_MS + sequence;
  const items = Object.entries(prices).map(([instrumentID, lastPrice]) => ({
    exchangeID: 'SHFE',
    instrumentID,
    updateTimeMs: receivedAtMs,
    lastPrice,
  }));
  return { type, feedId: 'demo', stream: 'quotes', receivedAtMs, sourceTimeMs: receivedAtMs - 5, tradingDay: '20260921', sequence, items };
}

function lot(sequence: number, tradeID: string, volume: number): ItemsEvent {
  const receivedAtMs = START_MS + sequence;
  const item = {
    kind: 'positionDetail' as const,
    accountID: 'A1',
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    direction: 'long' as const,
    hedgeFlag: 'speculation' as const,
    openDate: '20260921',
    tradeID,
    asOfMs: receivedAtMs,
    volume,
    openPrice: 900,
  };
  return {
    type: 'items',
    feedId: 'demo',
    stream: 'positions',
    receivedAtMs,
    sourceTimeMs: receivedAtMs,
    tradingDay: '20260921',
    sequence,
    items: [item],
  };
}

function pricesOf(events: readonly IntakeEvent[]): Record<string, number | undefined> {
  const prices: Record<string, number | undefined> = {};
  for (const event of events)
    if ((event.type === 'items' || event.type === 'picture') && event.stream === 'quotes')
      for (const quote of event.items) prices[quote.instrumentID] = quote.lastPrice;
  return prices;
}

describe('the picture cache', () => {
  it('gives the last picture back after a restart, each quote as old as it was', async () => {
    const first = open();
    first.put([
      {
        type: 'welcome',
        feedId: 'demo',
        receivedAtMs: START_MS,
        source: 'demo',
        simulated: true,
        demonstration: true,
        sourceTimeMs: START_MS,
        tradingDay: '20260921',
      },
    ]);
    first.put([quotes('picture', 1, { au: 900, ag: 11, cu: 78 }), quotes('items', 2, { au: 901 })]);
    first.put([quotes('items', 3, { ag: 12 })]);
    await first.close();
    const events = open().load();
    expect(events.map((event) => event.type)).toEqual(['welcome', 'picture', 'items', 'items']);
    expect(pricesOf(events)).toEqual({ cu: 78, au: 901, ag: 12 });
    expect(events.slice(1).map((event) => event.receivedAtMs)).toEqual([START_MS + 1, START_MS + 2, START_MS + 3]);
    expect(events[1]).toMatchObject({ sourceTimeMs: START_MS - 4, tradingDay: '20260921', sequence: 1 });
  });

  it('goes on over several starts, replacing in place', async () => {
    for (let start = 0; start < 3; start += 1) {
      const cache = open();
      cache.load();
      cache.put([quotes('items', start + 1, { au: 900 + start, [`only-${start}`]: start })]);
      await cache.close();
    }
    expect(pricesOf(open().load())).toEqual({ au: 902, 'only-0': 0, 'only-1': 1, 'only-2': 2 });
  });

  it('forgets what a new picture no longer has, and lots that were closed', async () => {
    const cache = open();
    cache.put([quotes('picture', 1, { au: 900, gone: 1 }), lot(1, 'T1', 2), lot(1, 'T2', 1)]);
    await cache.close();
    const again = open();
    again.put([quotes('picture', 2, { au: 905 }), lot(2, 'T1', 0)]);
    await again.close();
    const events = open().load();
    expect(pricesOf(events)).toEqual({ au: 905 });
    const lots = events.flatMap((event) => (event.type === 'picture' && event.stream === 'positions' ? event.items : []));
    expect(lots.map((item) => (item.kind === 'positionDetail' ? item.tradeID : ''))).toEqual(['T2']);
  });

  it('keeps what was refused, so that it is unknown after a restart as it was before, until the feed says it right', async () => {
    const refused = (accountID: string, sequence: number): ItemsEvent => ({
      ...lot(sequence, 'T1', 2),
      items: [],
      refused: [{ field: 'volume', about: { kind: 'positionDetail', accountID, exchangeID: 'SHFE', instrumentID: 'au2612', tradeID: 'T1' } }],
    });
    const price = { field: 'lastPrice', about: { exchangeID: 'SHFE', instrumentID: 'au', accountID: 'A1' } };
    const told = (events: readonly IntakeEvent[]) =>
      events.flatMap((event) =>
        event.type === 'items' || event.type === 'picture'
          ? [
              [
                event.stream,
                event.sequence,
                event.items.length,
                ...(event.refused ?? []).map(({ field, about }) => `${field} ${about.accountID ?? ''}`),
              ],
            ]
          : [],
      );
    const cache = open();
    cache.put([quotes('picture', 1, { au: 900, ag: 11 }), lot(1, 'T1', 2), refused('A1', 2), { ...quotes('items', 2, {}), refused: [price] }]);
    await cache.close();
    const again = open();
    const events = again.load();
    // Quotes are not sealed: nobody's name stands among them. The refusal comes after what it makes unknown.
    expect(told(events)).toEqual([
      ['quotes', 1, 2],
      ['quotes', 2, 0, 'lastPrice '],
      ['positions', 1, 1],
      ['positions', 2, 0, 'volume A1'],
    ]);
    // The next good one comes after it, once more refused it comes last, and a new picture has forgotten it.
    again.put([lot(3, 'T1', 5), refused('A2', 4), quotes('items', 3, { au: 901 })]);
    await again.close();
    const third = open();
    expect(told(third.load())).toEqual([
      ['quotes', 1, 1],
      ['quotes', 2, 0, 'lastPrice '],
      ['quotes', 3, 1],
      ['positions', 2, 0, 'volume A1'],
      ['positions', 3, 1],
      ['positions', 4, 0, 'volume A2'],
    ]);
    third.put([{ ...lot(5, 'T1', 5), type: 'picture' }, quotes('picture', 5, { au: 902 })]);
    await third.close();
    expect(told(open().load())).toEqual([
      ['quotes', 5, 1],
      ['positions', 5, 1],
    ]);
  });

  it('gives a book after a restart the reasons it had, and not the good figures of before', async () => {
    const told = smallBook().exportPicture() as ItemsEvent[];
    const stream = (name: ItemsEvent['stream']) => told.find((event) => event.stream === name) as ItemsEvent;
    const refusals: [ItemsEvent['stream'], string, Record<string, string>, string][] = [
      ['quotes', 'lastPrice', { exchangeID: 'SHFE', instrumentID: 'au2612' }, 'quoteRefused:SHFE.au2612 lastPrice'],
      ['accounts', 'preBalance', { accountID: 'A1' }, 'accountRefused:preBalance'],
      [
        'positions',
        'volume',
        { kind: 'positionDetail', accountID: 'A1', exchangeID: 'SHFE', instrumentID: 'au2612', tradeID: 'T1' },
        'positionRefused:SHFE.au2612 volume',
      ],
      [
        'reference',
        'volumeMultiple',
        { kind: 'instrument', exchangeID: 'SHFE', instrumentID: 'au2612' },
        'referenceRefused:SHFE.au2612 volumeMultiple',
      ],
    ];
    for (const [name, field, about, reason] of refusals) {
      const own = temporaryFolder();
      const cache = open({ directory: own.path });
      const refused = {
        ...stream(name),
        type: 'items',
        sequence: 2,
        receivedAtMs: stream(name).receivedAtMs + 1,
        items: [],
        refused: [{ field, about }],
      } as ItemsEvent;
      cache.put([...told, refused]);
      await cache.close();
      const book = new Book();
      book.restorePicture(open({ directory: own.path }).load());
      book.evaluate(START_MS);
      expect(book.accountRow('A1'), name).toMatchObject({ quality: 'unknown', reason });
      own.remove();
    }
  });

  it('does not bring a refusal back that a closed lot or a dissolved combination has ended', async () => {
    const { items } = lot(1, 'T1', 2);
    const { asOfMs: _, volume: __, openPrice: ___, ...named } = items[0] as PositionDetail;
    const leg = { ...named, kind: 'positionCombineDetail' as const, comTradeID: 'C1', combInstrumentID: 'SP au2612&au2702' };
    const rightLeg = { ...leg, asOfMs: START_MS, legID: 2, legMultiple: 1, totalAmt: 0 };
    const says = (sequence: number, over: Partial<ItemsEvent<'positions'>>) => ({ ...lot(sequence, 'T1', 0), items: [], ...over }) as ItemsEvent;
    const refusedThings = async (): Promise<string[]> => {
      const again = open();
      const events = again.load();
      await again.close();
      return events.flatMap((event) => ('refused' in event ? (event.refused ?? []).map(({ about }) => about.kind ?? '') : []));
    };
    const cache = open();
    const refused = [named, { ...leg, tradeID: 'T9' }].map((about) => ({ field: 'volume', about }));
    cache.put([lot(1, 'T1', 2), says(2, { refused })]);
    await cache.close();
    expect(await refusedThings()).toEqual(['positionDetail', 'positionCombineDetail']);
    // Of another lot, nothing is ended.
    const other = open();
    other.put([lot(3, 'T2', 0)]);
    await other.close();
    expect(await refusedThings()).toHaveLength(2);
    const healing = open();
    healing.put([lot(4, 'T1', 0)]);
    await healing.close();
    expect(await refusedThings()).toEqual(['positionCombineDetail']);
    // In one go with its refusal, and by another leg than the one that was refused.
    const last = open();
    last.put([says(5, { refused }), lot(6, 'T1', 0), says(7, { items: [rightLeg] })]);
    await last.close();
    expect(await refusedThings()).toEqual([]);
    const refusedAgain = open();
    refusedAgain.put([lot(8, 'T1', 0), says(9, { refused })]);
    await refusedAgain.close();
    expect(await refusedThings()).toEqual(['positionDetail', 'positionCombineDetail']);
    const atOnce = open();
    atOnce.put([{ ...lot(10, 'T1', 3), refused: refused.slice(0, 1) }]);
    await atOnce.close();
    expect(await refusedThings()).toEqual(['positionCombineDetail', 'positionDetail']);
  });

  it('keeps two rates of one message as the contradiction they are, until one message says which', async () => {
    const told = smallBook().exportPicture() as ItemsEvent[];
    const reference = told.find((event) => event.stream === 'reference') as ItemsEvent<'reference'>;
    const rate = reference.items.find((item) => item.kind === 'marginRate' && item.layer === 'company');
    if (rate?.kind !== 'marginRate') throw new Error('the small book has a company rate');
    const other = { ...rate, longMarginRatioByMoney: 0.3 };
    const says = (sequence: number, items: ItemsEvent<'reference'>['items']): ItemsEvent => ({
      ...{ ...reference, type: 'items', sequence, receivedAtMs: reference.receivedAtMs + sequence, items },
    });
    const reopened = async (events: ItemsEvent[]) => {
      const cache = open();
      cache.load();
      cache.put(events);
      await cache.close();
      const book = new Book();
      const again = open();
      book.restorePicture(again.load());
      await again.close();
      book.evaluate(START_MS);
      return book.accountRow('A1')?.reason ?? null;
    };
    expect(await reopened([...told, says(2, [rate, other])])).toBe('twoRates:SHFE.au2612 company speculation');
    // Nothing new: still a contradiction after another start.
    expect(await reopened([])).toBe('twoRates:SHFE.au2612 company speculation');
    expect(await reopened([says(3, [other])])).toBeNull();
  });

  it('goes on with a cache of the release before it', async () => {
    const cache = open();
    cache.put([quotes('picture', 1, { au: 900 })]);
    await cache.close();
    const database = sqlite.open(join(folder.path, 'cache.sqlite'), {});
    database.exec('PRAGMA user_version = 2');
    database.close();
    expect(pricesOf(open().load())).toEqual({ au: 900 });
  });

  it('writes a picture larger than one batch whole', async () => {
    const prices = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`i${index}`, index]));
    const cache = open();
    cache.put([quotes('picture', 1, prices)]);
    await cache.close();
    expect(cache.stats()).toMatchObject({ state: 'ok', queuedRows: 0, droppedRows: 0, lastWriteAtMs: START_MS });
    expect(pricesOf(open().load())).toEqual(prices);
  });

  it('lets what follows a large picture wait behind it, so that the newest holds', async () => {
    const prices = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`i${index}`, index]));
    const cache = open({ flushEveryMs: 60_000 });
    cache.put([quotes('picture', 1, prices), quotes('items', 2, { i4999: 7, fresh: 1 })]);
    expect(cache.stats().queuedRows).toBe(5_002);
    await cache.close();
    expect(pricesOf(open().load())).toEqual({ ...prices, i4999: 7, fresh: 1 });
  });

  it('forgets a large picture that was replaced before it was written', async () => {
    const prices = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`i${index}`, index]));
    const cache = open({ flushEveryMs: 60_000 });
    cache.put([quotes('picture', 1, prices), quotes('items', 2, { i4999: 7 }), quotes('picture', 3, { i1: 2, i2: 3 })]);
    expect(cache.stats().queuedRows).toBe(2);
    await cache.close();
    expect(pricesOf(open().load())).toEqual({ i1: 2, i2: 3 });
  });

  it('drops the end of a picture that is larger than its queue, and says so', async () => {
    const prices = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`i${index}`, index]));
    const cache = open({ maxQueuedRows: 2_000, flushEveryMs: 60_000 });
    cache.put([quotes('picture', 1, prices)]);
    expect(cache.stats()).toMatchObject({ state: 'degraded', queuedRows: 2_000, droppedRows: 1_000 });
    await cache.close();
    expect(Object.keys(pricesOf(open().load()))).toHaveLength(2_000);
  });

  it('drops new items when its queue is full, counts them, and still keeps the newest of those it has', async () => {
    const cache = open({ maxQueuedRows: 2, flushEveryMs: 60_000 });
    cache.put([quotes('items', 1, { au: 900, ag: 11, cu: 78 }), quotes('items', 2, { au: 901 })]);
    expect(cache.stats()).toMatchObject({ state: 'degraded', queuedRows: 2, droppedRows: 1 });
    await cache.close();
    expect(pricesOf(open().load())).toEqual({ ag: 11, au: 901 });
  });

  it('sets a damaged cache aside and begins anew', async () => {
    writeFileSync(join(folder.path, 'cache.sqlite'), 'this is not a database, but it is long enough to be taken for one '.repeat(50));
    const cache = open();
    expect(cache.load()).toEqual([]);
    cache.put([quotes('picture', 1, { au: 900 })]);
    await cache.close();
    expect(existsSync(join(folder.path, 'cache.set-aside.sqlite'))).toBe(true);
    expect(pricesOf(open().load())).toEqual({ au: 900 });
    expect(readdirSync(folder.path).filter((name) => name.startsWith('cache'))).toHaveLength(2);
  });
});

describe('what the cache says about clients', () => {
  const client = '张伟期货专户';
  const account = {
    kind: 'accountMaster' as const,
    accountID: 'A1',
    accountName: client,
    departmentID: 'D1',
    controlGroupID: 'G1',
    currencyID: 'CNY',
  };
  const reference = {
    type: 'picture',
    feedId: 'demo',
    stream: 'reference',
    receivedAtMs: START_MS,
    sourceTimeMs: START_MS,
    tradingDay: '20260921',
    sequence: 1,
    items: [account],
  } as unknown as IntakeEvent;
  const bytesOnDisk = (): Buffer => Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name))));

  it('cannot be read on the disk, and is read back with the key', async () => {
    const cache = open();
    cache.put([reference, quotes('items', 2, { au2612: 500 })]);
    await cache.close();
    expect(bytesOnDisk().includes(client)).toBe(false);
    expect(bytesOnDisk().includes('au2612')).toBe(true);
    expect(JSON.stringify(open().load())).toContain(client);
  });

  it('is nothing to a desk with another key, which begins anew', async () => {
    const cache = open();
    cache.put([reference]);
    await cache.close();
    const other = open({ dataKey: { keyId: 'ffffffff', bytes: Buffer.alloc(32, 8) } });
    expect(other.load()).toEqual([]);
    await other.close();
  });

  it('does not open in another row', async () => {
    const cache = open();
    cache.put([{ ...reference, items: [account, { ...account, accountID: 'A2' }] } as unknown as IntakeEvent]);
    await cache.close();
    const database = sqlite.open(join(folder.path, 'cache.sqlite'), {});
    database.exec('UPDATE items SET body = (SELECT body FROM items AS other WHERE other.itemId <> items.itemId LIMIT 1)');
    database.close();
    expect(open().load()).toEqual([]);
  });

  it('of an earlier release, in clear, is removed and not kept aside', async () => {
    const database = sqlite.open(join(folder.path, 'cache.sqlite'), {});
    database.exec(`CREATE TABLE items (body TEXT); INSERT INTO items VALUES ('${client}'); PRAGMA user_version = 1`);
    database.close();
    const cache = open();
    expect(cache.load()).toEqual([]);
    await cache.close();
    expect(bytesOnDisk().includes(client)).toBe(false);
  });
});
