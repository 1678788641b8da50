/** A contract whose multiplier the feed leaves out, at a whole desk: unknown, supplied, agreed to, known to the cent, still so after a kill, and put aside by the feed with a word about it. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayFile } from '#cli/commands/replay';
import type { Engine } from '#engine/engine';
import type { OwnRowDraft } from '#shared/desk/reference-rows/own-row';
import { STREAM_NAMES } from '#shared/feed/items';
import { FeedServer } from '#tests/helpers/feed-server';
import { oneContractAccount, worldReference } from '#tests/helpers/one-contract-account';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

const at = oneContractAccount('own');
const other = oneContractAccount('right');
const { volumeMultiple: _multiplier, ...bare } = at.instrument;
const UNKNOWN = `noMultiplier:${at.label}`;
/** 2 lots x (805 - 802) x 1000 on 1,000,000; margin 12 % and 10 % of 2 x 802 x 1000. */
const GOOD = { balance: 1_006_000, currMargin: 192_480, exchangeMargin: 160_400, reason: null };
const DRAFT: OwnRowDraft = {
  item: { ...(at.instrument as object), effectiveFrom: '20240501', citation: 'SHFE notice 2024-31', certainty: 'verified' } as OwnRowDraft['item'],
  precedence: 'onlyWhereMissing',
};
const PARAMS = { table: 'instrument', filter: '' } as const;

let desk: TestDesk;
let server: FeedServer;
let copy: string;
const pages: PageClient[] = [];
beforeEach(async () => {
  desk = createTestDesk();
  copy = mkdtempSync(join(tmpdir(), 'floorwatch-killed-'));
  server = await FeedServer.start({ heartbeatIntervalMs: 100 });
  server.publish('reference', worldReference([{ ...at, instrument: bare as typeof at.instrument }, other]));
  for (const each of [at, other]) {
    server.publish('quotes', [each.quote]);
    server.publish('accounts', [each.money]);
    server.publish('positions', [each.lot, each.slice]);
  }
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await desk.end();
  await server.stop();
  rmSync(copy, { recursive: true, force: true });
});

function pageOf(engine: Engine): PageClient {
  const page = new PageClient(engine);
  pages.push(page);
  return page;
}

async function signIn(page: PageClient, login: string): Promise<void> {
  expect(await page.request('auth.signIn', { login, secret: `demo-${login}` })).toMatchObject({ ok: true });
}

/** Somebody else agrees to what waits, and it is carried out. */
async function agree(page: PageClient, login = 'supervisor'): Promise<void> {
  await signIn(page, login);
  const listed = await page.request('approval.list', { limit: 10 });
  const approval = listed.ok ? listed.value.approvals.find(({ state }) => state === 'pending') : undefined;
  if (approval === undefined) throw new Error('nothing waits');
  const { approvalId, payloadHash, contextHash } = approval;
  const decided = await page.request('approval.decide', { approvalId, decision: 'approve', payloadHash, contextHash, note: '' });
  expect(decided).toMatchObject({ ok: true, value: { approval: { state: 'done' } } });
}

function accountOf(page: PageClient, accountID = at.accountID) {
  const table = page.subscribe('table', { table: 'accounts', scope: {}, filter: '', sort: null, first: 0, count: 10 });
  return () =>
    (table()?.rows as { accountID: string; reason: string | null; balance: number | null }[] | undefined)?.find((row) => row.accountID === accountID);
}

describe('a reference row that the desk supplies', () => {
  it('makes the number known after an approval, says whose it is, outlives a kill, is in a recording, and gives way to the feed with a condition', async () => {
    const engine = await desk.start(server.url);
    const page = pageOf(engine);
    const row = accountOf(page);
    const neighbour = accountOf(page, other.accountID);
    await page.until(() => row()?.reason === UNKNOWN && neighbour()?.balance === GOOD.balance);

    await signIn(page, 'risk');
    const reference = page.subscribe('reference', PARAMS);
    await page.until(() =>
      reference()?.rows.some(({ instrumentID, missing }) => instrumentID === at.instrumentID && missing[0] === 'volumeMultiple'),
    );
    expect(await page.request('reference.preview', { rows: [DRAFT] })).toMatchObject({ ok: true, value: { standings: [{ use: 'inUse' }] } });
    const asked = await page.request('reference.supply', { rows: [DRAFT], reason: 'the feed lost its contracts table' });
    expect(asked).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    expect(row()?.reason).toBe(UNKNOWN);
    await agree(page);

    await page.until(() => row()?.balance === GOOD.balance);
    expect(row()).toMatchObject(GOOD);
    expect(neighbour()).toMatchObject(GOOD);
    const derived = await page.request('explain.account', { accountID: at.accountID, field: 'positionProfit' });
    expect(JSON.stringify(derived)).toContain('"supplied":{"rowId"');
    expect(JSON.stringify(derived)).toMatch(/"suppliedBy":"p-risk","approvedBy":\["p-supervisor"\]/);
    expect(JSON.stringify(derived)).toContain('SHFE notice 2024-31');
    const own = await page.until(() => reference()?.own[0]);
    expect(own).toMatchObject({
      by: 'p-risk',
      approvedBy: ['p-supervisor'],
      standing: { use: 'inUse' },
      reason: 'the feed lost its contracts table',
    });

    // What lies on the disk at this moment is what a kill leaves behind; the feed is not there either.
    const status = page.subscribe('status', {});
    await page.until(() => status()?.cache.queuedRows === 0 && status()?.cache.lastWriteAtMs !== null);
    cpSync(desk.dataDir, copy, { recursive: true });
    const killed = await desk.start(null, {}, {}, { dataDir: copy });
    const after = pageOf(killed);
    await signIn(after, 'risk');
    const kept = after.subscribe('reference', PARAMS);
    expect(await after.until(() => kept()?.own[0])).toMatchObject({ rowId: own.rowId, draft: DRAFT });
    expect(killed.view.book().accountRow(at.accountID)).toMatchObject(GOOD);

    await signIn(page, 'supervisor');
    const started = await page.request('recording.start', { name: 'with-own-rows' });
    expect(started).toMatchObject({ ok: true });
    // Who speaks, the desk's own rows, and a picture of each stream.
    await page.until(() => (status()?.recording?.eventCount ?? 0) >= 3 + STREAM_NAMES.length);
    server.publish('quotes', [{ ...at.quote, lastPrice: 806 }]);
    await page.until(() => row()?.balance === 1_008_000);
    await page.request('recording.stop', {});
    await page.request('recording.export', { file: 'with-own-rows.fwrec.gz', reason: 'for the file' });
    await agree(page, 'supervisor2');
    const path = join(desk.dataDir, 'exports', 'with-own-rows.fwrec.gz');
    const replays = await Promise.all([700, 65_536].map((chunk) => replayFile(path, 'max', new AbortController().signal, chunk)));
    expect(replays[0]).toMatchObject({ ok: true, ownRows: 1 });
    expect(replays[0]?.accounts.find(({ accountID }) => accountID === at.accountID)).toMatchObject({ balance: 1_008_000, reason: null });
    expect(JSON.stringify(replays[1])).toBe(JSON.stringify(replays[0]));

    server.publish('reference', [{ ...at.instrument, volumeMultiple: 100 }]);
    await page.until(() => row()?.balance === 1_000_800);
    const alert = await page.until(() => [...page.alerts.values()].find(({ kind }) => kind === 'ownRowsDiffer'));
    expect(alert.reason.params).toMatchObject({
      firstContract: at.label,
      firstField: 'volumeMultiple',
      ownValue: 1000,
      feedValue: 100,
    });

    await signIn(page, 'settlement');
    await page.request('reference.withdraw', { rowId: own.rowId, baseVersion: 1, reason: 'the feed has it again' });
    await agree(page);
    await page.until(() => reference()?.own.every(({ standing }) => standing === null));
    const history = await page.request('reference.get', { rowId: own.rowId });
    expect(history).toMatchObject({
      ok: true,
      value: { withdrawn: { by: 'p-settlement', approvedBy: ['p-supervisor'] }, versions: [{ by: 'p-risk' }] },
    });
  });

  it('comes from a file whole or not at all, and a change since the asking voids what was agreed', async () => {
    const engine = await desk.start(server.url);
    const page = pageOf(engine);
    await signIn(page, 'settlement');
    const head = 'kind,exchangeID,productID,instrumentID,productClass,currencyID,volumeMultiple,effectiveFrom,citation,certainty';
    const line = (id: string, multiple: string): string => `instrument,SHFE,own,${id},futures,CNY,${multiple},20240501,"notice 31, table 2",verified`;
    const bad = await page.request('reference.readFile', {
      text: [head, line('own2406', '1000'), line('own2407', '1,0'), line('', '10')].join('\n'),
    });
    expect(bad).toMatchObject({ ok: true, value: { rows: [{ line: 2 }], refusals: [{ line: 3 }, { line: 4, field: 'instrumentID' }] } });
    const good = await page.request('reference.readFile', { text: [head, line('own2406', '1000'), line('own2407', '1000')].join('\r\n') });
    if (!good.ok) throw new Error(good.message);
    const rows = good.value.rows.map(({ draft }) => draft);
    expect(await page.request('reference.supply', { rows, reason: 'notice 31' })).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    await agree(page);
    await signIn(page, 'risk');
    const reference = page.subscribe('reference', PARAMS);
    const own = await page.until(() => reference()?.own.length === 2 && reference()?.own);
    expect(await page.request('reference.supply', { rows, reason: 'again' })).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    await signIn(page, 'supervisor');
    const listed = await page.request('approval.list', { limit: 10 });
    const again = listed.ok ? listed.value.approvals.find(({ state }) => state === 'pending') : undefined;
    if (again === undefined) throw new Error('nothing waits');
    // The approver sees what is there already; carried out, it is refused whole.
    expect(again.before).toMatchObject({ rows: [{ item: { kind: 'instrument' } }, { item: { kind: 'instrument' } }] });
    const { approvalId, payloadHash, contextHash } = again;
    await page.request('approval.decide', { approvalId, decision: 'approve', payloadHash, contextHash, note: '' });
    const failed = await page.request('approval.list', { limit: 10 });
    expect(failed).toMatchObject({ ok: true, value: { approvals: [{ state: 'failed', ended: { code: 'CONFLICT' } }, { state: 'done' }] } });

    await signIn(page, 'risk');
    const rowId = own[0]?.rowId ?? '';
    const row = own[0]?.draft;
    if (row === undefined) throw new Error('nothing was supplied');
    const changed = { ...row, precedence: 'insteadOf' as const };
    await page.request('reference.change', { rowId, baseVersion: 1, row: changed, reason: 'the feed is wrong' });
    await page.request('reference.withdraw', { rowId, baseVersion: 1, reason: 'or away with it' });
    await agree(page);
    const left = await page.request('approval.list', { limit: 10 });
    const pending = left.ok ? left.value.approvals.find(({ state }) => state === 'pending') : undefined;
    if (pending === undefined) throw new Error('nothing is left to be decided');
    const late = { approvalId: pending.approvalId, payloadHash: pending.payloadHash, contextHash: pending.contextHash, note: '' };
    expect(await page.request('approval.decide', { decision: 'approve', ...late })).toMatchObject({ ok: false });
    const voided = await page.request('approval.list', { limit: 10 });
    const ended = voided.ok ? voided.value.approvals.find(({ approvalId }) => approvalId === pending.approvalId) : undefined;
    expect(ended).toMatchObject({ state: 'void', ended: { code: 'contextChanged' } });
  });

  it('is nobody’s without the function, and never a person’s alone', async () => {
    const engine = await desk.start(server.url);
    const page = pageOf(engine);
    await signIn(page, 'duty');
    expect(await page.request('reference.supply', { rows: [DRAFT], reason: 'x' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    await signIn(page, 'risk');
    await page.request('reference.supply', { rows: [DRAFT], reason: 'x' });
    const listed = await page.request('approval.list', { limit: 10 });
    const approval = listed.ok ? listed.value.approvals[0] : undefined;
    if (approval === undefined) throw new Error('nothing waits');
    const { approvalId, payloadHash, contextHash } = approval;
    const decision = { approvalId, decision: 'approve' as const, payloadHash, contextHash, note: '' };
    expect(await page.request('approval.decide', decision)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await engine.request('reference.supply', { rows: [DRAFT], reason: 'x' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });
});
