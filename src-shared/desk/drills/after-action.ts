/** Drafts a drill's after-action report from what was recorded: times, tasks, capabilities, index and the story; it judges nothing that nobody has marked. */
import { type Drill, drillTimeMs, type Mark } from '#shared/desk/drills/drill';
import { MEASURED_TIMES, type MeasuredTime } from '#shared/desk/drills/scenario';
import {
  cohensKappa,
  type DrillIndex,
  drillIndex,
  type Rating,
  rateCapability,
  type Scoring,
  scoreTask,
  type TaskFacts,
  type TaskScore,
} from '#shared/desk/drills/score';
import { liveMarks } from '#shared/desk/plans/derive';
import type { Run } from '#shared/desk/plans/plan';
import type { RunStep } from '#shared/desk/plans/run-parts';
import { kindOf } from '#shared/desk/plans/step-kind';

/** What the drill desk recorded around the run: null where it never came to that. */
export type MissedDuty = { dutyId: string; title: { en: string; zh: string } };
export type DrillTraces = {
  run: Run | null;
  alertAcknowledgedAtMs: number | null;
  incidentOpenedAtMs: number | null;
  /** Duties of the drill's own incidents that were due before its end and not reported by then. */
  missedDuties: readonly MissedDuty[];
};

/** Drill time since the first inject; null with the reason when it was not seen. */
export type MeasuredDrillTime = { name: MeasuredTime; tookMs: number | null; reason: 'noInject' | 'noRun' | 'notSeen' | null };

type TaskResult = { taskId: string; facts: TaskFacts; score: TaskScore; isMarked: boolean; needsAdjudication: boolean };

export type StoryLine = {
  atMs: number;
  drillMs: number;
  kind: 'started' | 'paused' | 'resumed' | 'inject' | 'runStarted' | 'step' | 'observation' | 'leak' | 'ended' | 'aborted';
  by: string | null;
  /** The inject's or step's number; null for the others. */
  no: number | null;
  text: string;
};

export type DrillReport = {
  times: MeasuredDrillTime[];
  tasks: TaskResult[];
  capabilities: { capabilityId: string; rating: Rating | null }[];
  index: DrillIndex;
  /** How well two evaluators agree (Cohen's kappa); null where there are no two marks of one task. */
  kappa: number | null;
  hasMissedReport: boolean;
  missedDuties: readonly MissedDuty[];
  /** Told to the plan's owner at once, before there is a report (NIST SP 800-84). */
  lapses: Lapse[];
  decisions: Decision[];
  story: StoryLine[];
};

/** A critical task that was not done, a hold that was passed over, or two signatures that were one. */
export const LAPSE_REASONS = ['notDone', 'control', 'twoPersons'] as const;
export type Lapse = { taskId: string; why: (typeof LAPSE_REASONS)[number] };
/** What was decided in the run; `choice` is null where it was decided in words. */
type Decision = { no: number; atMs: number; by: string; title: Words; choice: Words | null; note: string | null };
type Words = { en: string; zh: string };

/** A difference of more than this many steps between two evaluators is settled by people, not by an average. */
const LARGEST_AGREED_DIFFERENCE = 1;
const UNTIMED = new Set(['tabletop', 'walkthrough']);

export function reportOf(drill: Drill, traces: DrillTraces, scoring: Scoring): DrillReport {
  // Before the end nothing is missed or failed yet: it may still be done.
  const isOver = drill.endedAtMs !== null;
  const tasks = drill.scenario.criticalTasks.map((task) => taskResult(drill, task.taskId, traces.run, scoring));
  const capabilities = drill.scenario.capabilities.map(({ capabilityId, area }) => {
    const own = drill.scenario.criticalTasks.filter((task) => task.capabilityId === capabilityId).map(({ taskId }) => taskId);
    const shown = tasks.filter(({ taskId }) => own.includes(taskId));
    return { capabilityId, area, rating: isOver ? rateCapability(shown, scoring) : null };
  });
  const reporting = new Set(drill.scenario.capabilities.filter(({ area }) => area === 'reporting').map(({ capabilityId }) => capabilityId));
  const duties = new Set(drill.scenario.criticalTasks.filter(({ capabilityId }) => reporting.has(capabilityId)).map(({ taskId }) => taskId));
  const missedDuties = isOver ? traces.missedDuties : [];
  const hasMissedTask = tasks.some(({ taskId, facts }) => duties.has(taskId) && facts.tookMs === null && !facts.isSkipApproved);
  const hasMissedReport = isOver && (hasMissedTask || missedDuties.length > 0);
  return {
    times: MEASURED_TIMES.map((name) => measured(name, drill, traces)),
    tasks,
    capabilities: capabilities.map(({ capabilityId, rating }) => ({ capabilityId, rating })),
    index: drillIndex(capabilities, { hasMissedReport, hasLeaked: drill.leak !== null }, scoring),
    kappa: cohensKappa(pairsOf(drill)),
    hasMissedReport,
    missedDuties,
    lapses: isOver ? tasks.flatMap(lapseOf) : [],
    decisions: decisionsOf(drill, traces.run),
    story: storyOf(drill, traces.run),
  };
}

function lapseOf({ taskId, facts }: TaskResult): Lapse[] {
  if (facts.isControlBreach) return [{ taskId, why: 'control' }];
  if (facts.isSkipApproved) return [];
  if (facts.tookMs === null) return [{ taskId, why: 'notDone' }];
  return facts.hasTwoPersons ? [] : [{ taskId, why: 'twoPersons' }];
}

function decisionsOf(drill: Drill, run: Run | null): Decision[] {
  const untilMs = drill.endedAtMs ?? Number.POSITIVE_INFINITY;
  return (run?.plan.steps ?? []).flatMap((planned): Decision[] => {
    const step = run?.steps.find(({ no }) => no === planned.no);
    const [mark] = step?.state === 'done' ? liveMarks(step.marks).filter(({ kind }) => kind === 'signed') : [];
    if (kindOf(planned) !== 'decide' || step === undefined || mark === undefined || mark.atMs > untilMs) return [];
    const branch = planned.branches?.find(({ id }) => id === step.route);
    const note = step.notes.find(({ atMs, by }) => atMs === mark.atMs && by === mark.by)?.text ?? null;
    const choice = branch === undefined ? null : { en: branch.label, zh: branch.label_zh };
    return [{ no: planned.no, atMs: mark.atMs, by: mark.by, title: { en: planned.title, zh: planned.title_zh }, choice, note }];
  });
}

/** When the exercise's trouble began: the first inject that was given. */
function zeroOf(drill: Drill): number | null {
  const given = drill.injected.filter(({ outcome }) => outcome === 'done').map(({ atMs }) => atMs);
  return given.length === 0 ? null : Math.min(...given);
}

function measured(name: MeasuredTime, drill: Drill, traces: DrillTraces): MeasuredDrillTime {
  const zeroMs = zeroOf(drill);
  if (zeroMs === null) return { name, tookMs: null, reason: 'noInject' };
  const atMs = momentOf(name, drill, traces);
  if (atMs === null) return { name, tookMs: null, reason: traces.run === null ? 'noRun' : 'notSeen' };
  return { name, tookMs: Math.max(0, drillTimeMs(drill, atMs) - drillTimeMs(drill, zeroMs)), reason: null };
}

function momentOf(name: MeasuredTime, drill: Drill, { run, alertAcknowledgedAtMs, incidentOpenedAtMs }: DrillTraces): number | null {
  const stepNo = drill.scenario.measures[name];
  if (stepNo !== undefined)
    return doneAtMs(
      drill,
      run?.steps.find(({ no }) => no === stepNo),
    );
  switch (name) {
    case 'detect':
      return run?.startedAtMs ?? null;
    case 'acknowledge':
      return alertAcknowledgedAtMs;
    case 'declare':
      return incidentOpenedAtMs;
    case 'command':
      return run?.roleClaims.find(({ role }) => role === 'IC')?.atMs ?? null;
    default:
      return null;
  }
}

/** What was done after the end was not done in the drill. */
function doneAtMs(drill: Drill, step: RunStep | undefined): number | null {
  if (step?.state !== 'done' || step.endedAtMs === null) return null;
  return drill.endedAtMs !== null && step.endedAtMs > drill.endedAtMs ? null : step.endedAtMs;
}

function taskResult(drill: Drill, taskId: string, run: Run | null, scoring: Scoring): TaskResult {
  const marks = drill.marks.filter((mark) => mark.taskId === taskId);
  const facts = factsOf(drill, taskId, run, marks);
  const isTimed = !UNTIMED.has(drill.scenario.type);
  return { taskId, facts, score: scoreTask(facts, scoring, isTimed), isMarked: marks.length > 0, needsAdjudication: disagree(marks) };
}

function factsOf(drill: Drill, taskId: string, run: Run | null, marks: readonly Mark[]): TaskFacts {
  const task = drill.scenario.criticalTasks.find((each) => each.taskId === taskId);
  const step = run?.steps.find(({ no }) => no === task?.stepNo);
  const endMs = doneAtMs(drill, step);
  const fromMs = step?.readyAtMs ?? run?.startedAtMs ?? null;
  const tookMs = endMs === null || fromMs === null ? null : Math.max(0, drillTimeMs(drill, endMs) - drillTimeMs(drill, fromMs));
  const skip = step?.marks.find(({ kind }) => kind === 'skipped');
  return {
    targetMs: (task?.targetSeconds ?? 0) * 1000,
    tookMs,
    quality: marks.length === 0 || disagree(marks) ? null : marks.reduce((sum, { quality }) => sum + quality, 0) / marks.length,
    evidenceRequired: task?.evidenceRequired ?? 0,
    evidenceAttached: (step?.evidence.length ?? 0) + (step?.readings.length ?? 0),
    hasCorrectRole: marks.every((mark) => mark.hasCorrectRole),
    hasTwoPersons: task?.needsTwoPersons !== true || new Set(step?.signedBy ?? []).size >= 2,
    hasNoShortcut: marks.every((mark) => mark.hasNoShortcut),
    isSkipApproved: step?.state === 'notApplicable' || (step?.state === 'skipped' && skip !== undefined && skip.second !== null),
    isControlBreach: step?.state === 'overridden',
    neededController: marks.some((mark) => mark.neededController),
  };
}

function disagree(marks: readonly Mark[]): boolean {
  const given = marks.map(({ quality }) => quality);
  return given.length > 1 && Math.max(...given) - Math.min(...given) > LARGEST_AGREED_DIFFERENCE;
}

/** Tasks that two evaluators marked, as pairs; of more than two the first two by name. */
function pairsOf(drill: Drill): [number, number][] {
  return drill.scenario.criticalTasks.flatMap(({ taskId }): [number, number][] => {
    const [one, other] = drill.marks.filter((mark) => mark.taskId === taskId).sort((a, b) => (a.by < b.by ? -1 : 1));
    return one === undefined || other === undefined ? [] : [[one.quality, other.quality]];
  });
}

function storyOf(drill: Drill, run: Run | null): StoryLine[] {
  const line = (atMs: number, kind: StoryLine['kind'], by: string | null, no: number | null = null, text = ''): StoryLine => {
    return { atMs, drillMs: drillTimeMs(drill, atMs), kind, by, no, text };
  };
  const lines: StoryLine[] = [];
  if (drill.startedAtMs !== null) lines.push(line(drill.startedAtMs, 'started', null));
  for (const { fromMs, toMs, reason } of drill.pauses) {
    lines.push(line(fromMs, 'paused', null, null, reason));
    if (toMs !== null && toMs !== drill.endedAtMs) lines.push(line(toMs, 'resumed', null));
  }
  for (const { no, atMs, by, outcome, note } of drill.injected)
    lines.push(line(atMs, 'inject', by, no, outcome === 'done' ? note : `${outcome}: ${note}`));
  if (run !== null) {
    lines.push(line(run.startedAtMs, 'runStarted', run.startedBy, null, run.planId));
    const untilMs = drill.endedAtMs ?? Number.POSITIVE_INFINITY;
    for (const { no, endedAtMs, endedBy, state } of run.steps) {
      if (endedAtMs !== null && endedAtMs <= untilMs) lines.push(line(endedAtMs, 'step', endedBy, no, state));
    }
  }
  for (const { atMs, by, fact } of drill.observations) lines.push(line(atMs, 'observation', by, null, fact));
  if (drill.leak !== null) lines.push(line(drill.leak.atMs, 'leak', null, null, drill.leak.text));
  if (drill.endedAtMs !== null) {
    lines.push(line(drill.endedAtMs, drill.abortReason === null ? 'ended' : 'aborted', null, null, drill.abortReason ?? ''));
  }
  return lines.sort((a, b) => a.atMs - b.atMs);
}
