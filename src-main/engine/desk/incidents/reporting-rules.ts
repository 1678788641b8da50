/** Reads the bundled reporting duties and calendars; a file that does not fit is refused with the field and the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportingRules } from '#shared/desk/incidents/duties';
import { type ReportAlarm, rulePacksFileSchema } from '#shared/desk/reporting/rule-pack';

export type ReportingFile = Pick<ReportingRules, 'packs' | 'calendars'> & { alarm: ReportAlarm };

/** `resources` is the resources folder. Throws when the file is missing or does not fit: the product is then incomplete. */
export function loadReportingRules(resources: string): ReportingFile {
  const { packs, calendars, alarm } = rulePacksFileSchema.parse(JSON.parse(readFileSync(join(resources, 'reporting', 'rule-packs.json'), 'utf8')));
  return { packs, calendars, alarm };
}
