/** Who is at the desk in a run: what people noted, and whoever did something in it since. */
import type { Run } from '#shared/desk/plans/plan';
import { personKey } from '#shared/desk/plans/signatures';

/** Null: nobody has said, and the person has done nothing in this run. */
export function presenceIn(run: Run, person: string): 'here' | 'away' | null {
  const noted = run.presence.filter((each) => personKey(each.person) === personKey(person)).at(-1);
  const actedAtMs = lastActOf(run, person);
  if (noted !== undefined && (actedAtMs === null || noted.atMs >= actedAtMs)) return noted.isPresent ? 'here' : 'away';
  return actedAtMs === null ? null : 'here';
}

/** Nobody holds it, or whoever holds it has gone. */
export function isGap(run: Run, role: string): boolean {
  const holder = run.roles[role];
  return holder === undefined || presenceIn(run, holder) === 'away';
}

function lastActOf(run: Run, person: string): number | null {
  const key = personKey(person);
  const acts = [
    { by: run.startedBy, atMs: run.startedAtMs },
    ...(run.immediate === null ? [] : [run.immediate]),
    ...run.steps.flatMap((step) => [...step.marks, ...step.starts, ...step.items.flatMap((item) => item.marks)]),
  ].filter(({ by }) => personKey(by) === key);
  return acts.length === 0 ? null : Math.max(...acts.map(({ atMs }) => atMs));
}
