/** Attempts to carry out a dangerous command without the people it needs. Each is named for what it tries; none may succeed. */

import { bundledPolicyBook } from '#engine/desk/approvals/approval-desk';
import { signingKeyOf, signText } from '#engine/journal/signing/ed25519';
import { sha256 } from '#engine/store/hash';
import type { Approval } from '#shared/desk/approvals/approval';
import type { PolicyBook } from '#shared/desk/approvals/policy';
import { canonicalJson } from '#shared/journal/canonical';
import { KEYS_SUBJECT } from '#shared/journal/keys';
import { confirmationStatement, decisionStatement, enrolmentStatement, type Signed } from '#shared/journal/signature';
import { type ApprovalRoom, DANGEROUS, GRANT } from '#tests/helpers/approval-room';
import { appended, forgeDocument, forgeJournal } from '#tests/helpers/journal-forger';

export type Attack = {
  name: string;
  policies?: PolicyBook;
  /** People are there: p-maker (signed in), p-alias (the same human), p-anna and p-bo who may check, p-clerk who may nothing. */
  run: (room: ApprovalRoom) => Promise<void> | void;
  /** What the attack wanted; left out: that the command is carried out at all. */
  succeeded?: (room: ApprovalRoom) => boolean;
};

const HOUR_MS = 3_600_000;

function withRoles(change: Partial<PolicyBook['policies'][number]>): PolicyBook {
  const book = bundledPolicyBook();
  return { ...book, policies: book.policies.map((row) => (row.policyId === 'roles' ? { ...row, ...change } : row)) };
}
const check = (needed: number): PolicyBook['policies'][number]['stages'][number] => ({ stageId: 'check', needed, functions: ['approval.decide'] });
const TWO = withRoles({ stages: [check(2)] });
const STAGES = withRoles({ stages: [check(1), { stageId: 'oversight', needed: 1, functions: ['approval.decide', 'audit.view'] }] });
const GLASS = withRoles({ canBreakGlass: true });

async function as(room: ApprovalRoom, personId: string, work: () => Promise<unknown>): Promise<void> {
  room.signIn(personId);
  await work();
}

function confirmed(room: ApprovalRoom, personId: string, approval: Approval): Promise<unknown> {
  const payload = room.decision(approval);
  const given = room.tryConfirm(personId, 'approval.decide', payload);
  return given.ok ? room.ask('approval.decide', { ...payload, confirmationId: given.value.confirmationId }) : Promise.resolve();
}

/** Stops the desk, lets somebody at its files, starts it and lets it finish what the record says was agreed. */
export async function behind(room: ApprovalRoom, work: (path: string) => void): Promise<void> {
  await room.stop();
  work(room.journalPath);
  room.start();
  await room.approvals.resume();
}

export function approvedEvent(approval: Approval, personId: string, signed: Signed, more: Record<string, unknown> = {}) {
  const { approvalId, payloadHash, contextHash } = approval;
  const signedBy = { how: 'session', confirmationId: null, ...signed };
  const payload = {
    approvalId,
    personId,
    human: personId,
    sessionId: 's',
    payloadHash,
    contextHash,
    note: '',
    signedBy,
    stageId: 'check',
    atMs: 0,
    ...more,
  };
  return { type: 'approval.approved', subject: `approval:${approvalId}`, actor: personId, payload };
}

/** Attackers have keys of their own. */
const FOREIGN = signingKeyOf(new Uint8Array(32).fill(7));

export function statementOf(approval: Approval, personId: string): string {
  const { approvalId, payloadHash, contextHash } = approval;
  return decisionStatement({ approvalId, decision: 'approve', payloadHash, contextHash, personId });
}

const DESTROY = { dataSubject: 'client:A0001', reason: 'asked by the client' };

const EDITED = { ...GRANT, role: 'administrator' };
const gotEdited = (room: ApprovalRoom): boolean => room.carriedOut.some((payload) => canonicalJson(payload) === canonicalJson(EDITED));
const moreThanOnce = (room: ApprovalRoom): boolean => room.carriedOut.length > 1;

const OPEN_GLASS = (room: ApprovalRoom, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  reason: 'the desk is on fire',
  policyIds: ['roles'],
  consent: { personId: 'p-anna', number: '021 5555', words: 'go on, known by voice', heardAtMs: room.clock.nowMs() - 1_000 },
  ...more,
});

export const ATTACKS: Attack[] = [
  // ---- one human, however many records, keys, sessions and screens -------------------------------------------------------
  { name: 'the maker approves, being allowed to approve others', run: async (room) => void (await room.approve(await room.asked())) },
  {
    name: 'the maker approves after signing out and in again',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'the maker approves under a second record',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-alias', () => room.approve(approval));
    },
  },
  { name: 'the maker confirms at the own screen', run: async (room) => void (await confirmed(room, 'p-maker', await room.asked())) },
  {
    name: 'the maker confirms at the own screen under a second record',
    run: async (room) => void (await confirmed(room, 'p-alias', await room.asked())),
  },
  {
    name: 'two records of one checker approve where two people are needed',
    policies: TWO,
    run: async (room) => {
      room.add('p-anna-two', ['approval.decide'], 'p-anna');
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-anna-two', () => room.approve(approval));
    },
  },
  {
    name: 'two checkers who turn out to be one human before it is carried out',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-bo').human = 'p-anna';
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'a checker who turns out to be the maker under a record that was linked after they agreed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').human = 'p-maker';
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'the maker asks for a confirmation under a second record',
    run: () => undefined,
    succeeded: (room) => room.tryConfirm('p-alias', DANGEROUS, GRANT).ok,
  },
  {
    name: 'a confirmation kept alive by setting the clock back',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      // Three minutes really pass while the wall clock is put back by an hour.
      room.clock.pass(180_000);
      room.clock.ms -= HOUR_MS;
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'a confirmation given while the clock is ahead, used after it was set right',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.ms += 60_000;
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.clock.ms -= 60_000;
      room.clock.pass(121_000);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'the maker gets a second key by a new secret and approves with that',
    run: async (room) => {
      const approval = await room.asked();
      room.of('p-maker').secret = new Uint8Array(32).fill(9);
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'one checker approves twice where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await room.approve(approval);
    },
  },
  {
    name: 'one checker approves in two sessions where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'one checker approves with two keys where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').secret = new Uint8Array(32).fill(9);
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'one checker approves signed in, then confirms at the maker’s screen, where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.signIn('p-maker');
      await confirmed(room, 'p-anna', approval);
    },
  },
  {
    name: 'two records of one checker approve where two are needed',
    policies: TWO,
    run: async (room) => {
      room.add('p-anna2', ['approval.decide'], 'p-anna');
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-anna2', () => room.approve(approval));
    },
  },
  {
    name: 'one human approves in both stages',
    policies: STAGES,
    run: async (room) => {
      room.of('p-anna').functions.add('audit.view');
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await room.approve(approval);
    },
  },
  {
    name: 'the first checker turns out to be the maker before the second approves',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').human = 'p-maker';
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'the first checker turns out to be the second before the second approves',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').human = 'p-bo';
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'whoever worked on it approves for the maker',
    run: async (room) => {
      room.workedOn = ['p-anna'];
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },

  // ---- other ways in ------------------------------------------------------------------------------------------------------
  {
    name: 'asks again while it waits',
    run: async (room) => {
      await room.asked();
      await room.ask(DANGEROUS, GRANT);
    },
  },
  { name: 'asks from a program on this machine', run: async (room) => void (await room.bus.fromLocal(DANGEROUS, GRANT)) },
  {
    name: 'approves from a program on this machine',
    run: async (room) => void (await room.bus.fromLocal('approval.decide', room.decision(await room.asked()))),
  },
  {
    name: 'asks under a name that only looks like it',
    run: async (room) => {
      for (const name of ['Role.Grant', 'role.grant ', '__proto__', 'constructor', 'toString', 'role.grant\u0000']) await room.ask(name, GRANT);
    },
  },
  {
    name: 'slips a confirmation into the payload of the command itself',
    run: async (room) => {
      room.of('p-anna').functions.add('role.grant');
      await room.ask(DANGEROUS, { ...GRANT, confirmationId: room.confirm('p-anna', DANGEROUS, GRANT) });
    },
  },
  {
    name: 'approves while nobody is signed in',
    run: async (room) => {
      const approval = await room.asked();
      room.signOut();
      await room.approve(approval);
    },
  },
  {
    name: 'approves at a locked desk of a checker',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.isLocked = true;
      await room.approve(approval);
    },
  },
  {
    name: 'approves in a session that was handed over without the checker’s key',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.signing.close('p-anna');
      await room.approve(approval);
    },
  },
  {
    name: 'brings a confirmation that was given to another session',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      room.signIn('p-clerk');
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.signIn('p-maker');
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'lets somebody without the function confirm',
    run: async (room) => void (await confirmed(room, 'p-clerk', await room.asked())),
  },
  {
    name: 'lets somebody who holds nothing agree to destroying a client’s data',
    run: () => undefined,
    succeeded: (room) => room.tryConfirm('p-clerk', 'privacy.destroy', DESTROY).ok,
  },
  {
    name: 'lets another administrator agree to destroying a client’s data',
    run: (room) => void room.add('p-boss', ['people.manage', 'role.grant']),
    succeeded: (room) => room.tryConfirm('p-boss', 'privacy.destroy', DESTROY).ok,
  },
  {
    name: 'uses an agreement to destroying data after its giver lost the function',
    run: () => undefined,
    succeeded: (room) => {
      room.add('p-lawful', ['privacy.agree']);
      const confirmationId = room.confirm('p-lawful', 'privacy.destroy', DESTROY);
      room.of('p-lawful').functions.delete('privacy.agree');
      return room.confirmations.take(confirmationId, { request: 'privacy.destroy', payload: DESTROY }).ok;
    },
  },

  // ---- used again, and meant for something else ---------------------------------------------------------------------------
  {
    name: 'uses one confirmation for two approvals',
    run: async (room) => {
      const first = await room.asked();
      const second = await room.asked(EDITED);
      const payload = room.decision(first);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      await room.ask('approval.decide', { ...payload, confirmationId });
      await room.ask('approval.decide', { ...room.decision(second), confirmationId });
    },
    succeeded: gotEdited,
  },
  {
    name: 'uses a confirmation of another approval',
    run: async (room) => {
      const first = await room.asked();
      const second = await room.asked(EDITED);
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(first));
      await room.ask('approval.decide', { ...room.decision(second), confirmationId });
    },
  },
  {
    name: 'turns a confirmed rejection into an approval',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(approval, 'reject'));
      await room.ask('approval.decide', { ...room.decision(approval), confirmationId });
    },
  },
  {
    name: 'changes the note under a confirmation',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = room.confirm('p-anna', 'approval.decide', room.decision(approval, 'approve', 'only for tonight'));
      await room.ask('approval.decide', { ...room.decision(approval, 'approve', 'for good'), confirmationId });
    },
  },
  {
    name: 'uses a confirmation that was given for another request',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.withdraw', payload);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'uses a confirmation after its time',
    run: async (room) => {
      const approval = await room.asked();
      const payload = room.decision(approval);
      const confirmationId = room.confirm('p-anna', 'approval.decide', payload);
      room.clock.pass(600_000);
      await room.ask('approval.decide', { ...payload, confirmationId });
    },
  },
  {
    name: 'invents a confirmation',
    run: async (room) =>
      void (await room.ask('approval.decide', { ...room.decision(await room.asked()), confirmationId: '01996b1c-0000-7000-8000-000000000000' })),
  },
  {
    name: 'approves again what was carried out',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-bo', () => room.approve(approval));
      await room.approvals.resume();
    },
    succeeded: moreThanOnce,
  },

  // ---- something else than what was agreed to -----------------------------------------------------------------------------
  {
    name: 'approves an edited payload',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', { ...room.decision(approval), payloadHash: sha256(canonicalJson(EDITED)) }));
    },
  },
  {
    name: 'approves over another ground than the one shown',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', { ...room.decision(approval), contextHash: sha256('null') }));
    },
  },
  {
    name: 'moves the ground between asking and approving',
    run: async (room) => {
      const approval = await room.asked();
      room.context = { holds: ['administrator'] };
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'moves the ground between the first and the second approval',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.context = { holds: ['administrator'] };
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'moves the ground and back while a clean-up looks',
    run: async (room) => {
      const approval = await room.asked();
      room.context = { holds: ['administrator'] };
      room.approvals.tick();
      room.context = { holds: [] };
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },

  // ---- what had ended, and who may no more --------------------------------------------------------------------------------
  {
    name: 'approves what was withdrawn',
    run: async (room) => {
      const approval = await room.asked();
      await room.ask('approval.withdraw', { approvalId: approval.approvalId, reason: 'not needed' });
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'approves what another checker rejected',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.ask('approval.decide', room.decision(approval, 'reject')));
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'approves after the life of the request',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'takes an approval of a withdrawn request over to the next one',
    policies: TWO,
    run: async (room) => {
      const first = await room.asked();
      await as(room, 'p-anna', () => room.approve(first));
      room.signIn('p-maker');
      await room.ask('approval.withdraw', { approvalId: first.approvalId, reason: 'again' });
      const second = await room.asked();
      await as(room, 'p-bo', () => room.approve(second));
    },
  },
  {
    name: 'approves after losing the function',
    run: async (room) => {
      const approval = await room.asked();
      room.signIn('p-anna');
      room.of('p-anna').functions.delete('approval.decide');
      await room.approve(approval);
    },
  },
  {
    name: 'counts a checker who lost the function before the second approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').functions.delete('approval.decide');
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'counts a checker who was disabled before the second approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.of('p-anna').isActive = false;
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'has it carried out for a maker who lost the function',
    run: async (room) => {
      const approval = await room.asked();
      room.of('p-maker').functions.delete('role.grant');
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'approves a stage without its function',
    policies: STAGES,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },
  {
    name: 'counts an approval whose key was revoked since',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      room.signing.revoke('p-anna', 'compromised');
      await as(room, 'p-bo', () => room.approve(approval));
    },
  },

  // ---- clocks ---------------------------------------------------------------------------------------------------------------
  {
    name: 'sets the clock back after the request has expired',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'holds the clock still while the life of the request runs',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.monotonic += 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'sets the clock forward and back again',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.ms += 73 * HOUR_MS;
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'restarts the desk with the clock set back after the request has expired',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.pass(73 * HOUR_MS);
      room.signIn('p-clerk');
      await room.stop();
      room.clock.ms -= 100 * HOUR_MS;
      room.start();
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'sets the clock to the beginning of time',
    run: async (room) => {
      const approval = await room.asked();
      room.clock.monotonic += 73 * HOUR_MS;
      room.clock.ms = 0;
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },

  // ---- into the files ---------------------------------------------------------------------------------------------------------
  {
    name: 'marks the request as approved in the table',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, state: 'approved' }), approval));
    },
  },
  {
    name: 'edits the payload in the table',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, payload: EDITED }), approval));
      await as(room, 'p-anna', () => room.approve(approval));
    },
    succeeded: gotEdited,
  },
  {
    name: 'sets a request that was carried out back to approved in the table',
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      await behind(room, (path) => forgeDocument(path, approval.approvalId, (body) => ({ ...body, state: 'approved' }), approval));
    },
    succeeded: moreThanOnce,
  },
  {
    name: 'edits the payload in the entry and leaves its hashes',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED, payloadHash: sha256(canonicalJson(EDITED)) }, false));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'edits the payload in the entry with all hashes, after one of two has approved',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      const payloadHash = sha256(canonicalJson(EDITED));
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED, payloadHash }, true));
      await as(room, 'p-bo', () => room.approve({ ...approval, payloadHash }));
    },
  },
  {
    name: 'edits the payload in the entry and keeps the hash that was approved',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { payload: EDITED }, true));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'rewrites how many are needed, with all hashes',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { policy: { ...approval.policy, stages: [check(1)] } }, true));
      await as(room, 'p-anna', () => room.approve(approval));
    },
  },
  {
    name: 'rewrites who the maker is, so that the maker may check',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => rewriteAsked(path, approval, { makerHuman: 'p-nobody' }, true));
      await as(room, 'p-maker', () => room.approve(approval));
    },
  },
  {
    name: 'writes an approval into the record without a signature of its person',
    run: async (room) => {
      const approval = await room.asked();
      const signed = { keyId: '0'.repeat(32), signature: '0'.repeat(128) };
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval into the record with the maker’s signature under another name',
    run: async (room) => {
      const approval = await room.asked();
      const signed = room.signing.sign('p-maker', statementOf(approval, 'p-anna'));
      if (signed === null) throw new Error('the maker’s key is closed');
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval into the record with a signature copied from another one',
    run: async (room) => {
      const first = await room.asked(EDITED);
      await as(room, 'p-anna', () => room.approve(first));
      const signed = (await room.state(first.approvalId)).approvals[0]?.signedBy;
      if (signed === undefined) throw new Error('nobody approved');
      room.carriedOut.length = 0;
      room.signIn('p-maker');
      const second = await room.asked();
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(second, 'p-anna', signed))));
    },
  },
  {
    name: 'writes an approval signed by an unpublished key',
    run: async (room) => {
      const approval = await room.asked();
      const signed = signText(FOREIGN, statementOf(approval, 'p-anna'));
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed))));
    },
  },
  {
    name: 'publishes a key in a checker’s name without the device’s word, and signs with it',
    run: async (room) => {
      const approval = await room.asked();
      await behind(room, (path) => forgeJournal(path, (rows) => withForeignKey(room, rows, approval, null)));
    },
  },
  {
    name: 'publishes a key in a checker’s name with the word of another device’s key, and signs with it',
    run: async (room) => {
      const approval = await room.asked();
      const other = signingKeyOf(new Uint8Array(32).fill(8));
      await behind(room, (path) => forgeJournal(path, (rows) => withForeignKey(room, rows, approval, other)));
    },
  },
  {
    name: 'writes a confirmed approval into the record with the signature of another confirmation',
    run: async (room) => {
      const approval = await room.asked();
      const confirmationId = '01996b1c-0000-7000-8000-000000000001';
      const about = { confirmationId, request: 'approval.decide', payloadHash: sha256('something else'), personId: 'p-anna' };
      const signed = room.signing.signOnce('p-anna', room.of('p-anna').secret, confirmationStatement(about));
      const event = approvedEvent(approval, 'p-anna', signed, { signedBy: { how: 'confirmation', confirmationId, ...signed } });
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, event)));
    },
  },
  {
    name: 'writes two approvals of one human into the record where two are needed',
    policies: TWO,
    run: async (room) => {
      const approval = await room.asked();
      await as(room, 'p-anna', () => room.approve(approval));
      const signed = room.signing.sign('p-anna', statementOf(approval, 'p-anna'));
      if (signed === null) throw new Error('the key is closed');
      await behind(room, (path) => forgeJournal(path, (rows) => appended(rows, approvedEvent(approval, 'p-anna', signed, { human: 'p-other' }))));
    },
  },

  // ---- break-glass ------------------------------------------------------------------------------------------------------------
  { name: 'breaks the glass where there is none', run: async (room) => breakGlass(room, {}) },
  {
    name: 'breaks the glass without the function for it',
    policies: GLASS,
    run: async (room) => {
      room.of('p-maker').functions.delete('breakGlass.use');
      await breakGlass(room, {});
    },
  },
  {
    name: 'breaks the glass with the own consent under a second record',
    policies: GLASS,
    run: (room) => breakGlass(room, { consent: { personId: 'p-alias', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() } }),
  },
  {
    name: 'breaks the glass with the consent of somebody who may not check',
    policies: GLASS,
    run: (room) => breakGlass(room, { consent: { personId: 'p-clerk', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() } }),
  },
  {
    name: 'breaks the glass with a consent of yesterday',
    policies: GLASS,
    run: (room) =>
      breakGlass(room, { consent: { personId: 'p-anna', number: '021 5555', words: 'yes', heardAtMs: room.clock.nowMs() - 24 * HOUR_MS } }),
  },
  {
    name: 'uses the glass for a policy that was not named',
    policies: GLASS,
    run: (room) => breakGlass(room, { policyIds: ['rules'] }),
  },
  {
    name: 'uses the glass after half an hour',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.clock.pass(31 * 60_000);
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses the glass after half an hour with the clock set back',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.clock.monotonic += 31 * 60_000;
      room.clock.ms -= 60_000;
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses the glass in a later session',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.signIn('p-maker');
      await room.ask(DANGEROUS, GRANT);
    },
  },
  {
    name: 'uses somebody else’s glass',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.of('p-clerk').functions.add('role.grant');
      await as(room, 'p-clerk', () => room.ask(DANGEROUS, GRANT));
    },
  },
  {
    name: 'uses the glass for a command without the function for the command',
    policies: GLASS,
    run: async (room) => {
      await room.ask('breakGlass.open', OPEN_GLASS(room));
      room.of('p-maker').functions.delete('role.grant');
      await room.ask(DANGEROUS, GRANT);
    },
  },
];

async function breakGlass(room: ApprovalRoom, more: Record<string, unknown>): Promise<void> {
  await room.ask('breakGlass.open', OPEN_GLASS(room, more));
  await room.ask(DANGEROUS, GRANT);
}

function rewriteAsked(path: string, approval: Approval, change: Record<string, unknown>, rechain: boolean): void {
  const { approvalId, request, payload, payloadHash, before, contextHash, policy, makerHuman, makerSessionId, workedOnBy, expiresAtMs, askedAtMs } =
    approval;
  const asked = {
    approvalId,
    request,
    payload,
    payloadHash,
    before,
    contextHash,
    policy,
    makerHuman,
    makerSessionId,
    workedOnBy,
    expiresAtMs,
    atMs: askedAtMs,
  };
  const forged = canonicalJson({ ...asked, ...change });
  const isIt = (row: { type: string; subject: string }): boolean => row.type === 'approval.asked' && row.subject === `approval:${approvalId}`;
  forgeJournal(path, (rows) => rows.map((row) => (isIt(row) ? { ...row, payload: forged } : row)), { rechain });
}

function withForeignKey(
  room: ApprovalRoom,
  rows: Parameters<typeof appended>[0],
  approval: Approval,
  device: ReturnType<typeof signingKeyOf> | null,
): ReturnType<typeof appended> {
  const { keyId, publicKey } = FOREIGN;
  const statement = enrolmentStatement({ keyId, publicKey, device: room.journal.device, personId: 'p-anna' });
  const countersigned = device === null ? null : signText(device, statement);
  const possession = signText(FOREIGN, statement).signature;
  const payload = { keyId, publicKey, personId: 'p-anna', device: room.journal.device, possession, countersigned, atMs: 0 };
  const enrolled = appended(rows, { type: 'key.enrolled', subject: KEYS_SUBJECT, actor: 'engine', payload });
  return appended(enrolled, approvedEvent(approval, 'p-anna', signText(FOREIGN, statementOf(approval, 'p-anna'))));
}
