/** Real market files become recordings: rows are checked one by one, times and names come out right, and accounts can be laid over them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dateInName, importMarketFile, marketFileKind, type OverlayContext } from '#engine/feeds/import/import-market-file';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import type { IntakeEvent } from '#shared/feed/intake';
import { sessionStateAt } from '#shared/market/session-calendar';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(file: string): Promise<IntakeEvent[]> {
  const opened = await RecordingReader.open(file);
  if (!opened.ok) throw new Error(opened.message);
  const list: IntakeEvent[] = [];
  for await (const event of opened.value.events()) list.push(event);
  expect(opened.value.ending?.kind).toBe('complete');
  expect(opened.value.refusedLines).toBe(0);
  return list;
}

const quotesOf = (list: readonly IntakeEvent[]) => list.flatMap((event) => (event.type === 'items' && event.stream === 'quotes' ? event.items : []));

describe('importing market files', () => {
  it('turns quotes into a recording and refuses bad rows by line', async () => {
    const file = join(folder, 'xauusd-2014-05-01-quotes.csv');
    await writeFile(
      file,
      'ms_of_day,bid,ask\n43.142,1291.677,1292.033\n\n50,,1292\n60,0x10,1292\n70,-1,2\n86400000,1,2\n1e3,1291.7,1291.9\r\n2000,1291,1292,9\n3.5e3,1290.1,1290.3',
    );
    const recording = join(folder, 'out.fwrec.gz');
    const report = await importMarketFile(recording, { file, kind: 'quotes' });
    expect(report).toMatchObject({ ok: true, value: { tradingDay: '20140501', instruments: ['XAUUSD'], rowCount: 8, refusedRows: 5 } });
    if (report.ok) expect(report.value.refusals.map(({ line }) => line)).toEqual([4, 5, 6, 7, 9]);
    const list = await read(recording);
    const startMs = Date.UTC(2014, 4, 1);
    expect(list.slice(0, 6).map((event) => event.type)).toEqual(['welcome', 'link', 'picture', 'picture', 'picture', 'picture']);
    expect(quotesOf(list)).toMatchObject([
      { updateTimeMs: startMs + 43, bidPrice1: 1291.677, askPrice1: 1292.033, lastPrice: 1291.855 },
      { updateTimeMs: startMs + 1000, lastPrice: 1291.8 },
      { updateTimeMs: startMs + 3500, lastPrice: 1290.2, highestPrice: 1291.855, lowestPrice: 1290.2, openPrice: 1291.855 },
    ]);
  });

  it('turns trades of several months into quotes with volume and turnover', async () => {
    const file = join(folder, 'comex-gc-20131007-trades.csv');
    await writeFile(
      file,
      'ms_of_day,contract_month,price,quantity\n276,201312,1313.7,2\n300,201402,1314.5,1\n8.63919e+07,201312,1323.4,3\n400,201313,1,1\n500,201312,1313,0\n600,201312,1313,1.5\n',
    );
    const recording = join(folder, 'out.fwrec.gz');
    const report = await importMarketFile(recording, { file, kind: 'trades' });
    expect(report).toMatchObject({ ok: true, value: { instruments: ['GC201312', 'GC201402'], rowCount: 6, refusedRows: 3 } });
    const last = quotesOf(await read(recording)).findLast(({ instrumentID }) => instrumentID === 'GC201312');
    expect(last).toMatchObject({ exchangeID: 'COMEX', lastPrice: 1323.4, volume: 5, turnover: 659_760, highestPrice: 1323.4, lowestPrice: 1313.7 });
  });

  it('lays accounts over the day, who know the instruments and their first prices', async () => {
    const file = join(folder, 'xauusd-2014-05-01-quotes.csv');
    await writeFile(file, 'ms_of_day,bid,ask\n1000,1291,1293\n');
    const recording = join(folder, 'out.fwrec.gz');
    let seen: OverlayContext | null = null;
    await importMarketFile(recording, {
      file,
      kind: 'quotes',
      overlay: (context) => {
        seen = context;
        return {
          reference: [{ kind: 'accountMaster', accountID: 'A1', accountName: 'One', departmentID: 'D1', currencyID: 'USD' }],
          accounts: [{ accountID: 'A1', currencyID: 'USD', asOfMs: context.startMs, preBalance: 1_000_000 }],
          positions: [],
          preSettlementPrices: { XAUUSD: 1290 },
        };
      },
    });
    expect(seen).toMatchObject({ tradingDay: '20140501', firstPrices: new Map([['XAUUSD', 1292]]), startMs: Date.UTC(2014, 4, 1) + 1000 });
    const list = await read(recording);
    expect(list[0]).toMatchObject({ type: 'welcome', demonstration: true });
    expect(quotesOf(list)).toMatchObject([{ lastPrice: 1292, preSettlementPrice: 1290 }]);
    expect(list.find((event) => event.type === 'picture' && event.stream === 'accounts')).toMatchObject({
      items: [{ accountID: 'A1', preBalance: 1_000_000 }],
    });
  });

  it('writes the same bytes for the same file', async () => {
    const file = join(folder, 'xauusd-2014-05-01-quotes.csv');
    await writeFile(file, `ms_of_day,bid,ask\n${Array.from({ length: 500 }, (_, row) => `${row * 10},1291.${row},1292.${row}`).join('\n')}\n`);
    for (const name of ['a', 'b']) await importMarketFile(join(folder, name), { file, kind: 'quotes' });
    expect(await read(join(folder, 'a'))).toEqual(await read(join(folder, 'b')));
  });

  it('refuses a file without a day, with another header, or with nothing in it', async () => {
    const recording = join(folder, 'out.fwrec.gz');
    const file = join(folder, 'quotes.csv');
    await writeFile(file, 'ms_of_day,bid,ask\n1,2,3\n');
    expect(await importMarketFile(recording, { file, kind: 'quotes' })).toMatchObject({ ok: false, field: 'date' });
    expect(await importMarketFile(recording, { file, kind: 'quotes', date: '20140231' })).toMatchObject({ ok: false, field: 'date' });
    expect(await importMarketFile(recording, { file, kind: 'trades', date: '20140501' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('first line'),
    });
    await writeFile(file, 'ms_of_day,bid,ask\nx,y,z\n');
    expect(await importMarketFile(recording, { file, kind: 'quotes', date: '20140501' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('line 2'),
    });
    expect(await importMarketFile(recording, { file: join(folder, 'none.csv'), kind: 'quotes', date: '20140501' })).toMatchObject({ ok: false });
  });

  it('reads kind and day from names', () => {
    expect(dateInName('/x/2019/comex-gc-2013-10-07-trades.csv.gz')).toBe('20131007');
    expect(dateInName('xauusd_20140501.csv')).toBe('20140501');
    expect(dateInName('quotes.csv')).toBeNull();
    expect(marketFileKind('comex-gc-2013-10-07-trades.csv.gz')).toBe('trades');
  });

  it.skipIf(!hasSharedMaterial)('imports the real days of gold (skipped where the market data is not beside the checkout)', async () => {
    const gold = join(folder, 'gold.fwrec.gz');
    const spot = await importMarketFile(gold, { file: sharedFile('market', 'xauusd-2014-05-01-quotes.csv.gz'), kind: 'quotes' });
    expect(spot).toMatchObject({ ok: true, value: { rowCount: 129_744, refusedRows: 0, eventCount: 129_750 } });
    const comex = join(folder, 'comex.fwrec.gz');
    const futures = await importMarketFile(comex, { file: sharedFile('market', 'comex-gc-2013-10-07-trades.csv.gz'), kind: 'trades' });
    expect(futures).toMatchObject({ ok: true, value: { rowCount: 40_192, refusedRows: 147 } });
    const list = await read(comex);
    const reference = list.find((event) => event.type === 'picture' && event.stream === 'reference');
    if (reference?.type !== 'picture' || reference.stream !== 'reference') throw new Error('no reference');
    const session = reference.items.find((item) => item.kind === 'session');
    const calendar = reference.items.find((item) => item.kind === 'calendar');
    if (session === undefined || calendar === undefined) throw new Error('no session');
    const openCount = quotesOf(list).filter(({ updateTimeMs }) => sessionStateAt(session, calendar, updateTimeMs) === 'open').length;
    expect(openCount).toBeGreaterThan(40_000);
  });
});
