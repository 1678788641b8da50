/** Two whole desks and a file that goes between them: believed by two people, decided there by one's own secret, carried out at home. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Approval } from '#shared/desk/approvals/approval';
import type { Outcome } from '#shared/refusal';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

type Floor = { desk: TestDesk; page: PageClient };
const floors: Floor[] = [];

beforeEach(() => {
  floors.length = 0;
});
afterEach(async () => {
  for (const { page } of floors) page.close();
  for (const { desk } of floors) await desk.end();
});

function worked<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

async function open(): Promise<Floor> {
  const desk = createTestDesk();
  const floor = { desk, page: new PageClient(await desk.start(null)) };
  floors.push(floor);
  return floor;
}

async function signIn({ page }: Floor, login: string): Promise<void> {
  worked(await page.request('auth.signIn', { login, secret: `demo-${login}` }));
}

async function waiting({ page }: Floor): Promise<Approval> {
  const approval = worked(await page.request('approval.list', { limit: 10 })).approvals.find(({ state }) => state === 'pending');
  if (approval === undefined) throw new Error('nothing waits');
  return approval;
}

async function cardOf(floor: Floor, deskName: string) {
  await signIn(floor, 'administrator');
  return worked(await floor.page.request('device.card', { deskName }));
}

async function believe(floor: Floor, given: Awaited<ReturnType<typeof cardOf>>): Promise<void> {
  await signIn(floor, 'administrator');
  const text = readFileSync(given.path, 'utf8');
  const { card } = worked(await floor.page.request('device.read', { text }));
  const order = { card, people: [{ theirs: 'p-supervisor2', ours: 'p-supervisor2' }], reason: 'another floor' };
  expect(await floor.page.request('device.trust', { ...order, heard: '0000 0000 0000' })).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
  worked(await floor.page.request('approval.withdraw', { approvalId: (await waiting(floor)).approvalId, reason: 'misheard' }));
  // Also at a desk that nobody has claimed: one person alone believes no other desk.
  expect(await floor.page.request('device.trust', { ...order, heard: given.fingerprint })).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
  const { approvalId, payloadHash, contextHash } = await waiting(floor);
  await signIn(floor, 'supervisor2');
  const decided = await floor.page.request('approval.decide', { approvalId, decision: 'approve', payloadHash, contextHash, note: '' });
  expect(decided).toMatchObject({ ok: true, value: { approval: { state: 'done' } } });
}

it('carries a rule’s retirement to another desk and back, and carries it out once', async () => {
  const home = await open();
  const away = await open();
  await signIn(away, 'supervisor2');
  await believe(home, await cardOf(away, 'Second floor'));
  await believe(away, await cardOf(home, 'First floor'));
  const { devices } = worked(await home.page.request('device.list', {}));
  expect(devices).toMatchObject([{ deskName: 'Second floor', withdrawn: null }]);
  const device = devices[0]?.device ?? '';

  await signIn(home, 'risk');
  const { view } = worked(await home.page.request('rule.get', { ruleId: 'price-move' }));
  await home.page.request('rule.retire', { ruleId: 'price-move', baseVersion: view.rule.version, reason: 'nobody looks at it' });
  const { approvalId } = await waiting(home);
  const left = readFileSync(worked(await home.page.request('approval.carry', { approvalId, device })).path, 'utf8');
  expect(left).not.toContain('price-move');

  // Somebody who may not decide there takes nothing in.
  await signIn(away, 'duty');
  expect(await away.page.request('foreign.take', { text: left })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  await signIn(away, 'supervisor2');
  const { foreign } = worked(await away.page.request('foreign.take', { text: left }));
  expect(foreign).toMatchObject({
    request: 'rule.retire',
    deskName: 'First floor',
    maker: { personId: 'p-risk' },
    payload: { ruleId: 'price-move' },
  });
  const { carryId, payloadHash, contextHash } = foreign;
  const order = { carryId, decision: 'approve' as const, payloadHash, contextHash, note: '' };
  expect(await away.page.request('foreign.decide', { ...order, secret: 'demo-supervisor' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  const back = readFileSync(worked(await away.page.request('foreign.decide', { ...order, secret: 'demo-supervisor2' })).path, 'utf8');

  // Whoever brings it needs no right to decide.
  const { approval } = worked(await home.page.request('approval.bringBack', { text: back }));
  expect(approval).toMatchObject({ state: 'done', approvals: [{ personId: 'p-supervisor2', signedBy: { how: 'carried', carried: { device } } }] });
  expect(worked(await home.page.request('rule.get', { ruleId: 'price-move' })).retired).toMatchObject({ by: 'p-risk' });
  expect(await home.page.request('approval.bringBack', { text: back })).toMatchObject({ ok: false, field: 'signature' });
}, 60_000);
