/** Answers where accounts, departments and groups belong, from the book on screen: an account nobody has heard of lies in no part of the firm. */
import type { Book } from '#engine/book/book';
import { reachedDepartments, reachFilter } from '#engine/book/views/scope';
import type { ReachWorld } from '#engine/desk/bus/reach-guard';
import type { Incident } from '#shared/desk/incidents/incident';
import type { PartReach } from '#shared/desk/people/person';
import type { Run } from '#shared/desk/plans/plan';
import type { Scenario } from '#shared/market/what-if/scenario';

export type BookReachParts = {
  book: () => Book;
  entityOfAlert: (alertId: string) => string | null;
  run: (runId: string) => Pick<Run, 'alertId' | 'incidentId' | 'parent'> | null;
  incident: (incidentId: string) => Pick<Incident, 'links'> | null;
  accountOfWorklist: (worklistId: string) => string | null;
  accountOfStatement: (statementId: string) => string | null;
  accountsOfScenario: (scenarioId: string) => readonly string[];
};

export class BookReach implements ReachWorld {
  readonly #parts: BookReachParts;

  constructor(parts: BookReachParts) {
    this.#parts = parts;
  }

  isAccountWithin(accountID: string, reach: PartReach): boolean {
    return this.accountTest(reach)(accountID);
  }

  /** For many accounts at one moment: the department tree is walked once. */
  accountTest(reach: PartReach): (accountID: string) => boolean {
    const book = this.#parts.book();
    const isWithin = reachFilter(book, reach);
    return (accountID) => {
      const account = book.records.findAccount(accountID);
      return account !== null && isWithin(account);
    };
  }

  isDepartmentWithin(departmentID: string, reach: PartReach): boolean {
    return reachedDepartments(this.#parts.book(), reach).has(departmentID);
  }

  isGroupWithin(controlGroupID: string, reach: PartReach): boolean {
    return reach.controlGroups.includes(controlGroupID);
  }

  isAlertWithin(alertId: string, reach: PartReach): boolean {
    return this.#alertTest(reach)(alertId);
  }

  isRunWithin(runId: string, reach: PartReach): boolean {
    return this.runTest(reach)(runId);
  }

  isIncidentWithin(incidentId: string, reach: PartReach): boolean {
    return this.incidentTest(reach)(incidentId);
  }

  /** For many runs at one moment: those that answer no alert beyond the reach, neither themselves nor through the run or incident they belong to. */
  runTest(reach: PartReach): (runId: string) => boolean {
    const isWithin = this.#alertTest(reach);
    return (runId) => this.#alertsOfRun(runId).every(isWithin);
  }

  /** An alert about an incident itself (a report that is due) tells of no account but those of the incident. */
  incidentTest(reach: PartReach): (incidentId: string) => boolean {
    const isVisible = this.entityTest(reach);
    return (incidentId) => {
      const entities = this.#alertsOfIncident(incidentId).flatMap((alertId) => this.#parts.entityOfAlert(alertId) ?? []);
      return entities.every((entity) => entity.startsWith('incident:') || isVisible(entity));
    };
  }

  #alertTest(reach: PartReach): (alertId: string) => boolean {
    const isVisible = this.entityTest(reach);
    return (alertId) => {
      const entity = this.#parts.entityOfAlert(alertId);
      return entity === null || isVisible(entity);
    };
  }

  #alertsOfRun(runId: string, seen = new Set<string>()): string[] {
    const run = this.#parts.run(runId);
    // Two desks' records put together may hold runs that name each other as parent.
    if (run === null || seen.has(runId)) return [];
    seen.add(runId);
    const own = run.alertId === null ? [] : [run.alertId];
    const above = run.parent === null ? [] : this.#alertsOfRun(run.parent.runId, seen);
    return [...own, ...above, ...(run.incidentId === null ? [] : (this.#parts.incident(run.incidentId)?.links.alertIds ?? []))];
  }

  #alertsOfIncident(incidentId: string): string[] {
    const links = this.#parts.incident(incidentId)?.links;
    if (links === undefined) return [];
    return [...links.alertIds, ...links.runIds.flatMap((runId) => this.#parts.run(runId)?.alertId ?? [])];
  }

  accountOfWorklist(worklistId: string): string | null {
    return this.#parts.accountOfWorklist(worklistId);
  }

  accountOfStatement(statementId: string): string | null {
    return this.#parts.accountOfStatement(statementId);
  }

  accountsOfScenario(scenarioId: string): readonly string[] {
    return this.#parts.accountsOfScenario(scenarioId);
  }

  /** For many scenarios at one moment: those that touch no account beyond the reach. */
  scenarioTest(reach: PartReach): (scenario: Pick<Scenario, 'scenarioId'>) => boolean {
    const isWithin = this.accountTest(reach);
    return ({ scenarioId }) => this.accountsOfScenario(scenarioId).every(isWithin);
  }

  /** Whether an alert may be seen: about an account or a group in reach, or about none (a feed, a contract, the desk). */
  entityTest(reach: PartReach): (entity: string) => boolean {
    const isAccount = this.accountTest(reach);
    const departments = reachedDepartments(this.#parts.book(), reach);
    const groups = new Set(reach.controlGroups);
    return (entity) => {
      const at = entity.indexOf(':');
      const id = entity.slice(at + 1);
      switch (entity.slice(0, at)) {
        case 'account':
          return isAccount(id);
        case 'department':
          return departments.has(id);
        case 'controlGroup':
          return groups.has(id);
        case 'customer':
          // A customer is an account, or all accounts under one control.
          return groups.has(id) || isAccount(id);
        case 'incident':
          return this.isIncidentWithin(id, reach);
        default:
          return true;
      }
    };
  }
}
