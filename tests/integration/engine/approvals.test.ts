import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '#engine/store/hash';
import { canonicalJson } from '#shared/journal/canonical';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

const RULE = { ruleId: 'price-move', reason: 'nobody looks at it' };
let desk: TestDesk;
let page: PageClient;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(async () => {
  page.close();
  await desk.end();
});

async function signIn(login: string): Promise<void> {
  const outcome = await page.request('auth.signIn', { login, secret: `demo-${login}` });
  expect(outcome).toMatchObject({ ok: true });
}

describe('an approval at a whole desk', () => {
  it('holds back what a risk officer changes until a supervisor agrees, and then carries it out in the maker’s name', async () => {
    const engine = await desk.start(null);
    page = new PageClient(engine);
    await signIn('risk');
    const before = await page.request('rule.get', { ruleId: RULE.ruleId });
    if (!before.ok) throw new Error(before.message);
    const asked = await page.request('rule.retire', { ...RULE, baseVersion: before.value.view.rule.version });
    expect(asked).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
    expect(await page.request('rule.get', { ruleId: RULE.ruleId })).toMatchObject({ ok: true, value: { retired: null } });

    const listed = await page.request('approval.list', { limit: 10 });
    if (!listed.ok) throw new Error(listed.message);
    const [approval] = listed.value.approvals;
    if (approval === undefined) throw new Error('nothing waits');
    expect(approval).toMatchObject({ makerId: 'p-risk', state: 'pending', before: { ruleId: RULE.ruleId, baseVersion: 1 } });
    const { approvalId, payloadHash, contextHash } = approval;
    const decision = { approvalId, decision: 'approve' as const, payloadHash, contextHash, note: '' };
    expect(await page.request('approval.decide', decision)).toMatchObject({ ok: false, code: 'FORBIDDEN' });

    await signIn('supervisor2');
    // Agreed to in two windows at once: it is carried out once.
    const rival = new PageClient(engine);
    const both = await Promise.all([page, rival, page].map((window) => window.request('approval.decide', decision)));
    rival.close();
    expect(both.filter(({ ok }) => ok)).toEqual([expect.objectContaining({ value: { approval: expect.objectContaining({ state: 'done' }) } })]);
    expect(await page.request('rule.get', { ruleId: RULE.ruleId })).toMatchObject({
      ok: true,
      value: { retired: { by: 'p-risk', reason: RULE.reason } },
    });

    // Every step of it is in the record, signed by whoever took it.
    await signIn('auditor');
    const told = await page.request('audit.query', { filter: { types: ['approval.', 'rule.'] }, before: null, limit: 20 });
    if (!told.ok) throw new Error(told.message);
    const said = told.value.entries.map(({ type, actor, isSigned }) => `${type} ${actor} ${isSigned ? 'signed' : ''}`.trim()).reverse();
    expect(said).toEqual([
      'approval.asked p-risk signed',
      'approval.approved p-supervisor2 signed',
      'approval.begun engine',
      'rule.retired p-risk',
      'approval.done engine',
    ]);
  });

  it('is given by a second person at the maker’s screen with nothing but their own credentials', async () => {
    const engine = await desk.start(null);
    page = new PageClient(engine);
    await signIn('risk');
    const before = await page.request('rule.get', { ruleId: RULE.ruleId });
    if (!before.ok) throw new Error(before.message);
    await page.request('rule.retire', { ...RULE, baseVersion: before.value.view.rule.version });
    const listed = await page.request('approval.list', { limit: 10 });
    const approval = listed.ok ? listed.value.approvals[0] : undefined;
    if (approval === undefined) throw new Error('nothing waits');
    const { approvalId, payloadHash, contextHash } = approval;
    const decision = { approvalId, decision: 'approve' as const, payloadHash, contextHash, note: '' };
    const hash = sha256(canonicalJson(decision));
    // Compliance may check and may change nothing itself.
    const confirmed = await page.request('auth.confirm', {
      login: 'compliance',
      secret: 'demo-compliance',
      about: { request: 'approval.decide', payloadHash: hash },
    });
    if (!confirmed.ok) throw new Error(confirmed.message);
    const { confirmationId } = confirmed.value;
    expect(await page.request('approval.decide', { ...decision, confirmationId })).toMatchObject({
      ok: true,
      value: { approval: { state: 'done', approvals: [{ personId: 'p-compliance', signedBy: { how: 'confirmation' } }] } },
    });
    expect(await page.request('approval.decide', { ...decision, confirmationId })).toMatchObject({ ok: false });
  });

  it('and the state of the record are shown to the page', async () => {
    const engine = await desk.start(null);
    page = new PageClient(engine);
    const picture = page.subscribe('approvals', {});
    const shown = await page.until(picture);
    expect(shown.policies.map(({ policyId }) => policyId)).toContain('rules');
    const audit = page.subscribe('audit', {});
    expect((await page.until(audit)).keys.some(({ personId }) => personId === 'p-supervisor')).toBe(true);
  });
});
