/** Runs plans: every step a person takes is an entry, and a run goes on where it was after any stop. */
import { LibraryDesk } from '#engine/desk/plans/library-desk';
import type { BundledPlans } from '#engine/desk/plans/plan-library';
import { readAllSensors, readSensors, type SensorLook } from '#engine/desk/plans/sensor-reader';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import { sha256 } from '#engine/store/hash';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import type { Alert } from '#shared/desk/alerts/alert';
import { type Decision, type DecisionContext, isRefusal } from '#shared/desk/decision';
import { ALERT_EVIDENCE_LABEL, alertEvidenceText } from '#shared/desk/plans/alert-evidence';
import type { AttachedRun, Confirmed, RunCommand } from '#shared/desk/plans/commands';
import { decideRun, decideStart } from '#shared/desk/plans/decide';
import type { RunEvent } from '#shared/desk/plans/events';
import type { Plan, Run } from '#shared/desk/plans/plan';
import type { Reading } from '#shared/desk/plans/run-parts';
import { badForMs, turnedBack } from '#shared/desk/plans/run-rules';
import { kindOf } from '#shared/desk/plans/step-kind';
import { canonicalJson } from '#shared/journal/canonical';
import { dataSubjectOfEntity } from '#shared/journal/data-subject';
import type { JournalEvent } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** Running ones stand first among all runs. */
const WATCHED_RUNS = 50;

export type PlanDeskParts = {
  recorder: Recorder;
  bundled: BundledPlans;
  secondPerson: SecondPerson;
  /** Where a plan is written that leaves the desk. */
  exportFolder: string;
  /** The human behind a record: whoever has two signs once. */
  humanOf?: ((personId: string) => string) | undefined;
  /** Whether the run belongs to an incident whose evidence nobody has sealed: nothing is repaired before that. */
  isSceneOpen?: ((run: Run) => boolean) | undefined;
  /** What the alert desk records when a run answers an alert. */
  linkAlert: (alert: Alert, runId: string, context: DecisionContext) => Decision<JournalEvent>;
};

export class PlanDesk {
  readonly library: LibraryDesk;
  readonly #recorder: Recorder;
  readonly #tables: ProjectionTables;
  readonly #bundled: BundledPlans;
  readonly #secondPerson: SecondPerson;
  readonly #linkAlert: PlanDeskParts['linkAlert'];
  readonly #humanOf: PlanDeskParts['humanOf'];
  readonly #isSceneOpen: PlanDeskParts['isSceneOpen'];
  #sensors: (() => SensorLook) | null = null;
  /** Since when a reading that a step was signed on is bad, by run and step: forgotten as soon as it is good again. */
  #badSinceMs = new Map<string, number>();

  constructor({ recorder, bundled, secondPerson, linkAlert, humanOf, isSceneOpen, exportFolder }: PlanDeskParts) {
    this.#recorder = recorder;
    this.#tables = recorder.journal.tables;
    this.#bundled = bundled;
    this.#secondPerson = secondPerson;
    this.#linkAlert = linkAlert;
    this.#humanOf = humanOf;
    this.#isSceneOpen = isSceneOpen;
    this.library = new LibraryDesk(recorder, bundled, exportFolder);
  }

  /** The market river is built after the desk: until then every reading is unknown. */
  readFrom(look: () => SensorLook): void {
    this.#sensors = look;
  }

  readings(): Reading[] {
    return this.#sensors === null ? [] : readAllSensors(this.#sensors());
  }

  /** Sees whether readings that steps were signed on have turned back. Called about once a second. */
  tick(nowMs: number): void {
    const limitMs = badForMs(this.#bundled.runRules.reversion, nowMs);
    if (this.#sensors === null || limitMs === null || this.openRunCount() === 0) return;
    const look = this.#sensors;
    const stillBad = new Map<string, number>();
    for (const run of this.runs(WATCHED_RUNS).filter(({ state }) => state === 'running')) {
      const names = [...new Set(run.plan.steps.flatMap(({ sensors }) => sensors ?? []))];
      for (const { no, readings, reopens } of names.length === 0 ? [] : turnedBack(run, readSensors(names, look()))) {
        const key = `${run.runId} ${no}`;
        const sinceMs = this.#badSinceMs.get(key) ?? nowMs;
        if (nowMs - sinceMs < limitMs) stillBad.set(key, sinceMs);
        else this.command('run.read', run.runId, { type: 'turnBack', no, readings, reopens }, [], 'engine');
      }
    }
    this.#badSinceMs = stillBad;
  }

  plans(): readonly Plan[] {
    return this.library.inForce().map(({ plan }) => plan);
  }

  run(runId: string): Run | null {
    return this.#tables.runs.get(runId);
  }

  /** Running ones first, then the most recently touched. */
  runs(limit: number): Run[] {
    return this.#tables.runs.newest(limit);
  }

  openRunCount(): number {
    return this.#tables.runs.openCount();
  }

  /** The same `opId` again starts nothing and answers with the run it started. */
  start({ planId, alertId, incidentId, opId }: RequestPayload<'run.start'>): Outcome<Run> {
    const context = this.#recorder.context();
    const begun = this.#begin('run.start', planId, { alertId: alertId ?? null, incidentId: incidentId ?? null, parent: null }, context);
    if (!begun.ok) return begun;
    const [started] = begun.value;
    const runId = started?.payload.runId ?? '';
    const events: JournalEvent[] = [...begun.value];
    if (alertId !== undefined) {
      const alert = this.#tables.alerts.get(alertId);
      if (alert === null) return this.#recorder.refused('run.start', refuse('UNKNOWN', `there is no alert ${alertId}`, 'alertId'));
      const linked = this.#linkAlert(alert, runId, context);
      if (!isRefusal(linked)) events.push(...linked);
      const evidence = evidenceOf(alert, started);
      if (evidence !== null) events.push(evidence);
    }
    const recorded = this.#recorder.record('run.start', this.#aboutClients(events), { opId });
    if (!recorded.ok) return recorded;
    const subject = recorded.value.find((entry) => entry.type === 'run.started')?.subject;
    const run = subject === undefined ? null : this.run(subject.slice('run:'.length));
    return run === null
      ? this.#recorder.refused('run.start', refuse('CONFLICT', 'this operation id belongs to something else', 'opId'))
      : accept(run);
  }

  assignRole({ runId, role, person }: RequestPayload<'run.assignRole'>): Outcome<Run> {
    const knownRoles = Object.keys(this.library.roles);
    return this.command('run.assignRole', runId, { type: 'assignRole', role, person, knownRoles });
  }

  completeStep(payload: RequestPayload<'run.completeStep'>): Outcome<Run> {
    const { runId, no, note, route, as } = payload;
    return this.#confirmed('run.completeStep', payload, (confirmed) => {
      const branch = this.#planned(runId, no)?.branches?.find(({ id }) => id === route);
      const { attached, events } = this.#children(runId, no, branch?.starts);
      const readings = this.#readingsOf(runId, no);
      return this.command('run.completeStep', runId, { type: 'completeStep', no, note, route, as, confirmed, readings, attached }, events);
    });
  }

  failStep({ runId, no, reason, route }: RequestPayload<'run.failStep'>): Outcome<Run> {
    const way = this.#planned(runId, no)?.on_fail?.find(({ id }) => id === route);
    const { attached, events } = this.#children(runId, no, way?.starts);
    return this.command('run.failStep', runId, { type: 'failStep', no, reason, route, attached }, events);
  }

  skipStep(payload: RequestPayload<'run.skipStep'>): Outcome<Run> {
    const { runId, no, reason, deviation, detail } = payload;
    return this.#confirmed('run.skipStep', payload, (confirmed) =>
      this.command('run.skipStep', runId, { type: 'skipStep', no, reason, deviation, detail, confirmed }),
    );
  }

  overrideHold(payload: RequestPayload<'run.overrideHold'>): Outcome<Run> {
    const { runId, no, reason, deviation, detail } = payload;
    return this.#confirmed('run.overrideHold', payload, (confirmed) =>
      confirmed === undefined
        ? this.#recorder.refused('run.overrideHold', refuse('FORBIDDEN', 'a hold is overridden by two people', 'confirmationId'))
        : this.command('run.overrideHold', runId, { type: 'overrideHold', no, reason, deviation, detail, confirmed }),
    );
  }

  signItem(payload: RequestPayload<'run.signItem'>): Outcome<Run> {
    const { runId, no, itemId, note } = payload;
    return this.#confirmed('run.signItem', payload, (confirmed) =>
      this.command('run.signItem', runId, { type: 'signItem', no, itemId, note, confirmed }),
    );
  }

  read({ runId, no }: RequestPayload<'run.read'>): Outcome<Run> {
    return this.command('run.read', runId, { type: 'takeReading', no, readings: this.#readingsOf(runId, no) });
  }

  beat({ runId, no, note }: RequestPayload<'run.beat'>): Outcome<Run> {
    return this.command('run.beat', runId, { type: 'beat', no, note, readings: this.#readingsOf(runId, no) });
  }

  /** Answers with the run that was begun. */
  attachPlan({ runId, no, planId }: RequestPayload<'run.attachPlan'>): Outcome<Run> {
    const { attached, events } = this.#children(runId, no ?? null, [planId]);
    const child = attached[0];
    if (child === undefined) return this.#recorder.refused('run.attachPlan', refuse('UNKNOWN', `there is no plan ${planId} to begin`, 'planId'));
    const parent = this.command('run.attachPlan', runId, { type: 'attachPlan', no: no ?? null, planId, childRunId: child.childRunId }, events);
    return parent.ok ? accept(this.run(child.childRunId) ?? parent.value) : parent;
  }

  /** `alongside` are the beginnings of runs that this command attaches: recorded only if it does. */
  command(
    request: RequestName,
    runId: string,
    command: RunCommand,
    alongside: readonly RunEvent[] = [],
    actor: 'person' | 'engine' = 'person',
  ): Outcome<Run> {
    const run = this.run(runId);
    if (run === null) return this.#recorder.refused(request, refuse('UNKNOWN', `there is no run ${runId}`, 'runId'));
    const { roteGuard, runRules } = this.#bundled;
    const rules = { roteGuard, rolePairs: runRules.rolePairs, humanOf: this.#humanOf, isSceneOpen: this.#waitsForScene(run) };
    const context = { ...this.#recorder.context(actor), ...rules };
    const decision = decideRun(run, command, context);
    const attaches = !isRefusal(decision) && decision.some((event) => event.type === 'run.planAttached');
    const events: Decision<JournalEvent> = isRefusal(decision) || !attaches ? decision : this.#aboutClients([...decision, ...alongside]);
    const recorded = this.#recorder.record(request, events, { actor });
    return recorded.ok ? accept(this.run(runId) ?? run) : recorded;
  }

  /** What is attached to a run repairs within the same incident. */
  #waitsForScene(run: Run): boolean {
    if (this.#isSceneOpen?.(run) === true) return true;
    const above = run.parent === null ? null : this.run(run.parent.runId);
    return above !== null && this.#waitsForScene(above);
  }

  /** A run that answers an alert about one client is about that client, notes and all, and so is a run attached to it: sealed with the client's key from its first entry. */
  #aboutClients(events: readonly JournalEvent[]): JournalEvent[] {
    return events.map((event) => {
      if (event.type !== 'run.started') return event;
      const { alertId, parent } = event.payload as Pick<Run, 'alertId'> & { parent?: Run['parent'] };
      const dataSubject = this.#clientOf(alertId, parent ?? null);
      return dataSubject === undefined ? event : { ...event, dataSubject };
    });
  }

  #clientOf(alertId: string | null, parent: Run['parent']): string | undefined {
    const alert = alertId === null ? null : this.#tables.alerts.get(alertId);
    if (alert !== null) return dataSubjectOfEntity(alert.entity);
    const above = parent === null ? null : this.run(parent.runId);
    return above === null ? undefined : this.#clientOf(above.alertId, above.parent);
  }

  /** Uses up the confirmation, if there is one, and goes on with who confirmed. */
  #confirmed(
    request: RequestName,
    payload: { runId: string; confirmationId?: string | undefined },
    then: (confirmed: Confirmed | undefined) => Outcome<Run>,
  ): Outcome<Run> {
    const { confirmationId, ...rest } = payload;
    if (confirmationId === undefined) return then(undefined);
    const taken = this.#secondPerson.take(confirmationId, { request, payload: rest });
    return taken.ok ? then(taken.value) : this.#recorder.refused(request, taken);
  }

  #begin(
    request: RequestName,
    planId: string,
    about: { alertId: string | null; incidentId: string | null; parent: Run['parent'] },
    context: DecisionContext,
  ): Outcome<RunEvent[]> {
    const found = this.library.planInForce(planId);
    if (found === null) return this.#recorder.refused(request, refuse('UNKNOWN', `there is no plan ${planId}`, 'planId'));
    if (found.standing === 'retired') return this.#recorder.refused(request, refuse('CONFLICT', `${planId} is retired`, 'planId'));
    return accept(decideStart({ plan: found.plan, planHash: sha256(canonicalJson(found.plan)), ...about }, context));
  }

  /** Runs that a choice begins, ready to be recorded with it. A plan that cannot be begun is left out: the choice itself holds. */
  #children(runId: string, no: number | null, planIds: readonly string[] | undefined): { attached: AttachedRun[]; events: RunEvent[] } {
    const parent = this.run(runId);
    const context = this.#recorder.context();
    const attached: AttachedRun[] = [];
    const events: RunEvent[] = [];
    for (const planId of planIds ?? []) {
      const about = { alertId: null, incidentId: parent?.incidentId ?? null, parent: { runId, no } };
      const begun = this.#begin('run.attachPlan', planId, about, context);
      const childRunId = begun.ok ? begun.value[0]?.payload.runId : undefined;
      if (!begun.ok || childRunId === undefined) continue;
      attached.push({ planId, childRunId });
      events.push(...begun.value);
    }
    return { attached, events };
  }

  #planned(runId: string, no: number): Plan['steps'][number] | undefined {
    return this.run(runId)?.plan.steps.find((step) => step.no === no);
  }

  #readingsOf(runId: string, no: number): Reading[] {
    const names = this.#planned(runId, no)?.sensors ?? [];
    return this.#sensors === null || names.length === 0 ? [] : readSensors(names, this.#sensors());
  }
}

/** Why the alert fired, under the step that confirms what is going on: whoever opens the run need not look it up. */
function evidenceOf(alert: Alert, started: RunEvent | undefined): RunEvent | null {
  if (started?.type !== 'run.started') return null;
  const { plan, runId, atMs } = started.payload;
  const step = plan.steps.find((each) => kindOf(each) === 'sense') ?? plan.steps[0];
  if (step === undefined) return null;
  const payload = { runId, atMs, no: step.no, item: { kind: 'typed' as const, label: ALERT_EVIDENCE_LABEL, text: alertEvidenceText(alert) } };
  return { type: 'run.evidenceAdded', subject: started.subject, payload };
}
