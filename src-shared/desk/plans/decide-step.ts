/** Decides what a command means for one step of a run: what it waits for, whose signature counts, and where a failure leads. */
import type { Confirmed, RunContext, RunStepCommand, SignCommand } from '#shared/desk/plans/commands';
import { isConflict, isSettled, liveMarks, openPredecessors } from '#shared/desk/plans/derive';
import type { RunEventBody } from '#shared/desk/plans/events';
import { graphOf } from '#shared/desk/plans/graph';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { NO_ROTE_GUARD, roteFlags } from '#shared/desk/plans/rote-guard';
import type { Deviation, DeviationCode, Mark, RunStep } from '#shared/desk/plans/run-parts';
import { areEnough, personKey } from '#shared/desk/plans/signatures';
import { kindOf, needsSecondName } from '#shared/desk/plans/step-kind';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

type Bodies = RunEventBody[] | Refusal;
type On = { run: Run; step: RunStep; planned: PlanStep; context: RunContext };
type Base = { runId: string; no: number; atMs: number };

export function decideStep(run: Run, command: Exclude<RunStepCommand, { type: 'addEvidence' }>, context: RunContext): Bodies {
  const step = run.steps.find((candidate) => candidate.no === command.no);
  const planned = run.plan.steps.find((candidate) => candidate.no === command.no);
  if (step === undefined || planned === undefined) return refuse('UNKNOWN', `${run.planId} has no step ${command.no}`, 'no');
  const on: On = { run, step, planned, context };
  const base: Base = { runId: run.runId, no: step.no, atMs: context.nowMs };
  if (step.state === 'conflict' && !FREE_IN_CONFLICT.has(command.type))
    return refuse('CONFLICT', `two desks say different things about step ${step.no}: resolve that first`);
  if (planned.repairs === true && context.isSceneOpen === true && REPAIRING.has(command.type))
    return refuse(
      'CONFLICT',
      `step ${step.no} repairs what is broken: the evidence of its incident is sealed first, or that is overridden by two`,
      'seal',
    );
  switch (command.type) {
    case 'startStep':
      if (step.state === 'running' || step.state === 'waitSecond') return [];
      if (step.state === 'locked') return refuseLocked(run, step.no);
      // One that was put off may be taken up before its gate.
      if (step.state === 'deferred' && openPredecessors(run, step.no).length > 0) return refuseLocked(run, step.no);
      if (!isStartable(step)) return refuse('CONFLICT', `step ${step.no} is ${step.state}: reopen it first`);
      return [{ type: 'run.stepStarted', payload: base }];
    case 'completeStep':
      return completeStep(on, base, command);
    case 'failStep':
      return failStep(on, base, command);
    case 'retryStep':
      if (step.state !== 'failed') return refuse('CONFLICT', `step ${step.no} is ${step.state}: only a failed step is tried again`);
      return [{ type: 'run.stepReopened', payload: { ...base, reason: command.reason } }];
    case 'deferStep':
      return deferStep(on, base, command);
    case 'skipStep':
      return skipStep(on, base, command);
    case 'overrideHold':
      return overrideHold(on, base, command);
    case 'reopenStep':
      if (!isSettled(step) && step.state !== 'waitSecond' && step.state !== 'failed')
        return refuse('CONFLICT', `step ${step.no} is ${step.state}, there is nothing to reopen`);
      // What a branch left out has nothing of its own to undo: the decision is reopened.
      if (step.state === 'notApplicable') return refuse('CONFLICT', `step ${step.no} is left out by a decision: reopen the decision`);
      return [{ type: 'run.stepReopened', payload: { ...base, reason: command.reason } }];
    case 'resolveConflict':
      return resolveConflict(on, base, command);
    case 'takeReading':
      if (command.readings.length === 0) return refuse('INVALID', `step ${step.no} has no sensor`, 'no');
      return [{ type: 'run.readingTaken', payload: { ...base, readings: [...command.readings] } }];
    case 'turnBack':
      // Two desks may see the same; a person may have reopened it already.
      if (step.state !== 'done' || step.reversions.length > 0) return [];
      return [{ type: 'run.sensorReverted', payload: { ...base, readings: [...command.readings], reopens: command.reopens } }];
    case 'answer':
      if (step.state === 'locked') return refuseLocked(run, step.no);
      return [{ type: 'run.answered', payload: { ...base, by: command.confirmed?.personId ?? context.actor, text: command.text } }];
    case 'beat':
      if (kindOf(planned) !== 'repeat') return refuse('INVALID', `step ${step.no} is not one that repeats`, 'no');
      if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
      if (openPredecessors(run, step.no).length > 0) return refuseLocked(run, step.no);
      return [
        ...startIfNeeded(step, base),
        { type: 'run.beat', payload: { ...base, note: textOrNull(command.note), readings: [...command.readings] } },
      ];
    case 'signItem':
      return signItem(on, base, command);
  }
}

/** The same human, also under two records. */
export function isSamePerson(context: Pick<RunContext, 'humanOf'>, first: string, second: string): boolean {
  const human = context.humanOf ?? ((person: string): string => person);
  return personKey(first) === personKey(second) || personKey(human(first)) === personKey(human(second));
}

const REPAIRING = new Set<RunStepCommand['type']>(['startStep', 'completeStep', 'beat', 'signItem']);
const FREE_IN_CONFLICT = new Set<RunStepCommand['type']>(['resolveConflict', 'takeReading', 'answer']);

function isStartable(step: RunStep): boolean {
  return step.state === 'ready' || step.state === 'reopened' || step.state === 'deferred';
}

function completeStep({ run, step, planned, context }: On, base: Base, command: SignCommand): Bodies {
  const by = command.confirmed?.personId ?? context.actor;
  const note = textOrNull(command.note);
  if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  if (step.state === 'failed') return refuse('CONFLICT', `step ${step.no} failed: try it again or take a way out`);
  const open = openPredecessors(run, step.no, 'toClose');
  if (open.length > 0) return refuse('CONFLICT', `step ${step.no} waits for step ${open.join(', ')}`);
  const signed = liveMarks(step.marks).filter((mark) => mark.kind === 'signed');
  const as = command.as ?? (signed.length > 0 || kindOf(planned) === 'verify' ? 'verifier' : 'doer');
  const refusedSigner = refuseSigner({ run, step, planned, context }, signed, by, as);
  if (refusedSigner !== null) return refusedSigner;
  const pending = openItems(run, planned, step);
  if (pending > 0) return refuse('CONFLICT', `${pending} items of step ${step.no} are not done yet`);
  const isFirst = signed.length === 0;
  const route = isFirst ? command.route : (signed[0]?.route ?? undefined);
  const refusedRoute = refuseRoute(planned, isFirst, route, note, command);
  if (refusedRoute !== null) return refusedRoute;
  const signature = {
    ...base,
    by,
    note,
    as,
    ...(route === undefined ? {} : { route }),
    ...(command.confirmed === undefined ? {} : { enteredBy: context.actor, confirmed: proofOf(command.confirmed) }),
  };
  const events: RunEventBody[] = startIfNeeded(step, base);
  const readings = command.readings ?? [];
  if (readings.length > 0) events.push({ type: 'run.readingTaken', payload: { ...base, readings: [...readings] } });
  const isLast = areEnough([...signed, prospective(signed, by, as)], step.signaturesRequired, { ignoresDisputed: kindOf(planned) === 'hold' });
  events.push(isLast ? { type: 'run.stepDone', payload: signature } : { type: 'run.stepSigned', payload: signature });
  if (isLast) events.push(...attachments(base, command.attached));
  for (const flag of roteFlags(context.roteGuard ?? NO_ROTE_GUARD, run, { no: step.no, by, atMs: base.atMs, note }))
    events.push({ type: 'run.flagged', payload: { runId: base.runId, atMs: base.atMs, flag } });
  return events;
}

/** Two people who did it apart have both signed; either may then sign to have checked the other's. */
function refuseSigner({ run, step, planned, context }: On, signed: readonly Mark[], by: string, as: 'doer' | 'verifier'): Refusal | null {
  const isSame = (mark: Mark): boolean => isSamePerson(context, mark.by, by);
  const mayVerifyOther = as === 'verifier' && signed.some((mark) => !isSame(mark)) && !signed.some((mark) => isSame(mark) && mark.as === 'verifier');
  if (signed.some(isSame) && !mayVerifyOther)
    return refuse('CONFLICT', `${by} has signed step ${step.no} already: it needs ${step.signaturesRequired} different people`);
  if (kindOf(planned) !== 'verify' || signed.length > 0) return null;
  if (isOwnWork(run, planned, by, context)) return refuse('FORBIDDEN', `${by} did step ${planned.after.join(', ')}: somebody else verifies it`);
  const hasAnswered = step.answers.some((answer) => personKey(answer.by) === personKey(by) || personKey(answer.by) === personKey(context.actor));
  if ((planned.expects ?? null) !== null && !hasAnswered)
    return refuse('INVALID', `step ${step.no} is a check: type what you read before you sign`, 'text');
  return null;
}

/** Whether a check would be by the one person who did what is checked. */
export function isOwnWork(run: Run, planned: PlanStep, person: string, context: Pick<RunContext, 'humanOf'> = {}): boolean {
  const doers = planned.after.flatMap((before) => {
    const done = run.plan.steps.find((candidate) => candidate.no === before);
    if (done === undefined || kindOf(done) !== 'do') return [];
    return run.steps.find((candidate) => candidate.no === before)?.signedBy ?? [];
  });
  return kindOf(planned) === 'verify' && doers.length > 0 && doers.every((doer) => isSamePerson(context, doer, person));
}

function refuseRoute(planned: PlanStep, isFirst: boolean, route: string | undefined, note: string | null, command: SignCommand): Refusal | null {
  if (planned.branches !== undefined) {
    if (route === undefined) return refuse('INVALID', `step ${planned.no} is a decision: choose one of its branches`, 'route');
    if (!planned.branches.some(({ id }) => id === route)) return refuse('UNKNOWN', `step ${planned.no} has no branch ${route}`, 'route');
    if (!isFirst && command.route !== undefined && command.route !== route)
      return refuse('CONFLICT', `the first signature of step ${planned.no} chose ${route}: to choose otherwise, reopen the step`, 'route');
    return null;
  }
  if (route !== undefined) return refuse('UNKNOWN', `step ${planned.no} has no branch ${route}`, 'route');
  // Beside other steps such words are advice for one case of many; a decision is in words or it was none.
  if (isFirst && kindOf(planned) === 'decide' && note === null)
    return refuse('INVALID', `step ${planned.no} is a decision: say what was decided`, 'note');
  return null;
}

function failStep({ run, step, planned }: On, base: Base, command: Extract<RunStepCommand, { type: 'failStep' }>): Bodies {
  if (isSettled(step) || step.state === 'failed') return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  if (openPredecessors(run, step.no).length > 0) return refuseLocked(run, step.no);
  const route = planned.on_fail?.find(({ id }) => id === command.route);
  if (command.route !== undefined && route === undefined) return refuse('UNKNOWN', `step ${step.no} has no way out ${command.route}`, 'route');
  const returnsTo = route?.returns_to;
  // Nothing passes a hold that failed: what follows waits until it holds, or until commander and executive override it.
  const isPassed = route !== undefined && returnsTo === undefined && kindOf(planned) !== 'hold';
  const events: RunEventBody[] = [
    ...startIfNeeded(step, base),
    { type: 'run.stepFailed', payload: { ...base, reason: command.reason, route: route?.id ?? null, isPassed } },
    ...attachments(base, command.attached),
  ];
  if (returnsTo === undefined) return events;
  // Back: everything between there and here is done again, this step too.
  const graph = graphOf(run.plan);
  const behind = graph.descendants.get(returnsTo) ?? new Set<number>();
  const before = graph.ancestors.get(step.no) ?? new Set<number>();
  for (const other of run.steps) {
    const isBetween = other.no === returnsTo || (behind.has(other.no) && before.has(other.no));
    const isTouched = other.marks.length > 0 || other.starts.length > 0;
    if (other.no === step.no || (isBetween && isTouched && other.state !== 'notApplicable'))
      events.push({ type: 'run.stepReopened', payload: { ...base, no: other.no, reason: command.reason } });
  }
  return events;
}

function deferStep({ run, step }: On, base: Base, command: Extract<RunStepCommand, { type: 'deferStep' }>): Bodies {
  if (isSettled(step) || step.state === 'deferred' || step.state === 'waitSecond')
    return refuse('CONFLICT', `step ${step.no} is ${step.state}, it cannot be put off`);
  const graph = graphOf(run.plan);
  const gate = run.steps.find((candidate) => candidate.no === command.untilNo);
  if (gate === undefined || gate.no === step.no) return refuse('UNKNOWN', `${run.planId} has no other step ${command.untilNo}`, 'untilNo');
  if (graph.ancestors.get(step.no)?.has(gate.no) === true)
    return refuse('INVALID', `step ${gate.no} comes before step ${step.no}: it cannot wait for that`, 'untilNo');
  if (isSettled(gate)) return refuse('CONFLICT', `step ${gate.no} is already ${gate.state}`, 'untilNo');
  return [{ type: 'run.stepDeferred', payload: { ...base, untilNo: gate.no, reason: command.reason } }];
}

function skipStep({ step, planned, context }: On, base: Base, command: Extract<RunStepCommand, { type: 'skipStep' }>): Bodies {
  // A locked step may be skipped too: a decision before it can make it needless.
  if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  const { confirmed } = command;
  const why = deviationOf(command);
  if (!why.ok) return why;
  if (confirmed === undefined && needsSecondName(planned))
    return refuse('FORBIDDEN', `step ${step.no} is skipped only with a second name: somebody else confirms it`, 'confirmationId');
  if (confirmed !== undefined && isSamePerson(context, confirmed.personId, context.actor))
    return refuse('FORBIDDEN', 'the second name is another person', 'confirmationId');
  const payload = {
    ...base,
    reason: command.reason,
    ...why.value,
    ...(confirmed === undefined ? {} : { second: confirmed.personId, confirmed: proofOf(confirmed) }),
  };
  return [{ type: 'run.stepSkipped', payload }];
}

/** Only a hold, and only by the two who answer for it: the commander and the executive of this run. */
function overrideHold({ run, step, planned, context }: On, base: Base, command: Extract<RunStepCommand, { type: 'overrideHold' }>): Bodies {
  if (kindOf(planned) !== 'hold') return refuse('INVALID', `step ${step.no} is no hold point`, 'no');
  if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  const people = [context.actor, command.confirmed.personId].map(personKey);
  const [commander, executive] = [run.roles.IC, run.roles.EXE].map((person) => (person === undefined ? null : personKey(person)));
  const isOneHuman = isSamePerson(context, context.actor, command.confirmed.personId);
  if (
    isOneHuman ||
    commander === null ||
    executive === null ||
    commander === executive ||
    !people.includes(commander ?? '') ||
    !people.includes(executive ?? '')
  )
    return refuse(
      'FORBIDDEN',
      'a hold is overridden by the incident commander and the responsible executive of this run, together',
      'confirmationId',
    );
  const why = deviationOf(command);
  if (!why.ok) return why;
  const second = { second: command.confirmed.personId, confirmed: proofOf(command.confirmed) };
  return [{ type: 'run.stepOverridden', payload: { ...base, ...second, reason: command.reason, ...why.value } }];
}

/** The code of why a step is not done as written; two of them say nothing without the name of a plan or of a person. */
function deviationOf({ deviation, detail: said }: { deviation?: DeviationCode | undefined; detail?: string | undefined }): Outcome<{
  deviation?: Deviation;
}> {
  if (deviation === undefined) return accept({});
  const detail = textOrNull(said);
  if ((deviation === 'supersededByPlan' || deviation === 'toldByAuthority') && detail === null)
    return refuse('INVALID', deviation === 'toldByAuthority' ? 'say who told you' : 'say which plan takes its place', 'detail');
  return accept({ deviation: { code: deviation, detail } });
}

/** `keep` is a mark; those that say the same hold with it. Whoever commands the run decides. */
function resolveConflict({ run, step, context }: On, base: Base, command: Extract<RunStepCommand, { type: 'resolveConflict' }>): Bodies {
  const live = liveMarks(step.marks);
  if (!isConflict(live)) return refuse('CONFLICT', `the desks agree about step ${step.no}`);
  const chosen = live.find((mark) => mark.opId === command.keep);
  if (chosen === undefined) return refuse('UNKNOWN', `step ${step.no} has no such outcome`, 'keep');
  const commander = run.roles.IC;
  if (commander !== undefined && personKey(commander) !== personKey(context.actor))
    return refuse('FORBIDDEN', `${commander} commands this run and resolves it`);
  const keep = live.filter((mark) => mark.kind === chosen.kind && mark.route === chosen.route).map((mark) => mark.opId);
  return [{ type: 'run.conflictResolved', payload: { ...base, keep, reason: command.reason } }];
}

function signItem({ run, step, planned, context }: On, base: Base, command: Extract<RunStepCommand, { type: 'signItem' }>): Bodies {
  if (planned.per_item === undefined) return refuse('INVALID', `step ${step.no} is not done item by item`, 'no');
  if (isSettled(step)) return refuse('CONFLICT', `step ${step.no} is already ${step.state}`);
  const item = run.items.find((candidate) => candidate.itemId === command.itemId && candidate.group === planned.per_item?.group);
  if (item === undefined) return refuse('UNKNOWN', `there is no such item`, 'itemId');
  const before = planned.after.find((no) => !isItemPast(run, no, planned, item.itemId));
  if (before !== undefined) return refuse('CONFLICT', `this item waits for step ${before}`);
  const by = command.confirmed?.personId ?? context.actor;
  const own = step.items.find((candidate) => candidate.itemId === item.itemId);
  if (own?.isDone === true) return refuse('CONFLICT', `this item is done`);
  const signed = own?.marks ?? [];
  if (signed.some((mark) => isSamePerson(context, mark.by, by)))
    return refuse('CONFLICT', `${by} has signed this item already: it needs ${step.signaturesRequired} different people`);
  const as = signed.length > 0 || kindOf(planned) === 'verify' ? ('verifier' as const) : ('doer' as const);
  const proof = command.confirmed === undefined ? {} : { enteredBy: context.actor, confirmed: proofOf(command.confirmed) };
  return [{ type: 'run.itemSigned', payload: { ...base, itemId: item.itemId, by, as, note: textOrNull(command.note), ...proof } }];
}

function isItemPast(run: Run, no: number, planned: PlanStep, itemId: string): boolean {
  const step = run.steps.find((candidate) => candidate.no === no);
  if (step === undefined || isSettled(step)) return true;
  const before = run.plan.steps.find((candidate) => candidate.no === no);
  return before?.per_item?.group === planned.per_item?.group && step.items.some((item) => item.itemId === itemId && item.isDone);
}

/** Items that came up and are not through this step yet. */
function openItems(run: Run, planned: PlanStep, step: RunStep): number {
  if (planned.per_item === undefined) return 0;
  const group = planned.per_item.group;
  return run.items.filter((item) => item.group === group && !step.items.some((own) => own.itemId === item.itemId && own.isDone)).length;
}

function startIfNeeded(step: RunStep, base: Base): RunEventBody[] {
  return step.state === 'running' || step.state === 'waitSecond' ? [] : [{ type: 'run.stepStarted', payload: base }];
}

function attachments(base: Base, attached: SignCommand['attached']): RunEventBody[] {
  return (attached ?? []).map(({ planId, childRunId }) => ({ type: 'run.planAttached', payload: { ...base, planId, childRunId } }));
}

/** The signature about to be made, which knows all that this desk knows. */
function prospective(signed: readonly Mark[], by: string, as: 'doer' | 'verifier'): Mark {
  return {
    opId: '',
    device: '',
    deviceSeq: 0,
    kind: 'signed',
    by,
    atMs: 0,
    saw: signed.map((mark) => mark.opId),
    as,
    route: null,
    reason: null,
    deviation: null,
    second: null,
    isPassed: false,
    isDisputed: false,
  };
}

function proofOf({ sessionId, keyId, signature }: Confirmed): { sessionId: string; keyId: string; signature: string } {
  return { sessionId, keyId, signature };
}

function refuseLocked(run: Run, no: number): Refusal {
  return refuse('CONFLICT', `step ${no} waits for step ${openPredecessors(run, no).join(', ')}`);
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
