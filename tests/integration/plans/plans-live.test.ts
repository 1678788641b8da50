/** Every bundled plan carried out to its end at a live desk: by its requests, on a real journal, and what the journal then holds folds to what the desk shows, also beside a second desk. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planRequests } from '#engine/desk/plans/plan-requests';
import { isSettled } from '#shared/desk/plans/evolve';
import { foldOps, joinOps, type RunOp, runOpOf, runState } from '#shared/desk/plans/merge';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { kindOf } from '#shared/desk/plans/step-kind';
import { accept, type Outcome } from '#shared/refusal';
import { bundledPlans, confirmed } from '#tests/helpers/plan-run';
import { openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

const MOST_TURNS = 100;
const CONFIRMATION = '01996b1c-0000-7000-8000-0000000000ff';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function worked<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

function liveDesk(path: string) {
  const room = openDesk(path, { secondPerson: { take: () => accept(confirmed('p-second')) } });
  const ops: RunOp[] = [];
  room.desk.onAppended((entries) => void ops.push(...entries.flatMap((entry) => runOpOf(entry) ?? [])));
  const requests = planRequests(room.desk.plans);
  const ask = <Name extends keyof typeof requests>(name: Name, payload: Parameters<(typeof requests)[Name]>[0]): Run => {
    room.clock.ms += 7_000;
    const handler = requests[name] as (given: typeof payload) => Outcome<Run>;
    return worked(handler(payload));
  };
  return { ...room, ops, ask };
}

it.each(bundledPlans.library.plans.map((plan) => [plan.id, plan] as const))('%s', async (planId, plan) => {
  const { desk, ops, ask, close } = liveDesk(folder.path);
  let run = ask('run.start', { planId });
  const { runId } = run;
  run = ask('run.immediateDone', { runId });
  const carryOut = (planned: PlanStep): void => {
    const { no } = planned;
    const kind = kindOf(planned);
    ask('run.startStep', { runId, no });
    if (kind === 'verify') ask('run.answer', { runId, no, text: 'what I read' });
    if (kind === 'repeat') ask('run.beat', { runId, no, note: 'figures' });
    if (planned.evidence !== '') ask('run.addEvidence', { runId, no, item: { kind: 'typed', label: '', text: 'as seen' } });
    const route = planned.branches?.[0]?.id;
    const words = { runId, no, note: 'done', ...(route === undefined ? {} : { route }) };
    // Where two sign, the second stands at the same screen; what one person did, that other checks first.
    const signings = [words, { ...words, confirmationId: CONFIRMATION }];
    const needed = kind === 'verify' ? signings.reverse() : signings;
    for (const signing of needed.slice(0, planned.signatures)) run = ask('run.completeStep', signing);
    expect(run.steps.find((step) => step.no === no)?.state, `${planId} step ${no}`).toBe('done');
  };
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const next = run.steps.find(({ state }) => state === 'ready' || state === 'reopened');
    const planned = plan.steps.find(({ no }) => no === next?.no);
    if (planned === undefined) break;
    carryOut(planned);
  }
  expect(run.steps.filter((step) => !isSettled(step)).map(({ no }) => no)).toEqual([]);
  run = ask('run.finish', { runId, note: 'over' });
  expect(run).toMatchObject({ state: 'finished', mode: 'live' });

  // The journal alone says the same, in whatever order two desks bring it together.
  const own = ops.filter(({ event }) => event.payload.runId === runId);
  const kept = desk.plans.run(runId);
  const folded = foldOps(own).find((each) => each.runId === runId);
  expect(folded === undefined ? null : runState(folded)).toBe(kept === null ? '' : runState(kept));
  const half = Math.floor(own.length / 2);
  for (const order of [joinOps(own.slice(half), own.slice(0, half)), joinOps([...own].reverse(), own)]) {
    expect(foldOps(order).map(runState)).toEqual(foldOps(own).map(runState));
  }
  await close();
});
