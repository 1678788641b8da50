/** What every window shows of the people at this desk: who sits here, who may come, what is locked, and by which names people are called. */
import { conflictOf, type PeopleShared } from '#engine/desk/people/people-parts';
import type { AuthPicture } from '#shared/contract/people';

export class AuthPictures {
  readonly #room: PeopleShared;
  #last: { version: string; picture: AuthPicture } | null = null;

  constructor(room: PeopleShared) {
    this.#room = room;
  }

  version(): string {
    return `${this.#room.session.version}.${this.#room.records.version}`;
  }

  picture(): AuthPicture {
    const version = this.version();
    if (this.#last?.version === version) return this.#last.picture;
    const { data } = this.#room.desk;
    const session = this.#room.session.current;
    const person = session === null ? null : this.#room.records.find(session.personId);
    const people = this.#room.records.all().filter(({ state }) => state === 'active');
    const picture: AuthPicture = {
      isClaimed: this.#room.records.isClaimed,
      session:
        session === null || person === null
          ? null
          : {
              ...session,
              displayName: person.displayName,
              login: person.login,
              roles: person.roles,
              functions: [...this.#room.records.permissionsOf(person.personId).keys()],
              isDemonstration: person.isDemonstration,
              hasPin: person.isDemonstration || this.#room.keyring.ring(person.personId).pin !== null,
              hasAuthenticator: this.#room.authenticators.offers(person.personId),
              conflict: conflictOf(this.#room.records, person),
            },
      locked: this.#room.session.locked,
      people: people.map(({ personId, login, displayName, roles }) => ({
        personId,
        login,
        displayName,
        roles: roles.map(({ role }) => role),
        published: (this.#room.records.isClaimed ? undefined : data.demonstration.secrets.get(personId)) ?? null,
      })),
      names: this.#room.records.names(),
      idleLockMs: this.idleLockMs(),
      isFounding: this.#room.records.isFounding,
      protection: this.#room.desk.dataKey?.protection ?? 'file',
      keyLocked: null,
    };
    this.#last = { version, picture };
    return picture;
  }

  /** A demonstration has nothing to protect, and would only lock people out of looking at it. */
  idleLockMs(): number | null {
    return this.#room.records.isClaimed ? (this.#room.desk.idleLockMs() ?? this.#room.desk.data.rules.idleLock.ms) : null;
  }
}
