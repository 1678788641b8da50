/** Runs drills on a drill desk: gives injects by the drill's clock, takes what controllers and evaluators do, and drafts the report. A live desk runs none. */
import { DrillProgrammeRoom, type ProgrammeParts } from '#engine/desk/drills/drill-programme';
import { DrillResults } from '#engine/desk/drills/drill-results';
import { RunsOfDrills } from '#engine/desk/drills/run-at-end';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { DRILL_REQUESTS, DrillAct, DrillView, PictureByDrillStream, RetestCandidate } from '#shared/contract/drills';
import type { RequestPayload } from '#shared/contract/requests';
import { MOST_DRILL_RESULTS } from '#shared/contract/shell';
import { type DrillReport, type DrillTraces, type MissedDuty, reportOf } from '#shared/desk/drills/after-action';
import { type DrillCommand, decideDraft, decideDrill, injectsDue } from '#shared/desk/drills/decide';
import { type Drill, drillSchema } from '#shared/desk/drills/drill';
import { brokerControlOf } from '#shared/desk/drills/drive';
import { type DrillResult, isTold, keyOf, resultOf } from '#shared/desk/drills/result';
import type { InjectAction } from '#shared/desk/drills/scenario';
import type { Scoring } from '#shared/desk/drills/score';
import { incidentSchema } from '#shared/desk/incidents/incident';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

/** What the page puts into words for a pause that no person asked for. */
const REAL_ALERT_PAUSE = 'realCriticalAlert';
const SHOWN_DRILLS = MOST_DRILL_RESULTS;
const COMPARED_DRILLS = 3;

type DrillDeskParts = ProgrammeParts & {
  recorder: Recorder;
  secondPerson: SecondPerson;
  /** Duties of incidents opened in that time that nobody had reported by its end. */
  missedDuties: (fromMs: number, untilMs: number) => MissedDuty[];
  /** Asks for the drill desk's window; false where nobody could open one (no shell). */
  openDesk: () => boolean;
  /** Hands an inject to the drill's own broker; false where there is none. */
  drive: (action: InjectAction) => boolean;
  /** Hands the firm's own desk how the drills stand. */
  tell: (results: DrillResult[]) => void;
};

type Answer = Outcome<{ drillId: string }>;

export class DrillDesk {
  readonly #parts: DrillDeskParts;
  readonly requests: HandlersOf<keyof typeof DRILL_REQUESTS>;
  readonly #received: DrillResults;
  readonly #programme: DrillProgrammeRoom;
  readonly #runs: RunsOfDrills;
  readonly #results = new Map<string, { sequence: number; result: DrillResult }>();
  /** What was told last, to tell it again only when it has changed. */
  #told = '';

  constructor(parts: DrillDeskParts) {
    this.#parts = parts;
    this.#received = new DrillResults(parts.recorder);
    this.#programme = new DrillProgrammeRoom(parts);
    this.#runs = new RunsOfDrills(parts.recorder.journal);
    this.requests = {
      'drill.openDesk': () => this.#openDesk(),
      'drill.draft': (payload) => this.#here('drill.draft') ?? this.#draft(payload),
      'drill.act': (payload) => this.#here('drill.act') ?? this.#act(payload),
      'drill.evaluate': ({ drillId, act }) => this.#here('drill.evaluate') ?? this.#command('drill.evaluate', drillId, act),
    };
  }

  get isDrillDesk(): boolean {
    return this.#parts.recorder.mode === 'drill';
  }

  /** Gives what is due and finds the run that answers it. Called about once a second. */
  tick(nowMs: number): void {
    this.#tell();
    const drill = this.#going();
    if (drill === null) return;
    for (const inject of injectsDue(drill, nowMs)) this.#give(drill.drillId, inject.no, 'engine');
    if (drill.runId === null) this.#linkOwnRun(drill);
  }

  /** Something real came up at the live desk: the drill stands still until a controller goes on. */
  pauseForReal(): void {
    const drill = this.#going();
    if (drill?.state !== 'running') return;
    this.#record('drill.pause', drill, { type: 'pause', reason: REAL_ALERT_PAUSE }, 'engine');
  }

  list(): PictureByDrillStream['drills'] {
    const scenarios = this.#parts.data.scenarios.map(({ scenarioId, version, title, planId, type, isAnnounced, objectives, injects }) => ({
      ...{ scenarioId, version, title, planId, type, isAnnounced, objectives },
      injectCount: injects.length,
      lastsSeconds: Math.max(...injects.map(({ atSeconds }) => atSeconds)),
    }));
    const drills = this.isDrillDesk ? this.#shownResults() : this.#received.list();
    const { nowMs } = this.#parts.recorder.context('engine');
    return { isDrillDesk: this.isDrillDesk, scenarios, drills, programme: this.#programme.of(drills, nowMs) };
  }

  /** From the drill desk, at the firm's own: kept, and shown beside what was there. */
  takeResults(results: readonly DrillResult[]): void {
    this.#received.take(results);
  }

  view(drillId: string): DrillView | null {
    const drill = this.#drill(drillId);
    if (drill === null) return null;
    const isPlanHidden = hidesPlan(drill, this.#parts.recorder.onDuty());
    return {
      drill: isPlanHidden ? withoutPlan(drill) : drill,
      isPlanHidden,
      injectCount: drill.scenario.injects.length,
      planHash: this.#result(drill).planHash,
      report: drill.startedAtMs === null || isPlanHidden ? null : this.#report(drill),
      earlier: isPlanHidden ? [] : this.#earlier(drill),
      retests: this.#retests(drill),
    };
  }

  /** Who plays an unannounced drill does not find it in the list before it comes. */
  #shownResults(): DrillResult[] {
    const personId = this.#parts.recorder.onDuty();
    return this.#drills()
      .filter((drill) => drill.startedAtMs !== null || !hidesPlan(drill, personId))
      .map((drill) => this.#result(drill));
  }

  /** Of a drill that goes on it is told that it does, and no figure: they still move. */
  #tell(): void {
    if (!this.isDrillDesk) return;
    const results = this.#drills()
      .map((drill) => (drill.state === 'running' || drill.state === 'paused' ? resultOf(drill, null, null) : this.#result(drill)))
      .filter(isTold);
    const told = JSON.stringify(results);
    if (told === this.#told) return;
    this.#told = told;
    this.#parts.tell(results);
  }

  #openDesk(): Outcome<Record<string, never>> {
    if (this.isDrillDesk) return this.#refused('drill.openDesk', refuse('CONFLICT', 'this is the drill desk'));
    if (!this.#parts.openDesk()) return this.#refused('drill.openDesk', refuse('UNAVAILABLE', 'no drill desk can be opened from here'));
    return accept({});
  }

  #here(request: string): Refusal | null {
    if (this.isDrillDesk) return null;
    return this.#refused(request, refuse('UNAVAILABLE', 'this is the live desk: drills run on the drill desk, which is opened beside it'));
  }

  #draft({ scenarioId, players, controllers, evaluators }: RequestPayload<'drill.draft'>): Answer {
    const { recorder, data } = this.#parts;
    const scenario = data.scenarios.find((each) => each.scenarioId === scenarioId);
    if (scenario === undefined) return this.#refused('drill.draft', refuse('UNKNOWN', `there is no scenario ${scenarioId}`, 'scenarioId'));
    const context = recorder.context();
    const draft = { scenario, players, controllers: controllers.length === 0 ? [context.actor] : controllers, evaluators };
    const recorded = recorder.record('drill.draft', decideDraft(draft, context));
    if (!recorded.ok) return recorded;
    return accept({ drillId: recorded.value[0]?.subject.slice('drill:'.length) ?? '' });
  }

  #act({ drillId, act, confirmationId }: RequestPayload<'drill.act'>): Answer {
    const drill = this.#drill(drillId);
    if (drill === null) return this.#unknown('drill.act', drillId);
    switch (act.type) {
      case 'approve': {
        const second = this.#second(confirmationId, { drillId, act });
        return second.ok ? this.#record('drill.act', drill, { type: 'approve', secondPerson: second.value }) : second;
      }
      case 'start': {
        const going = this.#going();
        if (going !== null) return this.#refused('drill.act', refuse('CONFLICT', `the drill ${going.drillId} is still going`, 'drillId'));
        return this.#record('drill.act', drill, act);
      }
      case 'giveInject':
        return this.#give(drillId, act.no, 'person');
      case 'skipInject':
        return this.#record('drill.act', drill, { type: 'injected', no: act.no, outcome: 'skipped', note: act.note });
      case 'linkRun':
        return this.#linkRun(drill, act.runId);
      case 'review':
        return this.#record('drill.act', drill, this.#review(act));
      case 'closeImprovement':
        return this.#closeImprovement(drill, act);
      default:
        return this.#record('drill.act', drill, act);
    }
  }

  #command(request: string, drillId: string, command: DrillCommand): Answer {
    const drill = this.#drill(drillId);
    return drill === null ? this.#unknown(request, drillId) : this.#record(request, drill, command);
  }

  /** The broker first: an inject that is in the record was handed over, or says that it was not. */
  #give(drillId: string, no: number, actor: 'person' | 'engine'): Answer {
    const drill = this.#drill(drillId);
    if (drill === null) return this.#unknown('drill.act', drillId);
    const inject = drill.scenario.injects.find((each) => each.no === no);
    const command = { type: 'injected', no, outcome: 'done', note: '' } as const;
    const checked = decideDrill(drill, command, this.#retest(drill), this.#parts.recorder.context(actor));
    if ('code' in checked || inject === undefined) return this.#record('drill.act', drill, command, actor);
    const isDriven = brokerControlOf(inject.action) === null || this.#parts.drive(inject.action);
    const outcome = isDriven ? command : ({ ...command, outcome: 'failed', note: 'noBroker' } as const);
    return this.#record('drill.act', drill, outcome, actor);
  }

  #linkRun(drill: Drill, runId: string): Answer {
    const run = this.#parts.recorder.journal.tables.runs.get(runId);
    if (run === null) return this.#refused('drill.act', refuse('UNKNOWN', `there is no run ${runId}`, 'act.runId'));
    if (run.planId !== drill.scenario.planId) {
      return this.#refused('drill.act', refuse('CONFLICT', `the drill is of ${drill.scenario.planId}, the run of ${run.planId}`, 'act.runId'));
    }
    return this.#record('drill.act', drill, { type: 'linkRun', runId });
  }

  #linkOwnRun(drill: Drill): void {
    const { planId } = drill.scenario;
    const startedAtMs = drill.startedAtMs ?? 0;
    const runs = this.#parts.recorder.journal.tables.runs.newest(SHOWN_DRILLS);
    const own = runs.filter((run) => run.planId === planId && run.mode === 'drill' && run.startedAtMs >= startedAtMs);
    const first = own.sort((a, b) => a.startedAtMs - b.startedAtMs)[0];
    if (first !== undefined) this.#record('drill.linkRun', drill, { type: 'linkRun', runId: first.runId }, 'engine');
  }

  #review({ strengths, improvements }: Extract<DrillAct, { type: 'review' }>): DrillCommand {
    const { newId } = this.#parts.recorder.context();
    return { type: 'review', strengths, improvements: improvements.map((each) => ({ ...each, actionId: newId() })) };
  }

  /** The points come from the later drill's own record, never from whoever asks. */
  #closeImprovement(drill: Drill, { actionId, byDrillId }: Extract<DrillAct, { type: 'closeImprovement' }>): Answer {
    const proof = this.#retests(drill).find((each) => each.actionId === actionId && each.drillId === byDrillId);
    if (proof === undefined) {
      return this.#refused('drill.act', refuse('CONFLICT', 'that drill does not show the task again, later and with points', 'act.byDrillId'));
    }
    return this.#record('drill.act', drill, { type: 'closeImprovement', actionId, byDrillId, points: proof.points });
  }

  #record(request: string, drill: Drill, command: DrillCommand, actor: 'person' | 'engine' = 'person'): Answer {
    const { recorder } = this.#parts;
    const recorded = recorder.record(request, decideDrill(drill, command, this.#retest(drill), recorder.context(actor)), { actor });
    return recorded.ok ? accept({ drillId: drill.drillId }) : recorded;
  }

  #second(confirmationId: string | undefined, payload: unknown): Outcome<string> {
    if (confirmationId === undefined) return this.#refused('drill.act', refuse('FORBIDDEN', 'a second person has to confirm this', 'confirmationId'));
    const taken = this.#parts.secondPerson.take(confirmationId, { request: 'drill.act', payload });
    return taken.ok ? accept(taken.value.personId) : this.#refused('drill.act', taken);
  }

  #drills(): Drill[] {
    return this.#parts.recorder.journal.tables.documents.newest('drill', SHOWN_DRILLS).flatMap(({ body }) => drillSchema.safeParse(body).data ?? []);
  }

  #drill(drillId: string): Drill | null {
    const body = this.#parts.recorder.journal.tables.documents.get('drill', drillId);
    return drillSchema.safeParse(body).data ?? null;
  }

  #going(): Drill | null {
    if (!this.isDrillDesk) return null;
    return this.#drills().find(({ state }) => state === 'running' || state === 'paused') ?? null;
  }

  /** What is over changes only by its own entries: the list is built again with every entry of a busy desk. */
  #result(drill: Drill): DrillResult {
    const known = this.#results.get(drill.drillId);
    if (known !== undefined && known.sequence === drill.sequence) return known.result;
    const run = this.#runs.of(drill);
    const result = resultOf(drill, drill.startedAtMs === null ? null : this.#report(drill), run);
    if (drill.endedAtMs !== null) this.#results.set(drill.drillId, { sequence: drill.sequence, result });
    return result;
  }

  #report(drill: Drill): DrillReport {
    return reportOf(drill, this.#traces(drill), this.#scoring(drill));
  }

  /** At a drill desk whatever was acknowledged or declared during the drill belongs to it. */
  #traces(drill: Drill): DrillTraces {
    const { alerts, documents } = this.#parts.recorder.journal.tables;
    const run = this.#runs.of(drill);
    const fromMs = drill.startedAtMs ?? Number.POSITIVE_INFINITY;
    const untilMs = drill.endedAtMs ?? Number.POSITIVE_INFINITY;
    const own = run?.alertId == null ? null : alerts.get(run.alertId);
    const acknowledged = [...alerts.open(), ...(own === null ? [] : [own])].flatMap(({ acknowledgedAtMs }) => acknowledgedAtMs ?? []);
    // What the desk suspected by itself, people declared only when they confirmed it.
    const opened = documents
      .newest('incident', SHOWN_DRILLS)
      .flatMap(({ body }) => incidentSchema.safeParse(body).data ?? [])
      .flatMap(({ openedBy, openedAtMs, times }) => (openedBy === 'engine' ? (times.declared ?? []) : openedAtMs));
    const first = (times: number[]): number | null => {
      const within = times.filter((atMs) => atMs >= fromMs && atMs <= untilMs);
      return within.length === 0 ? null : Math.min(...within);
    };
    const missedDuties = drill.endedAtMs === null ? [] : this.#parts.missedDuties(fromMs, untilMs);
    return { run, alertAcknowledgedAtMs: first(acknowledged), incidentOpenedAtMs: first(opened), missedDuties };
  }

  /** Announced, unannounced and tabletop results are never compared with each other: only the same scenario in the same type is. */
  #earlier(drill: Drill): DrillResult[] {
    const key = keyOf(this.#result(drill));
    return this.#drills()
      .filter(
        ({ drillId, endedAtMs }) => drillId !== drill.drillId && endedAtMs !== null && endedAtMs <= (drill.startedAtMs ?? Number.POSITIVE_INFINITY),
      )
      .map((other) => this.#result(other))
      .filter((other) => keyOf(other) === key)
      .sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0))
      .slice(0, COMPARED_DRILLS);
  }

  #retests(drill: Drill): RetestCandidate[] {
    const endedAtMs = drill.endedAtMs;
    const open = drill.improvements.filter(({ closedBy }) => closedBy === null);
    if (endedAtMs === null || open.length === 0) return [];
    const later = this.#drills().filter((other) => other.startedAtMs !== null && other.startedAtMs >= endedAtMs && other.leak === null);
    return later.flatMap((other) => {
      if (other.endedAtMs === null || other.scenario.planId !== drill.scenario.planId) return [];
      const { tasks } = this.#report(other);
      const otherEndedAtMs = other.endedAtMs;
      return open.flatMap(({ actionId, taskId }) => {
        const points = tasks.find((task) => task.taskId === taskId && !task.score.isUnable)?.score.points ?? null;
        return points === null ? [] : [{ actionId, drillId: other.drillId, endedAtMs: otherEndedAtMs, points }];
      });
    });
  }

  #scoring(drill: Drill): Scoring {
    const { scoring } = this.#parts.data;
    const day = new Date(drill.startedAtMs ?? drill.createdAtMs).toISOString().slice(0, 10).replaceAll('-', '');
    const inForce = scoring.filter(({ effectiveFrom }) => effectiveFrom <= day).sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1))[0];
    const chosen = inForce ?? scoring[0];
    if (chosen === undefined) throw new Error('scoring.json has no row');
    return chosen;
  }

  #retest(drill: Drill): { atLeastPoints: number } {
    return { atLeastPoints: this.#scoring(drill).ratings.S };
  }

  #unknown(request: string, drillId: string): Refusal {
    return this.#refused(request, refuse('UNKNOWN', `there is no drill ${drillId}`, 'drillId'));
  }

  #refused(request: string, refusal: Refusal): Refusal {
    return this.#parts.recorder.refused(request, refusal);
  }
}

/** Who plays an unannounced drill is not told what comes, unless they also control or evaluate it; after the end everybody may read it. */
function hidesPlan(drill: Drill, personId: string): boolean {
  const { players, controllers, evaluators, scenario, endedAtMs } = drill;
  if (scenario.isAnnounced || endedAtMs !== null || !players.includes(personId)) return false;
  return !controllers.includes(personId) && !evaluators.includes(personId);
}

function withoutPlan(drill: Drill): Drill {
  const given = new Set(drill.injected.filter(({ outcome }) => outcome !== 'skipped').map(({ no }) => no));
  const injects = drill.scenario.injects
    .filter(({ no, to }) => given.has(no) && to === 'players')
    .map((inject) => ({ ...inject, expected: { en: '', zh: '' } }));
  return {
    ...drill,
    scenario: { ...drill.scenario, injects, criticalTasks: [], measures: {} },
    observations: [],
    marks: [],
    injected: drill.injected.filter(({ no }) => injects.some((inject) => inject.no === no)),
  };
}
