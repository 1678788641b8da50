import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePeople, type PeopleState } from '#shared/desk/people/decide';
import { humanOf, recordsOfHuman } from '#shared/desk/people/human';
import type { Person, RoleBook, RoleGrant } from '#shared/desk/people/person';
import roles from '../../../../resources/access/roles.json' with { type: 'json' };

const book = roles as unknown as RoleBook;
const ids = ['p-a', 'p-b', 'p-c', 'p-d', 'p-e'];

function person(personId: string, samePersonAs: string | null, held: RoleGrant[] = []): Person {
  const own = { personId, login: personId.slice(2), displayName: personId, state: 'active' as const, roles: held, isDemonstration: false };
  return { ...own, createdAtMs: 0, changedAtMs: 0, ...(samePersonAs === null ? {} : { samePersonAs }) };
}

describe('one human with several records', () => {
  it('is one however the links were made, rings among them, and never somebody whom no link reaches', () => {
    const links = fc.tuple(...ids.map(() => fc.option(fc.constantFrom(...ids))));
    fc.assert(
      fc.property(links, (to) => {
        const people = ids.map((personId, index) => person(personId, to[index] === personId ? null : (to[index] ?? null)));
        const human = (personId: string): string => humanOf((id) => people.find((one) => one.personId === id) ?? null, personId);
        // The plain definition: whoever is connected by links in either direction.
        const connected = (start: string): Set<string> => {
          const found = new Set([start]);
          for (let before = 0; before !== found.size; ) {
            before = found.size;
            for (const { personId, samePersonAs } of people) {
              if (samePersonAs !== undefined && (found.has(personId) || found.has(samePersonAs))) found.add(personId).add(samePersonAs);
            }
          }
          return found;
        };
        for (const first of ids) {
          expect(new Set(recordsOfHuman(people, first).map(({ personId }) => personId))).toEqual(connected(first));
          for (const second of ids) expect(human(first) === human(second)).toBe(connected(first).has(second));
        }
      }),
    );
  });
});

describe('linking records', () => {
  const grant = (role: RoleGrant['role']): RoleGrant => ({ role, reach: 'firm' });
  const people = [person('p-admin', null, [grant('administrator')]), person('p-a', null, [grant('supervisor')]), person('p-b', null)];
  const state: PeopleState = { people, isClaimed: true, isFounding: false };
  const context = { nowMs: 1, actor: 'p-admin', newId: () => '00000000-0000-7000-8000-000000000001' };
  const link = (samePersonAs: string | null, of: PeopleState = state, personId = 'p-b') =>
    decidePeople(of, { type: 'link', personId, samePersonAs, reason: 'married' }, book, context);

  it('is recorded with what stood before, and refused in a circle or twice', () => {
    expect(link('p-a')).toMatchObject([{ type: 'person.linked', payload: { personId: 'p-b', before: null, samePersonAs: 'p-a' } }]);
    const linked = { ...state, people: [people[0] as Person, people[1] as Person, person('p-b', 'p-a')] };
    expect(link('p-a', linked)).toEqual([]);
    expect(link('p-b', linked, 'p-a')).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(link('p-admin', linked)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'personId' });
    expect(link('p-b')).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(link(null, linked)).toMatchObject([{ payload: { before: 'p-a', samePersonAs: null } }]);
  });

  it('keeps one human from holding under two names what nobody may hold under one, and from giving to themselves', () => {
    const [first, second] = book.exclusions[0]?.roles ?? ['supervisor', 'auditor'];
    const held = { ...state, people: [people[0] as Person, person('p-a', null, [grant(first)]), person('p-b', null, [grant(second)])] };
    expect(link('p-a', held)).toMatchObject({ ok: false, code: 'CONFLICT' });
    const linked = { ...state, people: [people[0] as Person, person('p-a', null, [grant(first)]), person('p-b', 'p-a')] };
    const give = (personId: string, of: PeopleState, role = second) =>
      decidePeople(of, { type: 'grant', personId, role, reach: 'firm', reason: 'x' }, book, context);
    expect(give('p-b', linked)).toMatchObject({ ok: false, code: 'CONFLICT' });
    const own = { ...state, people: [people[0] as Person, person('p-b', 'p-admin')] };
    expect(give('p-b', own, 'settlement')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(link(null, own)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  });
});
