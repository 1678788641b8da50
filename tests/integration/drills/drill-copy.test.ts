/** The firm's own people and plans on a drill desk: they sign in there with their own passwords, and nothing they sign with leads back to the live desk. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type Engine } from '#engine/engine';
import { sha256 } from '#engine/store/hash';
import type { EngineReport } from '#shared/contract/shell';
import type { DrillSeed } from '#shared/desk/drills/seed';
import { canonicalJson } from '#shared/journal/canonical';
import { worked } from '#tests/integration/drills/drill-room';
import { PageClient } from '#tests/integration/engine/page-client';

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-copy-'));
const ADMIN = { login: 'boss', displayName: 'Bo Shen', secret: 'umbra-corvid-41-lantern' };
const SECRET = 'quartz-vessel-77-meadow';
const NEW_SECRET = 'lantern-orbit-19-basalt';
const reports: EngineReport[] = [];
let live: Engine;
let page: PageClient;
let drill: Engine;
let drillPage: PageClient;
const ids: Record<string, string> = {};

function start(dataDir: string, mode: 'live' | 'drill', drillSeed?: DrillSeed): Promise<Engine> {
  const options = { dataDir, demoUrl: null, isPackaged: false, sqliteModulePath: null, person: 'tester', mode, framePaceMs: 20 };
  return createEngine({
    options: drillSeed === undefined ? options : { ...options, drillSeed },
    secretCost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
    report: (report) => void reports.push(report),
  });
}

async function person(login: string): Promise<void> {
  worked(await page.request('auth.signIn', { login: ADMIN.login, secret: ADMIN.secret }));
  const made = worked(await page.request('people.create', { login, displayName: `The ${login}` }));
  ids[login] = made.personId;
  worked(await page.request('role.grant', { personId: made.personId, role: 'supervisor', reach: 'firm', reason: 'joins the desk' }));
  worked(await page.request('auth.redeem', { login, code: made.oneTime.code, secret: SECRET }));
}

/** As the shell does: the live desk is asked for the drill desk, and what it gives starts the other engine. */
async function openDrillDesk(): Promise<void> {
  reports.length = 0;
  worked(await page.request('drill.openDesk', {}));
  const report = reports.find((each) => each.type === 'openDrillDesk');
  if (report?.type !== 'openDrillDesk') throw new Error('no drill desk was asked for');
  drill = await start(join(folder, 'drill'), 'drill', report.seed);
  drillPage = new PageClient(drill);
}

async function closeDrillDesk(): Promise<void> {
  drillPage.close();
  await drill.stop();
}

function keyring(of: 'live' | 'drill'): string {
  return readFileSync(join(folder, of === 'live' ? '' : 'drill', 'keyring.json'), 'utf8');
}

type Rings = { people: Record<string, { secret: string; personalKey: { wrapped: string } | null; codes: unknown[] }> };

beforeAll(async () => {
  live = await start(folder, 'live');
  page = new PageClient(live);
  worked(await page.request('people.claim', ADMIN));
  await person('anna');
  await person('ben');
  worked(await page.request('auth.signIn', { login: 'anna', secret: SECRET }));
  await openDrillDesk();
}, 120_000);

afterAll(async () => {
  await closeDrillDesk();
  page.close();
  await live.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('lets the people of the firm in with their own passwords, and nobody else', async () => {
  expect(drill.people.isClaimed).toBe(true);
  expect(drill.people.actor()).toBe('nobody');
  expect(await drillPage.request('auth.signIn', { login: 'supervisor', secret: 'demo-supervisor' })).toMatchObject({ ok: false });
  expect(await drillPage.request('auth.signIn', { login: 'anna', secret: 'not the password' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  expect(worked(await drillPage.request('auth.signIn', { login: 'anna', secret: SECRET })).personId).toBe(ids.anna);
  // A second time, by the key that the first sign-in made.
  worked(await drillPage.request('auth.signOut', {}));
  worked(await drillPage.request('auth.signIn', { login: 'anna', secret: SECRET }));
});

it('takes two of them for a signature, with keys that the live desk does not know', async () => {
  const { drillId } = worked(
    await drillPage.request('drill.draft', { scenarioId: 'ep-01-feed-cut', players: [ids.ben ?? ''], controllers: [], evaluators: [] }),
  );
  const payload = { drillId, act: { type: 'approve' as const } };
  const about = { request: 'drill.act', payloadHash: sha256(canonicalJson(payload)) };
  const { confirmationId } = worked(await drillPage.request('auth.confirm', { login: 'ben', secret: SECRET, about }));
  worked(await drillPage.request('drill.act', { ...payload, confirmationId }));
  expect(drill.view.drills.view(drillId)?.drill.approvedBy).toEqual([ids.anna, ids.ben]);
  // At the live desk the same word was never given.
  expect(await page.request('drill.act', { ...payload, confirmationId })).toMatchObject({ ok: false });
  const [atLive, atDrill] = [JSON.parse(keyring('live')), JSON.parse(keyring('drill'))] as [Rings, Rings];
  for (const login of ['anna', 'ben']) {
    const id = ids[login] ?? '';
    expect(atDrill.people[id]?.secret).toBe(atLive.people[id]?.secret);
    expect(atDrill.people[id]?.personalKey?.wrapped).not.toBe(atLive.people[id]?.personalKey?.wrapped);
    expect(atDrill.people[id]?.codes).toEqual([]);
  }
  // Recovery codes of the administrator stay where they are.
  expect(atLive.people[live.people.authPicture().people.find(({ login }) => login === ADMIN.login)?.personId ?? '']?.codes).not.toEqual([]);
});

it('changes no person, role or password from the drill desk', async () => {
  expect(await drillPage.request('auth.changeSecret', { current: SECRET, secret: NEW_SECRET })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await drillPage.request('people.create', { login: 'mole', displayName: 'Mole' })).toMatchObject({ ok: false });
  expect(await drillPage.request('role.revoke', { personId: ids.ben ?? '', role: 'supervisor', reason: 'x' })).toMatchObject({ ok: false });
  worked(await page.request('auth.signIn', { login: 'anna', secret: SECRET }));
});

it('drills the plan that the firm published, under its hash', async () => {
  const { plans } = worked(await page.request('plan.list', {}));
  const own = plans.find(({ id }) => id === 'EP-03');
  if (own === undefined) throw new Error('no EP-03');
  const changed = { ...own, scope: `${own.scope} With the firm's own words.` };
  const { hash } = worked(await page.request('plan.saveDraft', { plan: changed }));
  // Published as the bus does once two have approved; that itself is tried elsewhere.
  worked(await page.request('auth.signIn', { login: 'ben', secret: SECRET }));
  worked(await page.request('plan.review', { planId: 'EP-03', hash, verdict: 'agree' }));
  worked(live.desk.plans.library.publish({ planId: 'EP-03', hash, effectiveFromMs: 0 }));
  await closeDrillDesk();
  await openDrillDesk();
  worked(await drillPage.request('auth.signIn', { login: 'anna', secret: SECRET }));
  const answer = worked(await drillPage.request('plan.get', { planId: 'EP-03' }));
  expect(answer.standing).toMatchObject({ standing: 'confirmed', version: 1, hash });
  const run = worked(await drillPage.request('run.start', { planId: 'EP-03' }));
  expect(run).toMatchObject({ mode: 'drill', planHash: hash });
  expect(live.desk.plans.run(run.runId)).toBeNull();
});

it('follows what changed at the live desk when it is opened again: a new password, somebody who left', async () => {
  worked(await page.request('auth.signIn', { login: 'anna', secret: SECRET }));
  worked(await page.request('auth.changeSecret', { current: SECRET, secret: NEW_SECRET }));
  worked(await page.request('auth.signIn', { login: ADMIN.login, secret: ADMIN.secret }));
  worked(await page.request('people.disable', { personId: ids.ben ?? '', reason: 'left the firm' }));
  worked(await page.request('auth.signIn', { login: 'anna', secret: NEW_SECRET }));
  // Until then the desk that is open keeps the copy it was opened with.
  await closeDrillDesk();
  await openDrillDesk();
  expect(await drillPage.request('auth.signIn', { login: 'anna', secret: SECRET })).toMatchObject({ ok: false });
  worked(await drillPage.request('auth.signIn', { login: 'anna', secret: NEW_SECRET }));
  expect(await drillPage.request('auth.signIn', { login: 'ben', secret: SECRET })).toMatchObject({ ok: false });
  expect(existsSync(join(folder, 'drill', 'journal.sqlite'))).toBe(true);
});
