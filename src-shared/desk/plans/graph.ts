/** Which steps of a plan come before and after which: worked out once for each plan, since every fold of a run asks. */
import type { Plan, PlanStep } from '#shared/desk/plans/plan';

type PlanGraph = {
  byNo: ReadonlyMap<number, PlanStep>;
  /** Each step after all that it waits for; steps of a circle come last, by number. */
  order: readonly number[];
  ancestors: ReadonlyMap<number, ReadonlySet<number>>;
  descendants: ReadonlyMap<number, ReadonlySet<number>>;
  /** Steps that wait for themselves through others. */
  circular: ReadonlySet<number>;
};

const graphs = new WeakMap<Plan['steps'], PlanGraph>();

export function graphOf(plan: Pick<Plan, 'steps'>): PlanGraph {
  const known = graphs.get(plan.steps);
  if (known !== undefined) return known;
  const made = makeGraph(plan.steps);
  graphs.set(plan.steps, made);
  return made;
}

function makeGraph(steps: readonly PlanStep[]): PlanGraph {
  const byNo = new Map(steps.map((step) => [step.no, step]));
  const numbers = [...byNo.keys()].sort((a, b) => a - b);
  const ancestors = new Map(numbers.map((no) => [no, ancestorsOf(no, byNo)]));
  const circular = new Set(numbers.filter((no) => ancestors.get(no)?.has(no) === true));
  const depth = (no: number): number => ancestors.get(no)?.size ?? 0;
  // An ancestor's ancestors are fewer than its own, so that their number orders the steps.
  const order = [...numbers].sort((a, b) => Number(circular.has(a)) - Number(circular.has(b)) || depth(a) - depth(b) || a - b);
  const descendants = new Map(numbers.map((no) => [no, new Set(numbers.filter((other) => ancestors.get(other)?.has(no) === true))]));
  return { byNo, order, ancestors, descendants, circular };
}

function ancestorsOf(no: number, byNo: ReadonlyMap<number, PlanStep>): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...(byNo.get(no)?.after ?? [])];
  for (let before = open.pop(); before !== undefined; before = open.pop()) {
    if (found.has(before)) continue;
    found.add(before);
    open.push(...(byNo.get(before)?.after ?? []));
  }
  return found;
}
