/** Who has taken part in a drill this year, which roles were practised, and which critical steps of the plans the rotation of years has not reached yet. */
import type { ProgrammeRule } from '#shared/desk/drills/programme';
import type { DrillResult } from '#shared/desk/drills/result';
import type { Plan } from '#shared/desk/plans/plan';
import { kindOf } from '#shared/desk/plans/step-kind';

/** What the rotation needs of a drill. Drills that were broken off or that something real left do not count as done. */
export type RotationDrill = Pick<DrillResult, 'planId' | 'type' | 'endedAtMs' | 'isAborted' | 'hasLeaked' | 'taken' | 'steps'>;

/** `dueAtMs` is null where it was never done: then it is due now. */
type YearlyTurn = { lastAtMs: number | null; dueAtMs: number | null; isOverdue: boolean };
export type PersonTurn = YearlyTurn & { personId: string; roles: string[] };
/** `people`: who held the role in a drill within the year. */
export type RoleTurn = YearlyTurn & { role: string; people: string[] };
/** `missing`: numbers of critical steps that no drill of the last years has reached. */
export type PlanRotation = { planId: string; criticalCount: number; missing: number[] };
export type Rotation = { people: PersonTurn[]; roles: RoleTurn[]; years: number; plans: PlanRotation[] };

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** `people` are those who may act in a run. Who is most overdue comes first. */
export function rotationOf(
  plans: readonly Plan[],
  people: readonly string[],
  drills: readonly RotationDrill[],
  rule: Pick<ProgrammeRule, 'personEveryDays' | 'rotationYears'>,
  nowMs: number,
): Rotation {
  const done = drills.flatMap(({ endedAtMs, isAborted, hasLeaked, ...drill }) =>
    endedAtMs === null || isAborted || hasLeaked ? [] : [{ ...drill, endedAtMs }],
  );
  const everyMs = rule.personEveryDays * DAY_MS;
  const turn = (times: readonly number[]): YearlyTurn => {
    const lastAtMs = times.length === 0 ? null : Math.max(...times);
    const dueAtMs = lastAtMs === null ? null : lastAtMs + everyMs;
    return { lastAtMs, dueAtMs, isOverdue: dueAtMs === null || dueAtMs <= nowMs };
  };
  const parts = done.flatMap(({ endedAtMs, taken }) => taken.map((each) => ({ ...each, endedAtMs })));
  const roles = [...new Set(plans.flatMap(({ steps }) => steps.flatMap(({ role }) => role.split('/'))))].sort();
  const first = (a: YearlyTurn, b: YearlyTurn): number => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0);
  return {
    people: people
      .map((personId): PersonTurn => {
        // Leading or judging a drill is not practising a role in it.
        const own = parts.filter((each) => each.personId === personId && each.part === 'player');
        return { personId, ...turn(own.map(({ endedAtMs }) => endedAtMs)), roles: [...new Set(own.flatMap((each) => each.roles))].sort() };
      })
      .sort(first),
    roles: roles
      .map((role): RoleTurn => {
        const own = parts.filter((each) => each.roles.includes(role));
        const recent = own.filter(({ endedAtMs }) => endedAtMs + everyMs > nowMs);
        return { role, ...turn(own.map(({ endedAtMs }) => endedAtMs)), people: [...new Set(recent.map(({ personId }) => personId))] };
      })
      .sort(first),
    years: rule.rotationYears,
    plans: plans.map(({ id, steps }) => {
      const since = nowMs - rule.rotationYears * YEAR_MS;
      const reached = new Set(done.flatMap(({ planId, endedAtMs, steps: nos }) => (planId === id && endedAtMs >= since ? nos : [])));
      const critical = steps.filter((step) => step.killer === true || step.signatures === 2 || kindOf(step) === 'hold').map(({ no }) => no);
      return { planId: id, criticalCount: critical.length, missing: critical.filter((no) => !reached.has(no)) };
    }),
  };
}
