/** Copying the firm's people to a drill desk: what is recorded leads to the same people, and the same copy again records nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPeople, type SeedPeople } from '#shared/desk/drills/seed';
import { evolvePerson } from '#shared/desk/people/evolve';
import { type Person, ROLE_NAMES } from '#shared/desk/people/person';

type Known = { people: Person[]; isClaimed: boolean; isFounding: boolean };

function fold(known: Known, events: ReturnType<typeof copyPeople>): Known {
  let { people, isClaimed, isFounding } = known;
  for (const event of events) {
    if (event.type === 'people.claimed') [isClaimed, isFounding] = [true, true];
    else if (event.type === 'people.foundingEnded') isFounding = false;
    else {
      const { personId } = event.payload;
      const next = evolvePerson(people.find((person) => person.personId === personId) ?? null, event);
      people = next === null ? people : [...people.filter((person) => person.personId !== personId), next];
    }
  }
  return { people, isClaimed, isFounding };
}

const IDS = ['p-a', 'p-b', 'p-c', 'p-d'];
const personOf = (personId: string): fc.Arbitrary<Person> =>
  fc
    .record({
      displayName: fc.constantFrom('Anna', 'Ben', 'Chen'),
      state: fc.constantFrom('active' as const, 'disabled' as const),
      roles: fc.uniqueArray(fc.constantFrom(...ROLE_NAMES), { maxLength: 3 }),
      twin: fc.constantFrom(null, 'p-a', 'p-b'),
      isWide: fc.boolean(),
    })
    .map(({ displayName, state, roles, twin, isWide }) => ({
      ...{ personId, login: personId.slice(2), displayName, state, isDemonstration: false, createdAtMs: 1, changedAtMs: 1 },
      roles: roles.map((role) => ({ role, reach: isWide ? ('firm' as const) : { departments: ['D1'], controlGroups: [] } })),
      ...(twin === null || twin === personId ? {} : { samePersonAs: twin }),
    }));
const peopleOf: fc.Arbitrary<Person[]> = fc.subarray(IDS).chain((ids) => fc.tuple(...ids.map(personOf)));

function shown(people: readonly Person[]): unknown {
  return [...people]
    .sort((a, b) => (a.personId < b.personId ? -1 : 1))
    .map(({ personId, displayName, state, roles, samePersonAs }) => ({
      ...{ personId, displayName, state, samePersonAs },
      roles: [...roles].sort((a, b) => (a.role < b.role ? -1 : 1)),
    }));
}

it('leads from any people to those of the live desk, and then says nothing more', () => {
  fc.assert(
    fc.property(peopleOf, peopleOf, fc.boolean(), (before, now, isFounding) => {
      const copyOf = (people: Person[]): SeedPeople => ({ people, secrets: [], claimedBy: 'p-a', isFounding });
      const nobody: Known = { people: [], isClaimed: false, isFounding: false };
      const first = fold(nobody, copyPeople(nobody, copyOf(before), { nowMs: 1 }));
      const second = fold(first, copyPeople(first, copyOf(now), { nowMs: 2 }));
      const gone = before.filter(({ personId }) => !now.some((person) => person.personId === personId));
      // Who is not among them any more stays in the record, and may do nothing.
      expect(shown(second.people.filter(({ personId }) => !gone.some((person) => person.personId === personId)))).toEqual(shown(now));
      expect(
        second.people.filter(({ personId }) => gone.some((person) => person.personId === personId)).every(({ state }) => state === 'disabled'),
      ).toBe(true);
      expect(second).toMatchObject({ isClaimed: true, isFounding });
      expect(copyPeople(second, copyOf(now), { nowMs: 3 })).toEqual([]);
    }),
  );
});
