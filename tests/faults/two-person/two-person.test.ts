import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledPolicyBook } from '#engine/desk/approvals/approval-desk';
import { approvedEvent, behind, statementOf, TWO } from '#tests/faults/two-person/attack';
import { ATTACKS } from '#tests/faults/two-person/attacks';
import { TwoDesks, textOf } from '#tests/faults/two-person/two-desks';
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

  it.each(ATTACKS)('does not succeed: $name', async ({ policies, run, succeeded, refusedFor }) => {
    const attacked = openRoom(policies);
    await run(attacked);
    const refusals = [...attacked.refusals, ...(attacked.beside?.refusals ?? [])].map(({ message }) => message);
    if (refusedFor !== undefined) expect(refusals.filter((message) => refusedFor.test(message)).length, refusals.join('; ')).toBeGreaterThan(0);
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

  it('counts a decision that somebody made at another desk, and carries out once', async () => {
    const desk = openRoom();
    const desks = await TwoDesks.open(desk);
    const approval = await desk.asked();
    const back = await desks.bringBack(await desks.decided(approval));
    expect(back).toMatchObject({ ok: true, value: { approval: { state: 'done' } } });
    expect(desk.carriedOut).toEqual([GRANT]);
    const [given] = (await desk.state(approval.approvalId)).approvals;
    // As the person they are here, by the key they have there.
    expect(given).toMatchObject({ personId: 'p-anna', human: 'p-anna', signedBy: { how: 'carried', carried: { personId: 'p-zoe' } } });
  });

  it('ends a request that somebody rejected at another desk', async () => {
    const desk = openRoom();
    const desks = await TwoDesks.open(desk);
    const approval = await desk.asked();
    expect((await desks.bringBack(await desks.decided(approval, 'p-yan', 'reject'))).ok).toBe(true);
    expect(await desk.state(approval.approvalId)).toMatchObject({ state: 'rejected', ended: { by: 'p-bo', text: 'no' } });
    expect(desk.carriedOut).toEqual([]);
  });

  it('counts one who agreed here and one who agreed there where two are needed, also after a restart', async () => {
    const desk = openRoom(TWO);
    const desks = await TwoDesks.open(desk);
    const approval = await desk.asked();
    const text = await desks.decided(approval);
    await desks.bringBack(text);
    expect(desk.carriedOut).toEqual([]);
    await desk.restart();
    desk.signIn('p-bo');
    await desk.approve(approval);
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('lets two people of the other desk decide about one file, and writes a lost file anew', async () => {
    const desk = openRoom(TWO);
    const desks = await TwoDesks.open(desk);
    const foreign = await desks.takeIn(await desks.carry(await desk.asked()));
    expect((await desks.decide(foreign, 'p-zoe')).ok).toBe(true);
    expect(await desks.decide(foreign, 'p-zoe')).toMatchObject({ ok: false, code: 'CONFLICT' });
    desks.away.signIn('p-zoe');
    const again = textOf(await desks.away.ask('foreign.write', { carryId: foreign.carryId }));
    const other = textOf(await desks.decide(foreign, 'p-yan'));
    await desks.bringBack(other);
    await desks.bringBack(again);
    expect(desk.carriedOut).toEqual([GRANT]);
  });

  it('shows the other desk what it is asked, and leaves nothing readable on the way', async () => {
    const desk = openRoom();
    const desks = await TwoDesks.open(desk);
    const text = await desks.carry(await desk.asked({ ...GRANT, reason: 'client A0001 complained' }));
    expect(text).not.toContain('A0001');
    expect(text).not.toContain('role.grant');
    const foreign = await desks.takeIn(text);
    expect(foreign).toMatchObject({ request: 'role.grant', payload: { reason: 'client A0001 complained' }, maker: { personId: 'p-maker' } });
    // The other desk is a witness of how far this one's record had grown.
    expect(foreign.treeHead.size).toBeGreaterThan(0);
    expect(await desks.away.ask('foreign.take', { text })).toMatchObject({ ok: false, field: 'carryId' });
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
