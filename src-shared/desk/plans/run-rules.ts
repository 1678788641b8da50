/** What a run holds people and readings to, as dated rows: which two roles one person may not hold, and when a reading that a step was signed on has turned back. */
import { z } from 'zod';
import type { Run } from '#shared/desk/plans/plan';
import type { Reading } from '#shared/desk/plans/run-parts';
import { kindOf } from '#shared/desk/plans/step-kind';

const dated = {
  effectiveFrom: z.string().regex(/^\d{8}$/),
  citation: z.string().min(1),
  certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
};
const role = z.string().min(1).max(16);

export const runRulesSchema = z.object({
  schema: z.literal('run-rules/1'),
  note: z.string(),
  rolePairs: z.array(z.object({ roles: z.tuple([role, role]), ...dated })),
  reversion: z.array(z.object({ badForMs: z.number().positive(), ...dated })).min(1),
});
export type RunRules = Pick<z.infer<typeof runRulesSchema>, 'rolePairs' | 'reversion'>;

export const NO_RUN_RULES: RunRules = { rolePairs: [], reversion: [] };

/** Rows that begin later than the day of `atMs` (in UTC) do not count yet. */
function isInForce({ effectiveFrom }: { effectiveFrom: string }, atMs: number): boolean {
  return effectiveFrom <= new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The role that `person` holds in this run and that excludes `wanted`; null where nothing stands against it. */
export function excludedBy(
  rules: RunRules['rolePairs'],
  run: Pick<Run, 'roles'>,
  { wanted, person, atMs }: { wanted: string; person: string; atMs: number },
  isSamePerson: (first: string, second: string) => boolean,
): string | null {
  for (const pair of rules.filter((row) => isInForce(row, atMs))) {
    const [first, second] = pair.roles;
    const other = first === wanted ? second : second === wanted ? first : null;
    const holder = other === null ? undefined : run.roles[other];
    if (other !== null && holder !== undefined && isSamePerson(holder, person)) return other;
  }
  return null;
}

/** How long a reading has to be bad on end; null while no row is in force: then nothing turns back. */
export function badForMs(rules: RunRules['reversion'], atMs: number): number | null {
  const inForce = rules.filter((row) => isInForce(row, atMs)).sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  return inForce.at(-1)?.badForMs ?? null;
}

export type TurnedBack = { no: number; readings: Reading[]; reopens: boolean };

/**
 * Steps that were signed on good readings of which one is bad now. A step that only confirms what the sensors say is to be confirmed again; any
 * other was done, and only a person can say what follows: it is marked. What is not known is not bad.
 */
export function turnedBack(run: Run, now: readonly Reading[]): TurnedBack[] {
  if (run.state !== 'running') return [];
  return run.plan.steps.flatMap((planned): TurnedBack[] => {
    const step = run.steps.find(({ no }) => no === planned.no);
    if (step?.state !== 'done' || step.reversions.length > 0) return [];
    const readings = (planned.sensors ?? []).flatMap((sensor) => {
      const signedOn = step.readings.findLast((reading) => reading.sensor === sensor && reading.atMs <= (step.endedAtMs ?? 0));
      const current = now.find((reading) => reading.sensor === sensor);
      return signedOn?.quality === 'good' && current?.quality === 'bad' ? [current] : [];
    });
    return readings.length === 0 ? [] : [{ no: planned.no, readings, reopens: kindOf(planned) === 'sense' }];
  });
}
