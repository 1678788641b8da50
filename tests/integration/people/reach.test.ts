/** Somebody who works with one department, on a live desk: no frame, alert, search hit or answer tells them of any other account. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TablePicture } from '#shared/contract/streams';
import { condition } from '#tests/integration/journal/helpers';
import { PeopleRoom, SECRET, worked } from '#tests/integration/people/people-at-desk';

const room = new PeopleRoom();
const SCOPE = {};
const LONG_MS = 90_000;
let mine: Set<string>;
let others: string[];
let department = '';

const accountsTable = { table: 'accounts' as const, scope: SCOPE, filter: '', sort: null, first: 0, count: 200 };

beforeAll(async () => {
  const server = await room.desk.startDemo();
  await room.start(server.url);
  const rows = room.page.subscribe('table', accountsTable);
  const all = await room.page.until(() => {
    const picture = rows();
    return picture !== null && picture.total === 60 && picture.rows.every((row) => 'balance' in row && row.balance !== null) && picture;
  });
  const accounts = (all as TablePicture<'accounts'>).rows;
  department = accounts[0]?.departmentID ?? '';
  mine = new Set(accounts.filter((row) => row.departmentID === department).map((row) => row.accountID));
  others = accounts.map((row) => row.accountID).filter((id) => !mine.has(id));
  expect(mine.size).toBeGreaterThan(0);
  expect(others.length).toBeGreaterThan(0);
  await room.page.until(() => [...room.page.alerts.values()].some(({ entity }) => others.includes(entity.slice('account:'.length))));
  await room.claim();
  await room.person('branch', ['supervisor'], { departments: [department], controlGroups: [] });
  await room.person('whole', ['dutyOfficer']);
}, LONG_MS);
afterAll(() => room.end());

/** Everything that has been sent since, as text: an account id of anybody else in it is a leak. */
function leaks(sent: unknown): string[] {
  const text = JSON.stringify(sent, (_key, value: unknown) => (ArrayBuffer.isView(value) ? null : value));
  return others.filter((id) => text.includes(`"${id}"`) || text.includes(`:${id}"`) || text.includes(`${id}|`));
}

/** What every wish for a file says. */
const FILE = { format: 'csv', scope: {}, filter: '', sort: null, lockedDays: 3, limitsBy: 'account', headings: {}, words: {} } as const;

describe('a person who reaches one department', () => {
  beforeAll(async () => {
    worked(await room.signIn('branch', SECRET));
  });

  it('is sent their own rows of every table and picture, and nothing of anybody else', async () => {
    room.page.pictures.clear();
    const tables = (['accounts', 'positions', 'lots', 'orders', 'trades'] as const).map((table) =>
      room.page.subscribe('table', { ...accountsTable, table }),
    );
    const heat = room.page.subscribe('heatmap', {
      measure: 'riskDegree',
      rows: 'account',
      columns: 'product',
      scope: SCOPE,
      filter: '',
      order: 'worst',
      maxRows: 500,
    });
    const departments = room.page.subscribe('heatmap', {
      measure: 'currMargin',
      rows: 'department',
      columns: 'product',
      scope: SCOPE,
      filter: '',
      order: 'worst',
      maxRows: 500,
    });
    const stress = room.page.subscribe('stress', {
      columns: { type: 'ladder', stepPercent: 1, count: 2 },
      rows: 'account',
      measure: 'balance',
      scope: SCOPE,
      filter: '',
      order: 'worst',
      first: 0,
      maxRows: 500,
    });
    const distance = room.page.subscribe('distance', {
      target: 'call',
      direction: 'nearest',
      measure: 'percent',
      scope: SCOPE,
      filter: '',
      sort: null,
      first: 0,
      count: 200,
    });
    const limits = room.page.subscribe('limits', { view: 'positions', by: 'account', scope: SCOPE, filter: '', sort: null, first: 0, count: 200 });
    const worklists = room.page.subscribe('worklists', {});
    const status = room.page.subscribe('status', {});
    const health = room.page.subscribe('health', {});
    const names = room.page.subscribe('entityNames', {});
    await room.page.until(() =>
      [...tables, heat, departments, stress, distance, limits, worklists, status, health, names].every((view) => view() !== null),
    );
    expect(tables[0]?.()?.total).toBe(mine.size);
    expect(heat()?.layout?.totalRows).toBe(mine.size);
    expect(departments()?.layout?.rows.map(({ key }) => key)).toEqual([department]);
    expect(stress()?.totalRows).toBe(mine.size);
    expect(distance()?.total).toBe(mine.size);
    expect(Object.keys(names()?.names ?? {}).filter((entity) => entity.startsWith('account:'))).toHaveLength(mine.size);
    for (const [id, picture] of room.page.pictures) expect([room.page.streamOf(id), leaks(picture)]).toEqual([room.page.streamOf(id), []]);
  });

  it('is sent alerts about their own accounts and about the desk, and none about others', async () => {
    await room.page.until(() => room.page.laneSnapshots > 0);
    expect(leaks([...room.page.alerts.values()].map(({ entity, reason }) => [entity, reason]))).toEqual([]);
    const status = room.page.subscribe('status', {});
    const picture = await room.page.until(status);
    const unacknowledged = [...room.page.alerts.values()].filter(({ human }) => human === 'unacknowledged').length;
    expect(Object.values(picture.unacknowledged).reduce((sum, count) => sum + count, 0)).toBe(unacknowledged);
  });

  it('finds nobody else, and may ask about nobody else', async () => {
    const found = worked(await room.page.request('search', { text: others[0]?.slice(0, 1) ?? '', limit: 50 }));
    expect(leaks(found)).toEqual([]);
    const [other = ''] = others;
    const [own = ''] = mine;
    expect(worked(await room.page.request('search', { text: own, limit: 5 })).hits.map(({ key }) => key)).toContain(own);
    expect((await room.page.request('explain.account', { accountID: own, field: 'balance' })).ok).toBe(true);
    for (const asked of [
      room.page.request('explain.account', { accountID: other, field: 'balance' }),
      room.page.request('inverse.account', { accountID: other, days: 3 }),
      room.page.request('budget.account', { accountID: other }),
      room.page.request('account.history', { accountID: other }),
      room.page.request('var.compute', { of: { type: 'firm' }, confidence: 0.95, horizonDays: 1 }),
      room.page.request('statement.list', {}),
      room.page.request('export.table', { ...FILE, table: 'explanation', figure: 'balance', scope: { accountID: other } }),
      room.page.request('export.table', { ...FILE, table: 'valueAtRisk', of: { of: { type: 'firm' }, confidence: 0.95, horizonDays: 1 } }),
      room.page.request('export.table', {
        ...FILE,
        table: 'valueAtRisk',
        of: { of: { type: 'account', accountID: other }, confidence: 0.95, horizonDays: 1 },
      }),
    ]) {
      expect(await asked).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    }
    const account = room.page.subscribe('account', { accountID: other });
    expect(await room.page.until(account)).toMatchObject({ row: null, figures: [] });
  });

  it('reads what waits for approval about their own accounts, and not what was asked about others', async () => {
    worked(await room.signIn('whole', SECRET));
    const [other = ''] = others;
    const [own = ''] = mine;
    for (const accountID of [other, own]) {
      const asked = await room.page.request('alert.suppress', {
        kind: 'shelvedTimed',
        matcher: { entity: `account:${accountID}` },
        covers: 'critical',
        durationMs: 3_600_000,
        reasonCode: 'knownCause',
        note: 'talked to the client',
      });
      expect(asked).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    }
    const all = worked(await room.page.request('approval.list', { limit: 50 })).approvals;
    const about = (accountID: string): string => all.find(({ payload }) => JSON.stringify(payload).includes(accountID))?.approvalId ?? '';
    worked(await room.signIn('branch', SECRET));
    const shown = room.page.subscribe('approvals', {});
    const picture = await room.page.until(shown);
    const listed = worked(await room.page.request('approval.list', { limit: 50 })).approvals;
    for (const approvals of [picture.approvals, listed]) {
      expect(approvals.map(({ approvalId }) => approvalId)).toContain(about(own));
      expect(leaks(approvals)).toEqual([]);
    }
    expect(await room.page.request('approval.get', { approvalId: about(other) })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    const { approval } = worked(await room.page.request('approval.get', { approvalId: about(own) }));
    // To read it is not to decide it: silences are the whole firm's.
    const { payloadHash, contextHash } = approval;
    expect(
      await room.page.request('approval.decide', { approvalId: about(own), decision: 'approve', payloadHash, contextHash, note: '' }),
    ).toMatchObject({ ok: false, code: 'FORBIDDEN', message: expect.stringContaining('deciding about approvals') });
  });

  it('may not touch alerts of others, alone or among their own', async () => {
    worked(await room.signIn('whole', SECRET));
    const foreign = await room.page.until(() =>
      [...room.page.alerts.values()].find(({ entity }) => others.includes(entity.slice('account:'.length))),
    );
    worked(await room.signIn('branch', SECRET));
    for (const asked of [
      room.page.request('alert.get', { alertId: foreign.alertId }),
      room.page.request('alert.acknowledge', { alertIds: [foreign.alertId], note: 'mine now' }),
      room.page.request('alert.note', { alertId: foreign.alertId, note: 'x' }),
    ]) {
      expect(await asked).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    }
    expect(room.entries('command.refused').at(-1)?.payload.message).toContain('not among the accounts');
  });

  it('sees runs and incidents about no account or their own, and acts in, prints and opens no other', async () => {
    worked(await room.signIn('whole', SECRET));
    const foreign = await room.page.until(() =>
      [...room.page.alerts.values()].find(({ entity }) => others.includes(entity.slice('account:'.length))),
    );
    const start = { planId: 'EP-01' };
    const about = worked(await room.page.request('run.start', { ...start, alertId: foreign.alertId }));
    const plain = worked(await room.page.request('run.start', start));
    const times = { runId: null, detectedAtMs: null, impactStartMs: null };
    const open = { title: 'counter slow', eventKind: 'systemFault', state: 'suspected', ...times } as const;
    const incident = worked(await room.page.request('incident.open', { ...open, alertId: foreign.alertId }));
    const { incidentId } = incident.incident;
    const ofNobody = worked(await room.page.request('incident.open', { ...open, alertId: null })).incident.incidentId;
    const due = { ruleId: 'report-duty', kind: 'reportDue', dimensions: { duty: 'first' }, atMs: room.clock.nowMs() };
    room.engine.desk.alerts.onConditions([incidentId, ofNobody].map((id) => condition('raised', { ...due, entity: `incident:${id}` })));
    const [dueOther = '', dueOwn = ''] = [incidentId, ofNobody].map(
      (id) => room.engine.desk.alerts.openAlerts().find(({ entity }) => entity === `incident:${id}`)?.alertId ?? '',
    );
    worked(await room.page.request('incident.act', { incidentId, act: { type: 'link', kind: 'alert', id: dueOther } }));
    worked(await room.signIn('branch', SECRET));
    const runs = room.page.subscribe('runs', {});
    const run = room.page.subscribe('run', { runId: about.runId });
    const incidents = room.page.subscribe('incidents', {});
    const shown = await room.page.until(runs);
    expect(shown.runs.map(({ runId }) => runId)).toEqual([plain.runId]);
    expect((await room.page.until(run)).run).toBeNull();
    expect((await room.page.until(incidents)).incidents.map(({ incidentId: id }) => id)).toEqual([ofNobody]);
    expect((await room.page.request('alert.get', { alertId: dueOwn })).ok).toBe(true);
    for (const asked of [
      room.page.request('run.note', { runId: about.runId, note: 'x' }),
      room.page.request('run.start', { ...start, alertId: foreign.alertId }),
      room.page.request('incident.get', { incidentId }),
      // Nor by what tells of it, nor by way of one that is theirs to see.
      room.page.request('alert.get', { alertId: dueOther }),
      room.page.request('incident.act', { incidentId: ofNobody, act: { type: 'merge', into: incidentId } }),
      room.page.request('incident.act', { incidentId: ofNobody, act: { type: 'link', kind: 'alert', id: foreign.alertId } }),
      room.page.request('incident.act', { incidentId: ofNobody, act: { type: 'link', kind: 'run', id: about.runId } }),
      room.page.request('paper.make', { of: { kind: 'run', id: about.runId }, format: 'docx', language: 'en' }),
    ]) {
      expect(await asked).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    }
    worked(await room.page.request('run.note', { runId: plain.runId, note: 'seen by the branch' }));
  });

  it('is listed scenarios that touch no account of others, and saves none that does', async () => {
    worked(await room.signIn('whole', SECRET));
    const [other = ''] = others;
    const [own = ''] = mine;
    const scenario = { price: { type: 'latest' as const }, marginOverrides: [], closes: [] };
    const paying = (accountID: string) => ({ ...scenario, name: `pays into ${accountID}`, cash: [{ accountID, amount: 1000 }] });
    const theirs = await room.page.request('scenario.save', { scenario: paying(other), note: '' });
    expect(theirs.ok).toBe(true);
    worked(await room.page.request('scenario.save', { scenario: paying(own), note: '' }));
    worked(await room.signIn('branch', SECRET));
    const shown = await room.page.until(room.page.subscribe('scenarios', {}));
    const listed = worked(await room.page.request('scenario.list', {}));
    for (const { scenarios } of [shown, listed]) {
      expect(leaks(scenarios)).toEqual([]);
      expect(scenarios.map(({ scenario: { name } }) => name)).toContain(`pays into ${own}`);
    }
    expect(await room.page.request('scenario.save', { scenario: paying(other), note: '' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });

  it('cannot widen their reach by what a page sends', async () => {
    const scope = { within: { departments: ['everything'], controlGroups: [] }, departmentID: undefined } as object;
    const rows = room.page.subscribe('table', { ...accountsTable, scope });
    expect((await room.page.until(rows)).total).toBe(mine.size);
  });
});

it(
  'nothing of anybody is sent while the desk is locked or nobody is signed in, and all of it again afterwards',
  async () => {
    worked(await room.signIn('whole', SECRET));
    const rows = room.page.subscribe('table', accountsTable);
    await room.page.until(() => rows()?.total === 60);
    worked(await room.page.request('auth.lock', {}));
    const auth = room.page.subscribe('auth', {});
    await room.page.until(() => auth()?.locked === 'person');
    room.page.pictures.clear();
    const late = room.page.subscribe('table', accountsTable);
    const status = room.page.subscribe('status', {});
    const first = await room.page.until(status);
    await room.page.until(() => status()?.nowMs !== first.nowMs);
    expect(leaks([...room.page.pictures.values()])).toEqual([]);
    expect([rows(), late()]).toEqual([null, null]);
    expect(room.page.alerts.size).toBe(0);
    // That the desk is in trouble is still seen.
    expect(Object.values(first.unacknowledged).some((count) => count > 0)).toBe(true);
    worked(await room.page.request('auth.unlock', { secret: SECRET }));
    await room.page.until(() => late()?.total === 60 && room.page.alerts.size > 0);
  },
  LONG_MS,
);
