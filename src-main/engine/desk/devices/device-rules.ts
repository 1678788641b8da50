/** Reads the dated row about other desks and about the clock. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const deviceRulesSchema = z.object({
  effectiveFrom: z.string().regex(/^\d{8}$/),
  /** A card that was taken in is believed for so long. */
  trustDays: z.number().int().min(1),
  /** How far the clocks of two desks may differ before a time cannot be. */
  clockToleranceMinutes: z.number().int().min(1),
  /** A wall clock that is off the running time by more is doubted. */
  clockJumpSeconds: z.number().int().min(1),
  citation: z.string().min(1),
  certainty: z.enum(['verified', 'secondary', 'proposal', 'unconfirmed']),
});
export type DeviceRules = z.infer<typeof deviceRulesSchema>;
const fileSchema = z.object({ note: z.string(), rows: z.array(deviceRulesSchema).min(1) });

/** The newest row whose date has come; before all of them the first. Throws when the file is not what it should be. */
export function loadDeviceRules(resources: string, nowMs: number): DeviceRules {
  const { rows } = fileSchema.parse(JSON.parse(readFileSync(join(resources, 'access', 'device-rules.json'), 'utf8')));
  const day = new Date(nowMs >= 0 && nowMs <= 8.64e15 ? nowMs : 0).toISOString().slice(0, 10).replaceAll('-', '');
  const sorted = rows.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  const row = sorted.filter(({ effectiveFrom }) => effectiveFrom <= day).at(-1) ?? sorted[0];
  if (row === undefined) throw new Error('there is no row about other desks');
  return row;
}
