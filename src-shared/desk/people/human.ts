/** Tells which records are one human: whoever has two counts once wherever two people are needed. */
import type { Person } from '#shared/desk/people/person';

type Linked = Pick<Person, 'samePersonAs'>;

/**
 * The record that stands for the human: links are followed to their end. Desks that were apart may have linked two records to each other; the
 * first of such a ring, by id, stands for all of it.
 */
export function humanOf(find: (personId: string) => Linked | null, personId: string): string {
  const path = [personId];
  for (;;) {
    const next = find(path.at(-1) ?? personId)?.samePersonAs ?? null;
    if (next === null) return path.at(-1) ?? personId;
    const ring = path.indexOf(next);
    if (ring >= 0) return path.slice(ring).sort()[0] ?? personId;
    path.push(next);
  }
}

/** Every record of the human whom this one belongs to, it included. */
export function recordsOfHuman<Of extends Linked & Pick<Person, 'personId'>>(people: readonly Of[], personId: string): Of[] {
  const byId = new Map(people.map((person) => [person.personId, person]));
  const find = (id: string): Linked | null => byId.get(id) ?? null;
  const human = humanOf(find, personId);
  return people.filter((person) => humanOf(find, person.personId) === human);
}
