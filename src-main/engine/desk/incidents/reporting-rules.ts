/** Reads the bundled reporting duties and calendars; a file that does not fit is refused with the field and the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportingRules } from '#shared/desk/incidents/duties';
import { type ReportAlarm, rulePacksFileSchema, type SuspicionRule } from '#shared/desk/reporting/rule-pack';

export type ReportingFile = Pick<ReportingRules, 'packs' | 'calendars' | 'recoveryWatchMs'> & {
  alarm: ReportAlarm;
  suspicions: readonly SuspicionRule[];
};

/** `resources` is the resources folder. Throws when the file is missing or does not fit: the product is then incomplete. */
export function loadReportingRules(resources: string): ReportingFile {
  const { packs, calendars, alarm, suspicions, recoveryWatch } = rulePacksFileSchema.parse(
    JSON.parse(readFileSync(join(resources, 'reporting', 'rule-packs.json'), 'utf8')),
  );
  return { packs, calendars, alarm, suspicions, recoveryWatchMs: recoveryWatch.minutes * 60_000 };
}
