/** Coming to a desk and leaving it: signing in and out, locking, confirming for somebody else, and changing one’s own secrets. */
import { actAs } from '#engine/desk/bus/acting';
import type { HandlersOf } from '#engine/desk/handlers';
import { actorOf, type PeopleShared } from '#engine/desk/people/people-parts';
import type { PEOPLE_REQUESTS } from '#shared/contract/people';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { PersonEvent } from '#shared/desk/people/events';
import type { Person } from '#shared/desk/people/person';
import { accept, type Outcome, refuse } from '#shared/refusal';

type SecretChange = Extract<PersonEvent, { type: 'person.secretChanged' }>['payload'];

/** Requests of whoever comes to the desk or sits at it. */
export class SignInRequests {
  readonly #room: PeopleShared;
  readonly requests: HandlersOf<Extract<keyof typeof PEOPLE_REQUESTS, `auth.${string}` | `desk.${string}`>>;

  constructor(room: PeopleShared) {
    this.#room = room;
    this.requests = {
      'auth.signIn': (payload) => this.signIn(payload),
      'auth.signOut': () => {
        this.#room.session.leave('person');
        return accept({});
      },
      'auth.lock': () => {
        this.#room.session.lock('person');
        return this.#room.session.current === null ? refuse('CONFLICT', 'nobody is signed in') : accept({});
      },
      'auth.unlock': (payload) => this.#unlock(payload.secret),
      'auth.activity': () => {
        this.#room.session.onActivity();
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
      'auth.judgeSecret': async ({ secret, words }) => accept(await this.#room.credentials.judge(secret, words)),
      'desk.openKey': () => refuse('CONFLICT', 'the key to this desk’s data is open'),
      'desk.keepKey': (payload) => this.#room.keyKeeping.keep(payload),
    };
  }

  /** Proves the secret and lets its person sit down. */
  async signIn({ login, secret }: RequestPayload<'auth.signIn'>): Promise<Outcome<RequestAnswer<'auth.signIn'>>> {
    const proven = await this.#room.credentials.prove(login, secret, 'signIn');
    if (!proven.ok) return proven;
    const { person, key, by } = proven.value;
    if (by === 'password') this.#room.ways.keep(person.personId, key);
    const { sessionId } = this.#room.session.enter(person.personId, key, by);
    // Asked now, so that the lock screen knows what to offer; nobody waits for it.
    if (this.#room.keyring.ring(person.personId).authenticators.length > 0) void this.#authenticator();
    return accept({ personId: person.personId, sessionId });
  }

  async #unlock(secret: string): Promise<Outcome<Record<string, never>>> {
    const session = this.#room.session.current;
    if (session === null) return refuse('CONFLICT', 'nobody is signed in');
    if (this.#room.session.locked === null) return accept({});
    const person = this.#room.records.find(session.personId);
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    const isPin = /^\d{4,12}$/.test(secret) && (person.isDemonstration || this.#room.keyring.ring(person.personId).pin !== null);
    const proven = isPin
      ? await this.#room.credentials.provePin(person, secret, 'unlock')
      : await this.#room.credentials.prove(person.login, secret, 'unlock');
    if (!proven.ok) return proven;
    return this.#unlockFor(session.sessionId, isPin ? 'pin' : 'password');
  }

  async #confirm({ login, secret, about }: RequestPayload<'auth.confirm'>): Promise<Outcome<RequestAnswer<'auth.confirm'>>> {
    const proven = await this.#room.credentials.prove(login, secret, 'confirm');
    if (!proven.ok) return proven;
    const { person, key } = proven.value;
    const confirmed = this.#room.confirmations.give(person, key, about);
    key.fill(0);
    return confirmed;
  }

  async #changeSecret({ current, secret }: RequestPayload<'auth.changeSecret'>): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const proven = await this.#room.credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    const weak = await this.#room.credentials.refuseWeak(secret, person.value);
    if (weak !== null) return weak;
    await this.#room.credentials.choose(personId, secret, proven.value.key);
    return this.#noteSecret(personId, 'password', 'self');
  }

  async #changePin({ current, pin }: RequestPayload<'auth.changePin'>): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const { leastLength } = this.#room.desk.data.rules.pin;
    if (pin !== null && (pin.length < leastLength || isSimplePin(pin))) {
      return refuse('INVALID', `pin: at least ${leastLength} digits that are neither one digit nor a row`, 'pin');
    }
    const proven = await this.#room.credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    this.#room.keyring.update(personId, { pin: pin === null ? null : await this.#room.secrets.hash(pin) });
    return this.#noteSecret(personId, pin === null ? 'pinRemoved' : 'pin', 'self');
  }

  async #authenticator(): Promise<Outcome<RequestAnswer<'auth.authenticator'>>> {
    const isThere = await this.#room.authenticators.isThere();
    this.#room.session.version += 1;
    return accept({ isThere, enrolledAtMs: this.#room.keyring.ring(actorOf(this.#room.session)).authenticators[0]?.addedAtMs ?? null });
  }

  async #changeAuthenticator(current: string, isWanted: boolean): Promise<Outcome<Record<string, never>>> {
    const person = this.#self();
    if (!person.ok) return person;
    const { login, personId } = person.value;
    const proven = await this.#room.credentials.prove(login, current, 'change');
    if (!proven.ok) return proven;
    if (isWanted) {
      const enrolled = await this.#room.authenticators.enrol(personId, login);
      if (!enrolled.ok) return enrolled;
    } else this.#room.keyring.update(personId, { authenticators: [] });
    this.#room.session.version += 1;
    return this.#noteSecret(personId, isWanted ? 'authenticator' : 'authenticatorRemoved', 'self');
  }

  async #unlockByAuthenticator(): Promise<Outcome<Record<string, never>>> {
    const session = this.#room.session.current;
    if (session === null) return refuse('CONFLICT', 'nobody is signed in');
    if (this.#room.session.locked === null) return accept({});
    const person = this.#room.records.find(session.personId);
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    const proven = await this.#room.credentials.proveAuthenticator(person, 'unlock');
    return proven.ok ? this.#unlockFor(session.sessionId, 'authenticator') : proven;
  }

  #unlockFor(sessionId: string, by: 'pin' | 'password' | 'authenticator'): Outcome<Record<string, never>> {
    // Somebody else may have signed in while the secret was being checked.
    if (this.#room.session.current?.sessionId !== sessionId) return refuse('CONFLICT', 'another person has signed in');
    this.#room.session.unlock(by);
    return accept({});
  }

  /** The person at the desk, if they are somebody who can have a secret of their own. */
  #self(): Outcome<Person> {
    const person = this.#room.records.find(actorOf(this.#room.session));
    if (person === null) return refuse('CONFLICT', 'nobody is signed in');
    return person.isDemonstration ? refuse('CONFLICT', 'the secrets of the demonstration people are published and stay as they are') : accept(person);
  }

  async #redeem({ login, code, secret }: RequestPayload<'auth.redeem'>): Promise<Outcome<RequestAnswer<'auth.redeem'>>> {
    // Before the code is used up: a weak choice must not cost the person their only code.
    const known = this.#room.records.findLogin(login);
    const weak = await this.#room.credentials.refuseWeak(secret, known ?? { login, displayName: login });
    if (weak !== null) return weak;
    const recovery = this.#room.keyring.findRecoveryCode(code);
    const proven = await this.#room.credentials.proveCode(login, code);
    if (!proven.ok) return proven;
    const { personId } = proven.value;
    if (recovery !== null) this.#room.ways.removeCodes([recovery.name]);
    const hadSecret = this.#room.keyring.ring(personId).secret !== null;
    const key = await this.#room.credentials.choose(personId, secret, null);
    if (hadSecret) this.#room.desk.signer()?.revoke(personId, 'secretReset');
    this.#room.ways.keep(personId, key);
    const { sessionId } = this.#room.session.enter(personId, key, 'code');
    const noted = actAs({ actor: personId, sessionId }, () => this.#noteSecret(personId, 'password', 'code'));
    return noted.ok ? accept({ personId, sessionId }) : noted;
  }

  #noteSecret(personId: string, what: SecretChange['what'], by: SecretChange['by']): Outcome<Record<string, never>> {
    const event: PersonEvent = {
      type: 'person.secretChanged',
      subject: `person:${personId}`,
      payload: { personId, what, by, atMs: this.#room.desk.clock.nowMs() },
    };
    const recorded = this.#room.recorder.record('person.secretChanged', [event]);
    return recorded.ok ? accept({}) : recorded;
  }
}

/** One digit repeated, or a row up or down: what everybody tries first. */
function isSimplePin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  const [step] = steps;
  return steps.size === 1 && (step === 0 || step === 1 || step === -1);
}
