/** Everything about people at this desk in one place: signing in and out, locking, who they are, what they may do, and their requests. */
import type { Clock } from '#engine/clock';
import { actAs } from '#engine/desk/bus/acting';
import type { Caller, PeopleOfBus } from '#engine/desk/bus/command-bus';
import type { HandlersOf } from '#engine/desk/handlers';
import type { AccessData } from '#engine/desk/people/access-data';
import { type AskAuthenticator, Authenticators } from '#engine/desk/people/authenticators';
import { Confirmations } from '#engine/desk/people/confirmations';
import { Credentials } from '#engine/desk/people/credentials';
import { DeskSession } from '#engine/desk/people/desk-session';
import { KeyKeeping } from '#engine/desk/people/key-keeping';
import { Keyring, type PersonalKeys } from '#engine/desk/people/keyring';
import { CLAIM_ID, PEOPLE_KIND, PeopleRecords } from '#engine/desk/people/people-records';
import { PersonWays } from '#engine/desk/people/person-ways';
import { publishedKey } from '#engine/desk/people/personal-key';
import type { HashCost } from '#engine/desk/people/secret-worker';
import { Secrets } from '#engine/desk/people/secrets';
import { Recorder } from '#engine/desk/record';
import { refuseSecondPerson, type SecondPerson } from '#engine/desk/second-person';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { Signer } from '#engine/journal/signing/signer-interface';
import type { DataKey } from '#engine/store/data-key';
import { KeyringFile } from '#engine/store/keyring-file';
import type { Log } from '#engine/store/log';
import type { AuthPicture, PEOPLE_REQUESTS, PersonView } from '#shared/contract/people';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { Decision } from '#shared/desk/decision';
import { type CopiedSecret, copyPeople, type SeedPeople } from '#shared/desk/drills/seed';
import { decideClaim, decidePeople, type PeopleCommand, type PeopleState } from '#shared/desk/people/decide';
import type { LockCause, PersonEvent, SessionEvent } from '#shared/desk/people/events';
import type { FunctionName } from '#shared/desk/people/functions';
import { NO_PERMISSIONS, type Permissions } from '#shared/desk/people/permissions';
import type { Person } from '#shared/desk/people/person';
import type { Throttle } from '#shared/desk/people/throttle';
import type { Mode } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type PeopleRequests = HandlersOf<keyof typeof PEOPLE_REQUESTS>;

export type PeopleDeskParts = {
  data: AccessData;
  journal: ChainedJournal;
  clock: Clock;
  newId: () => string;
  mode: Mode;
  log: Log;
  /** This start of the engine: the session of whatever no person asked for. */
  engineSession: string;
  keyringPath: string;
  /** People's passwords lead to it as well; null where there is none. */
  dataKey: DataKey | null;
  /** Called after it was decided who opens the desk when it starts. */
  onKeyKept: () => void;
  secretCost: HashCost | null;
  /** Left out: there is no window that could ask one. */
  askAuthenticator: AskAuthenticator | undefined;
  /** How a program on this machine is named in the journal. */
  localName: string;
  signer: () => Signer | null;
  /** Null: as the dated row says. */
  idleLockMs: () => number | null;
  /** Departments and groups that can be named in a reach, as the book knows them now. */
  parts: () => { departments: { id: string; name: string }[]; controlGroups: { id: string; name: string }[] };
};

type SecretChange = Extract<PersonEvent, { type: 'person.secretChanged' }>['payload'];

/** Who signs what nobody signed in has asked for. */
const NOBODY = 'nobody';
/** Before there are two who may decide, nobody could ever give a role, or have the desk's key kept better. */
const WAIVED_AT_FOUNDING: ReadonlySet<string> = new Set(['roles', 'deviceTrust']);
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
  #picture: { version: string; picture: AuthPicture } | null = null;
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
      refuses: (personId, request) => refuseSecondPerson(request, this.#records.permissionsOf(personId)),
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
    this.requests = this.#createRequests();
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
    if (by === 'password' && person !== null) await this.#signIn({ login: person.login, secret });
  }

  async close(): Promise<void> {
    this.#session.leave('stopped');
    await this.#secrets.stop();
  }

  /** What a drill desk needs so that the firm's people can play on it; null while nobody has claimed this desk. */
  copyForDrill(): SeedPeople | null {
    const claim = this.#parts.journal.tables.documents.get(PEOPLE_KIND, CLAIM_ID) as { personId: string } | undefined;
    if (claim === undefined) return null;
    const people = [...this.#records.all()];
    const secrets = people.flatMap(({ personId, state }): CopiedSecret[] => {
      const { secret, pin, secretThrottle, pinThrottle } = this.#keyring.ring(personId);
      return secret === null || state === 'disabled' ? [] : [{ personId, secret, pin, secretThrottle, pinThrottle }];
    });
    return { people, secrets, claimedBy: claim.personId, isFounding: this.#records.isFounding };
  }

  /** On a drill desk, before anybody sits there: its people become those of the live desk, with the passwords they have now. */
  takeCopy(copy: SeedPeople): void {
    const events = copyPeople(this.#state(), copy, this.#recorder.context('engine'));
    if (events.length > 0) this.#recorder.record('people.copy', events, { actor: 'engine' });
    for (const { personId, secret, pin, secretThrottle, pinThrottle } of copy.secrets) {
      const ring = this.#keyring.ring(personId);
      const throttles = { secretThrottle: stricter(ring.secretThrottle, secretThrottle), pinThrottle: stricter(ring.pinThrottle, pinThrottle) };
      // Another password: what the old one had opened here is not opened by it.
      const changed =
        ring.copiedSecret === secret ? {} : { secret, copiedSecret: secret, personalKey: null, slots: {}, codes: [], authenticators: [] };
      this.#keyring.update(personId, { ...changed, ...throttles, pin });
    }
  }

  /** The personId of whoever sits here. */
  actor(): string {
    return this.#session.current?.personId ?? NOBODY;
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
    isApprovalWaived: (policyId) => WAIVED_AT_FOUNDING.has(policyId) && (this.#records.isFounding || !this.#records.isClaimed),
    humanOf: (personId) => this.#records.humanOf(personId),
  };

  /** Somebody of this desk who has not left: only such a person can be given a duty or an alert. */
  isActive(personId: string): boolean {
    return this.#records.find(personId)?.state === 'active';
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
    this.#session.lockIfIdle(this.#idleLockMs());
    this.#confirmations.forgetExpired();
  }

  authVersion(): string {
    return `${this.#session.version}.${this.#records.version}`;
  }

  authPicture(): AuthPicture {
    const version = this.authVersion();
    if (this.#picture?.version === version) return this.#picture.picture;
    const { data } = this.#parts;
    const session = this.#session.current;
    const person = session === null ? null : this.#records.find(session.personId);
    const people = this.#records.all().filter(({ state }) => state === 'active');
    const picture: AuthPicture = {
      isClaimed: this.#records.isClaimed,
      session:
        session === null || person === null
          ? null
          : {
              ...session,
              displayName: person.displayName,
              login: person.login,
              roles: person.roles,
              functions: [...this.#records.permissionsOf(person.personId).keys()],
              isDemonstration: person.isDemonstration,
              hasPin: person.isDemonstration || this.#keyring.ring(person.personId).pin !== null,
              hasAuthenticator: this.#authenticators.offers(person.personId),
              conflict: this.#conflictOf(person),
            },
      locked: this.#session.locked,
      people: people.map(({ personId, login, displayName, roles }) => ({
        personId,
        login,
        displayName,
        roles: roles.map(({ role }) => role),
        published: (this.#records.isClaimed ? undefined : data.demonstration.secrets.get(personId)) ?? null,
      })),
      names: this.#records.names(),
      idleLockMs: this.#idleLockMs(),
      isFounding: this.#records.isFounding,
      protection: this.#parts.dataKey?.protection ?? 'file',
      keyLocked: null,
    };
    this.#picture = { version, picture };
    return picture;
  }

  /** A demonstration has nothing to protect, and would only lock people out of looking at it. */
  #idleLockMs(): number | null {
    return this.#records.isClaimed ? (this.#parts.idleLockMs() ?? this.#parts.data.rules.idleLock.ms) : null;
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

  #state(): PeopleState {
    return { people: this.#records.all(), isClaimed: this.#records.isClaimed, isFounding: this.#records.isFounding };
  }

  #conflictOf(person: Person): string | null {
    const [conflict] = this.#records.conflictsOf(person);
    return conflict === undefined ? null : `${conflict.first} / ${conflict.second}`;
  }

  #createRequests(): PeopleRequests {
    return {
      'auth.signIn': (payload) => this.#signIn(payload),
      'auth.signOut': () => {
        this.#session.leave('person');
        return accept({});
      },
      'auth.lock': () => {
        this.#session.lock('person');
        return this.#session.current === null ? refuse('CONFLICT', 'nobody is signed in') : accept({});
      },
      'auth.unlock': (payload) => this.#unlock(payload.secret),
      'auth.activity': () => {
        this.#session.onActivity();
        return accept({});
      },
      'auth.confirm': (payload) => this.#confirm(payload),
      'auth.changeSecret': (payload) => this.#changeSecret(payload),
      'auth.changePin': (payload) => this.#changePin(payload),
      'auth.authenticator': () => this.#authenticator(),
      'auth.enrolAuthenticator': ({ current }) => this.#changeAuthenticator(current, true),
      'auth.removeAuthenticator': ({ current }) => this.#changeAuthenticator(current, false),
      'auth.unlockByAuthenticator': () => this.#unlockByAuthenticator(),
      'auth.redeem': (payload) => this.#redeem(payload),
      'auth.judgeSecret': async ({ secret, words }) => accept(await this.#credentials.judge(secret, words)),
      'desk.openKey': () => refuse('CONFLICT', 'the key to this desk’s data is open'),
      'desk.keepKey': (payload) => this.#keyKeeping.keep(payload),
      'people.claim': (payload) => this.#claim(payload),
      'people.list': () => accept({ people: this.#records.all().map((person) => this.#view(person)) }),
      'people.roles': () => accept(this.#roles()),
      'people.create': ({ login, displayName }) => this.#create(login, displayName),
      'people.change': (payload) => this.#record('people.change', { type: 'change', ...payload }),
      'people.link': (payload) => this.#record('people.link', { type: 'link', ...payload }),
      'people.disable': (payload) => {
        const disabled = this.#record('people.disable', { type: 'disable', ...payload });
        if (disabled.ok) {
          this.#ways.remove(payload.personId, this.#keyring.recoveryCodeNames(payload.personId));
          this.#parts.signer()?.revoke(payload.personId, 'deactivated');
        }
        return disabled;
      },
      'people.enable': (payload) => this.#record('people.enable', { type: 'enable', ...payload }),
      'people.recover': (payload) => this.#recover(payload),
      'role.grant': (payload) => this.#record('role.grant', { type: 'grant', ...payload }),
      'role.revoke': (payload) => this.#record('role.revoke', { type: 'revoke', ...payload }),
    };
  }

  async #signIn({ login, secret }: RequestPayload<'auth.signIn'>): Promise<Outcome<RequestAnswer<'auth.signIn'>>> {
    const proven = await this.#credentials.prove(login, secret, 'signIn');
    if (!proven.ok) return proven;
    const { person, key, by } = proven.value;
    if (by === 'password') this.#ways.keep(person.personId, key);
    const { sessionId } = this.#session.enter(person.personId, key, by);
    // Asked now, so that the lock screen knows what to offer; nobody waits for it.
    if (this.#keyring.ring(person.personId).authenticators.length > 0) void this.#authenticator();
    return accept({ personId: person.personId, sessionId });
  }

  async #unlock(secret: string): Promise<Outcome<Record<string, never>>> {
    const session = this.#session.current;
    if (session === null) return refuse('CONFLICT', 'nobody is signed in');
    if (this.#session.locked === null) return accept({});
    const person = this.#records.find(session.personId);
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    const isPin = /^\d{4,12}$/.test(secret) && (person.isDemonstration || this.#keyring.ring(person.personId).pin !== null);
    const proven = isPin ? await this.#credentials.provePin(person, secret, 'unlock') : await this.#credentials.prove(person.login, secret, 'unlock');
    if (!proven.ok) return proven;
    return this.#unlockFor(session.sessionId, isPin ? 'pin' : 'password');
  }

  async #confirm({ login, secret, about }: RequestPayload<'auth.confirm'>): Promise<Outcome<RequestAnswer<'auth.confirm'>>> {
    const proven = await this.#credentials.prove(login, secret, 'confirm');
    if (!proven.ok) return proven;
    const { person, key } = proven.value;
    const confirmed = this.#confirmations.give(person, key, about);
    key.fill(0);
    return confirmed;
  }

  async #changeSecret({ current, secret }: RequestPayload<'auth.changeSecret'>): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const proven = await this.#credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    const weak = await this.#credentials.refuseWeak(secret, person.value);
    if (weak !== null) return weak;
    await this.#credentials.choose(personId, secret, proven.value.key);
    return this.#noteSecret(personId, 'password', 'self');
  }

  async #changePin({ current, pin }: RequestPayload<'auth.changePin'>): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const { leastLength } = this.#parts.data.rules.pin;
    if (pin !== null && (pin.length < leastLength || isSimplePin(pin))) {
      return refuse('INVALID', `pin: at least ${leastLength} digits that are neither one digit nor a row`, 'pin');
    }
    const proven = await this.#credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    this.#keyring.update(personId, { pin: pin === null ? null : await this.#secrets.hash(pin) });
    return this.#noteSecret(personId, pin === null ? 'pinRemoved' : 'pin', 'self');
  }

  async #authenticator(): Promise<Outcome<RequestAnswer<'auth.authenticator'>>> {
    const isThere = await this.#authenticators.isThere();
    this.#session.version += 1;
    return accept({ isThere, enrolledAtMs: this.#keyring.ring(this.actor()).authenticators[0]?.addedAtMs ?? null });
  }

  async #changeAuthenticator(current: string, isWanted: boolean): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const proven = await this.#credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    if (isWanted) {
      const enrolled = await this.#authenticators.enrol(personId, login);
      if (!enrolled.ok) return enrolled;
    } else this.#keyring.update(personId, { authenticators: [] });
    this.#session.version += 1;
    return this.#noteSecret(personId, isWanted ? 'authenticator' : 'authenticatorRemoved', 'self');
  }

  async #unlockByAuthenticator(): Promise<Outcome<Record<string, never>>> {
    const session = this.#session.current;
    if (session === null) return refuse('CONFLICT', 'nobody is signed in');
    if (this.#session.locked === null) return accept({});
    const person = this.#records.find(session.personId);
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    const proven = await this.#credentials.proveAuthenticator(person, 'unlock');
    return proven.ok ? this.#unlockFor(session.sessionId, 'authenticator') : proven;
  }

  #unlockFor(sessionId: string, by: 'pin' | 'password' | 'authenticator'): Outcome<Record<string, never>> {
    // Somebody else may have signed in while the secret was being checked.
    if (this.#session.current?.sessionId !== sessionId) return refuse('CONFLICT', 'another person has signed in');
    this.#session.unlock(by);
    return accept({});
  }

  /** The person at the desk, if they are somebody who can have a secret of their own. */
  #self(): Outcome<Person> {
    const person = this.#records.find(this.actor());
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    return person.isDemonstration ? refuse('CONFLICT', 'the secrets of the demonstration people are published and stay as they are') : accept(person);
  }

  async #redeem({ login, code, secret }: RequestPayload<'auth.redeem'>): Promise<Outcome<RequestAnswer<'auth.redeem'>>> {
    // Before the code is used up: a weak choice must not cost the person their only code.
    const known = this.#records.findLogin(login);
    const weak = await this.#credentials.refuseWeak(secret, known ?? { login, displayName: login });
    if (weak !== null) return weak;
    const recovery = this.#keyring.findRecoveryCode(code);
    const proven = await this.#credentials.proveCode(login, code);
    if (!proven.ok) return proven;
    const { personId } = proven.value;
    if (recovery !== null) this.#ways.removeCodes([recovery.name]);
    const hadSecret = this.#keyring.ring(personId).secret !== null;
    const key = await this.#credentials.choose(personId, secret, null);
    if (hadSecret) this.#parts.signer()?.revoke(personId, 'secretReset');
    this.#ways.keep(personId, key);
    const { sessionId } = this.#session.enter(personId, key, 'code');
    const noted = actAs({ actor: personId, sessionId }, () => this.#noteSecret(personId, 'password', 'code'));
    return noted.ok ? accept({ personId, sessionId }) : noted;
  }

  async #claim({ login, displayName, secret }: RequestPayload<'people.claim'>): Promise<Outcome<RequestAnswer<'people.claim'>>> {
    const weak = await this.#credentials.refuseWeak(secret, { login, displayName });
    if (weak !== null) return weak;
    const decision = decideClaim(this.#state(), { login, displayName }, this.#recorder.context());
    if ('ok' in decision) return this.#recorder.refused('people.claim', decision);
    const { personId, events } = decision;
    // The secret first: a desk that is claimed by somebody who cannot sign in would be nobody's for ever.
    const key = await this.#credentials.choose(personId, secret, null);
    // Somebody else may have claimed it while the password was being digested.
    if (this.#records.isClaimed) return refuse('CONFLICT', 'the desk has an administrator already');
    const { recoveryCodes: count } = this.#parts.data.rules.codes;
    const recoveryCodes = Array.from({ length: count }, () => this.#keyring.addCode(personId, 'recovery', null));
    const recorded = this.#recorder.record('people.claim', events);
    if (!recorded.ok) return recorded;
    this.#ways.keep(personId, key);
    for (const code of recoveryCodes) this.#ways.keepCode(this.#keyring.findRecoveryCode(code)?.name ?? '', code);
    this.#session.enter(personId, key, 'claim');
    return accept({ personId, recoveryCodes });
  }

  #create(login: string, displayName: string): Outcome<RequestAnswer<'people.create'>> {
    const decision = decidePeople(this.#state(), { type: 'create', login, displayName }, this.#parts.data.book, this.#recorder.context());
    const recorded = this.#recorder.record('people.create', decision);
    if (!recorded.ok) return recorded;
    const personId = (JSON.parse(recorded.value[0]?.payload ?? '{}') as { personId: string }).personId;
    return accept({ personId, oneTime: this.#oneTimeCode(personId) });
  }

  #recover(payload: RequestPayload<'people.recover'>): Outcome<RequestAnswer<'people.recover'>> {
    const { personId, reason, confirmationId } = payload;
    const person = this.#records.find(personId);
    if (person === null || person.isDemonstration) return refuse('UNKNOWN', `there is no person ${personId}`, 'personId');
    const human = this.#records.humanOf(personId);
    if (human === this.#records.humanOf(this.actor())) return refuse('CONFLICT', 'nobody recovers themselves', 'personId');
    const second = this.#confirmations.take(confirmationId, { request: 'people.recover', payload: { personId, reason } });
    if (!second.ok) return second;
    const { personId: secondPersonId, keyId, signature } = second.value;
    if (this.#records.humanOf(secondPersonId) === human) return refuse('FORBIDDEN', 'nobody recovers themselves', 'confirmationId');
    const atMs = this.#parts.clock.nowMs();
    const event: PersonEvent = {
      type: 'person.recovered',
      subject: `person:${personId}`,
      payload: { personId, reason, secondPersonId, keyId, signature, atMs },
    };
    const recorded = this.#recorder.record('people.recover', [event]);
    return recorded.ok ? accept({ oneTime: this.#oneTimeCode(personId) }) : recorded;
  }

  #oneTimeCode(personId: string): { code: string; expiresAtMs: number | null } {
    const expiresAtMs = this.#parts.clock.nowMs() + this.#parts.data.rules.codes.oneTimeLifeMs;
    return { code: this.#keyring.addCode(personId, 'oneTime', expiresAtMs), expiresAtMs };
  }

  #noteSecret(personId: string, what: SecretChange['what'], by: SecretChange['by']): Outcome<Record<string, never>> {
    const event: PersonEvent = {
      type: 'person.secretChanged',
      subject: `person:${personId}`,
      payload: { personId, what, by, atMs: this.#parts.clock.nowMs() },
    };
    const recorded = this.#recorder.record('person.secretChanged', [event]);
    return recorded.ok ? accept({}) : recorded;
  }

  #record(request: string, command: PeopleCommand): Outcome<Record<string, never>> {
    const decision: Decision<PersonEvent> = decidePeople(
      this.#state(),
      command,
      this.#parts.data.book,
      this.#recorder.context(),
    ) as Decision<PersonEvent>;
    const recorded = this.#recorder.record(request, decision);
    return recorded.ok ? accept({}) : recorded;
  }

  #view(person: Person): PersonView {
    const { personId, isDemonstration } = person;
    const ring = this.#keyring.ring(personId);
    const { untilMs, isLockedOut } = ring.secretThrottle;
    const isLocked = isLockedOut && untilMs > this.#parts.clock.nowMs();
    return {
      ...person,
      samePersonAs: person.samePersonAs ?? null,
      secret: isDemonstration ? 'published' : isLocked ? 'locked' : ring.secret === null ? 'none' : 'set',
      hasPin: isDemonstration || ring.pin !== null,
      lockedUntilMs: isLocked ? untilMs : null,
      lastSignInAtMs: ring.lastSignInAtMs,
      conflict: this.#conflictOf(person),
    };
  }

  #roles(): RequestAnswer<'people.roles'> {
    const { roles, exclusions } = this.#parts.data.book;
    return {
      roles: roles.map(({ role, functions, note, citation, certainty }) => ({ role, functions, note, citation, certainty })),
      exclusions: exclusions.map(({ roles: pair, reason }) => ({ roles: pair, reason })),
      ...this.#parts.parts(),
    };
  }
}

/** The one that keeps somebody out longer. */
function stricter(one: Throttle, other: Throttle): Throttle {
  return other.untilMs > one.untilMs || other.failures > one.failures ? other : one;
}

/** One digit repeated, or a row up or down: what everybody tries first. */
function isSimplePin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  const [step] = steps;
  return steps.size === 1 && (step === 0 || step === 1 || step === -1);
}
