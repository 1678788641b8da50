/** Folds what happened in a run into what people see. An event changes the marks on a step; the states follow from the marks (derive.ts). */
import type { Recorded } from '#shared/desk/decision';
import { deriveStates, keepConflictFlags } from '#shared/desk/plans/derive';
import type { RunEventBody } from '#shared/desk/plans/events';
import type { Run } from '#shared/desk/plans/plan';
import type { Mark, RunStep, Stamp } from '#shared/desk/plans/run-parts';
import { areEnough } from '#shared/desk/plans/signatures';
import { targetOffsetMs } from '#shared/desk/plans/target';
import type { StoredEntry } from '#shared/journal/entry';

export { isSettled, openPredecessors } from '#shared/desk/plans/derive';
export type { RunStep } from '#shared/desk/plans/run-parts';
export { personKey } from '#shared/desk/plans/signatures';

/** Who recorded it, and what their desk knew: without the latter, everything folded before. */
export type RunRecorded = Recorded & Partial<Pick<StoredEntry, 'opId' | 'device' | 'deviceSeq' | 'versionVector'>>;

type Payload<Type extends RunEventBody['type']> = Extract<RunEventBody, { type: Type }>['payload'];

export function evolveRun(run: Run | null, event: RunEventBody, recorded: RunRecorded): Run | null {
  if (run === null) return event.type === 'run.started' ? startRun(event.payload, recorded) : null;
  const next = copyOf(run);
  if (applyToRun(next, event, recorded)) deriveStates(next);
  next.sequence = recorded.sequence;
  return next;
}

export function startRun(payload: Payload<'run.started'>, recorded: RunRecorded): Run {
  const { plan } = payload;
  const run: Run = {
    runId: payload.runId,
    mode: recorded.mode,
    planId: plan.id,
    planHash: payload.planHash,
    planTitle: plan.title,
    planTitleZh: plan.title_zh,
    plan,
    alertId: payload.alertId,
    incidentId: payload.incidentId ?? null,
    state: 'running',
    startedAtMs: payload.atMs,
    startedBy: recorded.actor,
    endedAtMs: null,
    endReason: null,
    immediate: null,
    roles: {},
    roleClaims: [],
    presence: [],
    steps: plan.steps.map((step) => emptyStep(step.no, step.signatures, dueAt(step.target, payload.atMs))),
    items: [],
    notes: [],
    disputed: [],
    flags: [],
    parent: payload.parent ?? null,
    children: [],
    siblings: [],
    annex: [],
    sequence: recorded.sequence,
  };
  deriveStates(run);
  return run;
}

function dueAt(target: string, startedAtMs: number): number | null {
  const offsetMs = targetOffsetMs(target);
  return offsetMs === null ? null : startedAtMs + offsetMs;
}

function emptyStep(no: number, signaturesRequired: number, dueAtMs: number | null): RunStep {
  return {
    no,
    state: 'locked',
    readyAtMs: null,
    startedAtMs: null,
    startedBy: null,
    endedAtMs: null,
    endedBy: null,
    skipReason: null,
    deviation: null,
    route: null,
    isPassed: false,
    signaturesRequired,
    signedBy: [],
    dueAtMs,
    notes: [],
    marks: [],
    starts: [],
    deferrals: [],
    reopenedCount: 0,
    reopenedAtMs: null,
    readings: [],
    evidence: [],
    answers: [],
    beats: [],
    reversions: [],
    items: [],
    flags: [],
  };
}

/** Two levels deep: what lies deeper is replaced, never changed. */
function copyOf(run: Run): Run {
  return { ...run, steps: run.steps.map((step) => ({ ...step })) };
}

/** Changes `run` in place, which must be the caller's own. The states follow only with the next `deriveStates`: true when they may have moved. */
export function applyToRun(run: Run, event: RunEventBody, recorded: RunRecorded): boolean {
  const by = recorded.actor;
  const stamp = stampOf(recorded);
  const { atMs } = event.payload;
  switch (event.type) {
    case 'run.started':
      return false;
    case 'run.immediateDone':
      run.immediate ??= { atMs, by, note: event.payload.note };
      return false;
    case 'run.roleAssigned':
      assignRole(run, event.payload, stamp, recorded);
      return false;
    case 'run.presenceNoted': {
      const { person, isPresent } = event.payload;
      run.presence = [...run.presence.filter((each) => each.person !== person || !saw(recorded, each)), { ...stamp, person, isPresent, by, atMs }];
      return false;
    }
    case 'run.itemOpened': {
      const { itemId, group, label } = event.payload;
      if (!run.items.some((item) => item.itemId === itemId)) run.items = [...run.items, { itemId, group, label, openedBy: by, atMs }];
      return false;
    }
    case 'run.planAttached': {
      const { childRunId, planId, no } = event.payload;
      run.children = [...run.children, { runId: childRunId, planId, no, atMs, by }];
      return false;
    }
    case 'run.siblingLinked':
      run.siblings = [...new Set([...run.siblings, event.payload.siblingRunId])].sort();
      return false;
    case 'run.flagged':
      run.flags = [...run.flags, event.payload.flag];
      return false;
    case 'run.trustDisputed':
      run.disputed = [...new Set([...run.disputed, event.payload.ofOpId])].sort();
      break;
    case 'run.noted':
      if (event.payload.no === null) run.notes = [...run.notes, { atMs, by, text: event.payload.note }];
      else
        note(
          run.steps.find((step) => step.no === event.payload.no),
          atMs,
          by,
          event.payload.note,
        );
      return false;
    case 'run.finished':
      run.state = 'finished';
      run.endedAtMs = atMs;
      run.endReason = event.payload.note;
      return false;
    case 'run.aborted':
      run.state = 'aborted';
      run.endedAtMs = atMs;
      run.endReason = event.payload.reason;
      return false;
    default: {
      const step = run.steps.find((candidate) => candidate.no === event.payload.no);
      if (step === undefined) return false;
      if (REOPENING.has(event.type) && step.marks.length > 1) keepConflictFlags(run);
      if (!applyToStep(step, event, by, stamp, recorded)) return false;
    }
  }
  // The entry in dispute may come later in the order than the word about it.
  for (const opId of run.disputed) dispute(run, opId);
  return true;
}

/** What may end a conflict. */
const REOPENING = new Set<RunEventBody['type']>(['run.conflictResolved', 'run.stepReopened', 'run.sensorReverted']);

type StepEvent = Exclude<
  RunEventBody,
  {
    type:
      | 'run.started'
      | 'run.immediateDone'
      | 'run.roleAssigned'
      | 'run.presenceNoted'
      | 'run.itemOpened'
      | 'run.planAttached'
      | 'run.siblingLinked'
      | 'run.flagged'
      | 'run.trustDisputed'
      | 'run.noted'
      | 'run.finished'
      | 'run.aborted';
  }
>;

/** True when the states may have moved by it. */
function applyToStep(step: RunStep, event: StepEvent, by: string, stamp: Stamp, recorded: RunRecorded): boolean {
  const { atMs } = event.payload;
  switch (event.type) {
    case 'run.stepStarted':
      // Beginning brings back what was put off, if whoever begins knew that it was.
      step.deferrals = step.deferrals.filter((each) => !saw(recorded, each));
      step.starts = [...step.starts, { ...stamp, by, atMs }];
      return true;
    case 'run.stepSigned':
    case 'run.stepDone': {
      const { payload } = event;
      if (payload.note !== null) note(step, atMs, payload.by, payload.note);
      step.marks = [...step.marks, signatureOf(payload, step.marks, stamp, recorded)];
      step.reversions = step.reversions.filter((each) => !saw(recorded, each));
      return true;
    }
    case 'run.itemSigned': {
      const { payload } = event;
      if (payload.note !== null) note(step, atMs, payload.by, payload.note);
      const known = step.items.find((item) => item.itemId === payload.itemId) ?? { itemId: payload.itemId, marks: [], isDone: false };
      const marks = [...known.marks, signatureOf(payload, known.marks, stamp, recorded)];
      const item = { itemId: payload.itemId, marks, isDone: areEnough(marks, step.signaturesRequired, { ignoresDisputed: false }) };
      step.items = [...step.items.filter((other) => other.itemId !== item.itemId), item];
      if (step.starts.length === 0) step.starts = [{ ...stamp, by, atMs }];
      return true;
    }
    case 'run.stepSkipped': {
      const { reason, deviation, second } = event.payload;
      const more = { reason, deviation: deviation ?? null, second: second ?? null };
      step.marks = [...step.marks, { ...mark('skipped', by, atMs, step.marks, stamp, recorded), ...more }];
      return true;
    }
    case 'run.stepOverridden': {
      const { reason, deviation, second } = event.payload;
      const more = { reason, deviation: deviation ?? null, second: second ?? null };
      step.marks = [...step.marks, { ...mark('overridden', by, atMs, step.marks, stamp, recorded), ...more }];
      return true;
    }
    case 'run.stepFailed': {
      const { reason, route, isPassed } = event.payload;
      note(step, atMs, by, reason);
      step.marks = [...step.marks, { ...mark('failed', by, atMs, step.marks, stamp, recorded), reason, route, isPassed }];
      return true;
    }
    case 'run.stepDeferred': {
      const { untilNo, reason } = event.payload;
      note(step, atMs, by, reason);
      step.starts = step.starts.filter((each) => !saw(recorded, each));
      step.deferrals = [...step.deferrals, { ...stamp, by, atMs, untilNo, reason }];
      return true;
    }
    case 'run.stepReopened':
      note(step, atMs, by, event.payload.reason);
      step.reversions = step.reversions.filter((each) => !saw(recorded, each));
      reopen(step, atMs, recorded);
      return true;
    case 'run.sensorReverted': {
      const { readings, reopens } = event.payload;
      step.readings = [...step.readings, ...readings.map((reading) => ({ ...reading, takenBy: by }))];
      step.reversions = [...step.reversions, { ...stamp, atMs }];
      if (reopens) reopen(step, atMs, recorded);
      return true;
    }
    case 'run.conflictResolved': {
      const { keep, reason } = event.payload;
      note(step, atMs, by, reason);
      step.marks = step.marks.filter((each) => keep.includes(each.opId) || !saw(recorded, each));
      return true;
    }
    case 'run.readingTaken':
      step.readings = [...step.readings, ...event.payload.readings.map((reading) => ({ ...reading, takenBy: by }))];
      return false;
    case 'run.evidenceAdded':
      step.evidence = [...step.evidence, { atMs, by, item: event.payload.item }];
      return false;
    case 'run.answered':
      step.answers = [...step.answers, { atMs, by: event.payload.by, text: event.payload.text }];
      return false;
    case 'run.beat': {
      const { readings } = event.payload;
      step.beats = [...step.beats, { atMs, by, note: event.payload.note, readings }];
      return false;
    }
  }
}

/** What its author knew was for work that is now being done again: it stays in the journal, not on the step. What they did not know stays. */
function reopen(step: RunStep, atMs: number, recorded: RunRecorded): void {
  step.marks = step.marks.filter((each) => !saw(recorded, each));
  step.starts = step.starts.filter((each) => !saw(recorded, each));
  step.deferrals = step.deferrals.filter((each) => !saw(recorded, each));
  step.items = step.items
    .map((item) => ({ ...item, marks: item.marks.filter((each) => !saw(recorded, each)) }))
    .filter((item) => item.marks.length > 0);
  step.reopenedCount += 1;
  step.reopenedAtMs = Math.max(step.reopenedAtMs ?? atMs, atMs);
}

function stampOf(recorded: RunRecorded): Stamp {
  return { opId: recorded.opId ?? `entry-${recorded.sequence}`, device: recorded.device ?? '', deviceSeq: recorded.deviceSeq ?? recorded.sequence };
}

/** Whether whoever recorded this knew of an earlier entry. */
function saw(recorded: RunRecorded, earlier: Stamp): boolean {
  return recorded.versionVector === undefined || (recorded.versionVector[earlier.device] ?? 0) >= earlier.deviceSeq;
}

function mark(kind: Mark['kind'], by: string, atMs: number, others: readonly Mark[], stamp: Stamp, recorded: RunRecorded): Mark {
  return {
    ...stamp,
    kind,
    by,
    atMs,
    saw: others.filter((other) => saw(recorded, other)).map((other) => other.opId),
    as: null,
    route: null,
    reason: null,
    deviation: null,
    second: null,
    isPassed: false,
    isDisputed: false,
  };
}

function signatureOf(payload: Payload<'run.stepSigned'>, others: readonly Mark[], stamp: Stamp, recorded: RunRecorded): Mark {
  const signed = mark('signed', payload.by, payload.atMs, others, stamp, recorded);
  return { ...signed, as: payload.as ?? null, route: payload.route ?? null };
}

function note(step: RunStep | undefined, atMs: number, by: string, text: string): void {
  if (step !== undefined) step.notes = [...step.notes, { atMs, by, text }];
}

/** A claim takes the place of the claims its author knew of; of claims made apart the first stays in charge, and all are shown. */
function assignRole(run: Run, { role, person, atMs }: Payload<'run.roleAssigned'>, stamp: Stamp, recorded: RunRecorded): void {
  const others = run.roleClaims.filter((claim) => claim.role !== role || !saw(recorded, claim));
  run.roleClaims = [...others, { ...stamp, role, person, atMs }];
  const holder = run.roleClaims.find((claim) => claim.role === role);
  if (holder !== undefined) run.roles = { ...run.roles, [role]: holder.person };
}

function dispute(run: Run, opId: string): void {
  const disputed = (marks: readonly Mark[]): Mark[] => marks.map((each) => (each.opId === opId ? { ...each, isDisputed: true } : each));
  for (const step of run.steps) {
    if (step.marks.some((each) => each.opId === opId)) step.marks = disputed(step.marks);
    if (step.items.some((item) => item.marks.some((each) => each.opId === opId)))
      step.items = step.items.map((item) => ({ ...item, marks: disputed(item.marks) }));
  }
}
