/** Holds a command to the accounts its person reaches: finds every account, department and group that a payload names, and what it names by way of something else. */
import type { PartReach } from '#shared/desk/people/person';
import { type Refusal, refuse } from '#shared/refusal';

/** What the book and the desk know about where things belong. Null: there is no such thing, and nothing to protect. */
export type ReachWorld = {
  /** Whether an account that is on the book now lies within; an account nobody has heard of lies in no part. */
  isAccountWithin(accountID: string, reach: PartReach): boolean;
  isDepartmentWithin(departmentID: string, reach: PartReach): boolean;
  isGroupWithin(controlGroupID: string, reach: PartReach): boolean;
  /** As the list of alerts is narrowed: about an account, department, group or customer within, or about none of them. */
  isAlertWithin(alertId: string, reach: PartReach): boolean;
  /** A run answers an alert, or what answers one; an incident is about all the alerts that were linked to it. */
  isRunWithin(runId: string, reach: PartReach): boolean;
  isIncidentWithin(incidentId: string, reach: PartReach): boolean;
  accountOfWorklist(worklistId: string): string | null;
  accountOfStatement(statementId: string): string | null;
  /** Accounts that a saved scenario pays into or closes lots of, in any of its versions. */
  accountsOfScenario(scenarioId: string): readonly string[];
};

type Named = { field: string; isWithin: boolean };

/** Null when all that the payload names is in reach. `mustName`: a payload that names nothing asks for the whole firm, and is refused. */
export function refuseOutOfReach(payload: unknown, reach: PartReach, world: ReachWorld, mustName: boolean): Refusal | null {
  const named = namedIn(payload, reach, world);
  const outside = named.find(({ isWithin }) => !isWithin);
  if (outside !== undefined) return refuse('FORBIDDEN', `${outside.field}: is not among the accounts you may work with`, outside.field);
  if (mustName && named.length === 0) return refuse('FORBIDDEN', 'asks for the whole firm: you may work with a part of it');
  return null;
}

function namedIn(payload: unknown, reach: PartReach, world: ReachWorld): Named[] {
  if (payload === null || typeof payload !== 'object') return [];
  const named: Named[] = [];
  const add = (field: string, value: unknown, isWithin: (id: string) => boolean): void => {
    for (const id of Array.isArray(value) ? value : [value]) if (typeof id === 'string') named.push({ field, isWithin: isWithin(id) });
  };
  /** By way of something else: what does not exist, or is about no account, is not held back here. */
  const addVia = (field: string, value: unknown, accountOf: (id: string) => string | null): void => {
    add(field, value, (id) => {
      const accountID = accountOf(id);
      return accountID === null || world.isAccountWithin(accountID, reach);
    });
  };
  for (const [field, value] of Object.entries(payload)) {
    switch (field) {
      case 'accountID':
      case 'accountIDs':
      case 'clientID':
        add(field, value, (id) => world.isAccountWithin(id, reach));
        break;
      case 'departmentID':
      case 'departmentIDs':
        add(field, value, (id) => world.isDepartmentWithin(id, reach));
        break;
      case 'controlGroupID':
      case 'controlGroupIDs':
        add(field, value, (id) => world.isGroupWithin(id, reach));
        break;
      case 'alertId':
      case 'alertIds':
        add(field, value, (id) => world.isAlertWithin(id, reach));
        break;
      case 'runId':
        add(field, value, (id) => world.isRunWithin(id, reach));
        break;
      case 'incidentId':
      case 'into':
        add(field, value, (id) => world.isIncidentWithin(id, reach));
        break;
      case 'worklistId':
        addVia(field, value, (id) => world.accountOfWorklist(id));
        break;
      case 'statementId':
        addVia(field, value, (id) => world.accountOfStatement(id));
        break;
      case 'scenarioId':
        add(field, value, (id) => world.accountsOfScenario(id).every((accountID) => world.isAccountWithin(accountID, reach)));
        break;
      case 'cash':
      case 'closes':
        for (const item of Array.isArray(value) ? value : []) named.push(...namedIn(item, reach, world));
        break;
      // What is done to a thing may name another: an alert that an incident is linked to, an incident that it goes into.
      case 'act':
      case 'scenario':
      case 'draft':
      case 'scope':
      case 'of':
        named.push(...namedIn(value, reach, world), ...namedIn(asField(value), reach, world));
        break;
    }
  }
  return named;
}

/** `{kind: 'run', id}` as `{runId: id}`: what a sheet is made of, or is linked. The sheet of a duty has the id of its incident. */
function asField(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('kind' in value) || !('id' in value)) return null;
  return { [value.kind === 'duty' ? 'incidentId' : `${value.kind}Id`]: value.id };
}
