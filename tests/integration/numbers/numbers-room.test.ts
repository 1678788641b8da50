/** The numbers room on a real journal with a book that the test moves: worklists that stop holding, statements, exports that cannot run. */
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Book } from '#engine/book/book';
import { Recorder } from '#engine/desk/record';
import { createNumbers, type Numbers } from '#engine/numbers';
import { NUMBERS_REQUESTS } from '#shared/contract/numbers';
import { accept, refuse } from '#shared/refusal';
import { FIXTURE_START_MS, itemsEvent } from '#tests/bench/book-fixture';
import { writeStatement } from '#tests/helpers/statement-writer';
import { type OpenDesk, openDesk, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';
import { lot, master, money, restingClose, smallBook } from '#tests/unit/book/small-book';

let folder: ReturnType<typeof temporaryFolder>;
let desk: OpenDesk;
let book: Book;
let numbers: Numbers;
let isLive: boolean;
let shown: Book | null;

let clock: TestClock;
/** What a second person's confirmation was used for. */
let asked: unknown[] = [];
const CONFIRMED = '0199b5a8-0000-7000-8000-00000000000a';
const USED = '0199b5a8-0000-7000-8000-00000000000b';

/** A1 with 12 lots of gold on 1.2 million: over its margin. */
function stretch(): void {
  book.apply(itemsEvent('positions', [lot('A1', 'T9', { volume: 12 })], { sequence: 2 }));
  book.evaluate(FIXTURE_START_MS);
}

beforeEach(() => {
  folder = temporaryFolder();
  clock = new TestClock(FIXTURE_START_MS);
  asked = [];
  desk = openDesk(folder.path, { clock });
  book = smallBook();
  isLive = true;
  shown = null;
  const log = () => undefined;
  const recorder = new Recorder({ journal: desk.journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'li.wei', log });
  numbers = createNumbers({
    clock,
    log,
    recorder,
    dataDir: folder.path,
    book: () => shown ?? book,
    liveBook: () => book,
    isDataLive: () => isLive,
    isDemonstration: () => false,
    secondPerson: {
      take: (confirmationId, about) => {
        asked.push(about);
        return confirmationId === CONFIRMED
          ? accept({ personId: 'p-second', sessionId: 's', keyId: 'k', signature: 'g' })
          : refuse('CONFLICT', 'used before', 'confirmationId');
      },
    },
  });
});
afterEach(async () => {
  await desk.close();
  folder.remove();
});

const RULES = {
  standard: 'broker',
  targetDegree: 0.8,
  order: 'largeMarginFirst',
  hedge: 'last',
  dates: 'historyFirst',
  skipLocked: true,
  price: 'latest',
  offsetTicks: 0,
} as const;
const statementText = () =>
  writeStatement(
    [
      { instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15_700, volume: 3, fee: 7.07 },
      { instrumentID: 'ag2702', direction: 'sell', isOpen: false, price: 15_800, volume: 1, fee: 2.36 },
    ],
    500_000,
  );
const ASKED = { accountID: 'A1', rules: RULES, feePerLot: 0, note: '', validForMinutes: null };
const make = (over: object = {}) => numbers.requests['worklist.make']({ ...ASKED, ...over });
const states = () => numbers.view.worklists({}, 0).worklists.map(({ state, reopened }) => [state, reopened?.cause ?? null]);
const entries = (type: string) => desk.journal.entriesAfter(0, 100).filter((entry) => entry.type === type);

describe('a worklist', () => {
  it('is reopened, in the journal and by the engine, when money comes in after it was made', async () => {
    stretch();
    expect(await make()).toMatchObject({ ok: true, value: { state: 'made', accountID: 'A1' } });
    numbers.tick(FIXTURE_START_MS);
    expect(states()).toEqual([['made', null]]);
    book.apply(itemsEvent('accounts', [money('A1', { deposit: 500_000 })], { sequence: 3 }));
    book.evaluate(FIXTURE_START_MS);
    numbers.tick(FIXTURE_START_MS + 1_000);
    expect(states()).toEqual([['reopened', 'deposit']]);
    expect(entries('worklist.reopened')).toMatchObject([{ actor: 'engine' }]);
    expect(
      await numbers.requests['worklist.export']({
        worklistId: numbers.view.worklists({}, 0).worklists[0]?.worklistId ?? '',
        format: 'csv',
        headings: {},
        words: {},
      }),
    ).toMatchObject({
      ok: false,
      code: 'CONFLICT',
    });
  });

  it('is reopened by a fill and by another position, but not by prices, and not from a picture that may be old', async () => {
    stretch();
    await make();
    book.apply(
      itemsEvent(
        'quotes',
        [{ exchangeID: 'SHFE', instrumentID: 'au2612', updateTimeMs: FIXTURE_START_MS, lastPrice: 790, preSettlementPrice: 800 }],
        { sequence: 3 },
      ),
    );
    book.evaluate(FIXTURE_START_MS);
    numbers.tick(FIXTURE_START_MS);
    expect(states()).toEqual([['made', null]]);
    isLive = false;
    book.apply(itemsEvent('positions', [lot('A1', 'T9', { volume: 5 })], { sequence: 4 }));
    book.evaluate(FIXTURE_START_MS);
    numbers.tick(FIXTURE_START_MS + 1_000);
    expect(states()).toEqual([['made', null]]);
    isLive = true;
    numbers.tick(FIXTURE_START_MS + 2_000);
    expect(states()).toEqual([['reopened', 'position']]);
  });

  it('leaves lots alone that a resting close order has frozen, and is reopened when that order is cancelled', async () => {
    stretch();
    const preview = async () => {
      const answer = await numbers.requests['worklist.preview']({ accountID: 'A1', rules: RULES, feePerLot: 0 });
      if (!answer.ok || answer.value.kind !== 'list') throw new Error('A1 is short of margin');
      const { lines, skipped } = answer.value;
      return { closed: lines.reduce((sum, line) => sum + line.volume, 0), frozen: skipped.filter(({ why }) => why === 'frozen') };
    };
    const before = await preview();
    expect(before.frozen).toEqual([]);
    const resting = restingClose('A1');
    book.apply(itemsEvent('orders', [resting], { sequence: 3 }));
    const { closed, frozen } = await preview();
    expect(frozen).toMatchObject([{ instrumentID: 'au2612', volume: 1, orders: ['R1'] }]);
    expect(closed).toBeLessThanOrEqual(before.closed);
    await make();
    numbers.tick(FIXTURE_START_MS);
    expect(states()).toEqual([['made', null]]);
    book.apply(itemsEvent('orders', [{ ...resting, orderStatus: 'canceled', volumeTotal: 0 }], { sequence: 4 }));
    numbers.tick(FIXTURE_START_MS + 1_000);
    expect(states()).toEqual([['reopened', 'order']]);
    expect((await preview()).frozen).toEqual([]);
  });

  it('is reopened by money that went out, which leaves it too short', async () => {
    stretch();
    await make();
    book.apply(itemsEvent('accounts', [money('A1', { withdraw: 10_000 })], { sequence: 3 }));
    book.evaluate(FIXTURE_START_MS);
    numbers.tick(FIXTURE_START_MS);
    expect(states()).toEqual([['reopened', 'withdrawal']]);
  });

  it('holds no longer when its time is over, also while no data comes, and is written by the engine', async () => {
    stretch();
    expect(await make({ validForMinutes: 10 })).toMatchObject({ ok: true, value: { expiresAtMs: FIXTURE_START_MS + 600_000, confirmedBy: null } });
    isLive = false;
    clock.ms += 599_999;
    numbers.tick(clock.nowMs());
    expect(states()).toEqual([['made', null]]);
    clock.ms += 1;
    numbers.tick(clock.nowMs());
    expect(states()).toEqual([['reopened', 'expired']]);
    expect(entries('worklist.reopened')).toMatchObject([{ actor: 'engine' }]);
  });

  it('keeps who confirmed it on the spot, for exactly what was asked, and is not made without their word or at its cost', async () => {
    expect(await make({ confirmationId: CONFIRMED })).toMatchObject({ ok: false, message: 'the account meets the target as it is' });
    expect(asked).toEqual([]);
    stretch();
    expect(await make({ confirmationId: USED })).toMatchObject({ ok: false, code: 'CONFLICT', field: 'confirmationId' });
    expect(entries('worklist.made')).toEqual([]);
    expect(await make({ confirmationId: CONFIRMED })).toMatchObject({ ok: true, value: { confirmedBy: 'p-second', madeBy: 'li.wei' } });
    expect(asked.at(-1)).toEqual({ request: 'worklist.make', payload: ASKED });
    expect(entries('worklist.made').map(({ payload }) => JSON.parse(payload) as object)).toMatchObject([
      { confirmedBy: { personId: 'p-second', signature: 'g' } },
    ]);
  });

  it('is refused where it is not needed, on stale data, in a replay, and on unknown figures', async () => {
    expect(await make()).toMatchObject({ ok: false, message: 'the account meets the target as it is' });
    stretch();
    isLive = false;
    expect(await make()).toMatchObject({ ok: false, code: 'CONFLICT' });
    isLive = true;
    shown = new Book();
    expect(await make()).toMatchObject({ ok: false, message: expect.stringContaining('replay') });
    shown = null;
    book.apply(itemsEvent('positions', [lot('A1', 'X', { instrumentID: 'nobody1' })], { sequence: 3 }));
    book.evaluate(FIXTURE_START_MS);
    expect(await make()).toMatchObject({ ok: false, message: expect.stringContaining('noInstrument:SHFE.nobody1') });
    expect(entries('worklist.made')).toEqual([]);
  });
});

describe('a settlement statement', () => {
  it('is checked, recorded once, and compared with the account of its client', async () => {
    const text = statementText();
    const imported = await numbers.requests['statement.import']({ text });
    if (!imported.ok) throw new Error(imported.message);
    expect(imported.value.disagreements).toEqual([]);
    await numbers.requests['statement.import']({ text });
    expect(entries('statement.imported')).toHaveLength(1);
    expect(await numbers.requests['statement.compare']({ statementId: imported.value.statementId })).toMatchObject({
      value: { relation: 'noAccount' },
    });
    const { clientID, date, close } = imported.value;
    book.apply(itemsEvent('reference', [master(clientID)], { sequence: 2 }));
    book.apply(itemsEvent('accounts', [money(clientID, { preBalance: (close.balance ?? 0) + 1 })], { sequence: 3, tradingDay: date }));
    const compared = await numbers.requests['statement.compare']({ statementId: imported.value.statementId });
    expect(compared).toMatchObject({ ok: true, value: { relation: 'sameDay' } });
  });

  it('that is cut off is refused with the line', async () => {
    const text = statementText();
    const refused = await numbers.requests['statement.import']({ text: text.slice(0, text.length / 2) });
    expect(refused).toMatchObject({ ok: false, code: 'INVALID' });
    expect(entries('statement.imported')).toEqual([]);
  });

  it('is not read from what has no end: a device or a folder is refused at once', async () => {
    for (const path of ['/dev/zero', '/']) {
      expect(await numbers.requests['statement.import']({ path })).toMatchObject({
        ok: false,
        code: 'INVALID',
        message: 'is not a file',
        field: 'path',
      });
    }
  });
});

describe('an export', () => {
  it('defuses names that a client could have chosen, and is recorded with its hash and row count', async () => {
    book.apply(itemsEvent('reference', [master('A1', { accountName: '=HYPERLINK("http://evil","x")' })], { sequence: 2 }));
    book.evaluate(FIXTURE_START_MS);
    const payload = NUMBERS_REQUESTS['export.table'].payload.parse({
      table: 'accounts',
      format: 'csv',
      file: '账户 1',
      headings: { accountID: '账号' },
    });
    const made = await numbers.requests['export.table'](payload);
    if (!made.ok) throw new Error(made.message);
    const text = readFileSync(made.value.path, 'utf8');
    expect(text).toMatch(/\r\n\r\njournal,\d+:[0-9a-f]{12}\r\n$/);
    expect(text).toContain('账号');
    expect(text).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
    expect(entries('export.made').map((entry) => JSON.parse(entry.payload))).toMatchObject([
      { sha256: made.value.sha256, rowCount: 2, table: 'accounts' },
    ]);
    const second = await numbers.requests['export.table'](payload);
    expect(second).toMatchObject({ ok: true, value: { file: '账户 1 (2).csv' } });
  });
});
