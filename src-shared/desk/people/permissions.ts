/** What a person's roles amount to: every function with the accounts it reaches, and the pairs that one person may never hold. Pure. */
import type { FunctionName } from '#shared/desk/people/functions';
import type { Person, Reach, RoleBook, RoleGrant, RoleName } from '#shared/desk/people/person';

/** Functions not in it may not be used. */
export type Permissions = ReadonlyMap<FunctionName, Reach>;

export const NO_PERMISSIONS: Permissions = new Map();

/** Two roles that give the same function reach the accounts of both. */
export function joinReach(a: Reach, b: Reach): Reach {
  if (a === 'firm' || b === 'firm') return 'firm';
  return {
    departments: [...new Set([...a.departments, ...b.departments])].sort(),
    controlGroups: [...new Set([...a.controlGroups, ...b.controlGroups])].sort(),
  };
}

/** What two functions that a command needs reach together: what is named in both. Never more than either. */
export function meetReach(a: Reach, b: Reach): Reach {
  if (a === 'firm') return b;
  if (b === 'firm') return a;
  const both = (of: readonly string[], other: readonly string[]): string[] => of.filter((id) => other.includes(id));
  return { departments: both(a.departments, b.departments), controlGroups: both(a.controlGroups, b.controlGroups) };
}

/**
 * What a person may do now. A person who is disabled, or who holds a forbidden pair (granted before the pair was forbidden, or in two desks that were
 * apart), may do nothing: separation of duties holds at use, not only when a role is given.
 */
export function permissionsOf(person: Pick<Person, 'state' | 'roles'>, book: RoleBook): Permissions {
  if (person.state !== 'active' || conflictsOf(person.roles, book).length > 0) return NO_PERMISSIONS;
  const permissions = new Map<FunctionName, Reach>();
  for (const grant of person.roles) {
    for (const name of functionsOfRole(grant.role, book)) {
      const before = permissions.get(name);
      permissions.set(name, before === undefined ? grant.reach : joinReach(before, grant.reach));
    }
  }
  return permissions;
}

export function functionsOfRole(role: RoleName, book: RoleBook): readonly FunctionName[] {
  return book.roles.find((row) => row.role === role)?.functions ?? [];
}

export type DutyConflict =
  | { kind: 'roles'; first: RoleName; second: RoleName; reason: string }
  | { kind: 'functions'; first: FunctionName; second: FunctionName; reason: string };

/** Every pair among these roles that one person may never hold; none is the only good answer. */
export function conflictsOf(roles: readonly RoleGrant[], book: RoleBook): DutyConflict[] {
  const held = new Set(roles.map(({ role }) => role));
  const functions = new Set([...held].flatMap((role) => functionsOfRole(role, book)));
  const conflicts: DutyConflict[] = [];
  for (const { roles: pair, reason } of book.exclusions) {
    const [first, second] = pair;
    if (held.has(first) && held.has(second)) conflicts.push({ kind: 'roles', first, second, reason });
  }
  for (const { functions: pair, reason } of book.functionExclusions) {
    const [first, second] = pair;
    if (functions.has(first) && functions.has(second)) conflicts.push({ kind: 'functions', first, second, reason });
  }
  return conflicts;
}
