/** Offers the bundled plans and runs them: every step a person takes is an entry, and a run goes on where it was after any stop. */

import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import type { PlanProposals } from '#engine/desk/plans/plan-library';
import type { Recorder } from '#engine/desk/record';
import { sha256 } from '#engine/store/hash';
import type { ProjectionTables } from '#engine/store/projection-tables';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { decideAlert } from '#shared/desk/alerts/decide';
import { isRefusal } from '#shared/desk/decision';
import { decideRun, decideStart, type RunCommand } from '#shared/desk/plans/decide';
import type { Plan, PlanLibrary, Run } from '#shared/desk/plans/plan';
import { canonicalJson } from '#shared/journal/canonical';
import type { JournalEvent } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class PlanDesk {
  readonly #recorder: Recorder;
  readonly #tables: ProjectionTables;
  readonly #library: PlanLibrary;
  readonly #proposals: PlanProposals;

  constructor(recorder: Recorder, library: PlanLibrary, proposals: PlanProposals) {
    this.#recorder = recorder;
    this.#tables = recorder.journal.tables;
    this.#library = library;
    this.#proposals = proposals;
  }

  list(): Outcome<RequestAnswer<'plan.list'>> {
    return accept({ roles: this.#library.roles, plans: this.#library.plans, proposals: this.#proposals });
  }

  plans(): readonly Plan[] {
    return this.#library.plans;
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
  start(payload: RequestPayload<'run.start'>): Outcome<Run> {
    const plan = this.#library.plans.find((candidate) => candidate.id === payload.planId);
    if (plan === undefined) return this.#recorder.refused('run.start', refuse('UNKNOWN', `there is no plan ${payload.planId}`, 'planId'));
    const context = this.#recorder.context();
    const started = decideStart({ plan, planHash: sha256(canonicalJson(plan)), alertId: payload.alertId ?? null }, context);
    const runId = started[0]?.payload.runId ?? '';
    const events: JournalEvent[] = [...started];
    if (payload.alertId !== undefined) {
      const alert = this.#tables.alerts.get(payload.alertId);
      if (alert === null) return this.#recorder.refused('run.start', refuse('UNKNOWN', `there is no alert ${payload.alertId}`, 'alertId'));
      const linked = decideAlert(alert, { type: 'linkRun', runId }, context, bundledAlertPolicy);
      if (!isRefusal(linked)) events.push(...linked);
    }
    const recorded = this.#recorder.record('run.start', events, { opId: payload.opId });
    if (!recorded.ok) return recorded;
    const subject = recorded.value.find((entry) => entry.type === 'run.started')?.subject;
    const run = subject === undefined ? null : this.run(subject.slice('run:'.length));
    return run === null
      ? this.#recorder.refused('run.start', refuse('CONFLICT', 'this operation id belongs to something else', 'opId'))
      : accept(run);
  }

  assignRole(payload: RequestPayload<'run.assignRole'>): Outcome<Run> {
    const knownRoles = Object.keys(this.#library.roles);
    return this.#command('run.assignRole', payload.runId, { type: 'assignRole', role: payload.role, person: payload.person, knownRoles });
  }

  startStep(payload: RequestPayload<'run.startStep'>): Outcome<Run> {
    return this.#command('run.startStep', payload.runId, { type: 'startStep', no: payload.no });
  }

  completeStep(payload: RequestPayload<'run.completeStep'>): Outcome<Run> {
    const { runId, no, note, person } = payload;
    const enteredBy = person === undefined ? undefined : this.#recorder.onDuty();
    return this.#command('run.completeStep', runId, { type: 'completeStep', no, note, enteredBy }, person);
  }

  skipStep(payload: RequestPayload<'run.skipStep'>): Outcome<Run> {
    return this.#command('run.skipStep', payload.runId, { type: 'skipStep', no: payload.no, reason: payload.reason });
  }

  reopenStep(payload: RequestPayload<'run.reopenStep'>): Outcome<Run> {
    return this.#command('run.reopenStep', payload.runId, { type: 'reopenStep', no: payload.no, reason: payload.reason });
  }

  note(payload: RequestPayload<'run.note'>): Outcome<Run> {
    return this.#command('run.note', payload.runId, { type: 'note', no: payload.no, note: payload.note });
  }

  finish(payload: RequestPayload<'run.finish'>): Outcome<Run> {
    return this.#command('run.finish', payload.runId, { type: 'finish', note: payload.note });
  }

  abort(payload: RequestPayload<'run.abort'>): Outcome<Run> {
    return this.#command('run.abort', payload.runId, { type: 'abort', reason: payload.reason });
  }

  #command(request: string, runId: string, command: RunCommand, statedPerson?: string): Outcome<Run> {
    const run = this.run(runId);
    if (run === null) return this.#recorder.refused(request, refuse('UNKNOWN', `there is no run ${runId}`, 'runId'));
    const recorded = this.#recorder.record(request, decideRun(run, command, this.#recorder.context('person', statedPerson)), { statedPerson });
    return recorded.ok ? accept(this.run(runId) ?? run) : recorded;
  }
}
