/** Joins what keeps people honest: approvals before dangerous commands, here and at other desks, the audit of everything that was done, and doubt about the clock. */
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '#engine/clock';
import { ApprovalDesk } from '#engine/desk/approvals/approval-desk';
import type { ApprovalWorld, BeforeReaders, WorkedOnReaders } from '#engine/desk/approvals/approvals-interface';
import { CarryDesk } from '#engine/desk/approvals/carry-desk';
import { ForeignDesk, type ForeignDeskParts } from '#engine/desk/approvals/foreign-desk';
import { LifeClock } from '#engine/desk/approvals/life-clock';
import { AuditDesk } from '#engine/desk/audit/audit-desk';
import { ClockWatch, type ClockWatchParts } from '#engine/desk/clock/clock-watch';
import { DeviceDesk, type PeopleOfDevices } from '#engine/desk/devices/device-desk';
import { loadDeviceRules } from '#engine/desk/devices/device-rules';
import { KnownDevices } from '#engine/desk/devices/known-devices';
import { Letters } from '#engine/desk/devices/letters';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { findResourcesFolder } from '#engine/resources';
import type { JournalFile } from '#engine/store/journal-file';
import type { APPROVAL_REQUESTS, ApprovalsPicture, ForeignPicture } from '#shared/contract/approvals';
import type { AUDIT_REQUESTS, AuditPicture } from '#shared/contract/audit';
import type { CLOCK_REQUESTS, DEVICE_REQUESTS } from '#shared/contract/devices';
import type { ClockDoubt } from '#shared/desk/clock/clock';
import { parseHlc } from '#shared/journal/hlc';

export type OversightParts = {
  recorder: Recorder;
  clock: Clock;
  dataDir: string;
  file: JournalFile;
  signing: SigningKeys;
  secondPerson: SecondPerson;
  world: ApprovalWorld;
  people: PeopleOfDevices & { proveAgain: ForeignDeskParts['people']['proveAgain'] };
  alerts: Pick<ClockWatchParts, 'onConditions' | 'open'>;
  /** When the desk last wrote before this start, by its clock of then; null for a new record. */
  lastEntryAtMs: number | null;
  /** One row per request: what it would change, and who worked on that before. */
  before: BeforeReaders;
  workedOn: WorkedOnReaders;
  /** Empty where the book knows none. */
  accountName: (accountID: string) => string;
};

export type OversightRequests = HandlersOf<
  keyof typeof APPROVAL_REQUESTS | keyof typeof AUDIT_REQUESTS | keyof typeof DEVICE_REQUESTS | keyof typeof CLOCK_REQUESTS
>;
export type OversightView = {
  approvals: () => ApprovalsPicture;
  foreign: () => ForeignPicture;
  audit: () => AuditPicture;
  clock: () => ClockDoubt | null;
};

export type Oversight = {
  approvals: ApprovalDesk;
  clock: ClockWatch;
  requests: OversightRequests;
  view: OversightView;
};

export function createOversight(parts: OversightParts): Oversight {
  const { recorder, clock, signing, secondPerson, world, people, file, dataDir, accountName } = parts;
  const { journal } = recorder;
  const resources = findResourcesFolder();
  const folder = join(dataDir, 'exports');
  const rules = (): ReturnType<typeof loadDeviceRules> => dated(resources, clock.nowMs());
  const head = journal.entriesAfter(journal.headSequence - 1, 1)[0];
  const life = new LifeClock(clock, head === undefined ? 0 : parseHlc(head.hlc).wallMs);
  const nowMs = (): number => life.nowMs();
  const devices = new KnownDevices(journal, signing);
  const letters = new Letters({ device: journal.device, mode: recorder.mode, signing, devices, newId: uuidv7, nowMs, folder });
  const names = (): Record<string, string> => people.names();
  const carry = new CarryDesk({ recorder, approvals: () => approvals, devices, letters, names, rules, newId: uuidv7, nowMs });
  const { mayNow, humanOf } = world;
  const foreign = new ForeignDesk({ recorder, devices, letters, signing, people: { mayNow, humanOf, proveAgain: people.proveAgain }, nowMs });
  const deviceDesk = new DeviceDesk({ recorder, signing, devices, letters, people, rules, nowMs });
  const watch = new ClockWatch({ recorder, clock, rules, ...parts.alerts });
  const approvals = new ApprovalDesk({
    ...{ recorder, clock, signing, secondPerson, world, workedOn: parts.workedOn },
    before: {
      ...parts.before,
      'device.trust': (payload) => devices.find((payload as { card: { device: string } }).card.device),
      // Another jump in between, and what was agreed to is not what would be accepted.
      'clock.accept': () => watch.doubt,
    },
    judgeCarried: (approval, decision, given) => carry.judge(approval, decision, given),
  });
  const audit = new AuditDesk({ recorder, file, signing, clock, accountName, folder, bundleFolder: join(resources, 'evidence-bundle') });
  watch.begin(parts.lastEntryAtMs);
  return {
    approvals,
    clock: watch,
    requests: { ...approvals.requests, ...carry.requests, ...foreign.requests, ...deviceDesk.requests, ...watch.requests, ...audit.requests },
    view: {
      approvals: () => approvals.picture(),
      foreign: () => foreign.picture(),
      audit: () => audit.picture(),
      clock: () => watch.doubt,
    },
  };
}

const read = new Map<string, ReturnType<typeof loadDeviceRules>>();

/** Read once a day and not at every tick. */
function dated(resources: string, nowMs: number): ReturnType<typeof loadDeviceRules> {
  const key = `${Math.floor(nowMs / 86_400_000)} ${resources}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const rules = loadDeviceRules(resources, nowMs);
  read.clear();
  read.set(key, rules);
  return rules;
}
