/** Reads the bundled drill scenarios and the dated rows of scoring and programme; a file that does not fit is refused with the field and the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DeadlineRule, deadlineRuleSchema } from '#shared/desk/drills/deadlines';
import { type ProgrammeRule, programmeRuleSchema } from '#shared/desk/drills/programme';
import { type DrillScenario, drillScenariosSchema } from '#shared/desk/drills/scenario';
import { type Scoring, scoringSchema } from '#shared/desk/drills/score';

export type DrillData = {
  scenarios: readonly DrillScenario[];
  scoring: readonly Scoring[];
  programme: readonly ProgrammeRule[];
  reports: readonly DeadlineRule[];
};

const programmeFileSchema = z.object({
  about: z.string(),
  programme: z.array(programmeRuleSchema).min(1),
  reports: z.array(deadlineRuleSchema).min(1),
});
const scoringFileSchema = z.object({ about: z.string(), scoring: z.array(scoringSchema).min(1) });

/** `resources` is the resources folder. Throws when a file is missing or does not fit: the product is then incomplete. */
export function loadDrills(resources: string): DrillData {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(resources, 'drills', file), 'utf8'));
  const { programme, reports } = programmeFileSchema.parse(read('programme.json'));
  return {
    scenarios: drillScenariosSchema.parse(read('scenarios.json')).scenarios,
    scoring: scoringFileSchema.parse(read('scoring.json')).scoring,
    programme,
    reports,
  };
}
