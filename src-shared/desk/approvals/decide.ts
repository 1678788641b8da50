/** Decides about approvals: who may agree to what and when, and whether what was agreed to may be carried out. Every path to a dangerous command ends here. */
import { type Approval, type BreakGlass, type GivenApproval, humansOf, isWaiting, waitingStage } from '#shared/desk/approvals/approval';
import type { ApprovalEvent, BreakGlassEvent, BreakGlassEventBody, SignedBy, VOID_CAUSES } from '#shared/desk/approvals/events';
import type { ApprovalPolicy, BreakGlassRule } from '#shared/desk/approvals/policy';
import { reviewDueAtMs } from '#shared/desk/approvals/policy';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { FunctionName } from '#shared/desk/people/functions';
import { type Refusal, refuse } from '#shared/refusal';

const MS_PER_MINUTE = 60_000;

export type Asked = {
  approvalId: string;
  request: string;
  payload: unknown;
  payloadHash: string;
  before: unknown;
  contextHash: string;
  policy: ApprovalPolicy;
  makerHuman: string;
  makerSessionId: string;
  workedOnBy: string[];
};

export function decideAsk(asked: Asked, context: DecisionContext): ApprovalEvent[] {
  const { nowMs: atMs } = context;
  const expiresAtMs = atMs + asked.policy.lifeMinutes * MS_PER_MINUTE;
  return [{ type: 'approval.asked', subject: subjectOf(asked.approvalId), payload: { ...asked, expiresAtMs, atMs } }];
}

/** A person who decides, as the desk knows them now. */
export type Checker = { personId: string; human: string; sessionId: string; may: (needed: FunctionName) => boolean };

export type CheckerDecision = {
  decision: 'approve' | 'reject';
  /** What the checker saw. */
  payloadHash: string;
  contextHash: string;
  note: string;
};

/** Whether this checker may decide this now; everything but the signature, which is asked for only when nothing else speaks against it. */
export function refuseDecision(approval: Approval, checker: Checker, given: CheckerDecision, nowMs: number): Refusal | null {
  if (approval.state !== 'pending') return refuse('CONFLICT', `the approval is ${approval.state}`);
  if (nowMs >= approval.expiresAtMs) return refuse('CONFLICT', 'the approval has expired');
  if (checker.human === approval.makerHuman || checker.personId === approval.makerId)
    return refuse('FORBIDDEN', 'whoever asked for it cannot decide about it; it can be withdrawn');
  if (!checker.may('approval.decide')) return refuse('FORBIDDEN', 'deciding about approvals is not among this person’s functions');
  const stage = waitingStage(approval.policy, approval.approvals);
  if (stage === null) return refuse('CONFLICT', 'enough people have agreed');
  const missing = stage.functions.find((needed) => !checker.may(needed));
  if (missing !== undefined) return refuse('FORBIDDEN', `this stage needs the function ${missing}`);
  if (given.payloadHash !== approval.payloadHash) return refuse('CONFLICT', 'this is not what was asked for', 'payloadHash');
  if (given.contextHash !== approval.contextHash) return refuse('CONFLICT', 'what it would change is not what was shown', 'contextHash');
  if (given.decision === 'reject') return given.note === '' ? refuse('INVALID', 'note: a reason is needed to reject', 'note') : null;
  if (approval.workedOnBy.includes(checker.human)) return refuse('FORBIDDEN', 'this person worked on it and cannot check it');
  if (approval.approvals.some(({ human }) => human === checker.human)) return refuse('CONFLICT', 'this person has agreed already');
  return null;
}

export function decideDecision(
  approval: Approval,
  checker: Checker,
  given: CheckerDecision & { signedBy: SignedBy },
  context: DecisionContext,
): Decision<ApprovalEvent> {
  const refusal = refuseDecision(approval, checker, given, context.nowMs);
  if (refusal !== null) return refusal;
  const { approvalId } = approval;
  const { personId, human, sessionId } = checker;
  const { decision, payloadHash, contextHash, note, signedBy } = given;
  const payload = { approvalId, personId, human, sessionId, payloadHash, contextHash, note, signedBy, atMs: context.nowMs };
  if (decision === 'reject') return [{ type: 'approval.rejected', subject: subjectOf(approvalId), payload }];
  const stage = waitingStage(approval.policy, approval.approvals);
  if (stage === null) return refuse('CONFLICT', 'enough people have agreed');
  return [{ type: 'approval.approved', subject: subjectOf(approvalId), payload: { ...payload, stageId: stage.stageId } }];
}

export function decideWithdraw(approval: Approval, human: string, reason: string, context: DecisionContext): Decision<ApprovalEvent> {
  if (!isWaiting(approval)) return refuse('CONFLICT', `the approval is ${approval.state}`);
  if (human !== approval.makerHuman) return refuse('FORBIDDEN', 'only whoever asked for it can withdraw it; others can reject it');
  return [event(approval, 'approval.withdrawn', { reason, atMs: context.nowMs })];
}

type VoidCause = (typeof VOID_CAUSES)[number];

/** What the desk knows now, asked again at the moment of carrying out. */
export type ExecutionFacts = {
  payloadHash: string;
  contextHash: string;
  makerMay: boolean;
  humanOf: (personId: string) => string;
  may: (personId: string, needed: FunctionName) => boolean;
  /** Whether the signature of this approval is its person's, by a key that still holds. */
  isSigned: (given: GivenApproval) => boolean;
  nowMs: number;
};

/** Why an approved command may not be carried out; null when it may. Believes nothing that was checked when people agreed. */
export function refuseExecution(approval: Approval, facts: ExecutionFacts): { cause: VoidCause | 'expired'; detail: string } | null {
  if (facts.nowMs >= approval.expiresAtMs) return { cause: 'expired', detail: '' };
  if (facts.payloadHash !== approval.payloadHash) return { cause: 'payloadChanged', detail: facts.payloadHash };
  if (facts.contextHash !== approval.contextHash) return { cause: 'contextChanged', detail: facts.contextHash };
  if (!facts.makerMay) return { cause: 'makerLostFunction', detail: approval.makerId };
  for (const given of approval.approvals) {
    const { personId, human, stageId } = given;
    const isMaker = personId === approval.makerId || facts.humanOf(personId) === facts.humanOf(approval.makerId) || human === approval.makerHuman;
    if (isMaker) return { cause: 'approverIsMaker', detail: personId };
    if (given.payloadHash !== approval.payloadHash) return { cause: 'payloadChanged', detail: given.payloadHash };
    if (given.contextHash !== approval.contextHash) return { cause: 'contextChanged', detail: given.contextHash };
    const stage = approval.policy.stages.find((each) => each.stageId === stageId);
    const needed: readonly FunctionName[] = ['approval.decide', ...(stage?.functions ?? [])];
    if (!needed.every((name) => facts.may(personId, name))) return { cause: 'approverLostFunction', detail: personId };
    if (!facts.isSigned(given)) return { cause: 'signatureRevoked', detail: personId };
  }
  // By the humans of today: two records that turned out to be one human's count once, over all stages.
  const humans = new Set(approval.approvals.map(({ personId }) => facts.humanOf(personId)));
  const needed = approval.policy.stages.reduce((sum, stage) => sum + stage.needed, 0);
  const hasEachStage = approval.policy.stages.every((stage) => humansOf(approval.approvals, stage.stageId).size >= stage.needed);
  return hasEachStage && humans.size >= needed ? null : { cause: 'tooFew', detail: `${humans.size} of ${needed}` };
}

export function voided(approval: Approval, cause: VoidCause | 'expired', detail: string, nowMs: number): ApprovalEvent[] {
  if (!isWaiting(approval)) return [];
  return [
    cause === 'expired' ? event(approval, 'approval.expired', { atMs: nowMs }) : event(approval, 'approval.voided', { cause, detail, atMs: nowMs }),
  ];
}

// ---- break-glass --------------------------------------------------------------------------------------------------------

export type BreakGlassOrder = {
  breakGlassId: string;
  human: string;
  sessionId: string;
  reason: string;
  policyIds: ApprovalPolicy['policyId'][];
  consent: { personId: string; human: string; mayDecide: boolean; number: string; words: string; heardAtMs: number };
};

export function decideBreakGlass(
  order: BreakGlassOrder,
  policies: readonly ApprovalPolicy[],
  rule: BreakGlassRule,
  open: BreakGlass | null,
  context: DecisionContext,
): Decision<BreakGlassEvent> {
  const { breakGlassId, human, sessionId, reason, policyIds, consent } = order;
  const { nowMs: atMs } = context;
  if (open !== null) return refuse('CONFLICT', 'this person has an open break-glass');
  if (consent.human === human) return refuse('FORBIDDEN', 'the consent must be somebody else’s', 'consent.personId');
  if (!consent.mayDecide) return refuse('FORBIDDEN', 'the person who consented cannot decide about approvals', 'consent.personId');
  if (consent.heardAtMs > atMs || atMs - consent.heardAtMs > rule.lifeMinutes * MS_PER_MINUTE)
    return refuse('INVALID', `consent.heardAtMs: the consent must have been heard within the last ${rule.lifeMinutes} minutes`, 'consent.heardAtMs');
  const closed = policyIds.find((id) => policies.find(({ policyId }) => policyId === id)?.canBreakGlass !== true);
  if (closed !== undefined) return refuse('FORBIDDEN', `there is no break-glass for ${closed}`, 'policyIds');
  const { personId, number, words, heardAtMs } = consent;
  const expiresAtMs = atMs + rule.lifeMinutes * MS_PER_MINUTE;
  const times = { expiresAtMs, reviewDueAtMs: reviewDueAtMs(rule, atMs), atMs };
  const payload = { breakGlassId, human, sessionId, reason, policyIds, consent: { personId, number, words, heardAtMs }, ...times };
  return [{ type: 'breakGlass.opened', subject: `breakGlass:${breakGlassId}`, payload }];
}

export function decideBreakGlassEnd(
  glass: BreakGlass,
  cause: 'person' | 'expired',
  human: string | null,
  context: DecisionContext,
): Decision<BreakGlassEvent> {
  if (glass.state !== 'open') return refuse('CONFLICT', 'it is closed');
  if (cause === 'person' && human !== glass.human) return refuse('FORBIDDEN', 'only whoever opened it can close it; it ends by itself');
  return [glassEvent(glass, { type: 'breakGlass.closed', payload: { breakGlassId: glass.breakGlassId, cause, atMs: context.nowMs } })];
}

export function decideReview(
  glass: BreakGlass,
  reviewer: { human: string; mayDecide: boolean },
  found: { finding: 'justified' | 'notJustified'; isConsentConfirmed: boolean; note: string },
  context: DecisionContext,
): Decision<BreakGlassEvent> {
  if (glass.review !== null) return refuse('CONFLICT', 'it has been reviewed');
  if (glass.state === 'open') return refuse('CONFLICT', 'it is still open');
  if (reviewer.human === glass.human) return refuse('FORBIDDEN', 'whoever used it cannot review it');
  if (!reviewer.mayDecide) return refuse('FORBIDDEN', 'deciding about approvals is not among this person’s functions');
  const payload = { breakGlassId: glass.breakGlassId, human: reviewer.human, ...found, atMs: context.nowMs };
  return [glassEvent(glass, { type: 'breakGlass.reviewed', payload })];
}

/** Whether it lets this person's command of this policy pass now. */
export function letsPass(glass: BreakGlass, about: { human: string; sessionId: string; policyId: string }, nowMs: number): boolean {
  const isIts = glass.state === 'open' && glass.human === about.human && glass.sessionId === about.sessionId;
  return isIts && glass.policyIds.includes(about.policyId) && nowMs >= glass.openedAtMs && nowMs < glass.expiresAtMs;
}

export function subjectOf(approvalId: string): string {
  return `approval:${approvalId}`;
}

function glassEvent(glass: BreakGlass, body: BreakGlassEventBody): BreakGlassEvent {
  return { ...body, subject: `breakGlass:${glass.breakGlassId}` };
}

type BodyOf<Type extends ApprovalEvent['type']> = Omit<Extract<ApprovalEvent, { type: Type }>['payload'], 'approvalId'>;

function event<Type extends ApprovalEvent['type']>({ approvalId }: Approval, type: Type, body: BodyOf<Type>): ApprovalEvent {
  return { type, subject: subjectOf(approvalId), payload: { approvalId, ...body } } as ApprovalEvent;
}
