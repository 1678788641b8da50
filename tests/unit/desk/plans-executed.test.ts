/** Every bundled plan carried out to its end, on every way through its decisions and every failure: at one desk, and at two that work apart. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import type { RunCommand } from '#shared/desk/plans/commands';
import { isSettled } from '#shared/desk/plans/evolve';
import { foldOps, joinOps, runState } from '#shared/desk/plans/merge';
import type { Plan } from '#shared/desk/plans/plan';
import { kindOf } from '#shared/desk/plans/step-kind';
import { planProblems } from '#shared/desk/plans/validate';
import { bundledPlans, confirmed, Replica } from '#tests/helpers/plan-run';

const { plans, roles } = bundledPlans.library;

/** Which branch each decision takes, and which step fails first and how. */
type Way = { branches: ReadonlyMap<number, string>; failure: { no: number; route: string } | null };

/** Every branch of every decision at least once, and every way out of every failure. */
function waysThrough(plan: Plan): Way[] {
  const deciding = plan.steps.filter((step) => step.branches !== undefined);
  const usual = new Map(deciding.map((step) => [step.no, step.branches?.[0]?.id ?? '']));
  const ways: Way[] = [{ branches: usual, failure: null }];
  for (const step of deciding) for (const { id } of step.branches ?? []) ways.push({ branches: new Map(usual).set(step.no, id), failure: null });
  for (const step of plan.steps) for (const { id } of step.on_fail ?? []) ways.push({ branches: usual, failure: { no: step.no, route: id } });
  return ways;
}

function must(desk: Replica, command: RunCommand, actor: string): void {
  const decision = desk.do(command, actor);
  if (isRefusal(decision)) throw new Error(`${desk.run.planId} ${JSON.stringify(command)}: ${decision.message}`);
}

/** Carries out one step as its kind asks, by `doer`, with `other` at hand where two are needed. */
function carryOut(desk: Replica, no: number, way: Way, people: { doer: string; other: string }): void {
  const planned = desk.run.plan.steps.find((step) => step.no === no);
  if (planned === undefined) throw new Error(`no step ${no}`);
  const { doer, other } = people;
  must(desk, { type: 'startStep', no }, doer);
  const hasFailed = desk.step(no).marks.length > 0 || desk.step(no).reopenedCount > 0;
  if (way.failure?.no === no && !hasFailed) {
    must(desk, { type: 'failStep', no, reason: 'it did not work', route: way.failure.route }, doer);
    // A failed hold holds: it is tried again. Other ways out lead on, or back.
    if (desk.step(no).state === 'failed' && !desk.step(no).isPassed) must(desk, { type: 'retryStep', no, reason: 'again' }, doer);
    return;
  }
  const kind = kindOf(planned);
  if (kind === 'verify') must(desk, { type: 'answer', no, text: 'what I read' }, other);
  if (kind === 'repeat') must(desk, { type: 'beat', no, note: 'figures', readings: [] }, doer);
  if (planned.evidence !== '') must(desk, { type: 'addEvidence', no, item: { kind: 'typed', label: 'evidence', text: planned.evidence } }, doer);
  const route = way.branches.get(no);
  const signer = kind === 'verify' ? other : doer;
  must(desk, { type: 'completeStep', no, note: 'done', ...(route === undefined ? {} : { route }) }, signer);
  if (planned.signatures > 1) must(desk, { type: 'completeStep', no, confirmed: confirmed(kind === 'verify' ? doer : other) }, signer);
  expect(desk.step(no).state).toBe('done');
}

function openSteps(desk: Replica): number[] {
  return desk.run.steps.filter((step) => step.state === 'ready' || step.state === 'reopened').map((step) => step.no);
}

/** More turns than any plan needs: a plan that goes round for ever is a fault, not a slow test. */
const MOST_TURNS = 100;

describe.each(plans.map((plan) => [plan.id, plan] as const))('%s', (_id, plan) => {
  it('has no fault that the check of the library knows', () => {
    expect(planProblems(plan, { roles: Object.keys(roles), planIds: plans.map(({ id }) => id) })).toEqual([]);
  });

  it('is carried out to its end at one desk, on every way, and every step is done on some way', () => {
    const reached = new Set<number>();
    for (const way of waysThrough(plan)) {
      const desk = new Replica().start(plan);
      must(desk, { type: 'immediateDone' }, 'p-a');
      for (let turn = 0; turn < MOST_TURNS; turn += 1) {
        const [no] = openSteps(desk);
        if (no === undefined) break;
        carryOut(desk, no, way, { doer: 'p-a', other: 'p-b' });
      }
      expect(desk.run.steps.filter((step) => !isSettled(step)).map((step) => step.no)).toEqual([]);
      must(desk, { type: 'finish', note: 'over' }, 'p-a');
      expect(desk.run.state).toBe('finished');
      for (const step of desk.run.steps) if (step.state === 'done') reached.add(step.no);
    }
    expect([...reached].sort((a, b) => a - b)).toEqual(plan.steps.map((step) => step.no).sort((a, b) => a - b));
  });

  it('is carried out to its end by two desks that work apart and meet', () => {
    for (const way of waysThrough(plan)) {
      const a = new Replica({ device: 'A' }).start(plan);
      const b = new Replica({ device: 'B' });
      b.receive(a);
      for (let turn = 0; turn < MOST_TURNS; turn += 1) {
        const open = openSteps(a);
        if (open.length === 0) break;
        // Side by side where the plan allows it, in turns where it does not: neither desk knows what the other does in the meantime.
        for (const [index, no] of open.entries())
          if ((index + turn) % 2 === 0) carryOut(a, no, way, { doer: 'p-a', other: 'p-b' });
          else carryOut(b, no, way, { doer: 'p-c', other: 'p-d' });
        a.receive(b);
        b.receive(a);
        expect(runState(b.run)).toBe(runState(a.run));
      }
      expect(a.run.steps.filter((step) => !isSettled(step)).map((step) => step.no)).toEqual([]);
      // Both carried out their share: a run that one desk did alone proves nothing about two.
      expect(Math.min(a.ownCount, b.ownCount)).toBeGreaterThanOrEqual(plan.steps.length);
      must(b, { type: 'finish', note: 'over' }, 'p-c');
      expect(foldOps(joinOps(a.ops, b.ops)).map((run) => run.state)).toEqual(['finished']);
    }
  });
});
