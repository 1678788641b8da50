/** What a drill leaves behind once it is over, or is planned for: a closed form that the firm's own desk may keep, and from which nothing leads back into either desk. */
import { z } from 'zod';
import { type DrillReport, LAPSE_REASONS, type MeasuredDrillTime } from '#shared/desk/drills/after-action';
import { type Drill, drillStateSchema, improvementSchema } from '#shared/desk/drills/drill';
import { drillScenarioSchema, MEASURED_TIMES, type MeasuredTime } from '#shared/desk/drills/scenario';
import { type DrillIndex, drillIndexSchema } from '#shared/desk/drills/score';
import type { Run } from '#shared/desk/plans/plan';

const { scenarioId, version, title, planId, type, isAnnounced } = drillScenarioSchema.shape;
const timeMs = z.number().min(0);
const personId = z.string().max(64);

/** When what follows a drill was done; null: not yet, or nobody kept it. */
const afterwardsSchema = z.object({ hotwashAtMs: timeMs.nullable(), draftedAtMs: timeMs.nullable(), signedAtMs: timeMs.nullable() });
const DRILL_PARTS = ['player', 'controller', 'evaluator'] as const;

const measuredDrillTimeSchema: z.ZodType<MeasuredDrillTime> = z.object({
  name: z.enum(MEASURED_TIMES),
  tookMs: timeMs.nullable(),
  reason: z.enum(['noInject', 'noRun', 'notSeen']).nullable(),
});

export const drillResultSchema = z.object({
  drillId: z.uuid(),
  state: drillStateSchema,
  ...{ scenarioId, version, title, planId, type, isAnnounced },
  /** The text of the plan that was carried out; null where no run was linked. */
  planHash: z.string().max(64).nullable(),
  createdAtMs: timeMs,
  plannedAtMs: timeMs.nullable(),
  startedAtMs: timeMs.nullable(),
  endedAtMs: timeMs.nullable(),
  isAborted: z.boolean(),
  hasLeaked: z.boolean(),
  index: drillIndexSchema,
  /** Empty before the drill has begun. */
  times: z.array(measuredDrillTimeSchema).max(MEASURED_TIMES.length),
  improvements: z.array(improvementSchema.extend({ task: title })).max(100),
  /** What was critical and failed: told at once. What earlier versions wrote has none of these. */
  lapses: z
    .array(z.object({ task: title, why: z.enum(LAPSE_REASONS) }))
    .max(100)
    .default([]),
  afterwards: afterwardsSchema.default({ hotwashAtMs: null, draftedAtMs: null, signedAtMs: null }),
  /** Who took part, and the roles of the plan that they held in the run. */
  taken: z
    .array(z.object({ personId, part: z.enum(DRILL_PARTS), roles: z.array(z.string().max(16)).max(20) }))
    .max(200)
    .default([]),
  /** Steps of the plan that were done, by number. */
  steps: z.array(z.number().int().min(1)).max(200).default([]),
});
export type DrillResult = z.infer<typeof drillResultSchema>;

type DrilledRun = Pick<Run, 'planHash' | 'roleClaims' | 'steps'>;

/** `report` is null before the drill has begun, `run` where none was linked. */
export function resultOf(drill: Drill, report: DrillReport | null, run: DrilledRun | null): DrillResult {
  const { drillId, state, createdAtMs, plannedAtMs, startedAtMs, endedAtMs, scenario } = drill;
  const { scenarioId, version, title, planId, type, isAnnounced, criticalTasks } = scenario;
  const index: DrillIndex = report?.index ?? { kind: 'unfinished' };
  const wordsOf = (id: string): DrillResult['title'] => criticalTasks.find(({ taskId }) => taskId === id)?.text ?? { en: id, zh: id };
  const improvements = drill.improvements.map((each) => ({ ...each, task: wordsOf(each.taskId) }));
  return {
    ...{ drillId, state, scenarioId, version, title, planId, type, isAnnounced, planHash: run?.planHash ?? null },
    ...{ createdAtMs, plannedAtMs, startedAtMs, endedAtMs, isAborted: drill.abortReason !== null, hasLeaked: drill.leak !== null },
    ...{ index, times: report?.times ?? [], improvements },
    lapses: (report?.lapses ?? []).map(({ taskId, why }) => ({ why, task: wordsOf(taskId) })),
    afterwards: { hotwashAtMs: drill.hotwash?.atMs ?? null, draftedAtMs: drill.draftedAtMs, signedAtMs: drill.signedAtMs },
    taken: takenIn(drill, run),
    steps: (run?.steps ?? []).flatMap(({ no, state: stepState }) => (stepState === 'done' ? [no] : [])),
  };
}

/** Whoever held a role in the run played, named or not. */
function takenIn({ players, controllers, evaluators }: Drill, run: DrilledRun | null): DrillResult['taken'] {
  const claims = run?.roleClaims ?? [];
  const rolesOf = (id: string): string[] => [...new Set(claims.flatMap(({ person, role }) => (person === id ? [role] : [])))];
  const playing = [...new Set([...players, ...claims.map(({ person }) => person)])];
  return [
    ...playing.map((id) => ({ personId: id, part: 'player' as const, roles: rolesOf(id) })),
    ...controllers.map((id) => ({ personId: id, part: 'controller' as const, roles: [] })),
    ...evaluators.map((id) => ({ personId: id, part: 'evaluator' as const, roles: [] })),
  ];
}

/** What other desks and players may know of: nobody reads of an unannounced drill before it comes. */
export function isTold({ isAnnounced: announced, startedAtMs }: Pick<DrillResult, 'isAnnounced' | 'startedAtMs'>): boolean {
  return announced || startedAtMs !== null;
}

/** `worstMs` and `medianMs` of the drills in which the time was seen; null where it never was. */
export type TimeSummary = { name: MeasuredTime; medianMs: number | null; worstMs: number | null; seenCount: number };

/** Drills that may be compared: one scenario, held in one way. Newest first; broken-off and invalid ones are left out. */
export type ComparableDrills = { key: string; drills: [DrillResult, ...DrillResult[]] };

/** Announced, unannounced and tabletop drills never stand in one group. What was drilled last comes first. */
export function comparableDrills(results: readonly DrillResult[]): ComparableDrills[] {
  const groups = new Map<string, [DrillResult, ...DrillResult[]]>();
  const over = results.filter(({ endedAtMs, isAborted, hasLeaked }) => endedAtMs !== null && !isAborted && !hasLeaked);
  for (const result of [...over].sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0))) {
    const key = keyOf(result);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups].map(([key, drills]) => ({ key, drills }));
}

/** Equal for drills that may be compared with each other. */
export function keyOf(result: Pick<DrillResult, 'scenarioId' | 'type' | 'isAnnounced'>): string {
  return `${result.scenarioId}/${result.type}/${result.isAnnounced ? 'announced' : 'unannounced'}`;
}

export function summariseTimes(drills: readonly Pick<DrillResult, 'times'>[]): TimeSummary[] {
  return MEASURED_TIMES.map((name) => {
    const seen = drills.flatMap(({ times }) => times.find((time) => time.name === name)?.tookMs ?? []).sort((a, b) => a - b);
    return { name, medianMs: medianOf(seen), worstMs: seen.at(-1) ?? null, seenCount: seen.length };
  });
}

function medianOf(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
