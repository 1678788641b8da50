/** Joins what keeps people honest: approvals before dangerous commands, and the audit of everything that was done. */
import { join } from 'node:path';
import type { Clock } from '#engine/clock';
import { ApprovalDesk } from '#engine/desk/approvals/approval-desk';
import type { ApprovalWorld, BeforeReaders, WorkedOnReaders } from '#engine/desk/approvals/approvals-interface';
import { AuditDesk } from '#engine/desk/audit/audit-desk';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { findResourcesFolder } from '#engine/resources';
import type { JournalFile } from '#engine/store/journal-file';
import type { APPROVAL_REQUESTS, ApprovalsPicture } from '#shared/contract/approvals';
import type { AUDIT_REQUESTS, AuditPicture } from '#shared/contract/audit';

export type OversightParts = {
  recorder: Recorder;
  clock: Clock;
  dataDir: string;
  file: JournalFile;
  signing: SigningKeys;
  secondPerson: SecondPerson;
  world: ApprovalWorld;
  /** One row per request: what it would change, and who worked on that before. */
  before: BeforeReaders;
  workedOn: WorkedOnReaders;
  /** Empty where the book knows none. */
  accountName: (accountID: string) => string;
};

export type OversightRequests = HandlersOf<keyof typeof APPROVAL_REQUESTS | keyof typeof AUDIT_REQUESTS>;
export type OversightView = { approvals: () => ApprovalsPicture; audit: () => AuditPicture };

export type Oversight = {
  approvals: ApprovalDesk;
  requests: OversightRequests;
  view: OversightView;
};

export function createOversight(parts: OversightParts): Oversight {
  const { recorder, clock, signing, secondPerson, world, before, workedOn, file, dataDir, accountName } = parts;
  const approvals = new ApprovalDesk({ recorder, clock, signing, secondPerson, world, before, workedOn });
  const bundleFolder = join(findResourcesFolder(), 'evidence-bundle');
  const audit = new AuditDesk({ recorder, file, signing, clock, accountName, folder: join(dataDir, 'exports'), bundleFolder });
  return {
    approvals,
    requests: { ...approvals.requests, ...audit.requests },
    view: { approvals: () => approvals.picture(), audit: () => audit.picture() },
  };
}
