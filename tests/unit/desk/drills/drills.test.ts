/** Drills: who may do what when, a clock that pauses stop, reports that invent nothing, and improvements that only a later drill closes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { findResourcesFolder } from '#engine/resources';
import { reportOf } from '#shared/desk/drills/after-action';
import { type DrillCommand, decideDraft, decideDrill, injectsDue } from '#shared/desk/drills/decide';
import { type Drill, drillSchema, drillTimeMs } from '#shared/desk/drills/drill';
import { brokerControlOf } from '#shared/desk/drills/drive';
import type { DrillEvent } from '#shared/desk/drills/events';
import { evolveDrill } from '#shared/desk/drills/evolve';
import { bundledPlans, planOf, Replica } from '#tests/helpers/plan-run';

const { scenarios, scoring } = loadDrills(findResourcesFolder());
const [row] = scoring;
if (row === undefined) throw new Error('no scoring row');
const RETEST = { atLeastPoints: row.ratings.S };

/** A drill with a clock that the test moves and names that it gives. */
class Table {
  nowMs = 1_000_000;
  drill: Drill;
  #ids = 0;
  #sequence = 1;

  constructor(scenarioId = 'ep-01-feed-cut', people: { players?: string[]; evaluators?: string[] } = {}) {
    const scenario = scenarios.find((each) => each.scenarioId === scenarioId);
    if (scenario === undefined) throw new Error(`no scenario ${scenarioId}`);
    const draft = { scenario, players: people.players ?? ['player'], controllers: ['lead'], evaluators: people.evaluators ?? ['judge'] };
    const events = decideDraft(draft, this.#context('lead'));
    if ('code' in events) throw new Error(events.message);
    this.drill = this.#folded(null, events, 'lead');
  }

  try(actor: string, command: DrillCommand): string {
    const decided = decideDrill(this.drill, command, RETEST, this.#context(actor));
    if ('code' in decided) return decided.code;
    this.drill = this.#folded(this.drill, decided, actor);
    return 'ok';
  }

  started(): this {
    this.try('lead', { type: 'approve', secondPerson: 'second' });
    this.try('lead', { type: 'start' });
    return this;
  }

  #context(actor: string) {
    return { nowMs: this.nowMs, actor, newId: () => `01996b1c-0000-7000-8000-${String(++this.#ids).padStart(12, '0')}` };
  }

  #folded(before: Drill | null, events: readonly DrillEvent[], actor: string): Drill {
    let drill = before;
    for (const event of events) drill = evolveDrill(drill, event, { actor, mode: 'drill', sequence: this.#sequence++ });
    return drillSchema.parse(drill);
  }
}

const mark = (taskId: string, quality: number) =>
  ({ type: 'mark', mark: { taskId, quality, hasCorrectRole: true, hasNoShortcut: true, neededController: false, note: '' } }) as const;

describe('the bundled scenarios', () => {
  it('are six, of the plans that are drilled most', () => {
    expect(scenarios.map(({ planId }) => planId)).toEqual(['EP-01', 'EP-02', 'EP-03', 'EP-05', 'EP-08', 'EP-15']);
    expect(new Set(scenarios.map(({ isAnnounced }) => isAnnounced))).toEqual(new Set([true, false]));
  });

  it.each(scenarios.map((scenario) => [scenario.scenarioId, scenario] as const))(
    '%s has its kit of injects, and its steps are in the plan',
    (_id, scenario) => {
      const { injects, criticalTasks, measures, planId } = scenario;
      expect(injects.length).toBeGreaterThanOrEqual(4);
      expect(injects.length).toBeLessThanOrEqual(6);
      const kinds = injects.map(({ action }) => action.kind);
      for (const kind of ['falseLead', 'missingPerson', 'networkDown', 'regulatorCall'] as const) expect(kinds).toContain(kind);
      expect(injects.some(({ action }) => brokerControlOf(action) !== null)).toBe(true);
      const steps = new Map(planOf(planId).steps.map((step) => [step.no, step]));
      for (const { stepNo, needsTwoPersons } of criticalTasks)
        expect([stepNo, steps.get(stepNo)?.signatures]).toEqual([stepNo, needsTwoPersons ? 2 : 1]);
      for (const stepNo of Object.values(measures)) expect(steps.has(stepNo)).toBe(true);
      const roles = injects.flatMap(({ action }) => (action.kind === 'missingPerson' ? [action.role] : []));
      for (const role of roles) expect(Object.keys(bundledPlans.library.roles)).toContain(role);
      for (const words of [...injects.flatMap(({ content, expected }) => [content, expected]), ...criticalTasks.map(({ text }) => text)]) {
        expect(words.zh).toMatch(/\p{Script=Han}/u);
        expect(words.en).not.toMatch(/\p{Script=Han}/u);
      }
    },
  );
});

describe('the clock of a drill', () => {
  it('gives what is due once, in order, and nothing while it stands still', () => {
    const table = new Table().started();
    table.nowMs += 31_000;
    expect(injectsDue(table.drill, table.nowMs).map(({ no }) => no)).toEqual([1, 2]);
    table.try('engine', { type: 'injected', no: 1, outcome: 'done', note: '' });
    expect(injectsDue(table.drill, table.nowMs).map(({ no }) => no)).toEqual([2]);
    expect(table.try('lead', { type: 'injected', no: 1, outcome: 'done', note: '' })).toBe('CONFLICT');
    table.try('engine', { type: 'pause', reason: 'realCriticalAlert' });
    table.nowMs += 600_000;
    expect(injectsDue(table.drill, table.nowMs)).toEqual([]);
    table.try('lead', { type: 'resume' });
    expect(drillTimeMs(table.drill, table.nowMs)).toBe(31_000);
  });

  it('is the wall time less all pauses, whatever comes in which order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('pause', 'resume', 'wait'), fc.integer({ min: 0, max: 100_000 })), { maxLength: 40 }),
        (steps) => {
          const table = new Table().started();
          let isPaused = false;
          let expectedMs = 0;
          for (const [what, ms] of steps) {
            table.nowMs += ms;
            if (!isPaused) expectedMs += ms;
            expect(drillTimeMs(table.drill, table.nowMs)).toBe(expectedMs);
            if (what === 'pause') isPaused = table.try('lead', { type: 'pause', reason: 'x' }) === 'ok' || isPaused;
            if (what === 'resume' && table.try('lead', { type: 'resume' }) === 'ok') isPaused = false;
          }
        },
      ),
    );
  });
});

describe('people in a drill', () => {
  it('approve in pairs, do not judge what they played, and are told when a drill is over', () => {
    const table = new Table();
    expect(table.try('lead', { type: 'start' })).toBe('CONFLICT');
    expect(table.try('lead', { type: 'approve', secondPerson: 'lead' })).toBe('FORBIDDEN');
    table.started();
    expect(table.try('player', mark('confirm-symptom', 3))).toBe('FORBIDDEN');
    expect(table.try('judge', mark('no-such-task', 3))).toBe('UNKNOWN');
    expect(table.try('judge', mark('confirm-symptom', 3))).toBe('ok');
    expect(table.try('lead', { type: 'sign' })).toBe('CONFLICT');
    table.try('lead', { type: 'end' });
    expect(table.try('lead', { type: 'pause', reason: 'late' })).toBe('CONFLICT');
  });

  it('cannot both play and evaluate', () => {
    expect(() => new Table('ep-01-feed-cut', { players: ['a'], evaluators: ['a'] })).toThrow('cannot play and evaluate');
  });
});

describe('the report', () => {
  it('says of every time that was not seen why, and invents none', () => {
    const table = new Table().started();
    const nothing = { run: null, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] };
    expect(reportOf(table.drill, nothing, row).times.map(({ tookMs, reason }) => [tookMs, reason])).toEqual(
      Array.from({ length: 9 }, () => [null, 'noInject']),
    );
    table.nowMs += 30_000;
    table.try('engine', { type: 'injected', no: 1, outcome: 'done', note: '' });
    const { times } = reportOf(table.drill, { ...nothing, incidentOpenedAtMs: table.nowMs + 42_000, missedDuties: [] }, row);
    expect(times.find(({ name }) => name === 'declare')).toEqual({ name: 'declare', tookMs: 42_000, reason: null });
    expect(times.find(({ name }) => name === 'detect')).toEqual({ name: 'detect', tookMs: null, reason: 'noRun' });
  });

  it('measures the run from the first inject, without the pauses', () => {
    const table = new Table().started();
    table.try('engine', { type: 'injected', no: 2, outcome: 'done', note: '' });
    table.nowMs += 10_000;
    const replica = new Replica({ clockMs: () => table.nowMs });
    replica.start(planOf('EP-01'), 'player');
    table.nowMs += 20_000;
    replica.do({ type: 'startStep', no: 1 }, 'player');
    replica.do({ type: 'completeStep', no: 1 }, 'player');
    replica.do({ type: 'completeStep', no: 3, route: 'allFeeds', note: 'both lines are dead' }, 'player');
    const { run } = replica;
    const report = reportOf(table.drill, { run, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] }, row);
    expect(report.times.find(({ name }) => name === 'detect')?.tookMs).toBe(10_000);
    expect(report.times.find(({ name }) => name === 'contain')).toEqual({ name: 'contain', tookMs: null, reason: 'notSeen' });
    expect(report.tasks.find(({ taskId }) => taskId === 'confirm-symptom')?.facts.tookMs).toBe(20_000);
    expect(report.story.map(({ kind }) => kind)).toEqual(['started', 'inject', 'runStarted', 'step', 'step']);
    expect(report.decisions).toMatchObject([{ no: 3, by: 'player', choice: { en: 'All our feeds' }, note: 'both lines are dead' }]);
  });

  it('does not count what was done only after the end', () => {
    const table = new Table().started();
    table.try('engine', { type: 'injected', no: 2, outcome: 'done', note: '' });
    const replica = new Replica({ clockMs: () => table.nowMs });
    replica.start(planOf('EP-01'), 'player');
    replica.do({ type: 'startStep', no: 1 }, 'player');
    table.nowMs += 5_000;
    table.try('lead', { type: 'end' });
    table.nowMs += 5_000;
    replica.do({ type: 'completeStep', no: 1 }, 'player');
    const report = reportOf(table.drill, { run: replica.run, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] }, row);
    expect(report.tasks.find(({ taskId }) => taskId === 'confirm-symptom')?.facts.tookMs).toBeNull();
    expect(report.story.map(({ kind }) => kind)).not.toContain('step');
  });

  it('of a drill in which nothing was done is at the bottom, with the missed report said; a leak makes it invalid', () => {
    const table = new Table().started();
    const nothing = { run: null, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] };
    expect(reportOf(table.drill, nothing, row)).toMatchObject({ hasMissedReport: false, lapses: [], decisions: [], index: { kind: 'unfinished' } });
    table.try('lead', { type: 'end' });
    const report = reportOf(table.drill, nothing, row);
    expect(report.hasMissedReport).toBe(true);
    // Said at once of each task, and of none before the end.
    expect(report.lapses).toEqual(table.drill.scenario.criticalTasks.map(({ taskId }) => ({ taskId, why: 'notDone' })));
    expect(report.index).toMatchObject({ kind: 'scored', index: 0, band: 'suspended' });
    table.try('lead', { type: 'leak', text: 'a client was called for real' });
    expect(reportOf(table.drill, nothing, row).index).toEqual({ kind: 'invalid' });
  });

  it('leaves a task open on which two evaluators differ by more than a step', () => {
    const table = new Table('ep-01-feed-cut', { evaluators: ['judge', 'other'] }).started();
    table.try('judge', mark('confirm-symptom', 3));
    table.try('other', mark('confirm-symptom', 1));
    const nothing = { run: null, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] };
    const task = () => reportOf(table.drill, nothing, row).tasks.find(({ taskId }) => taskId === 'confirm-symptom');
    expect(task()).toMatchObject({ needsAdjudication: true, facts: { quality: null } });
    table.try('other', mark('confirm-symptom', 2));
    expect(task()).toMatchObject({ needsAdjudication: false, facts: { quality: 2.5 } });
  });
});

describe('an improvement', () => {
  const improvement = {
    actionId: 'i1',
    taskId: 'freeze-actions',
    text: 'two names were missing',
    owner: 'Chen Mo',
    dueDate: '2027-01-31',
    kind: 'person',
  } as const;

  it('is closed by a later drill with enough points, and the drill by that alone', () => {
    const table = new Table().started();
    table.try('lead', { type: 'end' });
    // Nobody writes a report before everybody has spoken.
    expect(table.try('lead', { type: 'review', strengths: [], improvements: [] })).toBe('CONFLICT');
    expect(table.try('lead', { type: 'hotwash', present: ['player'], wentWell: ' ', toBetter: '' })).toBe('INVALID');
    expect(table.try('lead', { type: 'hotwash', present: ['player'], wentWell: 'calm', toBetter: '' })).toBe('ok');
    expect(table.drill.state).toBe('hotwash');
    expect(table.try('lead', { type: 'review', strengths: [], improvements: [{ ...improvement, taskId: 'nothing' }] })).toBe('UNKNOWN');
    table.try('lead', { type: 'review', strengths: ['calm'], improvements: [improvement] });
    table.try('lead', { type: 'sign' });
    expect(table.drill.state).toBe('actionsOpen');
    const close = (points: number, byDrillId: string) => table.try('lead', { type: 'closeImprovement', actionId: 'i1', byDrillId, points });
    expect(table.try('lead', { type: 'close' })).toBe('CONFLICT');
    expect(close(100, table.drill.drillId)).toBe('CONFLICT');
    expect(close(RETEST.atLeastPoints - 0.1, 'later')).toBe('CONFLICT');
    expect(close(RETEST.atLeastPoints, 'later')).toBe('ok');
    expect(close(100, 'later')).toBe('CONFLICT');
    expect(table.drill.state).toBe('aarSigned');
    expect(table.try('lead', { type: 'close' })).toBe('ok');
  });

  it('is not needed for a report to be signed and the drill closed', () => {
    const table = new Table().started();
    table.try('lead', { type: 'end' });
    table.try('lead', { type: 'hotwash', present: [], wentWell: 'all of it', toBetter: '' });
    table.try('lead', { type: 'review', strengths: ['all of it'], improvements: [] });
    table.try('lead', { type: 'sign' });
    expect(table.drill.state).toBe('aarSigned');
    expect(table.try('lead', { type: 'close' })).toBe('ok');
  });
});
