/** Who is there and what they may do: claiming the desk, making, changing, linking and disabling people, and giving and taking their roles. */
import type { HandlersOf } from '#engine/desk/handlers';
import { actorOf, conflictOf, type PeopleShared, peopleState } from '#engine/desk/people/people-parts';
import type { PEOPLE_REQUESTS, PersonView } from '#shared/contract/people';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { Decision } from '#shared/desk/decision';
import { decideClaim, decidePeople, type PeopleCommand } from '#shared/desk/people/decide';
import type { PersonEvent } from '#shared/desk/people/events';
import type { Person } from '#shared/desk/people/person';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** Requests of whoever administers people and roles, and the claiming of a desk that is nobody’s. */
export class PeopleAdministration {
  readonly #room: PeopleShared;
  readonly requests: HandlersOf<Extract<keyof typeof PEOPLE_REQUESTS, `people.${string}` | `role.${string}`>>;

  constructor(room: PeopleShared) {
    this.#room = room;
    this.requests = {
      'people.claim': (payload) => this.#claim(payload),
      'people.list': () => accept({ people: this.#room.records.all().map((person) => this.#view(person)) }),
      'people.roles': () => accept(this.#roles()),
      'people.create': ({ login, displayName }) => this.#create(login, displayName),
      'people.change': (payload) => this.#record('people.change', { type: 'change', ...payload }),
      'people.link': (payload) => this.#record('people.link', { type: 'link', ...payload }),
      'people.disable': (payload) => {
        const disabled = this.#record('people.disable', { type: 'disable', ...payload });
        if (disabled.ok) {
          this.#room.ways.remove(payload.personId, this.#room.keyring.recoveryCodeNames(payload.personId));
          this.#room.desk.signer()?.revoke(payload.personId, 'deactivated');
        }
        return disabled;
      },
      'people.enable': (payload) => this.#record('people.enable', { type: 'enable', ...payload }),
      'people.recover': (payload) => this.#recover(payload),
      'role.grant': (payload) => this.#record('role.grant', { type: 'grant', ...payload }),
      'role.revoke': (payload) => this.#record('role.revoke', { type: 'revoke', ...payload }),
    };
  }

  async #claim({ login, displayName, secret }: RequestPayload<'people.claim'>): Promise<Outcome<RequestAnswer<'people.claim'>>> {
    const weak = await this.#room.credentials.refuseWeak(secret, { login, displayName });
    if (weak !== null) return weak;
    const decision = decideClaim(peopleState(this.#room.records), { login, displayName }, this.#room.recorder.context());
    if ('ok' in decision) return this.#room.recorder.refused('people.claim', decision);
    const { personId, events } = decision;
    // The secret first: a desk that is claimed by somebody who cannot sign in would be nobody's for ever.
    const key = await this.#room.credentials.choose(personId, secret, null);
    // Somebody else may have claimed it while the password was being digested.
    if (this.#room.records.isClaimed) return refuse('CONFLICT', 'the desk has an administrator already');
    const { recoveryCodes: count } = this.#room.desk.data.rules.codes;
    const recoveryCodes = Array.from({ length: count }, () => this.#room.keyring.addCode(personId, 'recovery', null));
    const recorded = this.#room.recorder.record('people.claim', events);
    if (!recorded.ok) return recorded;
    this.#room.ways.keep(personId, key);
    for (const code of recoveryCodes) this.#room.ways.keepCode(this.#room.keyring.findRecoveryCode(code)?.name ?? '', code);
    this.#room.session.enter(personId, key, 'claim');
    return accept({ personId, recoveryCodes });
  }

  #create(login: string, displayName: string): Outcome<RequestAnswer<'people.create'>> {
    const decision = decidePeople(
      peopleState(this.#room.records),
      { type: 'create', login, displayName },
      this.#room.desk.data.book,
      this.#room.recorder.context(),
    );
    const recorded = this.#room.recorder.record('people.create', decision);
    if (!recorded.ok) return recorded;
    const personId = (JSON.parse(recorded.value[0]?.payload ?? '{}') as { personId: string }).personId;
    return accept({ personId, oneTime: this.#oneTimeCode(personId) });
  }

  #recover(payload: RequestPayload<'people.recover'>): Outcome<RequestAnswer<'people.recover'>> {
    const { personId, reason, confirmationId } = payload;
    const person = this.#room.records.find(personId);
    if (person === null || person.isDemonstration) return refuse('UNKNOWN', `there is no person ${personId}`, 'personId');
    const human = this.#room.records.humanOf(personId);
    if (human === this.#room.records.humanOf(actorOf(this.#room.session))) return refuse('CONFLICT', 'nobody recovers themselves', 'personId');
    const second = this.#room.confirmations.take(confirmationId, { request: 'people.recover', payload: { personId, reason } });
    if (!second.ok) return second;
    const { personId: secondPersonId, keyId, signature } = second.value;
    if (this.#room.records.humanOf(secondPersonId) === human) return refuse('FORBIDDEN', 'nobody recovers themselves', 'confirmationId');
    const atMs = this.#room.desk.clock.nowMs();
    const event: PersonEvent = {
      type: 'person.recovered',
      subject: `person:${personId}`,
      payload: { personId, reason, secondPersonId, keyId, signature, atMs },
    };
    const recorded = this.#room.recorder.record('people.recover', [event]);
    return recorded.ok ? accept({ oneTime: this.#oneTimeCode(personId) }) : recorded;
  }

  #oneTimeCode(personId: string): { code: string; expiresAtMs: number | null } {
    const expiresAtMs = this.#room.desk.clock.nowMs() + this.#room.desk.data.rules.codes.oneTimeLifeMs;
    return { code: this.#room.keyring.addCode(personId, 'oneTime', expiresAtMs), expiresAtMs };
  }

  #record(request: string, command: PeopleCommand): Outcome<Record<string, never>> {
    const decision: Decision<PersonEvent> = decidePeople(
      peopleState(this.#room.records),
      command,
      this.#room.desk.data.book,
      this.#room.recorder.context(),
    ) as Decision<PersonEvent>;
    const recorded = this.#room.recorder.record(request, decision);
    return recorded.ok ? accept({}) : recorded;
  }

  #view(person: Person): PersonView {
    const { personId, isDemonstration } = person;
    const ring = this.#room.keyring.ring(personId);
    const { untilMs, isLockedOut } = ring.secretThrottle;
    const isLocked = isLockedOut && untilMs > this.#room.desk.clock.nowMs();
    return {
      ...person,
      samePersonAs: person.samePersonAs ?? null,
      secret: isDemonstration ? 'published' : isLocked ? 'locked' : ring.secret === null ? 'none' : 'set',
      hasPin: isDemonstration || ring.pin !== null,
      lockedUntilMs: isLocked ? untilMs : null,
      lastSignInAtMs: ring.lastSignInAtMs,
      conflict: conflictOf(this.#room.records, person),
    };
  }

  #roles(): RequestAnswer<'people.roles'> {
    const { roles, exclusions } = this.#room.desk.data.book;
    return {
      roles: roles.map(({ role, functions, note, citation, certainty }) => ({ role, functions, note, citation, certainty })),
      exclusions: exclusions.map(({ roles: pair, reason }) => ({ roles: pair, reason })),
      ...this.#room.desk.parts(),
    };
  }
}
