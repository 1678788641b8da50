/**
 * The one way into the engine: every request of every window, of the command line and of an approval passes here, in this order: does it fit its schema, is
 * somebody signed in and the desk unlocked, may this person do it, may they do it to these accounts, must somebody else approve it. Then, and
 * only then, the handler. Every refusal is a journal entry.
 */
import type { Approvals, ApprovalWorld, ApprovedCommand } from '#engine/desk/approvals/approvals-interface';
import { type Acting, actAs } from '#engine/desk/bus/acting';
import { type ReachWorld, refuseOutOfReach } from '#engine/desk/bus/reach-guard';
import type { Channel, RefusalRecord } from '#engine/desk/bus/refusal-record';
import type { RequestHandlers } from '#engine/desk/handlers';
import { REQUEST_ACCESS } from '#shared/contract/access';
import type { AccessRule, ApprovalPolicyId } from '#shared/contract/access-rule';
import { REQUESTS, type RequestName } from '#shared/contract/requests';
import type { FunctionName } from '#shared/desk/people/functions';
import { meetReach, type Permissions } from '#shared/desk/people/permissions';
import type { PartReach, Reach } from '#shared/desk/people/person';
import { type Outcome, type Refusal, refuse, refuseSchemaIssue } from '#shared/refusal';

/** Who asks, as sign-in knows them. `local` is a program on this machine that starts the engine itself (the command line). */
export type Caller = { acting: Acting; permissions: Permissions; isLocked: boolean };

/** What the bus needs of sign-in. */
export type PeopleOfBus = {
  /** Null while nobody is signed in. */
  atDesk(): Caller | null;
  local(): Caller;
  permissionsOf(personId: string): Permissions;
  /** While a desk has too few people to approve anything, its first roles are given without. */
  isApprovalWaived(policyId: string, request: string): boolean;
  humanOf(personId: string): string;
};

export type CommandBusParts = {
  handlers: () => RequestHandlers;
  people: PeopleOfBus;
  /** Null until approvals are built in: then what needs one is refused. */
  approvals: () => Approvals | null;
  /** What the payload alone does not say: the approval that a command needs for what it would hand out, as the engine counts it. */
  counted?: (name: RequestName, payload: unknown) => ApprovalPolicyId | null;
  reach: ReachWorld;
  refusals: RefusalRecord;
  onFault: (name: string, error: unknown) => void;
};

export type Ask = (name: string, payload: unknown) => Promise<Outcome<unknown>>;

type AnyRule = AccessRule<unknown>;
type Checked = { name: RequestName; payload: unknown; rule: AnyRule };

export class CommandBus {
  readonly #parts: CommandBusParts;

  constructor(parts: CommandBusParts) {
    this.#parts = parts;
  }

  /** A request of a window. */
  readonly fromPage: Ask = (name, payload) => this.#ask(name, payload, 'page', this.#parts.people.atDesk());

  /** A request of the program that runs this engine without a screen. */
  readonly fromLocal: Ask = (name, payload) => this.#ask(name, payload, 'local', this.#parts.people.local());

  /** What the approvals ask of the bus and of the people's records. */
  readonly approvalWorld: ApprovalWorld = {
    execute: (command) => this.#execute(command),
    mayNow: (personId, needed, about) => {
      const reach = this.#parts.people.permissionsOf(personId).get(needed);
      return reach !== undefined && (reach === 'firm' || about === undefined || this.#isWithin(about, reach));
    },
    humanOf: (personId) => this.#parts.people.humanOf(personId),
    functionFor: (request) => {
      const { needs } = REQUEST_ACCESS[request];
      return needs === 'anyone' || needs === 'signedIn' ? null : needs;
    },
    signedIn: () => {
      const caller = this.#parts.people.atDesk();
      return caller === null || caller.isLocked ? null : { personId: caller.acting.actor, sessionId: caller.acting.sessionId };
    },
  };

  async #ask(name: string, payload: unknown, channel: Channel, caller: Caller | null): Promise<Outcome<unknown>> {
    const acting = caller?.acting ?? null;
    const work = async (): Promise<Outcome<unknown>> => {
      const admitted = this.#tryAdmit(name, payload, channel, caller);
      const outcome = admitted.ok ? await this.#handle(admitted.value) : admitted;
      // A wrong secret has an entry of its own, which counts failures; anything else that is refused is one of these.
      const isOwnEntry = admitted.ok && name.startsWith('auth.') && !outcome.ok && outcome.code === 'FORBIDDEN';
      if (!outcome.ok && !isOwnEntry) this.#parts.refusals.add(knownName(name), outcome, channel, acting?.actor ?? null);
      return outcome;
    };
    return acting === null ? work() : actAs(acting, work);
  }

  /** A fault while judging is a refusal: nothing is let through because the judge broke, and the engine goes on. */
  #tryAdmit(name: string, payload: unknown, channel: Channel, caller: Caller | null): Outcome<Checked> {
    try {
      return this.#admit(name, payload, channel, caller);
    } catch (error) {
      return this.#broke(name, error);
    }
  }

  #broke(name: string, error: unknown): Refusal {
    this.#parts.onFault(name, error);
    return refuse('FAILED', error instanceof Error ? error.message : String(error));
  }

  #admit(name: string, payload: unknown, channel: Channel, caller: Caller | null): Outcome<Checked> {
    const parsed = parseCommand(name, payload);
    if (!parsed.ok) return parsed;
    const command = parsed.value;
    const refusal = this.#refuseCaller(command, caller);
    if (refusal !== null) return refusal;
    const policyId = command.rule.approval?.(command.payload) ?? this.#parts.counted?.(command.name, command.payload) ?? null;
    if (policyId !== null && !this.#parts.people.isApprovalWaived(policyId, command.name)) {
      if (channel === 'local') return refuse('FORBIDDEN', 'needs the approval of other people: ask for it at the desk');
      const approvals = this.#parts.approvals();
      if (approvals === null || caller === null) return refuse('UNAVAILABLE', 'approvals are not available');
      const { actor: personId, sessionId } = caller.acting;
      const through = approvals.intercept({ request: command.name, payload: command.payload, policyId, personId, sessionId });
      if (!through.ok) return through;
    }
    return parsed;
  }

  /** Session, function and reach; the approvals ask the same again at the moment of carrying out. */
  #refuseCaller(command: Checked, caller: Caller | null): Refusal | null {
    const { name, payload, rule } = command;
    if (rule.needs === 'anyone') return null;
    if (caller === null) return refuse('FORBIDDEN', 'nobody is signed in at this desk');
    if (caller.isLocked) return refuse('FORBIDDEN', 'the desk is locked');
    for (const needed of functionsNeeded(rule, payload)) {
      const reach = caller.permissions.get(needed);
      if (reach === undefined) return refuse('FORBIDDEN', `${name} needs the function ${needed}`);
      const outside = this.#refuseReach(rule, payload, reach);
      if (outside !== null) return outside;
      if (reach !== 'firm' && rule.reach === 'filtered') command.payload = withinReach(command.payload, reach);
    }
    return null;
  }

  /** Whether a command names what it is about, and all of that lies within; one that holds nothing of any client is everybody's. */
  #isWithin({ request, payload }: { request: string; payload: unknown }, reach: PartReach): boolean {
    if (!Object.hasOwn(REQUEST_ACCESS, request)) return false;
    const rule = REQUEST_ACCESS[request as RequestName] as AnyRule;
    if (rule.reach === 'free') return true;
    return rule.reach !== undefined && rule.firmOnly?.(payload) !== true && refuseOutOfReach(payload, reach, this.#parts.reach, true) === null;
  }

  #refuseReach(rule: AnyRule, payload: unknown, reach: Reach): Refusal | null {
    if (reach === 'firm') return null;
    if (rule.reach === undefined || rule.firmOnly?.(payload) === true) return refuse('FORBIDDEN', 'is only for people who work with the whole firm');
    if (rule.reach === 'free') return null;
    return refuseOutOfReach(payload, reach, this.#parts.reach, rule.reach === 'named');
  }

  async #execute(command: ApprovedCommand): Promise<Outcome<unknown>> {
    const parsed = parseCommand(command.request, command.payload);
    if (!parsed.ok) return parsed;
    const { approvalId, approvedBy } = command;
    const acting = { actor: command.makerId, sessionId: command.makerSessionId, approval: { approvalId, approvedBy } };
    const caller = { acting, permissions: this.#parts.people.permissionsOf(command.makerId), isLocked: false };
    return actAs(acting, async () => {
      const refusal = this.#refuseCaller(parsed.value, caller);
      const outcome = refusal ?? (await this.#handle(parsed.value));
      if (!outcome.ok) this.#parts.refusals.add(command.request, outcome, 'approval', acting.actor);
      return outcome;
    });
  }

  async #handle({ name, payload }: Checked): Promise<Outcome<unknown>> {
    try {
      const handler = this.#parts.handlers()[name] as (payload: unknown) => Outcome<unknown> | Promise<Outcome<unknown>>;
      return await handler(payload);
    } catch (error) {
      return this.#broke(name, error);
    }
  }
}

function parseCommand(name: string, payload: unknown): Outcome<Checked> {
  if (!Object.hasOwn(REQUESTS, name)) return refuse('UNKNOWN', `no request is called ${name.slice(0, 64)}`);
  const requestName = name as RequestName;
  const parsed = REQUESTS[requestName].payload.safeParse(payload);
  if (!parsed.success) return refuseSchemaIssue(parsed.error);
  // The row of a request is typed by its own payload, which has just been parsed with that request's schema.
  return { ok: true, value: { name: requestName, payload: parsed.data, rule: REQUEST_ACCESS[requestName] as AnyRule } };
}

function knownName(name: string): string {
  return Object.hasOwn(REQUESTS, name) ? name : 'unknown';
}

/** What asks by a scope is answered within the person's reach, as its pictures are. With two functions, both narrow it. */
function withinReach(payload: unknown, reach: PartReach): unknown {
  const scope = (payload as { scope?: { within?: PartReach } }).scope;
  if (scope === undefined) return payload;
  return { ...(payload as object), scope: { ...scope, within: scope.within === undefined ? reach : meetReach(scope.within, reach) } };
}

export function functionsNeeded(rule: AnyRule, payload: unknown): FunctionName[] {
  const further = rule.alsoNeeds?.(payload) ?? null;
  const needed = rule.needs === 'anyone' || rule.needs === 'signedIn' ? [] : [rule.needs];
  return further === null ? needed : [...needed, further];
}
