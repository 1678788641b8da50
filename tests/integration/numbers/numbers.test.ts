/** The numbers a supervisor signs, over the whole way: a broker on a real socket, the journal on a real disk, a page on a real port. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXPLAINED_FIELDS } from '#shared/contract/numbers-account';
import type { StressPicture } from '#shared/contract/numbers-stress';
import type { AccountRow } from '#shared/contract/streams';
import type { WorklistRules } from '#shared/market/what-if/worklist';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

const LADDER = { type: 'ladder', stepPercent: 1, count: 10 } as const;
const WHOLE = { scope: {}, filter: '', first: 0 } as const;
const RULES: WorklistRules = {
  standard: 'broker',
  targetDegree: 0.5,
  order: 'largeMarginFirst',
  hedge: 'last',
  dates: 'historyFirst',
  skipLocked: false,
  price: 'latest',
  offsetTicks: 0,
};

async function openPage(): Promise<{ page: PageClient; rows: AccountRow[] }> {
  const server = await desk.startDemo();
  const engine = await desk.start(server.url);
  const page = new PageClient(engine);
  const status = page.subscribe('status', {});
  const accounts = page.subscribe('table', {
    table: 'accounts',
    ...WHOLE,
    sort: { column: 'riskDegree', direction: 'descending' },
    count: 100,
  });
  await page.until(() => status()?.feeds[0]?.state === 'live' && status()?.offline === null);
  const rows = await page.until(() => {
    const picture = accounts();
    return picture?.total === 60 && picture.rows.every((row) => 'balance' in row && row.balance !== null) && (picture.rows as AccountRow[]);
  });
  return { page, rows };
}

function ok<Value>(outcome: { ok: true; value: Value } | { ok: false; message: string }): Value {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

describe('stress and distance', () => {
  it('shows every account over the ladder, with what it means for the firm', async () => {
    const { page } = await openPage();
    const stress = page.subscribe('stress', { ...WHOLE, columns: LADDER, rows: 'account', measure: 'riskDegree', order: 'worst', maxRows: 500 });
    const picture = await page.until<StressPicture>(stress);
    expect(picture.columns).toHaveLength(21);
    expect(picture.rows).toHaveLength(60);
    expect(picture.values).toHaveLength(60 * 21);
    const middle = picture.summaries[10];
    expect(middle?.levels).toEqual(picture.now.levels);
    expect(middle?.balanceChange).toBeCloseTo(0, 4);
    for (const { levels } of picture.summaries) expect(Object.values(levels).reduce((sum, count) => sum + count, 0)).toBe(60);
    page.close();
  });

  it('ranks accounts by distance, and each distance stressed is that level', async () => {
    const { page } = await openPage();
    const distance = page.subscribe('distance', {
      ...WHOLE,
      target: 'call',
      direction: 'nearest',
      measure: 'percent',
      sort: null,
      count: 60,
    });
    const { rows } = await page.until(distance);
    expect(rows).toHaveLength(60);
    const sizes = rows.map(({ percent }) => (percent === null ? Number.POSITIVE_INFINITY : Math.abs(percent)));
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    const inverse = ok(await page.request('inverse.account', { accountID: rows[0]?.accountID ?? '', days: 3 }));
    expect(inverse.equal).toHaveLength(8);
    expect(inverse.alone.length % 8).toBe(0);
    expect([inverse.queue.days, inverse.queue.reason, inverse.queue.crossings.length]).toEqual([3, null, 4]);
    const oneDay = ok(await page.request('inverse.account', { accountID: rows[0]?.accountID ?? '', days: 1 }));
    expect([oneDay.queue.days, oneDay.queue.steps.length]).toEqual([1, inverse.queue.steps.length]);
    const budget = ok(await page.request('budget.account', { accountID: rows[0]?.accountID ?? '' }));
    expect(budget.days.map(({ day }) => day)).toEqual([1, 2, 3, 4]);
    page.close();
  });

  it('saves a scenario in versions, stresses by its newest one, and leaves bundled ones alone', async () => {
    const { page, rows } = await openPage();
    const saved = ok(
      await page.request('scenario.save', {
        scenario: { name: 'Silver day', price: { type: 'percent', percent: -5 } },
        note: 'after lunch',
      } as never),
    );
    const again = ok(
      await page.request('scenario.save', {
        scenario: { scenarioId: saved.scenario.scenarioId, name: 'Silver day', price: { type: 'percent', percent: -7 } },
        note: '',
      } as never),
    );
    expect(again.scenario.version).toBe(2);
    expect(again.versions.map(({ version }) => version)).toEqual([2, 1]);
    const { scenarios } = ok(await page.request('scenario.list', {}));
    expect(scenarios.filter(({ origin }) => origin === 'bundled').length).toBeGreaterThan(3);
    const bundled = scenarios[0]?.scenario.scenarioId ?? '';
    expect(await page.request('scenario.remove', { scenarioId: bundled, reason: 'no' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    const stress = page.subscribe('stress', {
      ...WHOLE,
      columns: { type: 'scenarios', scenarioIds: [saved.scenario.scenarioId, ...scenarios.map(({ scenario }) => scenario.scenarioId), 'gone'] },
      rows: 'department',
      measure: 'balanceChange',
      order: 'name',
      maxRows: 50,
    });
    const picture = await page.until(() => {
      const now = stress();
      return now?.columns[0]?.version === 2 && now;
    });
    expect(picture.missing).toEqual(['gone']);
    const one = ok(await page.request('stress.account', { accountID: rows[0]?.accountID ?? '', scenarioId: saved.scenario.scenarioId }));
    expect(one.after.balance).not.toBe(one.before.balance);
    ok(await page.request('scenario.remove', { scenarioId: saved.scenario.scenarioId, reason: 'done' }));
    const after = ok(await page.request('scenario.list', {}));
    expect(after.scenarios.some(({ scenario }) => scenario.scenarioId === saved.scenario.scenarioId)).toBe(false);
    page.close();
  });
});

describe('explanations', () => {
  it('has a tree with sources for every field of an account', async () => {
    const { page, rows } = await openPage();
    for (const field of EXPLAINED_FIELDS) {
      const { root, counter } = ok(await page.request('explain.account', { accountID: rows[0]?.accountID ?? '', field }));
      expect(root.id, field).not.toBe('');
      if (field === 'balance') {
        expect(counter?.asOfMs).toBeGreaterThan(0);
        expect(root.children.map(({ id }) => id)).toEqual(expect.arrayContaining(['staticEquity', 'positionProfit']));
        expect(root.children[0]?.children[0]?.source).toMatchObject({ stream: 'accounts' });
      }
      if (field === 'currMargin') expect(JSON.stringify(root)).toContain('effectiveFrom');
    }
    expect(await page.request('explain.account', { accountID: 'nobody', field: 'balance' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
    page.close();
  });
});

describe('a worklist', () => {
  it('is recorded with its inputs, exported with a hash, reopened by what comes in, and withdrawn with a reason', async () => {
    const { page, rows } = await openPage();
    const accountID = rows.find((row) => (row.riskDegree ?? 0) > 0.6)?.accountID ?? '';
    const preview = ok(await page.request('worklist.preview', { accountID, rules: RULES, feePerLot: null }));
    // By the account's own commission rates unless a number is given in their place.
    expect(preview).toMatchObject({ kind: 'list', feeReason: null });
    expect(preview.kind === 'list' ? preview.fee : null).toBeGreaterThan(0);
    const made = ok(await page.request('worklist.make', { accountID, rules: RULES, feePerLot: 0, note: 'call not met', validForMinutes: 30 }));
    expect(made).toMatchObject({ accountID, madeBy: 'p-supervisor', note: 'call not met' });
    expect(made.lines.length).toBeGreaterThan(0);
    expect(made.inputsHash).toMatch(/^[0-9a-f]{64}$/);
    const lists = page.subscribe('worklists', { accountID });
    await page.until(() => lists()?.worklists.some(({ worklistId }) => worklistId === made.worklistId));
    const exported = await page.request('worklist.export', { worklistId: made.worklistId, format: 'csv', headings: {}, words: {} });
    // The market of the demonstration goes on: a fill may have come in between, and then the list must not be exported.
    if (exported.ok) {
      expect(existsSync(exported.value.made.path)).toBe(true);
      expect(exported.value.worklist.exported?.sha256).toBe(exported.value.made.sha256);
    } else expect(exported.code).toBe('CONFLICT');
    const withdrawn = ok(await page.request('worklist.withdraw', { worklistId: made.worklistId, reason: 'client paid in' }));
    expect(withdrawn.state).toBe('withdrawn');
    page.close();
  });
});

describe('exports, limits and history', () => {
  it('writes tables into the exports folder and records each with its hash', async () => {
    const { page, rows } = await openPage();
    for (const table of ['accounts', 'positions', 'stress', 'stressSummary', 'distance', 'limits', 'heavy'] as const) {
      for (const format of ['csv', 'xlsx'] as const) {
        const made = ok(await page.request('export.table', { table, format } as never));
        expect(made.rowCount, table).toBeGreaterThan(0);
        expect(made.path.startsWith(desk.dataDir)).toBe(true);
        const start = readFileSync(made.path).subarray(0, 3);
        expect([...start]).toEqual(format === 'csv' ? [0xef, 0xbb, 0xbf] : [0x50, 0x4b, 0x03]);
      }
    }
    expect(await page.request('export.table', { table: 'accounts', format: 'csv', file: '../out' } as never)).toMatchObject({ ok: false });
    // What the page of one account shows beside its lists: each is a file and an entry of its own, and of nobody there is none.
    for (const table of ['accountFigures', 'inverse', 'budget'] as const) {
      const made = ok(await page.request('export.table', { table, format: 'csv', scope: { accountID: rows[0]?.accountID ?? '' } } as never));
      expect(made.rowCount, table).toBeGreaterThan(0);
      const entries = ok(await page.request('audit.query', { filter: { types: ['export.made'] }, before: null, limit: 1 }));
      expect(JSON.parse(entries.entries[0]?.payload ?? '')).toMatchObject({ table, sha256: made.sha256, rowCount: made.rowCount });
      const refused = await page.request('export.table', { table, format: 'csv', scope: { accountID: 'nobody' } } as never);
      expect(refused).toMatchObject({ ok: false, code: 'UNKNOWN' });
    }
    page.close();
  });

  it('writes what one question answers: where a figure comes from and value at risk; and says what it is missing', async () => {
    const { page, rows } = await openPage();
    const accountID = rows[0]?.accountID ?? '';
    const wishes: [object, number][] = [
      [{ table: 'explanation', scope: { accountID }, figure: 'currMargin' }, 3],
      // Both methods, the back-test and at least one parameter they were reckoned by.
      [{ table: 'valueAtRisk', of: { of: { type: 'firm' }, confidence: 0.99, horizonDays: 1 } }, 4],
    ];
    for (const [wish, least] of wishes) {
      const made = ok(await page.request('export.table', { ...wish, format: 'xlsx' } as never));
      expect(made.rowCount).toBeGreaterThanOrEqual(least);
      const entries = ok(await page.request('audit.query', { filter: { types: ['export.made'] }, before: null, limit: 1 }));
      expect(JSON.parse(entries.entries[0]?.payload ?? '')).toMatchObject({ sha256: made.sha256, rowCount: made.rowCount });
    }
    for (const wish of [
      { table: 'explanation', scope: { accountID: 'nobody' }, figure: 'balance' },
      { table: 'statementComparison', statementId: 'none' },
    ])
      expect(await page.request('export.table', { ...wish, format: 'csv' } as never)).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(await page.request('export.table', { table: 'valueAtRisk', format: 'csv' } as never)).toMatchObject({ ok: false, code: 'INVALID' });
    page.close();
  });

  it('merges positions by customer, shows unknown limits as unknown, and answers value at risk honestly', async () => {
    const { page } = await openPage();
    const limits = await page.until(page.subscribe('limits', { ...WHOLE, view: 'positions', by: 'controlGroup', sort: null, count: 100 }));
    expect(limits.rows.length).toBeGreaterThan(0);
    for (const row of limits.rows)
      if (row.limitVolume === null) expect([row.tier === 'unknown' || row.tier === 'covered', row.limitUse]).toEqual([true, null]);
    const answer = ok(await page.request('var.compute', { of: { type: 'firm' }, confidence: 0.99, horizonDays: 1 }));
    expect(answer.historical.kind).toBe('notEnoughHistory');
    expect(answer.backTest.kind).toBe('notEnoughHistory');
    const history = ok(await page.request('account.history', { accountID: 'x' }));
    expect(history.atMs).toHaveLength(0);
    page.close();
  });
});
