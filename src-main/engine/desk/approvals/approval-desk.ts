/**
 * Holds back dangerous commands until other people have agreed to exactly them, and then carries them out once. What is agreed to is bound to the
 * payload and to what the command would change; everything is asked again at the moment of carrying out.
 */
import type { Clock } from '#engine/clock';
import { ApprovalStore } from '#engine/desk/approvals/approval-store';
import type {
  Approvals,
  ApprovalWorld,
  BeforeReaders,
  CommandToApprove,
  LetThrough,
  WorkedOnReaders,
} from '#engine/desk/approvals/approvals-interface';
import { BreakGlassDesk } from '#engine/desk/approvals/break-glass-desk';
import { LifeClock } from '#engine/desk/approvals/life-clock';
import { actAs, actingNow } from '#engine/desk/bus/acting';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { sha256 } from '#engine/store/hash';
import type { APPROVAL_REQUESTS, ApprovalsPicture } from '#shared/contract/approvals';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import type { Approval, GivenApproval } from '#shared/desk/approvals/approval';
import * as decide from '#shared/desk/approvals/decide';
import type { ApprovalEvent, SignedBy } from '#shared/desk/approvals/events';
import { type PolicyBook, policyAt, policyBookSchema } from '#shared/desk/approvals/policy';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import { canonicalJson } from '#shared/journal/canonical';
import type { JournalEvent } from '#shared/journal/entry';
import { parseHlc } from '#shared/journal/hlc';
import { confirmationStatement, decisionStatement } from '#shared/journal/signature';
import { accept, type Outcome, refuse } from '#shared/refusal';
import bundledPolicies from '../../../../resources/access/approval-policies.json' with { type: 'json' };

export type ApprovalDeskParts = {
  recorder: Recorder;
  clock: Clock;
  signing: Pick<SigningKeys, 'sign' | 'published'>;
  secondPerson: SecondPerson;
  world: ApprovalWorld;
  before?: BeforeReaders;
  workedOn?: WorkedOnReaders;
  policies?: PolicyBook;
  /** What a decision from another desk is worth now; left out: none is known, and none counts. */
  judgeCarried?: JudgeCarried;
};

/** `valid`, or why the decision does not count. Asked when it comes back and again before anything is carried out. */
export type JudgeCarried = (approval: Pick<Approval, 'approvalId' | 'carried'>, decision: 'approve' | 'reject', given: CarriedVote) => string;
export type CarriedVote = Pick<GivenApproval, 'personId' | 'payloadHash' | 'contextHash' | 'note' | 'signedBy'>;

type ApprovalRequestName = Exclude<keyof typeof APPROVAL_REQUESTS, `foreign.${string}` | 'approval.carry' | 'approval.bringBack'>;
type DecideOrder = RequestPayload<'approval.decide'>;

const SHOWN = 200;

export function bundledPolicyBook(): PolicyBook {
  return policyBookSchema.parse(bundledPolicies);
}

export class ApprovalDesk implements Approvals {
  readonly #parts: ApprovalDeskParts;
  readonly #recorder: Recorder;
  readonly #world: ApprovalWorld;
  readonly #store: ApprovalStore;
  readonly #policies: PolicyBook;
  readonly #life: LifeClock;
  readonly #glasses: BreakGlassDesk;
  readonly #executing = new Set<string>();
  readonly requests: HandlersOf<ApprovalRequestName>;

  constructor(parts: ApprovalDeskParts) {
    this.#parts = parts;
    this.#recorder = parts.recorder;
    this.#world = parts.world;
    this.#policies = parts.policies ?? bundledPolicyBook();
    const { journal } = parts.recorder;
    this.#store = new ApprovalStore(journal);
    const head = journal.entriesAfter(journal.headSequence - 1, 1)[0];
    this.#life = new LifeClock(parts.clock, head === undefined ? 0 : parseHlc(head.hlc).wallMs);
    const { recorder, world } = parts;
    this.#glasses = new BreakGlassDesk({ recorder, world, store: this.#store, policies: this.#policies, nowMs: () => this.#life.nowMs() });
    this.requests = {
      'approval.list': ({ limit }) => accept({ approvals: this.#store.list(limit) }),
      'approval.get': ({ approvalId }) => this.#answer(approvalId),
      'approval.decide': (payload) => this.decide(payload),
      'approval.withdraw': ({ approvalId, reason }) => this.#withdraw(approvalId, reason),
      ...this.#glasses.requests,
    };
  }

  intercept(command: CommandToApprove): Outcome<LetThrough> {
    const { request, payload, policyId, personId, sessionId } = command;
    const nowMs = this.#life.nowMs();
    const payloadHash = hashOf(payload);
    const human = this.#world.humanOf(personId);
    const used = this.#glasses.use(command, human, payloadHash);
    if (used !== null) return used;
    const policy = policyAt(this.#policies, policyId, nowMs);
    if (policy === null) return refuse('UNAVAILABLE', `there is no approval policy for ${policyId}`);
    const before = this.#before(request, payload);
    const contextHash = hashOf(before);
    const waiting = this.#store.list(SHOWN).find((each) => isSameAsk(each, { personId, request, payloadHash, contextHash, nowMs }));
    if (waiting !== undefined) return needsApproval(waiting.approvalId);
    const context = this.#context(personId);
    const workedOnBy = (this.#parts.workedOn?.[request]?.(payload) ?? []).map((each) => this.#world.humanOf(each));
    const asked: decide.Asked = {
      ...{ approvalId: context.newId(), request, payload, payloadHash, before, contextHash, policy },
      ...{ makerHuman: human, makerSessionId: sessionId, workedOnBy },
    };
    const recorded = this.#recorder.record(request, decide.decideAsk(asked, context));
    return recorded.ok ? needsApproval(asked.approvalId) : recorded;
  }

  async decide(order: DecideOrder): Promise<Outcome<{ approval: Approval }>> {
    const request = 'approval.decide';
    const approval = this.#current(order.approvalId);
    if (approval === null) return this.#unknown(request);
    const given = { decision: order.decision, payloadHash: order.payloadHash, contextHash: order.contextHash, note: order.note };
    // Before the confirmation is used up: one that was given for what no longer holds can be asked for again.
    if (approval.state !== 'pending') return this.#recorder.refused(request, refuse('CONFLICT', `the approval is ${approval.state}`));
    const signer = this.#whoDecides(order);
    if (!signer.ok) return this.#recorder.refused(request, signer);
    const signedBy = (): Outcome<SignedBy> => this.#signatureOf(order, signer.value);
    return this.#count(request, approval, given, signer.value, signedBy, (decision) => this.#recordAs(signer.value, request, decision));
  }

  /** A decision that was made at another desk: everything is asked that is asked of one that is made here. The entry is whoever's who brought it. */
  async decideCarried(
    approvalId: string,
    given: decide.CheckerDecision,
    personId: string,
    signedBy: SignedBy,
  ): Promise<Outcome<{ approval: Approval }>> {
    const request = 'approval.bringBack';
    const approval = this.#current(approvalId);
    if (approval === null) return this.#unknown(request);
    const sessionId = signedBy.carried?.carryId ?? '';
    const judged = (): Outcome<SignedBy> => {
      const mark = this.#markOf(approvalId, given.decision, { ...given, personId, signedBy }, approval.carried ?? []);
      return mark === 'valid' ? accept(signedBy) : refuse('FORBIDDEN', `signature: is ${mark}`, 'signature');
    };
    return this.#count(request, approval, given, { personId, sessionId }, judged, (decision) => this.#recorder.record(request, decision));
  }

  /** For whoever carries it away: as it is now. */
  current(approvalId: string): Approval | null {
    return this.#current(approvalId);
  }

  async #count(
    request: string,
    approval: Approval,
    given: decide.CheckerDecision,
    { personId, sessionId }: { personId: string; sessionId: string },
    sign: () => Outcome<SignedBy>,
    record: (decision: Decision<ApprovalEvent>) => Outcome<unknown>,
  ): Promise<Outcome<{ approval: Approval }>> {
    const checker = { personId, sessionId, human: this.#world.humanOf(personId), may: this.#mayOf(personId, approval) };
    const refusal = decide.refuseDecision(approval, checker, given, this.#life.nowMs());
    if (refusal !== null) return this.#recorder.refused(request, refusal);
    const signedBy = sign();
    if (!signedBy.ok) return this.#recorder.refused(request, signedBy);
    const recorded = record(decide.decideDecision(approval, checker, { ...given, signedBy: signedBy.value }, this.#context(personId)));
    if (!recorded.ok) return recorded;
    await this.#executeIfApproved(approval.approvalId);
    return this.#answer(approval.approvalId);
  }

  /** At start: what was approved and not begun is carried out if it may still be; what was begun and not ended is said to have been interrupted. */
  async resume(): Promise<void> {
    for (const { approvalId } of this.#store.list(SHOWN)) {
      const state = this.#store.approval(approvalId)?.state;
      if (state === 'approved') await this.#executeIfApproved(approvalId);
      else if (state === 'executing') this.#interrupted(approvalId);
    }
  }

  /** Now and then: what nobody decided about in time has expired, and what it would change may have changed. */
  tick(): void {
    for (const approval of this.#store.list(SHOWN)) if (approval.state === 'pending') this.#current(approval.approvalId);
    this.#glasses.endExpired();
  }

  picture(): ApprovalsPicture {
    const nowMs = this.#life.nowMs();
    const policies = [...new Set(this.#policies.policies.map(({ policyId }) => policyId))].flatMap((id) => policyAt(this.#policies, id, nowMs) ?? []);
    return {
      approvals: this.#store.list(SHOWN),
      ...this.#glasses.picture(),
      policies,
    };
  }

  // ---- deciding ---------------------------------------------------------------------------------------------------------

  /** The approval as it is now: one that has run out, or whose ground has moved, is ended first. */
  #current(approvalId: string): Approval | null {
    const approval = this.#store.approval(approvalId);
    if (approval === null || approval.state !== 'pending') return approval;
    const nowMs = this.#life.nowMs();
    const ended = this.#endOf(approval, nowMs);
    if (ended === null) return approval;
    this.#recorder.record('approval.decide', decide.voided(approval, ended.cause, ended.detail, nowMs), { actor: 'engine' });
    return this.#store.approval(approvalId);
  }

  #endOf(approval: Approval, nowMs: number): { cause: 'expired' | 'contextChanged' | 'policyGone'; detail: string } | null {
    if (nowMs >= approval.expiresAtMs) return { cause: 'expired', detail: '' };
    if (!this.#isOurPolicy(approval)) return { cause: 'policyGone', detail: approval.policy.policyId };
    const contextHash = this.#contextHashOf(approval);
    return contextHash === approval.contextHash ? null : { cause: 'contextChanged', detail: contextHash };
  }

  /** The rule that was stored with it is the desk's own of that time, and not one that somebody wrote into the record. */
  #isOurPolicy({ policy, askedAtMs }: Approval): boolean {
    const own = policyAt(this.#policies, policy.policyId, askedAtMs);
    return own !== null && canonicalJson(own) === canonicalJson(policy);
  }

  /** Who decides: the person who confirmed exactly this on the spot, or the one who asks. */
  #whoDecides(order: DecideOrder): Outcome<Decider> {
    const { confirmationId, ...payload } = order;
    if (confirmationId === undefined) {
      const who = actingNow();
      if (who === undefined) return refuse('FORBIDDEN', 'nobody is signed in at this desk');
      return accept({ personId: who.actor, sessionId: who.sessionId, confirmed: null });
    }
    const taken = this.#parts.secondPerson.take(confirmationId, { request: 'approval.decide', payload });
    if (!taken.ok) return taken;
    const { personId, sessionId, keyId, signature } = taken.value;
    return accept({ personId, sessionId, confirmed: { confirmationId, keyId, signature } });
  }

  #signatureOf(order: DecideOrder, { personId, confirmed }: Decider): Outcome<SignedBy> {
    const signed = confirmed ?? this.#parts.signing.sign(personId, decisionStatement({ ...order, personId }));
    if (signed === null) return refuse('UNAVAILABLE', 'the signing key is closed: sign out and in again to sign');
    const { keyId, signature } = signed;
    const signedBy: SignedBy =
      confirmed === null ? { how: 'session', confirmationId: null, keyId, signature } : { how: 'confirmation', ...confirmed };
    const mark = this.#markOf(order.approvalId, order.decision, { ...order, personId, signedBy });
    return mark === 'valid' ? accept(signedBy) : refuse('FORBIDDEN', `the signature is ${mark}`);
  }

  #markOf(approvalId: string, decision: 'approve' | 'reject', given: CarriedVote, carried: Approval['carried'] = []): string {
    const { personId, payloadHash, contextHash, note, signedBy } = given;
    if (signedBy.how === 'carried') return this.#parts.judgeCarried?.({ approvalId, carried }, decision, given) ?? 'unknownKey';
    const { confirmationId } = signedBy;
    const statement =
      signedBy.how === 'session' || confirmationId === null
        ? decisionStatement({ approvalId, decision, payloadHash, contextHash, personId })
        : confirmationStatement({
            ...{ confirmationId, request: 'approval.decide', personId },
            payloadHash: hashOf({ approvalId, decision, payloadHash, contextHash, note }),
          });
    return this.#parts.signing.published.judge(signedBy, statement, personId);
  }

  // ---- carrying out -----------------------------------------------------------------------------------------------------

  async #executeIfApproved(approvalId: string): Promise<void> {
    const approval = this.#store.approval(approvalId);
    if (approval === null || approval.state !== 'approved' || this.#executing.has(approvalId)) return;
    const nowMs = this.#life.nowMs();
    const fault = this.#isOurPolicy(approval)
      ? decide.refuseExecution(approval, this.#factsOf(approval, nowMs))
      : { cause: 'policyGone' as const, detail: approval.policy.policyId };
    if (fault !== null) {
      this.#recorder.record('approval.execute', decide.voided(approval, fault.cause, fault.detail, nowMs), { actor: 'engine' });
      return;
    }
    const approvedBy = approval.approvals.map(({ personId }) => personId);
    // On disk before anything happens: whatever ends the engine now, it is not carried out a second time.
    if (!this.#note(approval, 'approval.begun', { approvedBy, atMs: nowMs })) return;
    this.#executing.add(approvalId);
    const { request, payload, makerId, makerSessionId } = approval;
    let outcome: Outcome<unknown>;
    try {
      outcome = await this.#world.execute({ approvalId, request: request as RequestName, payload, makerId, makerSessionId, approvedBy });
    } catch (error) {
      outcome = refuse('FAILED', error instanceof Error ? error.message : String(error));
    } finally {
      this.#executing.delete(approvalId);
    }
    const atMs = this.#life.nowMs();
    if (outcome.ok) this.#note(approval, 'approval.done', { atMs });
    else this.#note(approval, 'approval.failed', { code: outcome.code, message: outcome.message, hasChanged: this.#hasChanged(approval), atMs });
  }

  #interrupted(approvalId: string): void {
    const approval = this.#store.approval(approvalId);
    if (approval?.state !== 'executing') return;
    const message = 'the desk ended while it was carried out';
    this.#note(approval, 'approval.failed', { code: 'interrupted', message, hasChanged: this.#hasChanged(approval), atMs: this.#life.nowMs() });
  }

  #factsOf(approval: Approval, nowMs: number): decide.ExecutionFacts {
    const needed = this.#world.functionFor(approval.request as RequestName);
    return {
      payloadHash: hashOf(approval.payload),
      contextHash: this.#contextHashOf(approval),
      makerMay: needed === null || this.#world.mayNow(approval.makerId, needed),
      humanOf: (personId) => this.#world.humanOf(personId),
      may: (personId, name) => this.#world.mayNow(personId, name, approval),
      isSigned: (given) => this.#markOf(approval.approvalId, 'approve', given, approval.carried) === 'valid',
      nowMs,
    };
  }

  #before(request: string, payload: unknown): unknown {
    return this.#parts.before?.[request as RequestName]?.(payload) ?? null;
  }

  #contextHashOf({ request, payload }: Approval): string {
    return hashOf(this.#before(request, payload));
  }

  /** Null where the command replaces nothing that could be looked at. */
  #hasChanged(approval: Approval): boolean | null {
    if (this.#parts.before?.[approval.request as RequestName] === undefined) return null;
    return this.#contextHashOf(approval) !== approval.contextHash;
  }

  #note(approval: Approval, type: 'approval.begun' | 'approval.done' | 'approval.failed', body: Record<string, unknown>): boolean {
    const { approvalId } = approval;
    const event = { type, subject: decide.subjectOf(approvalId), payload: { approvalId, ...body } } as ApprovalEvent;
    return this.#recorder.record('approval.execute', [event], { actor: 'engine' }).ok;
  }

  // ---- the maker's side --------------------------------------------------------------------------------------------------

  #withdraw(approvalId: string, reason: string): Outcome<{ approval: Approval }> {
    const approval = this.#current(approvalId);
    const who = actingNow();
    if (approval === null || who === undefined) return this.#unknown('approval.withdraw');
    const decision = decide.decideWithdraw(approval, this.#world.humanOf(who.actor), reason, this.#context(who.actor));
    const recorded = this.#recorder.record('approval.withdraw', decision);
    return recorded.ok ? this.#answer(approvalId) : recorded;
  }

  // ---- helpers ----------------------------------------------------------------------------------------------------------

  #context(actor: string): DecisionContext {
    return { ...this.#recorder.context('engine'), actor, nowMs: this.#life.nowMs() };
  }

  #mayOf(personId: string, approval: Approval): (needed: Parameters<ApprovalWorld['mayNow']>[1]) => boolean {
    return (needed) => this.#world.mayNow(personId, needed, approval);
  }

  #recordAs({ personId, sessionId }: Decider, request: string, decision: Decision<JournalEvent>): Outcome<unknown> {
    return actAs({ actor: personId, sessionId }, () => this.#recorder.record(request, decision, { statedPerson: personId }));
  }

  #unknown(request: string): Outcome<never> {
    return this.#recorder.refused(request, refuse('UNKNOWN', 'there is no such approval, or its entries are damaged'));
  }

  #answer(approvalId: string): Outcome<{ approval: Approval }> {
    const approval = this.#store.approval(approvalId);
    return approval === null ? this.#unknown('approval.get') : accept({ approval });
  }
}

type Decider = { personId: string; sessionId: string; confirmed: { confirmationId: string; keyId: string; signature: string } | null };

function hashOf(value: unknown): string {
  return sha256(canonicalJson(value ?? null));
}

function isSameAsk(approval: Approval, ask: { personId: string; request: string; payloadHash: string; contextHash: string; nowMs: number }): boolean {
  const isSame = approval.makerId === ask.personId && approval.request === ask.request && approval.payloadHash === ask.payloadHash;
  return isSame && approval.state === 'pending' && approval.contextHash === ask.contextHash && ask.nowMs < approval.expiresAtMs;
}

/** The message begins with the approval's id, for whoever wants to show it. */
function needsApproval(approvalId: string): Outcome<never> {
  return refuse('NEEDS_APPROVAL', `${approvalId}: is on record and waits for other people to agree`);
}
