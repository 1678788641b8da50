/** Reads the bundled drill scenarios and the dated scoring rows; a file that does not fit is refused with the field and the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DrillScenario, drillScenariosSchema } from '#shared/desk/drills/scenario';
import { type Scoring, scoringSchema } from '#shared/desk/drills/score';

export type DrillData = { scenarios: readonly DrillScenario[]; scoring: readonly Scoring[] };

const scoringFileSchema = z.object({ about: z.string(), scoring: z.array(scoringSchema).min(1) });

/** `resources` is the resources folder. Throws when a file is missing or does not fit: the product is then incomplete. */
export function loadDrills(resources: string): DrillData {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(resources, 'drills', file), 'utf8'));
  return { scenarios: drillScenariosSchema.parse(read('scenarios.json')).scenarios, scoring: scoringFileSchema.parse(read('scoring.json')).scoring };
}
