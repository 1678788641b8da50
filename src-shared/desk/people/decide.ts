/** Decides about people and their roles: who may be made, changed, let in again, and given what, without anyone holding what excludes itself. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { PeopleEvent, PersonEvent, RoleEvent } from '#shared/desk/people/events';
import { recordsOfHuman } from '#shared/desk/people/human';
import { conflictsOf, type DutyConflict, permissionsOf } from '#shared/desk/people/permissions';
import type { Person, Reach, RoleBook, RoleName } from '#shared/desk/people/person';
import { type Refusal, refuse } from '#shared/refusal';

export type PeopleState = { people: readonly Person[]; isClaimed: boolean; isFounding: boolean };

export type PeopleCommand =
  | { type: 'create'; login: string; displayName: string }
  | { type: 'change'; personId: string; displayName: string }
  | { type: 'link'; personId: string; samePersonAs: string | null; reason: string }
  | { type: 'disable'; personId: string; reason: string }
  | { type: 'enable'; personId: string; reason: string }
  | { type: 'grant'; personId: string; role: RoleName; reach: Reach; reason: string }
  | { type: 'revoke'; personId: string; role: RoleName; reason: string };

type Event = PersonEvent | RoleEvent | PeopleEvent;

/** `context.actor` is who asks. A claimed desk only: the demonstration's people are data that nobody changes. */
export function decidePeople(state: PeopleState, command: PeopleCommand, book: RoleBook, context: DecisionContext): Decision<Event> {
  const atMs = context.nowMs;
  if (command.type === 'create') {
    const { login, displayName } = command;
    // Disabled people keep their login: two humans under one name would be one in the record.
    if (state.people.some((person) => person.login === login)) return refuse('CONFLICT', `${login} is already somebody's login`, 'login');
    const personId = newPersonId(context);
    return [{ type: 'person.created', subject: `person:${personId}`, payload: { personId, login, displayName, atMs } }];
  }
  const person = state.people.find(({ personId }) => personId === command.personId);
  if (person === undefined) return refuse('UNKNOWN', `there is no person ${command.personId}`, 'personId');
  if (person.isDemonstration) return refuse('CONFLICT', 'the demonstration people cannot be changed', 'personId');
  const { personId } = person;
  const subject = `person:${personId}`;
  switch (command.type) {
    case 'change':
      if (person.displayName === command.displayName) return [];
      return [{ type: 'person.changed', subject, payload: { personId, before: person.displayName, after: command.displayName, atMs } }];
    case 'link':
      return decideLink(state, person, command, book, context);
    case 'disable': {
      if (person.state === 'disabled') return [];
      if (isSameHuman(state, personId, context.actor)) return refuse('CONFLICT', 'nobody disables themselves: ask another administrator', 'personId');
      if (isLastAdministrator(state, person, book)) return refuse('CONFLICT', 'the last administrator must stay', 'personId');
      return [{ type: 'person.disabled', subject, payload: { personId, reason: command.reason, atMs } }];
    }
    case 'enable':
      if (person.state === 'active') return [];
      return [{ type: 'person.enabled', subject, payload: { personId, reason: command.reason, atMs } }];
    case 'grant':
      return decideGrant(state, person, command, book, context);
    case 'revoke': {
      if (!person.roles.some(({ role }) => role === command.role)) return [];
      if (command.role === 'administrator' && isLastAdministrator(state, person, book)) {
        return refuse('CONFLICT', 'the last administrator must stay', 'role');
      }
      return [{ type: 'role.revoked', subject, payload: { personId, role: command.role, reason: command.reason, atMs } }];
    }
  }
}

function decideGrant(
  state: PeopleState,
  person: Person,
  command: Extract<PeopleCommand, { type: 'grant' }>,
  book: RoleBook,
  context: DecisionContext,
): Decision<Event> {
  const { role, reach, reason } = command;
  const { personId } = person;
  if (person.state === 'disabled') return refuse('CONFLICT', 'a disabled person is given nothing', 'personId');
  // Administering comes before every role: who could give themselves more would need nobody else.
  if (isSameHuman(state, personId, context.actor)) return refuse('FORBIDDEN', 'nobody gives roles to themselves', 'personId');
  if (reach !== 'firm' && reach.departments.length + reach.controlGroups.length === 0) {
    return refuse('INVALID', 'reach: names no department and no control group', 'reach');
  }
  const held = person.roles.find((grant) => grant.role === role);
  if (held !== undefined && JSON.stringify(held.reach) === JSON.stringify(reach)) return [];
  if (held !== undefined && reach !== 'firm' && role === 'administrator' && isLastAdministrator(state, person, book))
    return refuse('CONFLICT', 'the last administrator must stay one for the whole firm', 'reach');
  const [conflict] = conflictsOf([...rolesOfHuman(state, personId), { role, reach }], book);
  if (conflict !== undefined) return refuseConflict(conflict);
  const granted: Event = {
    type: 'role.granted',
    subject: `person:${personId}`,
    payload: { personId, role, reach, reason, isFounding: state.isFounding, atMs: context.nowMs },
  };
  if (!state.isFounding) return [granted];
  const after = state.people.map((one) => (one.personId === personId ? { ...one, roles: [...one.roles, { role, reach }] } : one));
  if (deciders(after, book) < DECIDERS_THAT_END_FOUNDING) return [granted];
  return [granted, { type: 'people.foundingEnded', subject: 'people', payload: { atMs: context.nowMs } }];
}

/** With two who may decide, one person's request can always be judged by somebody else. */
const DECIDERS_THAT_END_FOUNDING = 2;

function deciders(people: readonly Person[], book: RoleBook): number {
  const able = people.filter((person) => !person.isDemonstration && permissionsOf(person, book).has('approval.decide'));
  return new Set(able.map(({ personId }) => recordsOfHuman(people, personId)[0]?.personId)).size;
}

/**
 * Two records become one human's, or, with null, two humans' again. Taking a link away lets two count where one did, so nobody does it to their own;
 * both need the approval of somebody else. Together the records may hold nothing that one person may not.
 */
function decideLink(
  state: PeopleState,
  person: Person,
  command: Extract<PeopleCommand, { type: 'link' }>,
  book: RoleBook,
  context: DecisionContext,
): Decision<Event> {
  const { personId } = person;
  const { samePersonAs, reason } = command;
  const before = person.samePersonAs ?? null;
  if (before === samePersonAs) return [];
  const linked: Event = {
    type: 'person.linked',
    subject: `person:${personId}`,
    payload: { personId, before, samePersonAs, reason, atMs: context.nowMs },
  };
  if (samePersonAs === null) {
    if (isSameHuman(state, personId, context.actor)) return refuse('FORBIDDEN', 'nobody takes the link from their own records', 'personId');
    return [linked];
  }
  if (before !== null) return refuse('CONFLICT', 'this record is linked to another: take that link away first', 'personId');
  const other = state.people.find((one) => one.personId === samePersonAs);
  if (other === undefined || other.isDemonstration) return refuse('UNKNOWN', `there is no person ${samePersonAs}`, 'samePersonAs');
  if (isSameHuman(state, personId, samePersonAs)) return refuse('CONFLICT', 'these records are one human’s already', 'samePersonAs');
  const [conflict] = conflictsOf([...rolesOfHuman(state, personId), ...rolesOfHuman(state, samePersonAs)], book);
  return conflict === undefined ? [linked] : refuseConflict(conflict);
}

function rolesOfHuman({ people }: PeopleState, personId: string): Person['roles'] {
  return recordsOfHuman(people, personId).flatMap(({ roles }) => roles);
}

function isSameHuman({ people }: PeopleState, personId: string, other: string): boolean {
  return recordsOfHuman(people, personId).some((one) => one.personId === other);
}

/** Whoever administers a part of the firm only can administer nobody: people are the whole firm's. */
function isLastAdministrator(state: PeopleState, person: Person, book: RoleBook): boolean {
  const administers = (one: Person): boolean => !one.isDemonstration && permissionsOf(one, book).get('people.manage') === 'firm';
  return administers(person) && !state.people.some((one) => one.personId !== person.personId && administers(one));
}

export function refuseConflict(conflict: DutyConflict): Refusal {
  return refuse('CONFLICT', `one person may not hold both ${conflict.first} and ${conflict.second}: ${conflict.reason}`, 'role');
}

/** The desk becomes somebody's own: its first administrator, from nothing. */
export function decideClaim(
  state: PeopleState,
  command: { login: string; displayName: string },
  context: DecisionContext,
): { personId: string; events: Event[] } | Refusal {
  if (state.isClaimed) return refuse('CONFLICT', 'the desk has an administrator already');
  if (state.people.some(({ login }) => login === command.login)) {
    return refuse('CONFLICT', `${command.login} is the login of a demonstration person: choose your own`, 'login');
  }
  const personId = newPersonId(context);
  const atMs = context.nowMs;
  const subject = `person:${personId}`;
  const reason = 'first administrator';
  return {
    personId,
    events: [
      { type: 'person.created', subject, payload: { personId, login: command.login, displayName: command.displayName, atMs } },
      { type: 'role.granted', subject, payload: { personId, role: 'administrator', reach: 'firm', reason, isFounding: true, atMs } },
      { type: 'people.claimed', subject: 'people', payload: { personId, atMs } },
    ],
  };
}

/** The random part of a UUIDv7: short enough to read, and never the same twice. */
function newPersonId(context: DecisionContext): string {
  return `p-${context.newId().replaceAll('-', '').slice(-12)}`;
}
