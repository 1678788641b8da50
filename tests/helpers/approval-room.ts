/** A desk of people with keys, a journal on a real disk and the real command bus before the approvals: what attacks on the two-person rule are tried against. */
import { hkdfSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { ApprovalDesk } from '#engine/desk/approvals/approval-desk';
import { CarryDesk } from '#engine/desk/approvals/carry-desk';
import { ForeignDesk } from '#engine/desk/approvals/foreign-desk';
import { type Caller, CommandBus } from '#engine/desk/bus/command-bus';
import { RefusalRecord } from '#engine/desk/bus/refusal-record';
import { DeviceDesk } from '#engine/desk/devices/device-desk';
import { loadDeviceRules } from '#engine/desk/devices/device-rules';
import { KnownDevices } from '#engine/desk/devices/known-devices';
import { Letters } from '#engine/desk/devices/letters';
import type { RequestHandlers } from '#engine/desk/handlers';
import { Confirmations } from '#engine/desk/people/confirmations';
import { Recorder } from '#engine/desk/record';
import { refuseSecondPerson } from '#engine/desk/second-person';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { SigningKeys } from '#engine/journal/signing/signing-keys';
import { findResourcesFolder } from '#engine/resources';
import { sha256 } from '#engine/store/hash';
import { openStore, type Store } from '#engine/store/open-store';
import type { RequestName } from '#shared/contract/requests';
import type { Approval } from '#shared/desk/approvals/approval';
import type { PolicyBook } from '#shared/desk/approvals/policy';
import type { FunctionName } from '#shared/desk/people/functions';
import type { Person } from '#shared/desk/people/person';
import { canonicalJson } from '#shared/journal/canonical';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';
import { closeStore } from '#tests/helpers/close-store';
import { WHOLE_FIRM } from '#tests/helpers/whole-firm';
import { START_MS, TestClock } from '#tests/integration/journal/helpers';

export type Somebody = { personId: string; human: string; functions: Set<FunctionName>; isActive: boolean; secret: Uint8Array };

/** A clock whose two hands a test moves apart. */
export class TwoHandedClock extends TestClock {
  monotonic = 0;

  override monotonicMs(): number {
    return this.monotonic;
  }

  pass(ms: number): void {
    this.ms += ms;
    this.monotonic += ms;
  }
}

/** The command that is attacked: it changes one number that only this room knows. */
export const DANGEROUS: RequestName = 'role.grant';

export class ApprovalRoom {
  readonly clock: TwoHandedClock;
  readonly people = new Map<string, Somebody>();
  /** Every time a dangerous command was really carried out. */
  readonly carriedOut: unknown[] = [];
  /** What the dangerous command would change, as it is now. */
  context: unknown = { holds: [] };
  /** What was refused here, in order. */
  readonly refusals: Refusal[] = [];
  isLocked = false;
  /** Who worked on what the dangerous command is about. */
  workedOn: string[] = [];
  onExecute: () => Outcome<unknown> | Promise<Outcome<unknown>> = () => accept({});
  readonly #directory: string;
  readonly #policies: PolicyBook | null;
  #at: { personId: string; sessionId: string } | null = null;
  store!: Store;
  journal!: ChainedJournal;
  signing!: SigningKeys;
  recorder!: Recorder;
  approvals!: ApprovalDesk;
  bus!: CommandBus;
  confirmations!: Confirmations;
  devices!: DeviceDesk;
  letters!: Letters;
  carry!: CarryDesk;
  foreign!: ForeignDesk;
  /** Another desk that belongs to the same trial: it ends with this one. */
  beside: ApprovalRoom | null = null;

  constructor(directory: string, options: { policies?: PolicyBook; clock?: TwoHandedClock } = {}) {
    this.#directory = directory;
    this.#policies = options.policies ?? null;
    this.clock = options.clock ?? new TwoHandedClock(START_MS);
    this.start();
  }

  get journalPath(): string {
    return join(this.#directory, 'journal.sqlite');
  }

  /** Opens the desk, as a start of the engine does. */
  start(): void {
    this.store = openStore({ directory: this.#directory, isPackaged: false, sqliteModulePath: null, clock: this.clock });
    this.journal = new ChainedJournal({ file: this.store.journalFile, clock: this.clock, newId: v7 });
    const { journal, clock } = this;
    const person = (): string => this.#at?.personId ?? 'nobody';
    this.recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person, log: () => undefined });
    this.signing = new SigningKeys({
      journal,
      journalPath: this.journalPath,
      nowMs: () => clock.nowMs(),
      record: (event) => this.recorder.append([event], 'engine'),
    });
    this.recorder.append([{ type: 'desk.opened', subject: 'desk', payload: {} }], 'engine');
    this.signing.begin();
    this.bus = new CommandBus({
      handlers: () => this.#handlers(),
      people: {
        atDesk: () => (this.#at === null ? null : this.#callerOf(this.#at)),
        local: () => ({ acting: { actor: 'local:test', sessionId: 'local' }, permissions: new Map([['role.grant', 'firm']]), isLocked: false }),
        permissionsOf: (personId) => new Map([...this.#functionsOf(personId)].map((name) => [name, 'firm' as const])),
        isApprovalWaived: () => false,
        humanOf: (personId) => this.people.get(personId)?.human ?? personId,
      },
      approvals: () => this.approvals,
      reach: WHOLE_FIRM,
      refusals: new RefusalRecord(this.recorder, () => clock.nowMs()),
      onFault: () => undefined,
    });
    this.confirmations = new Confirmations({
      ...{ recorder: this.recorder, clock, newId: v7, lifeMs: CONFIRMATION_LIFE_MS },
      signer: () => this.signing,
      signedIn: () => this.#at,
      humanOf: (personId) => this.people.get(personId)?.human ?? personId,
      refuses: (personId, request) => refuseSecondPerson(request, new Map([...this.#functionsOf(personId)].map((name) => [name, 'firm' as const]))),
    });
    this.approvals = new ApprovalDesk({
      recorder: this.recorder,
      clock,
      signing: this.signing,
      secondPerson: this.confirmations,
      world: this.bus.approvalWorld,
      before: { [DANGEROUS]: () => this.context },
      workedOn: { [DANGEROUS]: () => this.workedOn },
      judgeCarried: (approval, decision, given) => this.carry.judge(approval, decision, given),
      ...(this.#policies === null ? {} : { policies: this.#policies }),
    });
    this.#startCarrying();
  }

  /** What goes from desk to desk by hand, as the engine joins it. */
  #startCarrying(): void {
    const { recorder, signing, journal, clock } = this;
    const nowMs = (): number => clock.nowMs();
    const devices = new KnownDevices(journal, signing);
    const rules = (): ReturnType<typeof loadDeviceRules> => loadDeviceRules(findResourcesFolder(), clock.nowMs());
    const names = (): Record<string, string> => Object.fromEntries([...this.people.keys()].map((personId) => [personId, personId]));
    this.letters = new Letters({ device: journal.device, mode: 'live', signing, devices, newId: v7, nowMs, folder: this.exportFolder });
    this.carry = new CarryDesk({ recorder, approvals: () => this.approvals, devices, letters: this.letters, names, rules, newId: v7, nowMs });
    const { mayNow, humanOf } = this.bus.approvalWorld;
    const people = { mayNow, humanOf, proveAgain: (secret: string) => Promise.resolve(this.#proven(secret)) };
    this.foreign = new ForeignDesk({ recorder, devices, letters: this.letters, signing, people, nowMs });
    const isPerson = (personId: string): boolean => this.people.get(personId)?.isActive === true;
    const peopleOfDevices = { isClaimed: () => true, isPerson, names };
    this.devices = new DeviceDesk({ recorder, signing, devices, letters: this.letters, people: peopleOfDevices, rules, nowMs });
  }

  get exportFolder(): string {
    return join(this.#directory, 'exports');
  }

  #proven(secret: string): Outcome<{ personId: string; key: Uint8Array }> {
    const personId = this.#at?.personId ?? '';
    if (secret !== passwordOf(personId)) return refuse('FORBIDDEN', 'the name or the secret is wrong', 'secret');
    return accept({ personId, key: Uint8Array.from(this.of(personId).secret) });
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** Ends without any of what an orderly end does for people. */
  async stop(): Promise<void> {
    this.#at = null;
    await this.beside?.stop();
    this.beside = null;
    closeStore(this.store);
  }

  add(personId: string, functions: readonly FunctionName[], human = personId): Somebody {
    const secret = new Uint8Array(hkdfSync('sha256', personId, '', 'test', 32));
    const somebody = { personId, human, functions: new Set(functions), isActive: true, secret };
    this.people.set(personId, somebody);
    return somebody;
  }

  signIn(personId: string): void {
    const { secret } = this.of(personId);
    if (this.#at !== null) this.signing.close(this.#at.personId);
    this.signing.open(personId, secret);
    this.#at = { personId, sessionId: `session-${randomUUID()}` };
  }

  signOut(): void {
    if (this.#at !== null) this.signing.close(this.#at.personId);
    this.#at = null;
  }

  of(personId: string): Somebody {
    const somebody = this.people.get(personId);
    if (somebody === undefined) throw new Error(`nobody is called ${personId}`);
    return somebody;
  }

  async ask(name: string, payload: unknown): Promise<Outcome<unknown>> {
    const outcome = await this.bus.fromPage(name, payload);
    if (!outcome.ok) this.refusals.push(outcome);
    return outcome;
  }

  /** The maker asks; answers the approval that waits. */
  async asked(payload: unknown = GRANT): Promise<Approval> {
    const outcome = await this.ask(DANGEROUS, payload);
    if (outcome.ok || outcome.code !== 'NEEDS_APPROVAL') throw new Error(`not held back: ${JSON.stringify(outcome)}`);
    const found = await this.ask('approval.get', { approvalId: outcome.message.slice(0, 36) });
    if (!found.ok) throw new Error(found.message);
    return (found.value as { approval: Approval }).approval;
  }

  decision(approval: Approval, decision: 'approve' | 'reject' = 'approve', note = ''): Record<string, unknown> {
    const { approvalId, payloadHash, contextHash } = approval;
    return { approvalId, decision, payloadHash, contextHash, note: decision === 'reject' && note === '' ? 'no' : note };
  }

  approve(approval: Approval): Promise<Outcome<unknown>> {
    return this.ask('approval.decide', this.decision(approval));
  }

  /** On the spot, by the person's own credentials: what `auth.confirm` does once the secret was right. */
  confirm(personId: string, request: string, payload: unknown): string {
    const given = this.tryConfirm(personId, request, payload);
    if (!given.ok) throw new Error(given.message);
    return given.value.confirmationId;
  }

  tryConfirm(personId: string, request: string, payload: unknown): ReturnType<Confirmations['give']> {
    const person = { personId, displayName: personId } as Person;
    return this.confirmations.give(person, this.of(personId).secret, { request, payloadHash: sha256(canonicalJson(payload)) });
  }

  async state(approvalId: string): Promise<Approval> {
    const found = await this.approvals.requests['approval.get']({ approvalId });
    if (!found.ok) throw new Error(found.message);
    return found.value.approval;
  }

  #functionsOf(personId: string): Set<FunctionName> {
    const somebody = this.people.get(personId);
    return somebody?.isActive === true ? somebody.functions : new Set();
  }

  #callerOf({ personId, sessionId }: { personId: string; sessionId: string }): Caller {
    const permissions = new Map([...this.#functionsOf(personId)].map((name) => [name, 'firm' as const]));
    return { acting: { actor: personId, sessionId }, permissions, isLocked: this.isLocked };
  }

  #handlers(): RequestHandlers {
    const handlers = {
      ...this.approvals.requests,
      ...this.carry.requests,
      ...this.foreign.requests,
      ...this.devices.requests,
      [DANGEROUS]: (payload: unknown) => {
        this.carriedOut.push(payload);
        return this.onExecute();
      },
    };
    return handlers as unknown as RequestHandlers;
  }
}

/** What somebody of this room types. */
export function passwordOf(personId: string): string {
  return `the secret of ${personId}`;
}

/** What the maker of the attacks asks for. */
export const GRANT = { personId: 'p-clerk', role: 'dutyOfficer', reach: 'firm', reason: 'covers the night shift' };

const CONFIRMATION_LIFE_MS = 120_000;
