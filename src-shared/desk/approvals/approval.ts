/** Folds the events of one approval, and of one break-glass, into what may happen to it next. */
import type { CarriedAway } from '#shared/desk/approvals/carried';
import type { ApprovalEventBody, BreakGlassEventBody, SignedBy } from '#shared/desk/approvals/events';
import type { ApprovalPolicy, ApprovalStage } from '#shared/desk/approvals/policy';
import type { Recorded } from '#shared/desk/decision';

export const APPROVAL_STATES = ['pending', 'approved', 'executing', 'done', 'failed', 'rejected', 'withdrawn', 'expired', 'void'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export type GivenApproval = {
  personId: string;
  human: string;
  sessionId: string;
  stageId: string;
  payloadHash: string;
  contextHash: string;
  note: string;
  signedBy: SignedBy;
  atMs: number;
};

export type Approval = {
  approvalId: string;
  state: ApprovalState;
  request: string;
  payload: unknown;
  payloadHash: string;
  before: unknown;
  contextHash: string;
  policy: ApprovalPolicy;
  makerId: string;
  makerHuman: string;
  makerSessionId: string;
  workedOnBy: string[];
  askedAtMs: number;
  expiresAtMs: number;
  approvals: GivenApproval[];
  /** Files of it that left for other desks; left out: none. */
  carried?: CarriedAway[];
  /** Why it ended otherwise than done, and by whom. */
  ended: { atMs: number; by: string; code: string; text: string; hasChanged: boolean | null } | null;
  begunAtMs: number | null;
  doneAtMs: number | null;
  sequence: number;
};

export type BreakGlass = {
  breakGlassId: string;
  state: 'open' | 'closed';
  personId: string;
  human: string;
  /** It serves the session in which it was opened, and no other. */
  sessionId: string;
  reason: string;
  policyIds: string[];
  consent: { personId: string; number: string; words: string; heardAtMs: number };
  openedAtMs: number;
  expiresAtMs: number;
  reviewDueAtMs: number;
  uses: { atMs: number; policyId: string; request: string; payloadHash: string }[];
  closed: { atMs: number; cause: 'person' | 'expired' } | null;
  review: { atMs: number; by: string; finding: 'justified' | 'notJustified'; isConsentConfirmed: boolean; note: string } | null;
  sequence: number;
};

/** The stage that waits for checkers; null when all have enough. A human counts in one stage only: the one they agreed in. */
export function waitingStage(policy: ApprovalPolicy, given: readonly GivenApproval[]): ApprovalStage | null {
  return policy.stages.find((stage) => humansOf(given, stage.stageId).size < stage.needed) ?? null;
}

export function humansOf(given: readonly GivenApproval[], stageId: string): Set<string> {
  return new Set(given.filter((each) => each.stageId === stageId).map(({ human }) => human));
}

/** An event that does not follow from the state (two desks apart, or somebody's own rows) changes nothing. */
export function evolveApproval(before: Approval | null, event: ApprovalEventBody, entry: Recorded): Approval | null {
  const { sequence } = entry;
  if (event.type === 'approval.asked') {
    if (before !== null) return before;
    const { atMs, payload, before: was, ...asked } = event.payload;
    const opened = { makerId: entry.actor, askedAtMs: atMs, approvals: [], ended: null, begunAtMs: null, doneAtMs: null, sequence };
    return { ...asked, payload: payload ?? null, before: was ?? null, state: 'pending', ...opened };
  }
  if (before === null) return null;
  const { atMs } = event.payload;
  const ended = (code: string, text: string, hasChanged: boolean | null = null): NonNullable<Approval['ended']> => ({
    atMs,
    by: entry.actor,
    code,
    text,
    hasChanged,
  });
  switch (event.type) {
    case 'approval.approved': {
      if (before.state !== 'pending') return before;
      const { approvalId: _approvalId, ...given } = event.payload;
      const approvals = [...before.approvals, given];
      return { ...before, approvals, state: waitingStage(before.policy, approvals) === null ? 'approved' : 'pending', sequence };
    }
    case 'approval.rejected':
      return isWaiting(before)
        ? { ...before, state: 'rejected', ended: { ...ended('rejected', event.payload.note), by: event.payload.personId }, sequence }
        : before;
    case 'approval.carried': {
      const { approvalId: _approvalId, ...away } = event.payload;
      return isWaiting(before) ? { ...before, carried: [...(before.carried ?? []), away], sequence } : before;
    }
    case 'approval.withdrawn':
      return isWaiting(before) ? { ...before, state: 'withdrawn', ended: ended('withdrawn', event.payload.reason), sequence } : before;
    case 'approval.expired':
      return isWaiting(before) ? { ...before, state: 'expired', ended: ended('expired', ''), sequence } : before;
    case 'approval.voided':
      return isWaiting(before) ? { ...before, state: 'void', ended: ended(event.payload.cause, event.payload.detail), sequence } : before;
    case 'approval.begun':
      return before.state === 'approved' ? { ...before, state: 'executing', begunAtMs: atMs, sequence } : before;
    case 'approval.done':
      return before.state === 'executing' ? { ...before, state: 'done', doneAtMs: atMs, sequence } : before;
    case 'approval.failed': {
      const { code, message, hasChanged } = event.payload;
      return before.state === 'executing' ? { ...before, state: 'failed', ended: ended(code, message, hasChanged), sequence } : before;
    }
  }
}

/** Nothing has been carried out, and nobody has ended it. */
export function isWaiting({ state }: Approval): boolean {
  return state === 'pending' || state === 'approved';
}

export function evolveBreakGlass(before: BreakGlass | null, event: BreakGlassEventBody, entry: Recorded): BreakGlass | null {
  const { sequence } = entry;
  const { atMs } = event.payload;
  if (event.type === 'breakGlass.opened') {
    const { breakGlassId, human, sessionId, reason, policyIds, consent, expiresAtMs, reviewDueAtMs } = event.payload;
    const opened = {
      breakGlassId,
      human,
      sessionId,
      reason,
      policyIds,
      consent,
      expiresAtMs,
      reviewDueAtMs,
      personId: entry.actor,
      openedAtMs: atMs,
    };
    return before ?? { ...opened, state: 'open', uses: [], closed: null, review: null, sequence };
  }
  if (before === null) return null;
  switch (event.type) {
    case 'breakGlass.used': {
      const { policyId, request, payloadHash } = event.payload;
      return { ...before, uses: [...before.uses, { atMs, policyId, request, payloadHash }], sequence };
    }
    case 'breakGlass.closed':
      return before.state === 'open' ? { ...before, state: 'closed', closed: { atMs, cause: event.payload.cause }, sequence } : before;
    case 'breakGlass.reviewed': {
      const { finding, isConsentConfirmed, note } = event.payload;
      return { ...before, review: { atMs, by: entry.actor, finding, isConsentConfirmed, note }, sequence };
    }
  }
}
