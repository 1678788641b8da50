/** Decides what a person's command means for a plan run: what may start, what is signed, what may end. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { RunEvent, RunEventBody } from '#shared/desk/plans/events';
import { isSettled, openPredecessors, personKey, type RunStep } from '#shared/desk/plans/evolve';
import type { Plan, PlanStep, Run } from '#shared/desk/plans/plan';
import { type Refusal, refuse } from '#shared/refusal';

export type RunCommand =
  | { type: 'assignRole'; role: string; person: string; knownRoles: readonly string[] }
  | { type: 'startStep'; no: number }
  /** `enteredBy`: who is on duty, when somebody else signs. */
  | { type: 'completeStep'; no: number; note?: string | undefined; enteredBy?: string | undefined }
  | { type: 'skipStep'; no: number; reason: string }
  | { type: 'reopenStep'; no: number; reason: string }
  | { type: 'note'; no?: number | undefined; note: string }
  | { type: 'finish'; note?: string | undefined }
  | { type: 'abort'; reason: string };

/** `planHash` is the SHA-256 of the plan's canonical JSON. */
export function decideStart(start: { plan: Plan; planHash: string; alertId: string | null }, context: DecisionContext): RunEvent[] {
  return [about({ type: 'run.started', payload: { runId: context.newId(), atMs: context.nowMs, ...start } })];
}

export function decideRun(run: Run, command: RunCommand, context: DecisionContext): Decision<RunEvent> {
  // A note may always be added: what people learn after the end belongs to the record too.
  if (command.type === 'note') return addNote(run, command, context);
  if (run.state !== 'running') return refuse('CONFLICT', `the run is ${run.state}`);
  const base = { runId: run.runId, atMs: context.nowMs };
  switch (command.type) {
    case 'assignRole':
      // Any role of the firm, not only those of this plan's steps: every run has a commander and a scribe.
      if (!command.knownRoles.includes(command.role) && !run.plan.steps.some((step) => step.role === command.role))
        return refuse('UNKNOWN', `there is no role ${command.role}`, 'role');
      if (run.roles[command.role] === command.person) return [];
      return [about({ type: 'run.roleAssigned', payload: { ...base, role: command.role, person: command.person } })];
    case 'finish': {
      const open = run.steps.filter((step) => !isSettled(step)).map((step) => step.no);
      if (open.length > 0) return refuse('CONFLICT', `steps ${open.join(', ')} are still open: finish or skip them first`);
      return [about({ type: 'run.finished', payload: { ...base, note: textOrNull(command.note) } })];
    }
    case 'abort':
      return [about({ type: 'run.aborted', payload: { ...base, reason: command.reason } })];
    default: {
      const step = run.steps.find((candidate) => candidate.no === command.no);
      const planned = run.plan.steps.find((candidate) => candidate.no === command.no);
      if (step === undefined || planned === undefined) return refuse('UNKNOWN', `${run.planId} has no step ${command.no}`, 'no');
      return decideStep(run, step, planned, command, context);
    }
  }
}

type StepCommand = Extract<RunCommand, { type: 'startStep' | 'completeStep' | 'skipStep' | 'reopenStep' }>;

function decideStep(run: Run, step: RunStep, planned: PlanStep, command: StepCommand, context: DecisionContext): Decision<RunEvent> {
  const base = { runId: run.runId, no: step.no, atMs: context.nowMs };
  switch (command.type) {
    case 'startStep':
      if (step.state === 'running') return [];
      if (step.state === 'locked') return refuseLocked(run, step.no);
      if (step.state !== 'ready') return refuse('CONFLICT', `step ${step.no} is ${step.state}: reopen it first`);
      return [about({ type: 'run.stepStarted', payload: base })];
    case 'completeStep':
      return completeStep(run, step, planned, command, context);
    case 'skipStep':
      // A locked step may be skipped too: a decision before it can make it needless.
      if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
      return [about({ type: 'run.stepSkipped', payload: { ...base, reason: command.reason } })];
    case 'reopenStep':
      if (!isSettled(step)) return refuse('CONFLICT', `step ${step.no} is ${step.state}, there is nothing to reopen`);
      return [about({ type: 'run.stepReopened', payload: { ...base, reason: command.reason } })];
  }
}

function completeStep(
  run: Run,
  step: RunStep,
  planned: PlanStep,
  { note, enteredBy }: Extract<StepCommand, { type: 'completeStep' }>,
  context: DecisionContext,
): Decision<RunEvent> {
  if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  if (openPredecessors(run, step.no).length > 0) return refuseLocked(run, step.no);
  if (step.signedBy.some((person) => personKey(person) === personKey(context.actor)))
    return refuse('CONFLICT', `${context.actor} has signed step ${step.no} already: it needs ${step.signaturesRequired} different people`);
  const isFirst = step.signedBy.length === 0;
  if (planned.decision !== null && isFirst && textOrNull(note) === null)
    return refuse('INVALID', `step ${step.no} is a decision: say what was decided`, 'note');
  const base = { runId: run.runId, no: step.no, atMs: context.nowMs };
  const signature = { ...base, by: context.actor, note: textOrNull(note), ...(enteredBy === undefined ? {} : { enteredBy }) };
  const events: RunEvent[] = step.state === 'running' ? [] : [about({ type: 'run.stepStarted', payload: base })];
  const isLast = step.signedBy.length + 1 >= step.signaturesRequired;
  events.push(about(isLast ? { type: 'run.stepDone', payload: signature } : { type: 'run.stepSigned', payload: signature }));
  return events;
}

function addNote(run: Run, command: { no?: number | undefined; note: string }, context: DecisionContext): Decision<RunEvent> {
  const no = command.no ?? null;
  if (no !== null && !run.steps.some((step) => step.no === no)) return refuse('UNKNOWN', `${run.planId} has no step ${no}`, 'no');
  return [about({ type: 'run.noted', payload: { runId: run.runId, atMs: context.nowMs, no, note: command.note } })];
}

function refuseLocked(run: Run, no: number): Refusal {
  return refuse('CONFLICT', `step ${no} waits for step ${openPredecessors(run, no).join(', ')}`);
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function about(event: RunEventBody): RunEvent {
  return { ...event, subject: `run:${event.payload.runId}` };
}
