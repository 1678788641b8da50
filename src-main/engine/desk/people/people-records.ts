/** Everybody this desk knows, from the record and, while nobody has claimed it, from the demonstration; and what each may do. */
import type { AccessData } from '#engine/desk/people/access-data';
import type { ProjectionTables } from '#engine/store/projection-tables';
import { humanOf, recordsOfHuman } from '#shared/desk/people/human';
import { conflictsOf, type DutyConflict, NO_PERMISSIONS, type Permissions, permissionsOf } from '#shared/desk/people/permissions';
import { type Person, personSchema } from '#shared/desk/people/person';

export const PERSON_KIND = 'person';
export const PEOPLE_KIND = 'people';
export const CLAIM_ID = 'claim';
export const FOUNDING_ID = 'foundingEnded';

type Known = {
  people: readonly Person[];
  byId: ReadonlyMap<string, Person>;
  permissions: Map<string, Permissions>;
  isClaimed: boolean;
  isFounding: boolean;
};

export class PeopleRecords {
  readonly #data: AccessData;
  readonly #tables: ProjectionTables;
  #known: Known | null = null;
  /** Grows with every change to anybody. */
  version = 0;

  constructor(data: AccessData, tables: ProjectionTables) {
    this.#data = data;
    this.#tables = tables;
  }

  /** Called after each commit that told something about people. */
  forget(): void {
    this.#known = null;
    this.version += 1;
  }

  get isClaimed(): boolean {
    return this.#read().isClaimed;
  }

  get isFounding(): boolean {
    return this.#read().isFounding;
  }

  /** Who may be somebody here now: on a claimed desk nobody of the demonstration. Disabled people are among them. */
  all(): readonly Person[] {
    return this.#read().people;
  }

  find(personId: string): Person | null {
    return this.#read().byId.get(personId) ?? null;
  }

  findLogin(login: string): Person | null {
    return this.all().find((person) => person.login === login) ?? null;
  }

  /** Also of the demonstration's people once they are gone: entries still name them. */
  names(): Record<string, string> {
    return Object.fromEntries([...this.#data.demonstration.people, ...this.all()].map(({ personId, displayName }) => [personId, displayName]));
  }

  /** Nothing for people who are disabled, gone with the demonstration, or hold what excludes itself. */
  permissionsOf(personId: string): Permissions {
    const known = this.#read();
    const person = known.byId.get(personId);
    if (person === undefined) return NO_PERMISSIONS;
    let permissions = known.permissions.get(personId);
    if (permissions === undefined) {
      permissions = this.conflictsOf(person).length > 0 ? NO_PERMISSIONS : permissionsOf(person, this.#data.book);
      known.permissions.set(personId, permissions);
    }
    return permissions;
  }

  /** What the human holds under all their records together, and one person may never hold. */
  conflictsOf(person: Person): DutyConflict[] {
    const roles = recordsOfHuman(this.all(), person.personId).flatMap((record) => record.roles);
    return conflictsOf(roles.length === 0 ? person.roles : roles, this.#data.book);
  }

  /** The record that stands for the human behind this one; itself where nobody linked it to another. */
  humanOf(personId: string): string {
    return humanOf((id) => this.find(id), personId);
  }

  #read(): Known {
    if (this.#known !== null) return this.#known;
    const { documents } = this.#tables;
    const isClaimed = documents.get(PEOPLE_KIND, CLAIM_ID) !== undefined;
    // What an older or newer build wrote differently is no person here: better nobody than somebody with unread rights.
    const recorded = documents.all(PERSON_KIND).flatMap(({ body }) => {
      const parsed = personSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
    const people = isClaimed ? recorded : [...this.#data.demonstration.people];
    this.#known = {
      people,
      byId: new Map(people.map((person) => [person.personId, person])),
      permissions: new Map(),
      isClaimed,
      isFounding: isClaimed && documents.get(PEOPLE_KIND, FOUNDING_ID) === undefined,
    };
    return this.#known;
  }
}
