/** Joins people, the command bus and the port's gate: who sits here, what they may do, and what they may see. */
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Book } from '#engine/book/book';
import type { Clock } from '#engine/clock';
import { bundledPolicyBook } from '#engine/desk/approvals/approval-desk';
import { approvalTest } from '#engine/desk/approvals/approval-reach';
import type { Approvals } from '#engine/desk/approvals/approvals-interface';
import { actingNow } from '#engine/desk/bus/acting';
import { BookReach } from '#engine/desk/bus/book-reach';
import { type Caller, CommandBus } from '#engine/desk/bus/command-bus';
import { RefusalRecord } from '#engine/desk/bus/refusal-record';
import type { Desk } from '#engine/desk/desk';
import type { RequestHandlers } from '#engine/desk/handlers';
import { loadAccessData } from '#engine/desk/people/access-data';
import type { AskAuthenticator } from '#engine/desk/people/authenticators';
import { PeopleDesk } from '#engine/desk/people/people-desk';
import type { HashCost } from '#engine/desk/people/secret-worker';
import type { Recorder } from '#engine/desk/record';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { Signer } from '#engine/journal/signing/signer-interface';
import { AccessGate } from '#engine/port/access-gate';
import { findResourcesFolder } from '#engine/resources';
import type { DataKey } from '#engine/store/data-key';
import type { Log } from '#engine/store/log';
import type { ApprovalPolicyId } from '#shared/contract/access-rule';
import type { RequestName, Settings } from '#shared/contract/requests';
import type { Approval } from '#shared/desk/approvals/approval';
import { policyAt } from '#shared/desk/approvals/policy';
import type { FunctionName } from '#shared/desk/people/functions';
import type { PartReach, Reach } from '#shared/desk/people/person';
import type { SavedScenario } from '#shared/desk/scenarios/scenario';
import type { Mode } from '#shared/journal/entry';
import { accept, refuse } from '#shared/refusal';

export type PeopleParts = {
  journal: ChainedJournal;
  clock: Clock;
  mode: Mode;
  log: Log;
  engineId: string;
  /** Null: as much as this machine can bear. */
  secretCost: HashCost | null;
  dataDir: string;
  dataKey: DataKey;
  onKeyKept: () => void;
  askAuthenticator: AskAuthenticator | undefined;
  /** The operating system's user, or what the command line was told: how a program on this machine is named. */
  localName: string;
  signer: () => Signer | null;
  settings: () => Settings;
  book: () => Book;
  /** Asked for once somebody has signed in, long after it is there. */
  reach: () => BookReach;
};

const MINUTE_MS = 60_000;
const MOST_HITS = 100_000;
const MOST_LISTED = 100_000;
const NO_REACH: Reach = { departments: [], controlGroups: [] };

export function createPeople(parts: PeopleParts): PeopleDesk {
  const { journal, clock, mode, log, engineId, dataDir, localName, signer } = parts;
  return new PeopleDesk({
    data: loadAccessData(findResourcesFolder()),
    journal,
    clock,
    newId: uuidv7,
    mode,
    log,
    engineSession: engineId,
    secretCost: parts.secretCost,
    keyringPath: join(dataDir, 'keyring.json'),
    dataKey: parts.dataKey,
    onKeyKept: parts.onKeyKept,
    askAuthenticator: parts.askAuthenticator,
    localName,
    signer,
    idleLockMs: () => {
      const minutes = parts.settings().idleLockMinutes;
      return minutes === undefined ? null : minutes * MINUTE_MS;
    },
    reach: parts.reach,
    parts: () => {
      const { departments, controlGroups } = parts.book().reference;
      return {
        departments: [...departments.values()].map(({ departmentID, departmentName }) => ({ id: departmentID, name: departmentName })),
        controlGroups: [...controlGroups.values()].map(({ controlGroupID, controlGroupName }) => ({ id: controlGroupID, name: controlGroupName })),
      };
    },
  });
}

export type AccessParts = {
  people: PeopleDesk;
  recorder: Recorder;
  clock: Clock;
  log: Log;
  desk: Desk;
  book: () => Book;
  handlers: () => RequestHandlers;
  approvals: () => Approvals | null;
  /** Rows that this export would hand out; null for what exports none. */
  exportedRows: (name: RequestName, payload: unknown) => number | null;
};

export type Access = { bus: CommandBus; gate: AccessGate; reach: BookReach; tick: () => void; close: () => void };

export function createAccess(parts: AccessParts): Access {
  const { people, recorder, clock, log, desk, approvals } = parts;
  const { tables } = recorder.journal;
  const reach = new BookReach({
    book: parts.book,
    entityOfAlert: (alertId) => tables.alerts.get(alertId)?.entity ?? null,
    run: (runId) => desk.plans.run(runId),
    incident: (incidentId) => desk.incidents.incident(incidentId),
    accountOfWorklist: (worklistId) => textField(tables.worklists.get(worklistId), 'accountID'),
    accountOfStatement: (statementId) => textField(tables.statements.get(statementId), 'clientID'),
    accountsOfScenario: (scenarioId) => accountsOf(tables.scenarios.get(scenarioId) as SavedScenario | undefined),
  });
  const refusals = new RefusalRecord(recorder, () => clock.nowMs());
  const bus = new CommandBus({
    handlers: () => withPersonOfDesk(parts.handlers(), people, reach),
    people: people.forBus,
    approvals,
    counted: (name, payload) => largeExport(parts.exportedRows(name, payload), clock.nowMs(), tables.settings.get('exportApprovalRows')),
    reach,
    refusals,
    onFault: (name, error) =>
      log('error', 'requestBroke', { name, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  });
  const gate = new AccessGate({ people: people.forBus, reach, openAlerts: () => desk.alerts.openAlerts() });
  return {
    bus,
    gate,
    reach,
    tick: () => {
      people.tick();
      refusals.flush();
    },
    close: () => refusals.flush(true),
  };
}

/** From the number of rows that the firm has set, else that the dated policy says, an export needs other people; without a policy in force none is large. */
function largeExport(rows: number | null, nowMs: number, set: unknown): ApprovalPolicyId | null {
  if (rows === null) return null;
  const policy = policyAt(bundledPolicyBook(), 'largeExport', nowMs);
  const fromRows = policy !== null && typeof set === 'number' ? set : policy?.fromRows;
  return fromRows !== undefined && rows >= fromRows ? 'largeExport' : null;
}

/** In the settings a name is only what the machine was told; who sits here is said by signing in. */
function withPersonOfDesk(handlers: RequestHandlers, people: PeopleDesk, reach: BookReach): RequestHandlers {
  return {
    ...handlers,
    // A search finds only what the same person could open; it asks for more, because some of it falls out.
    search: async ({ text, limit }) => {
      const isVisible = searchTest(people, reach);
      if (isVisible === null) return handlers.search({ text, limit });
      const found = await handlers.search({ text, limit: MOST_HITS });
      return found.ok ? accept({ hits: found.value.hits.filter(isVisible).slice(0, limit) }) : found;
    },
    'approval.list': async (payload) => {
      const isVisible = approvalTestAtDesk(people, reach);
      if (isVisible === null) return handlers['approval.list'](payload);
      const listed = await handlers['approval.list']({ limit: MOST_LISTED });
      return listed.ok ? accept({ approvals: listed.value.approvals.filter(isVisible).slice(0, payload.limit) }) : listed;
    },
    'scenario.list': async (payload) => {
      const part = partOfCaller(people, 'stress.run');
      const listed = await handlers['scenario.list'](payload);
      if (!listed.ok || part === null) return listed;
      const isVisible = reach.scenarioTest(part);
      return accept({ scenarios: listed.value.scenarios.filter(({ scenario }) => isVisible(scenario)) });
    },
    'approval.get': async (payload) => {
      const isVisible = approvalTestAtDesk(people, reach);
      const found = await handlers['approval.get'](payload);
      if (!found.ok || isVisible === null || isVisible(found.value.approval)) return found;
      return refuse('FORBIDDEN', 'is about accounts that you may not work with', 'approvalId');
    },
    // What somebody may not read they do not carry away.
    'approval.carry': async (payload) => {
      const found = await handlers['approval.get']({ approvalId: payload.approvalId });
      const isVisible = approvalTestAtDesk(people, reach);
      if (found.ok && isVisible !== null && !isVisible(found.value.approval))
        return refuse('FORBIDDEN', 'is about accounts that you may not work with', 'approvalId');
      return handlers['approval.carry'](payload);
    },
    'settings.get': async (payload) => {
      const settings = await handlers['settings.get'](payload);
      return settings.ok ? { ok: true, value: { ...settings.value, person: people.actor() } } : settings;
    },
    'settings.change': async (payload) => {
      if (payload.key === 'person') return refuse('CONFLICT', 'who sits here is said by signing in', 'key');
      const settings = await handlers['settings.change'](payload);
      return settings.ok ? { ok: true, value: { ...settings.value, person: people.actor() } } : settings;
    },
  };
}

/** Null: everything. */
function searchTest(people: PeopleDesk, reach: BookReach): ((hit: { kind: string; key: string }) => boolean) | null {
  const caller = askingPerson(people);
  if (caller === null) return null;
  const monitor = caller.permissions.get('monitor.view') ?? NO_REACH;
  const account = caller.permissions.get('account.view') ?? NO_REACH;
  if (monitor === 'firm' && account === 'firm') return null;
  const isEntity = monitor === 'firm' ? () => true : reach.entityTest(monitor);
  const isAccount = account === 'firm' ? () => true : reach.accountTest(account);
  return ({ kind, key }) => (kind === 'account' ? isAccount(key) : isEntity(`${kind}:${key}`));
}

/** Null: everything. */
function approvalTestAtDesk(people: PeopleDesk, reach: BookReach): ((approval: Approval) => boolean) | null {
  const caller = askingPerson(people);
  return caller === null ? null : approvalTest(caller, reach);
}

/** Null: the whole firm. */
function partOfCaller(people: PeopleDesk, needed: FunctionName): PartReach | null {
  const reach = askingPerson(people)?.permissions.get(needed) ?? 'firm';
  return reach === 'firm' ? null : reach;
}

/** Of every version: an earlier one can be read as well. */
function accountsOf(saved: SavedScenario | undefined): string[] {
  const named = (saved?.versions ?? []).flatMap(({ scenario }) => [...scenario.cash, ...scenario.closes]);
  return [...new Set(named.map(({ accountID }) => accountID))];
}

/** Null for a program on this machine, which is asked no more than its function. */
function askingPerson(people: PeopleDesk): Caller | null {
  const caller = people.forBus.atDesk();
  return caller === null || actingNow()?.actor !== caller.acting.actor ? null : caller;
}

function textField(body: unknown, field: string): string | null {
  const value = body !== null && typeof body === 'object' ? (body as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : null;
}
