/** Folds what was recorded about one person into the person as they are now. */
import type { z } from 'zod';
import type { personEventSchema, roleEventSchema } from '#shared/desk/people/events';
import type { Person } from '#shared/desk/people/person';

type FoldedEvent = z.infer<typeof personEventSchema> | z.infer<typeof roleEventSchema>;

/** Null where the entry is about somebody this desk has not heard of: the entry stays, nothing is folded from it. */
export function evolvePerson(person: Person | null, event: FoldedEvent): Person | null {
  const { payload } = event;
  if (event.type === 'person.created') {
    const { personId, login, displayName, atMs } = event.payload;
    return { personId, login, displayName, state: 'active', roles: [], isDemonstration: false, createdAtMs: atMs, changedAtMs: atMs };
  }
  if (person === null) return null;
  const changed = { ...person, changedAtMs: payload.atMs };
  switch (event.type) {
    case 'person.changed':
      return { ...changed, displayName: event.payload.after };
    case 'person.linked': {
      const { samePersonAs: _before, ...rest } = changed;
      const { samePersonAs } = event.payload;
      return samePersonAs === null ? rest : { ...rest, samePersonAs };
    }
    case 'person.disabled':
      return { ...changed, state: 'disabled' };
    case 'person.enabled':
      return { ...changed, state: 'active' };
    case 'person.recovered':
    case 'person.secretChanged':
      return changed;
    case 'role.granted': {
      const { role, reach } = event.payload;
      return { ...changed, roles: [...person.roles.filter((grant) => grant.role !== role), { role, reach }] };
    }
    case 'role.revoked':
      return { ...changed, roles: person.roles.filter((grant) => grant.role !== event.payload.role) };
  }
}
