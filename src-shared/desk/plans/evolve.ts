/** Folds what happened in a run into what people see: steps unlock as the ones before them end. */
import type { Recorded } from '#shared/desk/decision';
import type { RunEventBody } from '#shared/desk/plans/events';
import type { Run } from '#shared/desk/plans/plan';
import { targetOffsetMs } from '#shared/desk/plans/target';

export type RunStep = Run['steps'][number];
type Payload<Type extends RunEventBody['type']> = Extract<RunEventBody, { type: Type }>['payload'];

/** A step that later steps need not wait for any more. */
export function isSettled(step: RunStep): boolean {
  return step.state === 'done' || step.state === 'skipped' || step.state === 'notApplicable';
}

/** The steps that step `no` still waits for. */
export function openPredecessors(run: Run, no: number): number[] {
  const after = run.plan.steps.find((step) => step.no === no)?.after ?? [];
  return after.filter((before) => run.steps.some((step) => step.no === before && !isSettled(step)));
}

/** One spelling of a person for "have they signed already": the same name in other case or width is the same person. */
export function personKey(person: string): string {
  return person.normalize('NFKC').trim().toLowerCase();
}

export function evolveRun(run: Run | null, event: RunEventBody, recorded: Recorded): Run | null {
  if (run === null) return event.type === 'run.started' ? start(event.payload, recorded) : null;
  return { ...unlock(evolveKnown(run, event, recorded)), sequence: recorded.sequence };
}

function start(payload: Payload<'run.started'>, recorded: Recorded): Run {
  const { plan } = payload;
  return unlock({
    runId: payload.runId,
    mode: recorded.mode,
    planId: plan.id,
    planHash: payload.planHash,
    planTitle: plan.title,
    planTitleZh: plan.title_zh,
    plan,
    alertId: payload.alertId,
    state: 'running',
    startedAtMs: payload.atMs,
    startedBy: recorded.actor,
    endedAtMs: null,
    endReason: null,
    roles: {},
    steps: plan.steps.map((step) => {
      const offsetMs = targetOffsetMs(step.target);
      return {
        no: step.no,
        state: 'locked',
        startedAtMs: null,
        startedBy: null,
        endedAtMs: null,
        endedBy: null,
        skipReason: null,
        signaturesRequired: step.signatures,
        signedBy: [],
        dueAtMs: offsetMs === null ? null : payload.atMs + offsetMs,
        notes: [],
      };
    }),
    notes: [],
    sequence: recorded.sequence,
  });
}

function evolveKnown(run: Run, event: RunEventBody, recorded: Recorded): Run {
  const by = recorded.actor;
  switch (event.type) {
    case 'run.started':
      return run;
    case 'run.roleAssigned':
      return { ...run, roles: { ...run.roles, [event.payload.role]: event.payload.person } };
    case 'run.stepStarted':
      return withStep(run, event.payload.no, (step) => ({ ...step, state: 'running', startedAtMs: event.payload.atMs, startedBy: by }));
    case 'run.stepSigned':
      return withStep(run, event.payload.no, (step) => ({ ...sign(step, event.payload), state: 'running' }));
    case 'run.stepDone':
      return withStep(run, event.payload.no, (step) => ({
        ...sign(step, event.payload),
        state: 'done',
        endedAtMs: event.payload.atMs,
        endedBy: event.payload.by,
      }));
    case 'run.stepSkipped':
      return withStep(run, event.payload.no, (step) => ({
        ...step,
        state: 'skipped',
        endedAtMs: event.payload.atMs,
        endedBy: by,
        skipReason: event.payload.reason,
      }));
    case 'run.stepReopened':
      // Its signatures were for work that is now being done again: they stay in the journal, not on the step.
      return withStep(run, event.payload.no, (step) => ({
        ...noted(step, event.payload.atMs, by, event.payload.reason),
        state: 'running',
        startedAtMs: event.payload.atMs,
        startedBy: by,
        endedAtMs: null,
        endedBy: null,
        skipReason: null,
        signedBy: [],
      }));
    case 'run.noted': {
      const { no, atMs, note } = event.payload;
      if (no === null) return { ...run, notes: [...run.notes, { atMs, by, text: note }] };
      return withStep(run, no, (step) => noted(step, atMs, by, note));
    }
    case 'run.finished': {
      const { atMs, note } = event.payload;
      return { ...run, state: 'finished', endedAtMs: atMs, endReason: note };
    }
    case 'run.aborted':
      return { ...run, state: 'aborted', endedAtMs: event.payload.atMs, endReason: event.payload.reason };
  }
}

function sign(step: RunStep, payload: Payload<'run.stepSigned'>): RunStep {
  const started = step.startedAtMs === null ? { ...step, startedAtMs: payload.atMs, startedBy: payload.by } : step;
  const signed = { ...started, signedBy: [...started.signedBy, payload.by] };
  return payload.note === null ? signed : noted(signed, payload.atMs, payload.by, payload.note);
}

function noted(step: RunStep, atMs: number, by: string, text: string): RunStep {
  return { ...step, notes: [...step.notes, { atMs, by, text }] };
}

function withStep(run: Run, no: number, change: (step: RunStep) => RunStep): Run {
  return { ...run, steps: run.steps.map((step) => (step.no === no ? change(step) : step)) };
}

/** Steps nobody has touched are ready when everything before them has ended, else locked (again). */
function unlock(run: Run): Run {
  const steps = run.steps.map((step): RunStep => {
    if (step.state !== 'locked' && step.state !== 'ready') return step;
    return { ...step, state: openPredecessors(run, step.no).length === 0 ? 'ready' : 'locked' };
  });
  return { ...run, steps };
}
