/** Break-glass: a person lets themselves pass without approvals for half an hour, with a reason and somebody's consent; every use is an entry, and the next day another person looks at it. */
import type { ApprovalStore } from '#engine/desk/approvals/approval-store';
import type { ApprovalWorld, CommandToApprove, LetThrough } from '#engine/desk/approvals/approvals-interface';
import { actingNow } from '#engine/desk/bus/acting';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { ApprovalsPicture } from '#shared/contract/approvals';
import type { RequestPayload } from '#shared/contract/requests';
import type { BreakGlass } from '#shared/desk/approvals/approval';
import * as decide from '#shared/desk/approvals/decide';
import { breakGlassRuleAt, type PolicyBook, policyAt } from '#shared/desk/approvals/policy';
import { type DecisionContext, isRefusal } from '#shared/desk/decision';
import { accept, type Outcome, refuse } from '#shared/refusal';

const SHOWN = 200;
const COUNTED_MS = 30 * 86_400_000;

export type BreakGlassParts = {
  recorder: Recorder;
  world: Pick<ApprovalWorld, 'humanOf' | 'mayNow'>;
  store: ApprovalStore;
  policies: PolicyBook;
  /** Of the clock that never runs backwards: setting the machine's clock back keeps none alive. */
  nowMs: () => number;
};

export class BreakGlassDesk {
  readonly #parts: BreakGlassParts;
  readonly requests: HandlersOf<'breakGlass.open' | 'breakGlass.close' | 'breakGlass.review'>;

  constructor(parts: BreakGlassParts) {
    this.#parts = parts;
    this.requests = {
      'breakGlass.open': (payload) => this.#open(payload),
      'breakGlass.close': ({ breakGlassId }) => this.#close(breakGlassId),
      'breakGlass.review': (payload) => this.#review(payload),
    };
  }

  /** Lets a command through when this human has one open for it, and writes that down first; null when there is none. */
  use({ request, payload, policyId, sessionId }: CommandToApprove, human: string, payloadHash: string): Outcome<LetThrough> | null {
    const { recorder, nowMs } = this.#parts;
    const atMs = nowMs();
    const glass = this.#openOf(human, (each) => decide.letsPass(each, { human, sessionId, policyId }, atMs));
    if (glass === null) return null;
    const { breakGlassId } = glass;
    const used = { breakGlassId, policyId, request, payload, payloadHash, atMs };
    const recorded = recorder.record(request, [{ type: 'breakGlass.used', subject: `breakGlass:${breakGlassId}`, payload: used }]);
    return recorded.ok ? accept({ breakGlassId }) : recorded;
  }

  endExpired(): void {
    const { store, recorder, nowMs } = this.#parts;
    for (const glass of store.breakGlasses(SHOWN)) {
      if (glass.state !== 'open' || nowMs() < glass.expiresAtMs) continue;
      recorder.record('breakGlass.close', decide.decideBreakGlassEnd(glass, 'expired', null, this.#context('engine')), { actor: 'engine' });
    }
  }

  picture(): Pick<ApprovalsPicture, 'breakGlasses' | 'breakGlassCount' | 'breakGlassUses' | 'breakGlassRule'> {
    const nowMs = this.#parts.nowMs();
    const breakGlasses = this.#parts.store.breakGlasses(SHOWN);
    const recent = breakGlasses.filter(({ openedAtMs }) => nowMs - openedAtMs < COUNTED_MS);
    return {
      breakGlasses,
      breakGlassCount: recent.length,
      breakGlassUses: recent.reduce((sum, { uses }) => sum + uses.length, 0),
      breakGlassRule: breakGlassRuleAt(this.#parts.policies, nowMs),
    };
  }

  #open(payload: RequestPayload<'breakGlass.open'>): Outcome<{ breakGlass: BreakGlass }> {
    const request = 'breakGlass.open';
    const who = actingNow();
    const nowMs = this.#parts.nowMs();
    const rule = breakGlassRuleAt(this.#parts.policies, nowMs);
    if (who === undefined || rule === null) return this.#parts.recorder.refused(request, refuse('UNAVAILABLE', 'there is no rule for break-glass'));
    const context = this.#context(who.actor);
    const human = this.#parts.world.humanOf(who.actor);
    const { consent, reason, policyIds } = payload;
    const consentHuman = this.#parts.world.humanOf(consent.personId);
    const decision = decide.decideBreakGlass(
      {
        ...{ breakGlassId: context.newId(), human, sessionId: who.sessionId, reason, policyIds },
        consent: { ...consent, human: consentHuman, mayDecide: this.#parts.world.mayNow(consent.personId, 'approval.decide') },
      },
      policyIds.flatMap((id) => policyAt(this.#parts.policies, id, nowMs) ?? []),
      rule,
      this.#openOf(human, ({ expiresAtMs }) => nowMs < expiresAtMs),
      context,
    );
    const recorded = this.#parts.recorder.record(request, decision);
    if (!recorded.ok || isRefusal(decision)) return recorded.ok ? this.#unknown(request) : recorded;
    return this.#answer(decision[0]?.payload.breakGlassId ?? '');
  }

  #close(breakGlassId: string): Outcome<{ breakGlass: BreakGlass }> {
    const glass = this.#parts.store.breakGlass(breakGlassId);
    const who = actingNow();
    if (glass === null || who === undefined) return this.#unknown('breakGlass.close');
    const decision = decide.decideBreakGlassEnd(glass, 'person', this.#parts.world.humanOf(who.actor), this.#context(who.actor));
    const recorded = this.#parts.recorder.record('breakGlass.close', decision);
    return recorded.ok ? this.#answer(breakGlassId) : recorded;
  }

  #review({ breakGlassId, ...found }: RequestPayload<'breakGlass.review'>): Outcome<{ breakGlass: BreakGlass }> {
    const glass = this.#parts.store.breakGlass(breakGlassId);
    const who = actingNow();
    if (glass === null || who === undefined) return this.#unknown('breakGlass.review');
    const reviewer = { human: this.#parts.world.humanOf(who.actor), mayDecide: this.#parts.world.mayNow(who.actor, 'approval.decide') };
    const recorded = this.#parts.recorder.record('breakGlass.review', decide.decideReview(glass, reviewer, found, this.#context(who.actor)));
    return recorded.ok ? this.#answer(breakGlassId) : recorded;
  }

  #openOf(human: string, fits: (glass: BreakGlass) => boolean): BreakGlass | null {
    for (const { breakGlassId, state, human: its } of this.#parts.store.breakGlasses(SHOWN)) {
      if (state !== 'open' || its !== human) continue;
      const glass = this.#parts.store.breakGlass(breakGlassId);
      if (glass !== null && glass.state === 'open' && glass.human === human && fits(glass)) return glass;
    }
    return null;
  }

  #answer(breakGlassId: string): Outcome<{ breakGlass: BreakGlass }> {
    const breakGlass = this.#parts.store.breakGlass(breakGlassId);
    return breakGlass === null ? this.#unknown('breakGlass') : accept({ breakGlass });
  }

  #context(actor: string): DecisionContext {
    return { ...this.#parts.recorder.context('engine'), actor, nowMs: this.#parts.nowMs() };
  }

  #unknown(request: string): Outcome<never> {
    return this.#parts.recorder.refused(request, refuse('UNKNOWN', 'there is no such break-glass, or its entries are damaged'));
  }
}
