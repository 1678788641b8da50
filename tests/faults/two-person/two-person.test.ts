import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledPolicyBook } from '#engine/desk/approvals/approval-desk';
import { approvedEvent, behind, statementOf } from '#tests/faults/two-person/attack';
import { ATTACKS } from '#tests/faults/two-person/attacks';
import { ApprovalRoom, DANGEROUS, GRANT } from '#tests/helpers/approval-room';
import { appended, forgeJournal } from '#tests/helpers/journal-forger';
import { temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let room: ApprovalRoom | null = null;

function openRoom(policies?: ReturnType<typeof bundledPolicyBook>): ApprovalRoom {
  const opened = new ApprovalRoom(folder.path, policies === undefined ? {} : { policies });
  // The maker may do everything but be two people.
  opened.add('p-maker', ['role.grant', 'approval.decide', 'breakGlass.use', 'audit.view']);
  opened.add('p-alias', ['role.grant', 'approval.decide'], 'p-maker');
  opened.add('p-anna', ['approval.decide']);
  opened.add('p-bo', ['approval.decide']);
  opened.add('p-clerk', []);
  opened.signIn('p-maker');
  room = opened;
  return opened;
}

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await room?.stop();
  room = null;
  folder.remove();
});

describe('attacks on the two-person rule', () => {
  it('are at least forty, each with a name of its own', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
  });

  it.each(ATTACKS)('does not succeed: $name', async ({ policies, run, succeeded }) => {
    const attacked = openRoom(policies);
    await run(attacked);
    expect(succeeded === undefined ? attacked.carriedOut : succeeded(attacked)).toEqual(succeeded === undefined ? [] : false);
  });
});

describe('the same desk, used as it is meant', () => {
  it('carries out once what another person approved', async () => {
    const desk = openRoom();
    const approval = await desk.asked();
    desk.signIn('p-anna');
    const outcome = await desk.approve(approval);
    expect(outcome.ok).toBe(true);
    expect(desk.carriedOut).toEqual([GRANT]);
    expect((await desk.state(approval.approvalId)).state).toBe('done');
  });

  it('takes a confirmation at the maker’s own screen', async () => {
    const desk = openRoom();
    const approval = await desk.asked();
    const payload = desk.decision(approval);
    const confirmationId = desk.confirm('p-anna', 'approval.decide', payload);
    expect((await desk.ask('approval.decide', { ...payload, confirmationId })).ok).toBe(true);
    expect(desk.carriedOut).toEqual([GRANT]);
    const [given] = (await desk.state(approval.approvalId)).approvals;
    expect(given?.personId).toBe('p-anna');
  });

  it('still knows after a restart what waits, and carries it out then', async () => {
    const desk = openRoom();
    const approval = await desk.asked();
    await desk.restart();
    desk.signIn('p-anna');
    await desk.approve(approval);
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('takes what stands in the record and is signed, whoever wrote the row: it is the signature that counts', async () => {
    const desk = openRoom();
    const approval = await desk.asked();
    const signed = desk.signing.signOnce('p-anna', desk.of('p-anna').secret, statementOf(approval, 'p-anna'));
    await behind(desk, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('says that it was interrupted, and does not carry out again, when the desk ended in the middle', async () => {
    const desk = openRoom();
    const approval = await desk.asked();
    let ended: Promise<void> | null = null;
    desk.onExecute = () => {
      desk.context = { holds: ['dutyOfficer'] };
      ended ??= desk.restart();
      return new Promise(() => undefined);
    };
    desk.signIn('p-anna');
    void desk.approve(approval);
    await vi.waitFor(() => expect(ended).not.toBeNull());
    await ended;
    await desk.approvals.resume();
    const after = await desk.state(approval.approvalId);
    expect(after.state).toBe('failed');
    expect(after.ended).toMatchObject({ code: 'interrupted', hasChanged: true });
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('goes through its stages in order, with different people', async () => {
    const book = bundledPolicyBook();
    const stages = [
      { stageId: 'check', needed: 1, functions: ['approval.decide' as const] },
      { stageId: 'oversight', needed: 1, functions: ['approval.decide' as const, 'audit.view' as const] },
    ];
    const desk = openRoom({ ...book, policies: book.policies.map((row) => (row.policyId === 'roles' ? { ...row, stages } : row)) });
    desk.of('p-bo').functions.add('audit.view');
    const approval = await desk.asked();
    desk.signIn('p-anna');
    await desk.approve(approval);
    expect(desk.carriedOut).toEqual([]);
    desk.signIn('p-bo');
    await desk.approve(approval);
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('lets a command through an open glass, counts it, and has it reviewed by somebody else', async () => {
    const book = bundledPolicyBook();
    const desk = openRoom({ ...book, policies: book.policies.map((row) => (row.policyId === 'roles' ? { ...row, canBreakGlass: true } : row)) });
    const consent = { personId: 'p-anna', number: '021 5555', words: 'yes, known by voice', heardAtMs: desk.clock.nowMs() };
    const opened = await desk.ask('breakGlass.open', { reason: 'no second person in the building', policyIds: ['roles'], consent });
    expect(opened.ok).toBe(true);
    expect((await desk.ask(DANGEROUS, GRANT)).ok).toBe(true);
    expect(desk.carriedOut).toEqual([GRANT]);
    const [glass] = desk.approvals.picture().breakGlasses;
    expect(glass?.uses.map(({ request }) => request)).toEqual([DANGEROUS]);
    const review = { breakGlassId: glass?.breakGlassId, finding: 'justified', isConsentConfirmed: true, note: 'asked Anna' };
    await desk.ask('breakGlass.close', { breakGlassId: glass?.breakGlassId });
    expect(await desk.ask('breakGlass.review', review)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    desk.signIn('p-bo');
    expect(await desk.ask('breakGlass.review', review)).toMatchObject({ ok: true });
    expect(desk.approvals.picture()).toMatchObject({ breakGlassCount: 1, breakGlassUses: 1 });
  });
});
