/** Everything about people at this desk in one place: signing in and out, locking, who they are, what they may do, and their requests. */
import type { Caller, PeopleOfBus } from '#engine/desk/bus/command-bus';
import type { HandlersOf } from '#engine/desk/handlers';
import { AuthPictures } from '#engine/desk/people/auth-picture';
import { Authenticators } from '#engine/desk/people/authenticators';
import { Confirmations } from '#engine/desk/people/confirmations';
import { Credentials } from '#engine/desk/people/credentials';
import { DeskSession } from '#engine/desk/people/desk-session';
import { copyForDrill, takeCopy } from '#engine/desk/people/drill-people';
import { KeyKeeping } from '#engine/desk/people/key-keeping';
import { Keyring, type PersonalKeys } from '#engine/desk/people/keyring';
import { actorOf, type PeopleDeskParts, type PeopleShared } from '#engine/desk/people/people-parts';
import { PeopleRecords } from '#engine/desk/people/people-records';
import { PeopleAdministration } from '#engine/desk/people/people-requests';
import { PersonWays } from '#engine/desk/people/person-ways';
import { publishedKey } from '#engine/desk/people/personal-key';
import { Secrets } from '#engine/desk/people/secrets';
import { SignInRequests } from '#engine/desk/people/sign-in-requests';
import { Recorder } from '#engine/desk/record';
import { refuseSecondPerson, type SecondPerson } from '#engine/desk/second-person';
import { KeyringFile } from '#engine/store/keyring-file';
import type { AuthPicture, PEOPLE_REQUESTS } from '#shared/contract/people';
import type { SeedPeople } from '#shared/desk/drills/seed';
import type { LockCause, SessionEvent } from '#shared/desk/people/events';
import type { FunctionName } from '#shared/desk/people/functions';
import { NO_PERMISSIONS, type Permissions } from '#shared/desk/people/permissions';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type PeopleRequests = HandlersOf<keyof typeof PEOPLE_REQUESTS>;

/** Before there are two who may decide, nobody could ever give a role, or have the desk's key kept better. */
const WAIVED_AT_FOUNDING: ReadonlySet<string> = new Set(['roles', 'deviceTrust']);
/** Whoever could believe another desk alone could bring anybody's agreement from there, for half a year. */
const NEVER_WAIVED = 'device.trust';
const FAMILIES = ['person.', 'role.', 'people.'];

export class PeopleDesk {
  readonly #parts: PeopleDeskParts;
  readonly #recorder: Recorder;
  readonly #records: PeopleRecords;
  readonly #keyring: Keyring;
  readonly #secrets: Secrets;
  readonly #credentials: Credentials;
  readonly #authenticators: Authenticators;
  readonly #session: DeskSession;
  readonly #confirmations: Confirmations;
  readonly #ways: PersonWays;
  readonly #keyKeeping: KeyKeeping;
  readonly #room: PeopleShared;
  readonly #pictures: AuthPictures;
  readonly #signIn: SignInRequests;
  readonly requests: PeopleRequests;

  constructor(parts: PeopleDeskParts) {
    this.#parts = parts;
    const { data, journal, clock, newId, mode, log } = parts;
    this.#recorder = new Recorder({ journal, mode, clock, newId, session: parts.engineSession, person: () => this.actor(), log });
    this.#records = new PeopleRecords(data, journal.tables);
    this.#keyring = new Keyring(new KeyringFile(parts.keyringPath), clock.nowMs());
    this.#secrets = new Secrets(data.rules, parts.secretCost);
    this.#ways = new PersonWays(parts.dataKey, (error) => log('error', 'personWayFault', { message: String(error) }));
    this.#authenticators = new Authenticators({ keyring: this.#keyring, clock, ask: parts.askAuthenticator });
    this.#credentials = new Credentials({
      authenticators: this.#authenticators,
      data,
      records: this.#records,
      keyring: this.#keyring,
      secrets: this.#secrets,
      clock,
      onRefused: (refused) => {
        const event: SessionEvent = {
          type: 'session.refused',
          subject: `person:${refused.personId ?? 'unknown'}`,
          payload: { ...refused, count: 1, atMs: clock.nowMs() },
        };
        this.#recorder.record('session.refused', [event], { actor: 'engine' });
      },
    });
    this.#session = new DeskSession({
      recorder: this.#recorder,
      clock,
      newId,
      signer: parts.signer,
      onFault: (what, error) => log('error', 'personalKeyFault', { what, message: String(error) }),
    });
    this.#confirmations = new Confirmations({
      recorder: this.#recorder,
      clock,
      newId,
      lifeMs: data.rules.confirmation.lifeMs,
      signer: parts.signer,
      signedIn: () => this.#session.current,
      humanOf: (personId) => this.#records.humanOf(personId),
      refuses: (personId, request, payload) =>
        refuseSecondPerson(request, this.#records.permissionsOf(personId), payload === undefined ? undefined : { payload, world: parts.reach() }),
    });
    const { dataKey, onKeyKept } = parts;
    this.#keyKeeping = new KeyKeeping({
      ...{ dataKey, recorder: this.#recorder, clock },
      onKept: () => {
        this.#session.version += 1;
        onKeyKept();
      },
    });
    journal.onAppended((entries) => {
      if (entries.some(({ type }) => type === 'setting.changed')) this.#session.version += 1;
      if (entries.some(({ type }) => FAMILIES.some((family) => type.startsWith(family)))) this.#onPeopleChanged();
    });
    this.#room = {
      desk: parts,
      recorder: this.#recorder,
      records: this.#records,
      keyring: this.#keyring,
      secrets: this.#secrets,
      credentials: this.#credentials,
      authenticators: this.#authenticators,
      session: this.#session,
      confirmations: this.#confirmations,
      ways: this.#ways,
      keyKeeping: this.#keyKeeping,
    };
    this.#pictures = new AuthPictures(this.#room);
    this.#signIn = new SignInRequests(this.#room);
    this.requests = { ...this.#signIn.requests, ...new PeopleAdministration(this.#room).requests };
  }

  /** An unclaimed desk opens with its demonstration supervisor; a claimed one waits for somebody to sign in. */
  open(): void {
    if (this.#records.isClaimed) return;
    const { opensWith } = this.#parts.data.demonstration;
    this.#session.enter(opensWith, publishedKey(opensWith), 'opened');
  }

  /** After a start with the key locked: who opened it is on record, and whoever did so by their password is signed in by it. */
  async enterWithKey(opened: { personId: string; by: 'password' | 'code'; secret: string; lockedAtMs: number; wrongTries: number }): Promise<void> {
    const { personId, by, secret, lockedAtMs, wrongTries } = opened;
    const payload = { atMs: this.#parts.clock.nowMs(), personId, by, lockedAtMs, wrongTries };
    // The outcome shows in the journal's state, as for all that nobody asked for.
    this.#recorder.record('desk.openKey', [{ type: 'desk.keyOpened', subject: 'desk', payload }], { actor: 'engine' });
    const person = this.#records.find(personId);
    if (by === 'password' && person !== null) await this.#signIn.signIn({ login: person.login, secret });
  }

  async close(): Promise<void> {
    this.#session.leave('stopped');
    await this.#secrets.stop();
  }

  /** What a drill desk needs so that the firm's people can play on it; null while nobody has claimed this desk. */
  copyForDrill(): SeedPeople | null {
    return copyForDrill(this.#room);
  }

  /** On a drill desk, before anybody sits there: its people become those of the live desk, with the passwords they have now. */
  takeCopy(copy: SeedPeople): void {
    takeCopy(this.#room, copy);
  }

  /** The personId of whoever sits here. */
  actor(): string {
    return actorOf(this.#session);
  }

  displayName(): string {
    return this.#records.names()[this.actor()] ?? '';
  }

  get secondPerson(): SecondPerson {
    return this.#confirmations;
  }

  readonly keys: PersonalKeys = {
    slot: (personId, name) => this.#keyring.slot(personId, name),
    unlockKey: (personId) => this.#session.keyOf(personId),
  };

  readonly forBus: PeopleOfBus = {
    atDesk: () => this.#atDesk(),
    local: () => this.#local(),
    permissionsOf: (personId) => this.#records.permissionsOf(personId),
    isApprovalWaived: (policyId, request) =>
      WAIVED_AT_FOUNDING.has(policyId) && request !== NEVER_WAIVED && (this.#records.isFounding || !this.#records.isClaimed),
    humanOf: (personId) => this.#records.humanOf(personId),
  };

  /** Somebody of this desk who has not left: only such a person can be given a duty or an alert. */
  isActive(personId: string): boolean {
    return this.#records.find(personId)?.state === 'active';
  }

  /** Those who may act in a run: whom a drill is for. */
  actingPeople(): string[] {
    return this.#records.all().flatMap(({ personId }) => (this.#records.permissionsOf(personId).has('run.act') ? [personId] : []));
  }

  /** What the person at the desk may do at this moment: nothing while nobody sits here or it is locked. */
  permissionsNow(): Permissions {
    const caller = this.#atDesk();
    return caller === null || caller.isLocked ? NO_PERMISSIONS : caller.permissions;
  }

  hasFunction(name: FunctionName): boolean {
    return this.permissionsNow().has(name);
  }

  get isOpen(): boolean {
    return this.#session.current !== null && this.#session.locked === null;
  }

  get isClaimed(): boolean {
    return this.#records.isClaimed;
  }

  /** By the secret of whoever sits here, typed again: what opens their key, for one signature. Whoever gets it wipes it. */
  async proveAgain(secret: string): Promise<Outcome<{ personId: string; key: Uint8Array }>> {
    const person = this.#records.find(this.actor());
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    const proven = await this.#credentials.prove(person.login, secret, 'confirm');
    return proven.ok ? accept({ personId: proven.value.person.personId, key: proven.value.key }) : proven;
  }

  /** By id, also of people who have left. */
  names(): Record<string, string> {
    return this.#records.names();
  }

  /** Called whenever other pictures may be seen than before: another person, a lock, another role. */
  onAccessChanged(listener: () => void): void {
    this.#session.onChange(listener);
    this.#accessListeners.push(listener);
  }
  readonly #accessListeners: (() => void)[] = [];

  /** A demonstration has nothing to protect: it is locked only by somebody who wants to see it locked. */
  lock(cause: LockCause): void {
    if (this.#records.isClaimed || cause === 'person') this.#session.lock(cause);
  }

  /** Somebody's data has become unreadable: nobody is shown a name any more that was read before, and screens are drawn anew. */
  forgetDestroyed(): void {
    this.#onPeopleChanged();
  }

  /** By the engine's timer. */
  tick(): void {
    this.#session.lockIfIdle(this.#pictures.idleLockMs());
    this.#confirmations.forgetExpired();
  }

  authVersion(): string {
    return this.#pictures.version();
  }

  authPicture(): AuthPicture {
    return this.#pictures.picture();
  }

  #atDesk(): Caller | null {
    const session = this.#session.current;
    if (session === null) return null;
    const { personId, sessionId } = session;
    return {
      acting: { actor: personId, sessionId },
      permissions: this.#records.permissionsOf(personId),
      isLocked: this.#session.locked !== null,
    };
  }

  #local(): Caller {
    const { localActor } = this.#parts.data.book;
    const functions = this.#records.isClaimed ? localActor.claimed : localActor.unclaimed;
    return {
      acting: { actor: `local:${this.#parts.localName}`.slice(0, 128), sessionId: this.#parts.engineSession },
      permissions: new Map(functions.map((name) => [name, 'firm'])),
      isLocked: false,
    };
  }

  #onPeopleChanged(): void {
    this.#records.forget();
    const session = this.#session.current;
    // Whoever is disabled while they sit here is out at once, not at their next sign-in.
    if (session !== null && this.#records.find(session.personId)?.state !== 'active') {
      this.#session.leave(this.#records.find(session.personId) === null ? 'claimed' : 'disabled');
    }
    for (const listener of this.#accessListeners) listener();
  }
}
