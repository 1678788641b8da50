/** What the page works out about approvals: whose turn it is, which group they belong to, and how long they still have. */
import { type Approval, type GivenApproval, waitingStage } from '#shared/desk/approvals/approval';
import type { FunctionName } from '#shared/desk/people/functions';

export type Me = { personId: string; functions: readonly FunctionName[] };

/** `forMe`: I may decide about it. The engine decides; this only says what is worth showing first. */
export type ApprovalGroup = 'forMe' | 'mine' | 'others' | 'ended';
/** `elsewhere`: what other desks brought here, which is no approval of this desk. */
export type ShownGroup = ApprovalGroup | 'elsewhere';
export const APPROVAL_GROUPS: readonly ApprovalGroup[] = ['forMe', 'mine', 'others', 'ended'];

export function isOpen({ state }: Approval): boolean {
  return state === 'pending' || state === 'approved' || state === 'executing';
}

export function mayDecide(approval: Approval, me: Me): boolean {
  const stage = waitingStage(approval.policy, approval.approvals);
  if (approval.state !== 'pending' || stage === null || approval.makerId === me.personId) return false;
  if (approval.workedOnBy.includes(me.personId) || approval.approvals.some(({ personId }) => personId === me.personId)) return false;
  return ['approval.decide' as const, ...stage.functions].every((name) => me.functions.includes(name));
}

export function groupOf(approval: Approval, me: Me): ApprovalGroup {
  if (!isOpen(approval)) return 'ended';
  if (approval.makerId === me.personId) return 'mine';
  return mayDecide(approval, me) ? 'forMe' : 'others';
}

/** Each stage with who agreed in it. */
export function stagesOf(
  approval: Approval,
): { stageId: string; needed: number; functions: readonly string[]; given: GivenApproval[]; isWaiting: boolean }[] {
  const waiting = approval.state === 'pending' ? waitingStage(approval.policy, approval.approvals) : null;
  return approval.policy.stages.map(({ stageId, needed, functions }) => ({
    stageId,
    needed,
    functions,
    given: approval.approvals.filter((each) => each.stageId === stageId),
    isWaiting: waiting?.stageId === stageId,
  }));
}

/** Whole minutes, rounded up; 0 when it is over. */
export function minutesLeft(expiresAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((expiresAtMs - nowMs) / 60_000));
}
