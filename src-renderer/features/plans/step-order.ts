/** The order in which a plan's steps can be taken: waves of steps that may run side by side. */
import type { PlanStep } from '#shared/desk/plans/plan';

/** Steps of one wave wait for nothing in it; a wave waits for steps of the waves before. A step whose `after` goes in a circle comes last. */
export function stepWaves<Step extends Pick<PlanStep, 'no' | 'after'>>(steps: readonly Step[]): Step[][] {
  const depth = new Map<number, number>();
  const byNo = new Map(steps.map((step) => [step.no, step]));
  const depthOf = (no: number, path: ReadonlySet<number>): number => {
    const known = depth.get(no);
    if (known !== undefined) return known;
    const step = byNo.get(no);
    if (step === undefined || path.has(no)) return 0;
    const deeper = new Set(path).add(no);
    const own = Math.max(0, ...step.after.filter((each) => byNo.has(each)).map((each) => depthOf(each, deeper) + 1));
    depth.set(no, own);
    return own;
  };
  const waves: Step[][] = [];
  for (const step of [...steps].sort((a, b) => a.no - b.no)) {
    const own = depthOf(step.no, new Set());
    waves[own] = [...(waves[own] ?? []), step];
  }
  return waves.filter((wave) => wave !== undefined);
}
