/** What every attempt on the two-person rule is made of: its shape, the policies it meets, and how an attacker moves. */
import { bundledPolicyBook } from '#engine/desk/approvals/approval-desk';
import { signingKeyOf } from '#engine/journal/signing/ed25519';
import type { Approval } from '#shared/desk/approvals/approval';
import type { PolicyBook } from '#shared/desk/approvals/policy';
import { canonicalJson } from '#shared/journal/canonical';
import { decisionStatement, type Signed } from '#shared/journal/signature';
import { type ApprovalRoom, GRANT } from '#tests/helpers/approval-room';

export type Attack = {
  name: string;
  policies?: PolicyBook;
  /** People are there: p-maker (signed in), p-alias (the same human), p-anna and p-bo who may check, p-clerk who may nothing. */
  run: (room: ApprovalRoom) => Promise<void> | void;
  /** What the attack wanted; left out: that the command is carried out at all. */
  succeeded?: (room: ApprovalRoom) => boolean;
  /** What it has to be refused for, here or at the other desk: an attempt that fails for another reason has tried nothing. */
  refusedFor?: RegExp;
};

export const HOUR_MS = 3_600_000;

function withRoles(change: Partial<PolicyBook['policies'][number]>): PolicyBook {
  const book = bundledPolicyBook();
  return { ...book, policies: book.policies.map((row) => (row.policyId === 'roles' ? { ...row, ...change } : row)) };
}
export const check = (needed: number): PolicyBook['policies'][number]['stages'][number] => ({
  stageId: 'check',
  needed,
  functions: ['approval.decide'],
});
export const TWO = withRoles({ stages: [check(2)] });
export const STAGES = withRoles({ stages: [check(1), { stageId: 'oversight', needed: 1, functions: ['approval.decide', 'audit.view'] }] });
export const GLASS = withRoles({ canBreakGlass: true });

export async function as(room: ApprovalRoom, personId: string, work: () => Promise<unknown>): Promise<void> {
  room.signIn(personId);
  await work();
}

export function confirmed(room: ApprovalRoom, personId: string, approval: Approval): Promise<unknown> {
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
export const FOREIGN = signingKeyOf(new Uint8Array(32).fill(7));

export function statementOf(approval: Approval, personId: string): string {
  const { approvalId, payloadHash, contextHash } = approval;
  return decisionStatement({ approvalId, decision: 'approve', payloadHash, contextHash, personId });
}

export const DESTROY = { dataSubject: 'client:A0001', reason: 'asked by the client' };

export const EDITED = { ...GRANT, role: 'administrator' };
export const gotEdited = (room: ApprovalRoom): boolean => room.carriedOut.some((payload) => canonicalJson(payload) === canonicalJson(EDITED));
export const moreThanOnce = (room: ApprovalRoom): boolean => room.carriedOut.length > 1;

export const OPEN_GLASS = (room: ApprovalRoom, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  reason: 'the desk is on fire',
  policyIds: ['roles'],
  consent: { personId: 'p-anna', number: '021 5555', words: 'go on, known by voice', heardAtMs: room.clock.nowMs() - 1_000 },
  ...more,
});
