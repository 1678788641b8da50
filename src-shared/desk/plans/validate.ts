/** Checks that a plan can be run to its end on every way through it: a plan that leads nowhere is found by its author, not at night. */
import { graphOf } from '#shared/desk/plans/graph';
import type { Plan, PlanStep } from '#shared/desk/plans/plan';
import { isSensor } from '#shared/desk/plans/sensors';
import { kindOf, knownKind } from '#shared/desk/plans/step-kind';

export const PLAN_PROBLEMS = [
  'numberTwice',
  'roleUnknown',
  'kindUnknown',
  'afterUnknown',
  'afterItself',
  'circle',
  'holdNeedsTwo',
  'branchTwice',
  'skipsUnknown',
  'skipsEarlier',
  'skipsItself',
  'startsUnknown',
  'returnsUnknown',
  'returnsAhead',
  'deadEnd',
  'unreachable',
  'sensorUnknown',
  'textMissing',
] as const;
export type PlanProblemCode = (typeof PLAN_PROBLEMS)[number];
export type PlanProblem = { code: PlanProblemCode; no: number | null; about: string };

export type PlanSurroundings = { roles: readonly string[]; planIds: readonly string[] };

/** Empty for a plan that may be published. `about` is what the fault names: a role, a step, a branch, a field. */
export function planProblems(plan: Plan, { roles, planIds }: PlanSurroundings): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const add = (code: PlanProblemCode, no: number | null, about: string | number): void => void problems.push({ code, no, about: String(about) });
  const numbers = plan.steps.map((step) => step.no);
  for (const no of new Set(numbers.filter((each, index) => numbers.indexOf(each) !== index))) add('numberTwice', no, no);
  const { byNo, circular } = graphOf(plan);
  for (const field of PLAN_TEXTS) if (isEmpty(plan[field])) add('textMissing', null, field);
  for (const step of plan.steps) {
    if (!roles.includes(step.role)) add('roleUnknown', step.no, step.role);
    if (knownKind(step.kind) === null) add('kindUnknown', step.no, step.kind);
    if (kindOf(step) === 'hold' && step.signatures < 2) add('holdNeedsTwo', step.no, step.signatures);
    for (const field of STEP_TEXTS) if (isEmpty(step[field])) add('textMissing', step.no, field);
    for (const before of step.after) {
      if (before === step.no) add('afterItself', step.no, before);
      else if (!byNo.has(before)) add('afterUnknown', step.no, before);
    }
    if (circular.has(step.no)) add('circle', step.no, step.no);
    for (const sensor of step.sensors ?? []) if (!isSensor(sensor)) add('sensorUnknown', step.no, sensor);
    checkChoices(plan, step, planIds, add);
  }
  // Ways through a plan can be followed only where its order can.
  if (!problems.some(({ code }) => ORDER_FAULTS.has(code))) checkWays(plan, add);
  return problems;
}

const PLAN_TEXTS = ['title', 'title_zh', 'scope', 'triggers', 'immediate_actions', 'exit_criteria'] as const;
const STEP_TEXTS = ['title', 'title_zh', 'action'] as const;
const ORDER_FAULTS = new Set<PlanProblemCode>(['numberTwice', 'afterUnknown', 'afterItself', 'circle', 'skipsUnknown']);

function isEmpty(text: string): boolean {
  return text.trim() === '';
}

type Add = (code: PlanProblemCode, no: number | null, about: string | number) => void;

function checkChoices(plan: Plan, step: PlanStep, planIds: readonly string[], add: Add): void {
  const { byNo, ancestors } = graphOf(plan);
  const before = ancestors.get(step.no) ?? new Set<number>();
  const choices = [...(step.branches ?? []), ...(step.on_fail ?? [])];
  const ids = choices.map(({ id }) => id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) add('branchTwice', step.no, id);
  for (const choice of choices) {
    for (const left of choice.skips ?? []) {
      if (left === step.no) add('skipsItself', step.no, choice.id);
      else if (!byNo.has(left)) add('skipsUnknown', step.no, left);
      else if (before.has(left)) add('skipsEarlier', step.no, left);
    }
    for (const planId of choice.starts ?? []) if (!planIds.includes(planId) || planId === plan.id) add('startsUnknown', step.no, planId);
  }
  for (const { returns_to: back } of step.on_fail ?? []) {
    if (back === undefined) continue;
    if (!byNo.has(back)) add('returnsUnknown', step.no, back);
    else if (!before.has(back)) add('returnsAhead', step.no, back);
  }
}

/** Enough for any plan that people can follow; a plan with more ways than this is checked on the first so many. */
const MOST_WAYS = 4_000;

/** On every way through the decisions, and through every failure, a last step must be left to do; and no step may be left out on all ways. */
function checkWays(plan: Plan, add: Add): void {
  const { descendants } = graphOf(plan);
  const last = plan.steps.map((step) => step.no).filter((no) => (descendants.get(no)?.size ?? 0) === 0);
  const deciding = plan.steps.filter((step) => step.branches !== undefined);
  const dead = new Set<string>();
  for (const way of waysOf(deciding)) {
    const left = new Set(way.flatMap(({ skips }) => skips));
    if (last.every((no) => left.has(no))) dead.add(way.map(({ no, id }) => `${no} ${id}`).join(', '));
  }
  for (const about of dead) add('deadEnd', null, about);
  for (const step of plan.steps)
    for (const route of step.on_fail ?? [])
      if (route.returns_to === undefined && last.every((no) => route.skips?.includes(no) === true)) add('deadEnd', step.no, route.id);
  for (const step of plan.steps) {
    const decision = deciding.find((each) => each.branches?.every((branch) => branch.skips?.includes(step.no) === true));
    if (decision !== undefined) add('unreachable', step.no, decision.no);
  }
}

type Way = { no: number; id: string; skips: readonly number[] }[];

function waysOf(deciding: readonly PlanStep[]): Way[] {
  return deciding.reduce<Way[]>(
    (ways, { no, branches }) =>
      ways.flatMap((way) => (branches ?? []).map(({ id, skips }) => [...way, { no, id, skips: skips ?? [] }])).slice(0, MOST_WAYS),
    [[]],
  );
}
