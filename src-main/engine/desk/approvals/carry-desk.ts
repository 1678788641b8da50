/** Approvals that travel by hand: takes one to another desk, brings its decision back, and says what that decision is worth now. */
import type { ApprovalDesk, CarriedVote } from '#engine/desk/approvals/approval-desk';
import type { DeviceRules } from '#engine/desk/devices/device-rules';
import type { KnownDevices } from '#engine/desk/devices/known-devices';
import type { FileMade, Letters } from '#engine/desk/devices/letters';
import type { Recorder } from '#engine/desk/record';
import { verifyText } from '#engine/journal/signing/ed25519';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { type Approval, waitingStage } from '#shared/desk/approvals/approval';
import {
  type CarriedDecision,
  type CarriedRequest,
  carriedDecisionSchema,
  carriedDecisionStatement,
  refuseTime,
} from '#shared/desk/approvals/carried';
import { subjectOf } from '#shared/desk/approvals/decide';
import type { ApprovalEvent } from '#shared/desk/approvals/events';
import { refuseDevice } from '#shared/desk/devices/device';
import { type Outcome, refuse } from '#shared/refusal';

export type CarryDeskParts = {
  recorder: Recorder;
  approvals: () => ApprovalDesk;
  devices: KnownDevices;
  letters: Letters;
  names: () => Record<string, string>;
  rules: () => DeviceRules;
  newId: () => string;
  /** Never runs backwards. */
  nowMs: () => number;
};

export class CarryDesk {
  readonly #parts: CarryDeskParts;
  readonly requests: {
    'approval.carry': (payload: RequestPayload<'approval.carry'>) => Outcome<FileMade>;
    'approval.bringBack': (payload: RequestPayload<'approval.bringBack'>) => Promise<Outcome<RequestAnswer<'approval.bringBack'>>>;
  };

  constructor(parts: CarryDeskParts) {
    this.#parts = parts;
    this.requests = {
      'approval.carry': ({ approvalId, device }) => this.#carry(approvalId, device),
      'approval.bringBack': ({ text }) => this.#bringBack(text),
    };
  }

  #carry(approvalId: string, device: string): Outcome<FileMade> {
    const { recorder, approvals, devices, letters, names, newId, nowMs } = this.#parts;
    const request = 'approval.carry';
    const approval = approvals().current(approvalId);
    if (approval === null) return recorder.refused(request, refuse('UNKNOWN', 'approvalId: there is no such approval', 'approvalId'));
    const stage = waitingStage(approval.policy, approval.approvals);
    if (approval.state !== 'pending' || stage === null) return recorder.refused(request, refuse('CONFLICT', `the approval is ${approval.state}`));
    const known = devices.find(device);
    const unbelieved = refuseDevice(known, nowMs());
    if (unbelieved !== null || known === null)
      return recorder.refused(request, { ...(unbelieved ?? refuse('UNKNOWN', 'device: unknown')), field: 'device' });
    const whoIs = (personId: string): CarriedRequest['maker'] => ({ personId, displayName: names()[personId] ?? personId });
    const atMs = nowMs();
    const { payload, payloadHash, before, contextHash, policy, makerId, askedAtMs, expiresAtMs } = approval;
    const { size, root } = recorder.journal.treeHead();
    const body: CarriedRequest = {
      ...{ carryId: newId(), approvalId, request: approval.request, payload, payloadHash, before, contextHash, policy, stageId: stage.stageId },
      ...{ maker: whoIs(makerId), earlier: approval.approvals.map(({ personId }) => whoIs(personId)) },
      ...{ askedAtMs, expiresAtMs, carriedAtMs: atMs, treeHead: { size, root } },
    };
    const made = letters.write('pendingApproval', device, body, `approval-${approvalId.slice(-12)}`);
    if (!made.ok) return recorder.refused(request, made);
    const { carryId, stageId } = body;
    const away: ApprovalEvent = {
      type: 'approval.carried',
      subject: subjectOf(approvalId),
      payload: { approvalId, carryId, device, deskName: known.deskName, stageId, atMs },
    };
    const recorded = recorder.record(request, [away]);
    return recorded.ok ? made : recorded;
  }

  async #bringBack(text: string): Promise<Outcome<RequestAnswer<'approval.bringBack'>>> {
    const { recorder, approvals, letters } = this.#parts;
    const request = 'approval.bringBack';
    const opened = letters.open('decision', text, carriedDecisionSchema);
    if (!opened.ok) return recorder.refused(request, opened);
    const { body, from } = opened.value;
    const approval = approvals().current(body.approvalId);
    if (approval === null) return recorder.refused(request, refuse('UNKNOWN', 'approvalId: there is no such approval here', 'approvalId'));
    const refusal = this.#refuseDecision(approval, body, from.device);
    if (refusal !== null) return recorder.refused(request, refusal);
    const person = from.people.find(({ personId }) => personId === body.personId);
    if (person === undefined) return recorder.refused(request, refuse('FORBIDDEN', 'personId: is not on that desk’s card', 'personId'));
    if (person.ours === null) return recorder.refused(request, refuse('FORBIDDEN', 'personId: nobody said who that is at this desk', 'personId'));
    const { decision, payloadHash, contextHash, note, keyId, signature, carryId, decidedAtMs } = body;
    const carried = { carryId, device: from.device, personId: body.personId, decidedAtMs };
    const signedBy = { how: 'carried' as const, confirmationId: null, keyId, signature, carried };
    return approvals().decideCarried(approval.approvalId, { decision, payloadHash, contextHash, note }, person.ours, signedBy);
  }

  /** What is about the file and not about its person. */
  #refuseDecision(approval: Approval, body: CarriedDecision, device: string): ReturnType<typeof refuse> | null {
    const { rules, nowMs } = this.#parts;
    const away = approval.carried?.find(({ carryId }) => carryId === body.carryId);
    if (away === undefined) return refuse('FORBIDDEN', 'carryId: no such file left this desk for this approval', 'carryId');
    if (away.device !== device) return refuse('FORBIDDEN', 'carryId: that file was for another desk', 'carryId');
    const isUsed = approval.approvals.some(({ signedBy }) => signedBy.signature === body.signature);
    if (isUsed) return refuse('CONFLICT', 'signature: this decision has been brought back', 'signature');
    if (approval.state !== 'pending') return refuse('CONFLICT', `the approval is ${approval.state}`);
    const stage = waitingStage(approval.policy, approval.approvals);
    if (body.stageId !== away.stageId || body.stageId !== stage?.stageId)
      return refuse('CONFLICT', `stageId: ${body.stageId} is not the stage that waits`, 'stageId');
    return refuseTime(body.decidedAtMs, away.atMs, nowMs(), rules().clockToleranceMinutes);
  }

  /** Every link of it as the desk knows it now: file, desk, person, who they are here, key, and what they signed. */
  judge(approval: Pick<Approval, 'approvalId' | 'carried'>, decision: 'approve' | 'reject', given: CarriedVote): string {
    const { carried, keyId, signature } = given.signedBy;
    if (carried === undefined) return 'bad';
    const away = approval.carried?.find(({ carryId }) => carryId === carried.carryId);
    if (away === undefined || away.device !== carried.device) return 'bad';
    const known = this.#parts.devices.find(carried.device);
    if (known === null) return 'unknownKey';
    if (known.withdrawn !== null) return 'revoked';
    const person = known.people.find(({ personId }) => personId === carried.personId);
    if (person === undefined || person.keyId !== keyId || person.ours !== given.personId) return 'unknownKey';
    const statement = carriedDecisionStatement({
      ...{ carryId: carried.carryId, approvalId: approval.approvalId, stageId: away.stageId, decision },
      ...{ payloadHash: given.payloadHash, contextHash: given.contextHash, note: given.note, personId: carried.personId },
      ...{ decidedAtMs: carried.decidedAtMs, device: carried.device, forDevice: this.#parts.recorder.journal.device },
    });
    return verifyText(person.publicKey, statement, signature) ? 'valid' : 'bad';
  }
}
