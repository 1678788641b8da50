/** What state each step of a run is in, worked out from the marks people left on it: never stored as a fact of its own, so that no order of arrival can make it wrong. */
import { graphOf } from '#shared/desk/plans/graph';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import type { Mark, RunStep, StepState } from '#shared/desk/plans/run-parts';
import { areEnough, hasDuplicateActor } from '#shared/desk/plans/signatures';
import { kindOf } from '#shared/desk/plans/step-kind';

/** A step that later steps need not wait for any more. */
export function isSettled(step: Pick<RunStep, 'state' | 'isPassed'>): boolean {
  switch (step.state) {
    case 'done':
    case 'skipped':
    case 'notApplicable':
    case 'overridden':
      return true;
    case 'failed':
      return step.isPassed;
    default:
      return false;
  }
}

/** Marks that still hold: one that knew of a mark of another kind takes its place. */
export function liveMarks(marks: readonly Mark[]): Mark[] {
  if (marks.length <= 1) return [...marks];
  return marks.filter((mark) => !marks.some((later) => later.kind !== mark.kind && later.saw.includes(mark.opId)));
}

/** Marks that cannot all be true: different kinds, or different branches, by people who did not know of each other. */
export function isConflict(live: readonly Mark[]): boolean {
  const [first] = live;
  return first !== undefined && live.some((mark) => mark.kind !== first.kind || mark.route !== first.route);
}

type Look = { run: Run; byNo: ReadonlyMap<number, RunStep>; hasConflict: boolean; hasDeferred: boolean };

/** The steps that step `no` still waits for. `toClose` is stricter for a step done once per item: it may begin with the first item, and ends after the last. */
export function openPredecessors(run: Run, no: number, purpose: 'toStart' | 'toClose' = 'toStart'): number[] {
  return openBefore(lookAt(run), no, purpose);
}

function lookAt(run: Run): Look {
  return {
    run,
    byNo: new Map(run.steps.map((step) => [step.no, step])),
    hasConflict: run.steps.some((step) => step.state === 'conflict'),
    hasDeferred: run.steps.some((step) => step.deferrals.length > 0),
  };
}

function openBefore(look: Look, no: number, purpose: 'toStart' | 'toClose'): number[] {
  const { run, byNo } = look;
  const graph = graphOf(run.plan);
  const planned = graph.byNo.get(no);
  if (planned === undefined) return [];
  const isAnyEnough = planned.join === 'any' && planned.after.some((before) => isReached(byNo.get(before)));
  const waits: number[] = isAnyEnough ? [] : planned.after.filter((before) => isOpen(look, planned, before, purpose));
  const isHold = kindOf(planned) === 'hold' && !isAnyEnough;
  if (isHold || look.hasConflict)
    for (const before of graph.ancestors.get(no) ?? []) {
      // Whatever lies behind a conflict waits for the person who resolves it; a hold waits for everything before it.
      const isWaitedFor = byNo.get(before)?.state === 'conflict' || (isHold && isOpen(look, planned, before, purpose));
      if (isWaitedFor && before !== no && !waits.includes(before)) waits.push(before);
    }
  if (look.hasDeferred)
    for (const step of run.steps)
      if (step.no !== no && !isSettled(step) && !waits.includes(step.no) && step.deferrals.some((each) => each.untilNo === no)) waits.push(step.no);
  return waits.length > 1 ? waits.sort((a, b) => a - b) : waits;
}

function isOpen({ run, byNo }: Look, planned: PlanStep, before: number, purpose: 'toStart' | 'toClose'): boolean {
  const step = byNo.get(before);
  if (step === undefined || isSettled(step)) return false;
  const graph = graphOf(run.plan);
  if (step.state === 'deferred') return isHeldBack(step, planned.no, graph.descendants);
  return purpose === 'toClose' || planned.per_item === undefined || !passesItems(planned, graph.byNo.get(before), step);
}

function isReached(step: RunStep | undefined): boolean {
  return step !== undefined && isSettled(step) && step.state !== 'notApplicable';
}

/** A step put off until a gate holds up the gate and what follows it, nothing else. */
function isHeldBack(deferred: RunStep, no: number, descendants: ReadonlyMap<number, ReadonlySet<number>>): boolean {
  return deferred.deferrals.some(({ untilNo }) => untilNo === no || descendants.get(untilNo)?.has(no) === true);
}

function passesItems(planned: PlanStep, before: PlanStep | undefined, step: RunStep): boolean {
  return planned.per_item !== undefined && planned.per_item.group === before?.per_item?.group && step.items.some((item) => item.isDone);
}

/** Sets every step's state from the marks, in the order of the plan, in place. Nothing of what was derived before is used but the flag that outlives a conflict. */
export function deriveStates(run: Run): void {
  const look = lookAt(run);
  // A step put off depends on steps behind it, whose states a single pass would take from before: again until nothing moves.
  for (let pass = 0; pass <= run.steps.length; pass += 1) {
    const before = look.hasDeferred ? run.steps.map((step) => step.state).join() : '';
    derivePass(look);
    if (!look.hasDeferred || run.steps.map((step) => step.state).join() === before) return;
  }
}

function derivePass(look: Look): void {
  const { run, byNo } = look;
  const graph = graphOf(run.plan);
  /** Steps that a decision or a failure leaves out, with when that was. */
  const leftOut = new Map<number, number>();
  look.hasConflict = false;
  for (const no of graph.order) {
    const step = byNo.get(no);
    const planned = graph.byNo.get(no);
    if (step === undefined || planned === undefined) continue;
    const live = liveMarks(step.marks);
    const leftOutAtMs = leftOut.get(no) ?? null;
    step.state = stateOf(look, step, planned, live, leftOutAtMs !== null);
    showOutcome(step, live, leftOutAtMs ?? run.startedAtMs);
    if (step.marks.length > 0 || step.flags.length > 0 || step.reversions.length > 0) flag(step, live, leftOutAtMs !== null);
    step.readyAtMs = step.state === 'locked' ? null : readySince(run, step, planned, byNo);
    for (const left of leavesOut(step, planned)) leftOut.set(left, step.endedAtMs ?? run.startedAtMs);
    look.hasConflict ||= step.state === 'conflict';
  }
  if (look.hasConflict) {
    const inConflict = run.steps.filter((step) => step.state === 'conflict').map((step) => step.no);
    markBeforeConflict(run.steps, graph.ancestors, inConflict);
  }
}

/** When the last of what it waited for ended, or when it was opened again. */
function readySince(run: Run, step: RunStep, planned: PlanStep, byNo: ReadonlyMap<number, RunStep>): number {
  let sinceMs = step.reopenedAtMs ?? run.startedAtMs;
  for (const before of planned.after) sinceMs = Math.max(sinceMs, byNo.get(before)?.endedAtMs ?? 0);
  return sinceMs;
}

function stateOf(look: Look, step: RunStep, planned: PlanStep, live: readonly Mark[], isLeftOut: boolean): StepState {
  const [first] = live;
  if (first !== undefined) {
    if (isConflict(live)) return 'conflict';
    if (first.kind !== 'signed') return first.kind;
    if (areEnough(live, step.signaturesRequired, { ignoresDisputed: kindOf(planned) === 'hold' })) return 'done';
    return isLeftOut ? 'notApplicable' : 'waitSecond';
  }
  if (isLeftOut) return 'notApplicable';
  if (step.deferrals.length > 0 && !step.deferrals.some(({ untilNo }) => isGateReached(look, untilNo))) return 'deferred';
  if (step.starts.length > 0) return 'running';
  if (openBefore(look, step.no, 'toStart').length > 0) return 'locked';
  return step.reopenedCount > 0 ? 'reopened' : 'ready';
}

/** Nothing but deferred steps stands before the gate any more. */
function isGateReached({ run, byNo }: Look, gateNo: number): boolean {
  const { byNo: planned, descendants } = graphOf(run.plan);
  const gate = planned.get(gateNo);
  if (gate === undefined) return true;
  const gateStep = byNo.get(gateNo);
  if (gateStep !== undefined && isSettled(gateStep)) return true;
  return gate.after.every((before) => {
    const step = byNo.get(before);
    if (step === undefined || isSettled(step)) return true;
    // What is itself put off until this gate, or waits for such a step, comes when the gate is reached.
    return step.deferrals.some(({ untilNo }) => untilNo === gateNo || descendants.get(gateNo)?.has(untilNo) === true);
  });
}

function leavesOut(step: RunStep, planned: PlanStep): readonly number[] {
  if (step.route === null) return [];
  if (step.state === 'done') return planned.branches?.find(({ id }) => id === step.route)?.skips ?? [];
  if (step.state === 'failed') return planned.on_fail?.find(({ id }) => id === step.route)?.skips ?? [];
  return [];
}

/** Who ended it, when, and how: the same words that runs have always shown. */
function showOutcome(step: RunStep, live: readonly Mark[], leftOutAtMs: number): void {
  const signed = live.length === 0 ? live : live.filter((mark) => mark.kind === 'signed');
  step.signedBy = signed.length === 0 ? [] : [...new Set(signed.map((mark) => mark.by))];
  const last = live.at(-1);
  step.route = step.state === 'conflict' ? null : (last?.route ?? null);
  const failed = step.state === 'failed' ? last : undefined;
  step.isPassed = failed?.isPassed === true;
  const skipped = step.state === 'skipped' || step.state === 'overridden' ? last : undefined;
  step.skipReason = skipped?.reason ?? null;
  step.deviation = skipped?.deviation ?? null;
  const isEnded = isSettled(step);
  step.endedAtMs = isEnded ? (last?.atMs ?? leftOutAtMs) : null;
  step.endedBy = isEnded ? (last?.by ?? null) : null;
  const earliest = step.starts.reduce<RunStep['starts'][number] | null>(
    (first, each) => (first === null || each.atMs < first.atMs ? each : first),
    null,
  );
  step.startedAtMs = earliest?.atMs ?? signed[0]?.atMs ?? null;
  step.startedBy = earliest?.by ?? signed[0]?.by ?? null;
}

function flag(step: RunStep, live: readonly Mark[], isLeftOut: boolean): void {
  const signed = live.filter((mark) => mark.kind === 'signed');
  const flags: RunStep['flags'] = step.flags.includes('beforeConflict') ? ['beforeConflict'] : [];
  if (signed.length > 1 && hasDuplicateActor(signed)) flags.push('dupActor');
  if (isLeftOut && step.marks.length > 0) flags.push('offBranch');
  if (step.marks.some((mark) => mark.isDisputed)) flags.push('disputed');
  if (step.reversions.length > 0) flags.push('reverted');
  step.flags = flags;
}

/** What was done behind a conflict keeps its mark when the conflict goes: called before an entry may end one. In place, as `deriveStates`. */
export function keepConflictFlags(run: Run): void {
  const inConflict = run.steps.filter((step) => step.marks.length > 1 && isConflict(liveMarks(step.marks))).map((step) => step.no);
  if (inConflict.length > 0) markBeforeConflict(run.steps, graphOf(run.plan).ancestors, inConflict);
}

function markBeforeConflict(steps: readonly RunStep[], ancestors: ReadonlyMap<number, ReadonlySet<number>>, inConflict: readonly number[]): void {
  for (const step of steps) {
    if (step.marks.length === 0 || step.flags.includes('beforeConflict')) continue;
    const before = ancestors.get(step.no);
    if (inConflict.some((no) => before?.has(no) === true)) step.flags = [...step.flags, 'beforeConflict'];
  }
}
