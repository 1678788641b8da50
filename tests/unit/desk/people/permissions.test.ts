/** Separation of duties and what roles amount to: for every way of giving roles nobody ends with what excludes itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { loadAccessData } from '#engine/desk/people/access-data';
import { findResourcesFolder } from '#engine/resources';
import { decideClaim, decidePeople, type PeopleCommand, type PeopleState } from '#shared/desk/people/decide';
import type { personEventSchema, roleEventSchema } from '#shared/desk/people/events';
import { evolvePerson } from '#shared/desk/people/evolve';
import { FUNCTION_NAMES } from '#shared/desk/people/functions';
import { conflictsOf, functionsOfRole, joinReach, meetReach, permissionsOf } from '#shared/desk/people/permissions';
import { type PartReach, type Person, type Reach, ROLE_NAMES, type RoleGrant } from '#shared/desk/people/person';

const { book, demonstration } = loadAccessData(findResourcesFolder());
const reach: fc.Arbitrary<Reach> = fc.oneof(
  fc.constant<Reach>('firm'),
  fc.record({ departments: fc.uniqueArray(fc.constantFrom('D1', 'D2', 'D3')), controlGroups: fc.uniqueArray(fc.constantFrom('G1', 'G2')) }),
);
const grants: fc.Arbitrary<RoleGrant[]> = fc
  .uniqueArray(fc.constantFrom(...ROLE_NAMES), { maxLength: 4 })
  .chain((roles) => fc.tuple(...roles.map((role) => reach.map((of) => ({ role, reach: of })))));

const person = (over: Partial<Person>): Person => ({
  personId: 'p-a',
  login: 'a',
  displayName: 'A',
  state: 'active',
  roles: [],
  isDemonstration: false,
  createdAtMs: 0,
  changedAtMs: 0,
  ...over,
});

describe('the roles that ship', () => {
  it('give every function to somebody, and each one once to a role', () => {
    const given = new Set(book.roles.flatMap(({ functions }) => functions));
    expect(FUNCTION_NAMES.filter((name) => !given.has(name))).toEqual([]);
    for (const { functions } of book.roles) expect(new Set(functions).size).toBe(functions.length);
  });

  it('exclude no role from itself, and every demonstration person holds a whole one', () => {
    for (const { role } of book.roles) expect(conflictsOf([{ role, reach: 'firm' }], book)).toEqual([]);
    for (const one of demonstration.people) expect(permissionsOf(one, book).size).toBeGreaterThan(0);
    expect(new Set(demonstration.people.flatMap(({ roles }) => roles.map(({ role }) => role)))).toEqual(new Set(ROLE_NAMES));
  });

  it('give nobody both the asking and the approving of roles', () => {
    fc.assert(
      fc.property(grants, (roles) => {
        const may = permissionsOf(person({ roles }), book);
        expect(may.has('role.grant') && may.has('approval.decide')).toBe(false);
        expect(may.has('role.grant') && may.has('audit.export')).toBe(false);
      }),
    );
  });
});

describe('permissions', () => {
  it('are exactly the functions of the roles, reach what the roles reach, and are none with a forbidden pair or when disabled', () => {
    fc.assert(
      fc.property(grants, fc.boolean(), (roles, isActive) => {
        const may = permissionsOf(person({ roles, state: isActive ? 'active' : 'disabled' }), book);
        if (!isActive || conflictsOf(roles, book).length > 0) {
          expect(may.size).toBe(0);
          return;
        }
        const wanted = new Set(roles.flatMap(({ role }) => functionsOfRole(role, book)));
        expect(new Set(may.keys())).toEqual(wanted);
        for (const [name, of] of may) {
          const sources = roles.filter(({ role }) => functionsOfRole(role, book).includes(name));
          expect(of === 'firm').toBe(sources.some((grant) => grant.reach === 'firm'));
        }
      }),
    );
  });

  it('join to what either reaches and meet in what both do', () => {
    const within = (id: string, of: Reach): boolean => of === 'firm' || of.departments.includes(id);
    fc.assert(
      fc.property(reach, reach, fc.constantFrom('D1', 'D2', 'D3'), (a, b, id) => {
        expect(within(id, joinReach(a, b))).toBe(within(id, a) || within(id, b));
        expect(within(id, meetReach(a, b))).toBe(within(id, a) && within(id, b));
      }),
    );
    expect((meetReach({ departments: ['D1'], controlGroups: [] }, { departments: ['D2'], controlGroups: ['G'] }) as PartReach).departments).toEqual(
      [],
    );
  });
});

describe('deciding about people', () => {
  type Folded = z.infer<typeof personEventSchema> | z.infer<typeof roleEventSchema>;

  /** Applies whatever is asked in any order by anyone, and keeps the state as the desk would. */
  class World {
    state: PeopleState = { people: [], isClaimed: false, isFounding: true };
    #next = 0;
    readonly context = (actor: string) => ({ nowMs: 1, actor, newId: () => `00000000-0000-7000-8000-${String(++this.#next).padStart(12, '0')}` });

    ask(actor: string, command: PeopleCommand): boolean {
      const decision = decidePeople(this.state, command, book, this.context(actor));
      if (!Array.isArray(decision)) return false;
      for (const event of decision) this.take(event);
      return true;
    }

    take(event: { type: string; payload: unknown }): void {
      if (event.type === 'people.claimed') this.state = { ...this.state, isClaimed: true };
      else if (event.type === 'people.foundingEnded') this.state = { ...this.state, isFounding: false };
      else {
        const { personId } = event.payload as { personId: string };
        const before = this.state.people.find((one) => one.personId === personId) ?? null;
        const after = evolvePerson(before, event as Folded);
        if (after !== null) this.state = { ...this.state, people: [...this.state.people.filter((one) => one.personId !== personId), after] };
      }
    }
  }

  function claimed(): { world: World; admin: string } {
    const world = new World();
    const claim = decideClaim(world.state, { login: 'boss', displayName: 'Boss' }, world.context('p-supervisor'));
    if ('ok' in claim) throw new Error(claim.message);
    for (const event of claim.events) world.take(event);
    return { world, admin: claim.personId };
  }

  it('never leaves a forbidden pair in one hand, never loses the last administrator, and never lets anyone give to themselves', () => {
    const step = fc.record({
      actor: fc.integer({ min: 0, max: 3 }),
      on: fc.integer({ min: 0, max: 3 }),
      kind: fc.constantFrom('create', 'disable', 'enable', 'grant', 'revoke', 'change'),
      role: fc.constantFrom(...ROLE_NAMES),
      reach,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { world, admin } = claimed();
        const ids = (): string[] => world.state.people.map(({ personId }) => personId).sort();
        for (const { actor, on, kind, role, reach: of } of steps) {
          const who = ids()[actor % ids().length] ?? admin;
          const personId = ids()[on % ids().length] ?? admin;
          const before = world.state.people.find((one) => one.personId === personId);
          const reason = 'why';
          if (kind === 'create') world.ask(who, { type: 'create', login: `l${ids().length}`, displayName: 'N' });
          else if (kind === 'change') world.ask(who, { type: 'change', personId, displayName: 'M' });
          else if (kind === 'grant') {
            const done = world.ask(who, { type: 'grant', personId, role, reach: of, reason });
            if (who === personId) expect(done).toBe(false);
          } else if (kind === 'revoke') world.ask(who, { type: 'revoke', personId, role, reason });
          else world.ask(who, { type: kind, personId, reason });
          for (const one of world.state.people) expect(conflictsOf(one.roles, book)).toEqual([]);
          expect(world.state.people.some((one) => permissionsOf(one, book).get('people.manage') === 'firm')).toBe(true);
          if (before?.state === 'disabled' && kind === 'grant')
            expect(world.state.people.find((one) => one.personId === personId)?.roles).toEqual(before.roles);
        }
      }),
    );
  });

  it('does not take an administrator of a part of the firm for one who could take over', () => {
    const { world, admin } = claimed();
    world.ask(admin, { type: 'create', login: 'branch', displayName: 'B' });
    const branch = world.state.people.find(({ login }) => login === 'branch')?.personId ?? '';
    const part = { departments: ['D1'], controlGroups: [] };
    expect(world.ask(admin, { type: 'grant', personId: branch, role: 'administrator', reach: part, reason: 'branch' })).toBe(true);
    expect(world.ask(admin, { type: 'revoke', personId: admin, role: 'administrator', reason: 'leaves' })).toBe(false);
    expect(world.ask(branch, { type: 'disable', personId: admin, reason: 'leaves' })).toBe(false);
    expect(world.ask(branch, { type: 'grant', personId: admin, role: 'administrator', reach: part, reason: 'less' })).toBe(false);
    expect(world.ask(admin, { type: 'grant', personId: branch, role: 'administrator', reach: 'firm', reason: 'more' })).toBe(true);
    expect(world.ask(admin, { type: 'revoke', personId: admin, role: 'administrator', reason: 'leaves' })).toBe(true);
  });

  it('ends the founding once two people may decide, for good', () => {
    const { world, admin } = claimed();
    const make = (login: string): string => {
      world.ask(admin, { type: 'create', login, displayName: login });
      return world.state.people.find((one) => one.login === login)?.personId ?? '';
    };
    const grant = (personId: string): boolean => world.ask(admin, { type: 'grant', personId, role: 'supervisor', reach: 'firm', reason: 'joins' });
    const [first, second] = [make('a'), make('b')];
    grant(first);
    expect(world.state.isFounding).toBe(true);
    grant(second);
    expect(world.state.isFounding).toBe(false);
    world.ask(admin, { type: 'disable', personId: first, reason: 'left' });
    world.ask(admin, { type: 'disable', personId: second, reason: 'left' });
    expect(world.state.isFounding).toBe(false);
  });

  it('keeps a login with one human, also after they left', () => {
    const { world, admin } = claimed();
    world.ask(admin, { type: 'create', login: 'a', displayName: 'A' });
    const personId = world.state.people.find((one) => one.login === 'a')?.personId ?? '';
    world.ask(admin, { type: 'disable', personId, reason: 'left' });
    expect(world.ask(admin, { type: 'create', login: 'a', displayName: 'Another' })).toBe(false);
  });
});
