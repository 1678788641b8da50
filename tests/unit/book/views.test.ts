/** Tables, heat map, history and search as the screen asks for them. */
import { describe, expect, test } from 'vitest';
import { Book } from '#engine/book/book';
import { type HeatmapParams, QUALITY_CODE, type TableParams } from '#shared/contract/streams';
import type { Order } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent, makeBookFixture } from '#tests/bench/book-fixture';
import { lot, master, money, QUOTE, REFERENCE, rateRow, smallBook } from './small-book';

const ACCOUNTS: TableParams & { table: 'accounts' } = { table: 'accounts', scope: {}, filter: '', sort: null, first: 0, count: 100 };

function filled(seed = 3): Book {
  const book = new Book();
  book.apply(makeBookFixture(seed, { instruments: 25, accounts: 40, lots: 900 }).events);
  book.evaluate(FIXTURE_START_MS);
  return book;
}

describe('tables', () => {
  test('sorted worst first: unknown, then no degree, then the highest degree; the other way round unknown comes last', () => {
    const book = smallBook();
    book.apply([
      itemsEvent('reference', [master('A3'), master('A4')]),
      itemsEvent('accounts', [money('A3', { preBalance: -5 }), money('A2', { preBalance: 600_000 })]),
    ]);
    book.evaluate(FIXTURE_START_MS);
    const order = (direction: 'ascending' | 'descending'): string[] =>
      book.table({ ...ACCOUNTS, sort: { column: 'riskDegree', direction } }).rows.map((row) => row.accountID);
    expect(order('descending')).toEqual(['A4', 'A3', 'A1', 'A2']);
    expect(order('ascending')).toEqual(['A2', 'A1', 'A3', 'A4']);
  });

  test('a window shows its part, says the total, and stays inside', () => {
    const book = filled();
    const page = book.table({ ...ACCOUNTS, first: 30, count: 5 });
    expect(page).toMatchObject({ total: 40, first: 30 });
    expect(page.rows.map((row) => row.accountID)).toEqual(['A00030', 'A00031', 'A00032', 'A00033', 'A00034']);
    expect(book.table({ ...ACCOUNTS, first: 4000, count: 5 }).rows).toHaveLength(1);
  });

  test('filter and scope narrow', () => {
    const book = filled();
    expect(book.table({ ...ACCOUNTS, filter: 'd7 account a00007' }).rows.map((row) => row.accountID)).toEqual(['A00007']);
    expect(book.table({ ...ACCOUNTS, scope: { departmentID: 'D3' } }).total).toBe(5);
    const positions = book.table({
      table: 'positions',
      scope: { accountID: 'A00001', productID: 'SHFE.p0' },
      filter: '',
      sort: null,
      first: 0,
      count: 500,
    });
    expect(positions.total).toBeGreaterThan(0);
    expect(positions.rows.every((row) => row.accountID === 'A00001' && row.productID === 'p0')).toBe(true);
  });

  test('positions and lots of an account add up to its profit, by date', () => {
    const book = filled();
    const scope = { accountID: 'A00002' };
    const window = { scope, filter: '', sort: { column: 'positionProfitByDate', direction: 'ascending' as const }, first: 0, count: 500 };
    const total = book.accountRow('A00002')?.positionProfit ?? Number.NaN;
    const positions = book.table({ table: 'positions', ...window }).rows.map((row) => row.positionProfitByDate ?? Number.NaN);
    const lots = book.table({ table: 'lots', ...window }).rows.map((row) => row.positionProfitByDate ?? Number.NaN);
    const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
    expect(sum(positions)).toBeCloseTo(total, 4);
    expect(sum(lots)).toBeCloseTo(total, 4);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  test('a department holds its sub-departments', () => {
    const book = smallBook();
    book.apply(
      itemsEvent('reference', [
        { kind: 'department', departmentID: 'D1a', departmentName: 'Gold', parentID: 'D1' },
        master('A1', { departmentID: 'D1a' }),
      ]),
    );
    book.evaluate(FIXTURE_START_MS);
    expect(book.table({ ...ACCOUNTS, scope: { departmentID: 'D1' } }).total).toBe(2);
    expect(book.table({ ...ACCOUNTS, scope: { departmentID: 'D1a' } }).rows[0]).toMatchObject({ accountID: 'A1', departmentName: 'Gold' });
  });
});

const MAP: HeatmapParams = { measure: 'riskDegree', rows: 'account', columns: 'product', scope: {}, filter: '', order: 'worst', maxRows: 2000 };

describe('heat map', () => {
  test.each(['account', 'department'] as const)('cells of a row of %ss add up to the row, for products and for contracts', (rows) => {
    const book = filled();
    for (const columns of ['product', 'instrument'] as const) {
      for (const measure of ['riskDegree', 'positionProfit', 'currMargin'] as const) {
        const picture = book.heatmap({ ...MAP, rows, columns, measure });
        const width = picture.layout?.columns.length ?? 0;
        picture.rowValues.forEach((value, row) => {
          let sum = 0;
          for (let column = 0; column < width; column++) {
            const at = row * width + column;
            if (picture.qualities[at] !== QUALITY_CODE.none) sum += picture.values[at] ?? Number.NaN;
          }
          expect(sum).toBeCloseTo(value, 4);
        });
      }
    }
  });

  test('puts the unknown on top with its reason and keeps the layout while nothing moves places', () => {
    const book = smallBook();
    const first = book.heatmap(MAP);
    expect(first.layout?.rows.map((row) => row.key)).toEqual(['A1', 'A2']);
    book.apply(itemsEvent('quotes', [{ ...QUOTE, lastPrice: 806 }]));
    book.evaluate(FIXTURE_START_MS);
    expect(book.heatmap(MAP).layoutVersion).toBe(first.layoutVersion);
    book.apply(itemsEvent('positions', [lot('A2', 'T8', { instrumentID: 'au2701' })]));
    book.evaluate(FIXTURE_START_MS);
    const broken = book.heatmap(MAP);
    expect(broken.layoutVersion).not.toBe(first.layoutVersion);
    expect(broken.layout?.rows[0]?.key).toBe('A2');
    expect(broken.rowReasons).toEqual({ 0: 'noInstrument:SHFE.au2701' });
    expect(broken.rowQualities[0]).toBe(QUALITY_CODE.unknown);
  });

  test('says of a row, as of the account, that its level is only the least it can be while the exchange’s rate is not known', () => {
    const book = smallBook({}, [...REFERENCE.filter((item) => item.kind !== 'marginRate'), rateRow('company', 0.12)]);
    const reason = 'noRate:SHFE.au2612 exchange speculation';
    expect(book.accountRow('A1')).toMatchObject({ level: 'normal', levelReason: reason, reason: null, exchangeRiskDegree: null });
    expect(book.heatmap(MAP)).toMatchObject({ rowLevels: ['normal', 'normal'], rowLevelReasons: { 0: reason, 1: reason }, rowReasons: {} });
    expect(book.heatmap({ ...MAP, rows: 'department' }).rowLevelReasons).toEqual({ 0: reason });
    // One that is known to be the worst hides nothing worse among the others.
    book.apply(itemsEvent('accounts', [money('A2', { preBalance: -1_000_000 })], { sequence: 2 }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A2')).toMatchObject({ level: 'negative', levelReason: null });
    expect(book.heatmap({ ...MAP, rows: 'department' })).toMatchObject({ rowLevels: ['negative'], rowLevelReasons: {} });
    book.apply(itemsEvent('reference', [rateRow('exchange', 0.1)], { sequence: 2 }));
    book.evaluate(FIXTURE_START_MS);
    expect(book.accountRow('A1')).toMatchObject({ level: 'normal', levelReason: null });
  });

  test("says what each row's money is in, and gives no sum of accounts in several currencies", () => {
    const book = smallBook();
    const gold: HeatmapParams = { ...MAP, measure: 'currMargin' };
    expect(book.heatmap(gold).rowCurrencies).toEqual(['CNY', 'CNY']);
    book.apply([
      itemsEvent('reference', [master('A9', { currencyID: 'USD', departmentID: 'D1' })]),
      itemsEvent('accounts', [money('A9', { currencyID: 'USD' })]),
    ]);
    book.evaluate(FIXTURE_START_MS);
    const accounts = book.heatmap(gold);
    expect(Object.fromEntries(accounts.layout?.rows.map(({ key }, at) => [key, accounts.rowCurrencies?.[at]]) ?? [])).toEqual({
      A1: 'CNY',
      A2: 'CNY',
      A9: 'USD',
    });
    const departments = book.heatmap({ ...gold, rows: 'department' });
    expect(departments).toMatchObject({ rowCurrencies: [''], rowReasons: { 0: 'currenciesMixed:CNY, USD' } });
    expect([departments.rowQualities[0], departments.qualities[0]]).toEqual([QUALITY_CODE.unknown, QUALITY_CODE.unknown]);
    expect([...departments.rowValues, ...departments.values].every(Number.isNaN)).toBe(true);
  });

  test('stale prices show as stale once the limit of the table has passed', () => {
    const book = smallBook();
    book.evaluate(FIXTURE_START_MS + 59_000);
    expect(book.accountRow('A1')?.quality).toBe('live');
    book.evaluate(FIXTURE_START_MS + 61_000);
    expect(book.accountRow('A1')?.quality).toBe('stale');
    expect(book.heatmap(MAP).rowQualities[0]).toBe(QUALITY_CODE.stale);
  });
});

describe('history', () => {
  const order: Order = {
    accountID: 'A1',
    exchangeID: 'SHFE',
    instrumentID: 'au2612',
    orderSysID: '1',
    direction: 'buy',
    offsetFlag: 'open',
    hedgeFlag: 'speculation',
    volumeTotalOriginal: 1,
    volumeTraded: 0,
    volumeTotal: 1,
    timeCondition: 'GFD',
    volumeCondition: 'any',
    orderStatus: 'noTradeQueueing',
    insertTimeMs: FIXTURE_START_MS,
    updateTimeMs: FIXTURE_START_MS,
  };
  const params = { table: 'orders', scope: {}, filter: '', sort: null, first: 0, count: 10 } as const;

  test('a replayed order is one order, its newest state; a new trading day begins empty', () => {
    const book = smallBook();
    book.apply([itemsEvent('orders', [order]), itemsEvent('orders', [order]), itemsEvent('orders', [{ ...order, orderStatus: 'canceled' }])]);
    expect(book.table(params)).toMatchObject({ total: 1, rows: [{ orderStatus: 'canceled' }] });
    book.apply(itemsEvent('orders', [{ ...order, orderSysID: '2' }], { tradingDay: '20260915' }));
    expect(book.table(params).rows.map((row) => row.orderSysID)).toEqual(['2']);
    book.apply(itemsEvent('orders', [{ ...order, orderSysID: '3' }], { tradingDay: '20260914' }));
    expect(book.table(params).total).toBe(1);
  });

  test('beyond its capacity the oldest leave and are counted', () => {
    const book = smallBook({ historyCapacity: 3 });
    book.apply(
      itemsEvent(
        'orders',
        ['1', '2', '3', '4', '5'].map((orderSysID) => ({ ...order, orderSysID })),
      ),
    );
    expect(book.table(params).total).toBe(3);
    expect(book.droppedHistory()).toEqual({ orders: 2, trades: 0, funds: 0 });
  });
});

test('search finds by beginning first, over all kinds', () => {
  const book = smallBook();
  expect(book.search('a1', 10)[0]).toMatchObject({ kind: 'account', key: 'A1' });
  expect(book.search('au', 10).map((hit) => hit.key)).toEqual(['SHFE.au', 'SHFE.au2612']);
  expect(book.search('metal', 10)).toEqual([{ kind: 'department', key: 'D1', label: 'Metals', sublabel: 'D1' }]);
  expect(book.search('  ', 10)).toEqual([]);
});

test('accounts, departments and groups are called what the feed calls them, and by a new name once it says so', () => {
  const book = smallBook();
  expect(book.entityNames().names['department:D1']).toBe('Metals');
  const before = book.namesVersion;
  book.apply(itemsEvent('reference', [{ kind: 'department', departmentID: 'D1', departmentName: 'Precious metals' }]));
  expect(book.namesVersion).toBeGreaterThan(before);
  expect(book.entityNames().names['department:D1']).toBe('Precious metals');
});
