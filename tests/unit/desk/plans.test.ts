import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { isRefusal } from '#shared/desk/decision';
import { decideRun, decideStart, type RunCommand } from '#shared/desk/plans/decide';
import { type RunEvent, runEventSchema } from '#shared/desk/plans/events';
import { evolveRun, isSettled, openPredecessors, personKey } from '#shared/desk/plans/evolve';
import { type Plan, planSchema, type Run, runSchema } from '#shared/desk/plans/plan';
import { targetOffsetMs } from '#shared/desk/plans/target';
import { confirmed } from '#tests/helpers/plan-run';
import { RESOURCES } from '#tests/integration/journal/helpers';

const { library, proposals } = loadPlans(RESOURCES);
const START = 1_000_000;
const ROUTES = [
  undefined,
  ...new Set(library.plans.flatMap((plan) => plan.steps.flatMap((step) => [...(step.branches ?? []), ...(step.on_fail ?? [])].map(({ id }) => id)))),
];

function planOf(id: string): Plan {
  const plan = library.plans.find((candidate) => candidate.id === id);
  if (plan === undefined) throw new Error(`no plan ${id}`);
  return plan;
}

class OneRun {
  run: Run;
  events: RunEvent[];
  nowMs = START;
  #sequence = 0;

  constructor(plan: Plan, actor = 'li.wei') {
    const newId = () => '01996b1c-0000-7000-8000-000000000001';
    this.events = decideStart({ plan, planHash: 'a'.repeat(64), alertId: null }, { nowMs: START, newId, actor });
    const run = this.events.reduce<Run | null>((state, event) => this.#fold(state, event, actor), null);
    if (run === null) throw new Error('the run did not start');
    this.run = run;
  }

  command(command: RunCommand, actor = 'li.wei') {
    this.nowMs += 1_000;
    const decision = decideRun(this.run, command, { nowMs: this.nowMs, newId: () => '', actor });
    if (!isRefusal(decision))
      for (const event of decision) {
        this.events.push(event);
        this.run = this.#fold(this.run, event, actor) ?? this.run;
      }
    return decision;
  }

  step(no: number) {
    const step = this.run.steps.find((candidate) => candidate.no === no);
    if (step === undefined) throw new Error(`no step ${no}`);
    return step;
  }

  #fold(run: Run | null, event: RunEvent, actor: string): Run | null {
    this.#sequence += 1;
    return evolveRun(run, event, { actor, mode: 'live', sequence: this.#sequence });
  }
}

describe('a plan run', () => {
  it('opens every step that waits for nothing, and the others as the ones before them end', () => {
    const one = new OneRun(planOf('EP-01'));
    expect(one.run.steps.filter((step) => step.state === 'ready').map((step) => step.no)).toEqual([1, 2]);
    expect(one.command({ type: 'startStep', no: 3 })).toMatchObject({ ok: false, code: 'CONFLICT', message: 'step 3 waits for step 1' });
    one.command({ type: 'startStep', no: 1 });
    one.command({ type: 'completeStep', no: 1 });
    expect(one.step(3).state).toBe('ready');
    one.command({ type: 'completeStep', no: 3, route: 'singleFeed' });
    expect([4, 6, 7].map((no) => one.step(no).state)).toEqual(['ready', 'ready', 'ready']);
  });

  it('counts target times from the start, where the target is one', () => {
    const one = new OneRun(planOf('EP-01'));
    expect(one.step(1).dueAtMs).toBe(START + 30_000);
    expect(one.step(3).dueAtMs).toBe(START + 90_000);
    expect(one.step(9).dueAtMs).toBeNull();
  });

  it('shows one of two signatures as one of two, and takes the second only from somebody else', () => {
    const one = new OneRun(planOf('EP-01'));
    one.command({ type: 'completeStep', no: 2 }, 'li.wei');
    expect(one.step(2)).toMatchObject({ state: 'waitSecond', signaturesRequired: 2, signedBy: ['li.wei'], endedAtMs: null });
    expect(one.command({ type: 'completeStep', no: 2 }, ' Li.Wei')).toMatchObject({ ok: false, code: 'CONFLICT' });
    one.command({ type: 'completeStep', no: 2 }, 'wang.fang');
    expect(one.step(2)).toMatchObject({ state: 'done', signedBy: ['li.wei', 'wang.fang'], endedBy: 'wang.fang' });
  });

  it('wants to know what was decided', () => {
    const one = new OneRun(planOf('EP-01'));
    one.command({ type: 'completeStep', no: 1 });
    expect(one.command({ type: 'completeStep', no: 3, note: 'all of it' })).toMatchObject({ ok: false, code: 'INVALID', field: 'route' });
    expect(one.command({ type: 'completeStep', no: 3, route: 'weather' })).toMatchObject({ ok: false, code: 'UNKNOWN', field: 'route' });
    // A decision whose choices the plan does not number is put into words.
    const other = new OneRun(planOf('EP-09'));
    other.command({ type: 'completeStep', no: 1 });
    expect(other.command({ type: 'completeStep', no: 8, note: '  ' })).toMatchObject({ ok: false, code: 'INVALID', field: 'note' });
  });

  it('skips with a reason, reopens with a reason, and locks again what waited', () => {
    const one = new OneRun(planOf('EP-01'));
    one.command({ type: 'skipStep', no: 1, reason: 'no terminal at hand' });
    expect(one.step(1)).toMatchObject({ state: 'skipped', skipReason: 'no terminal at hand' });
    expect(one.step(3).state).toBe('ready');
    one.command({ type: 'reopenStep', no: 1, reason: 'terminal found' });
    expect(one.step(1)).toMatchObject({ state: 'reopened', skipReason: null, signedBy: [] });
    expect(one.step(3).state).toBe('locked');
    expect(one.step(1).notes.map((note) => note.text)).toContain('terminal found');
  });

  it('finishes only when nothing is open, and says what is', () => {
    const one = new OneRun(planOf('EP-01'));
    expect(one.command({ type: 'finish' })).toMatchObject({ ok: false, message: expect.stringContaining('1, 2, 3') });
    for (const step of one.run.steps) one.command({ type: 'skipStep', no: step.no, reason: 'exercise', confirmed: confirmed('wang.fang') });
    one.command({ type: 'finish', note: 'all well' });
    expect(one.run).toMatchObject({ state: 'finished', endReason: 'all well' });
    expect(one.command({ type: 'startStep', no: 1 })).toMatchObject({ ok: false, message: 'the run is finished' });
    one.command({ type: 'note', note: 'learned later' });
    expect(one.run.notes.map((note) => note.text)).toEqual(['learned later']);
  });

  it('knows only its own roles and steps', () => {
    const one = new OneRun(planOf('EP-01'));
    expect(one.command({ type: 'assignRole', role: 'XYZ', person: 'a', knownRoles: ['SCR'] })).toMatchObject({ ok: false, field: 'role' });
    one.command({ type: 'assignRole', role: 'IC', person: 'wang.fang', knownRoles: [] });
    one.command({ type: 'assignRole', role: 'SCR', person: 'zhao.min', knownRoles: ['SCR'] });
    expect(one.run.roles).toEqual({ IC: 'wang.fang', SCR: 'zhao.min' });
    expect(one.command({ type: 'startStep', no: 99 })).toMatchObject({ ok: false, code: 'UNKNOWN', field: 'no' });
  });

  it('goes on with the text it began with, also when that was before plans had Chinese texts', () => {
    const bundled = planOf('EP-01');
    const steps = bundled.steps.map(
      ({ target_zh, action_zh, evidence_zh, decision_zh, branches, on_fail, sensors, expects, expects_zh, ...step }) => step,
    );
    const { scope_zh, triggers_zh, immediate_actions_zh, exit_criteria_zh, reporting_note_zh, ...rest } = bundled;
    const older = planSchema.parse({ ...rest, steps });
    const one = new OneRun(older);
    one.command({ type: 'completeStep', no: 1 });
    expect(one.step(3).state).toBe('ready');
    one.command({ type: 'completeStep', no: 3, note: 'single feed' });
    expect(one.step(3).state).toBe('done');
    expect(one.run.plan).toEqual(older);
    expect(runSchema.parse(one.run).plan).toEqual(older);
    expect(runEventSchema.parse(one.events[0]).payload).toMatchObject({ plan: older });
  });

  it('keeps its promises through any order of commands on any plan', { timeout: 30_000 }, () => {
    const no = fc.integer({ min: 1, max: 12 });
    const command = fc.oneof<fc.Arbitrary<RunCommand>[]>(
      fc.record({ type: fc.constant('startStep' as const), no }),
      fc.record({ type: fc.constant('completeStep' as const), no, note: fc.constantFrom('decided', undefined), route: fc.constantFrom(...ROUTES) }),
      fc.record({ type: fc.constant('failStep' as const), no, reason: fc.constant('r'), route: fc.constantFrom(...ROUTES) }),
      fc.record({ type: fc.constant('deferStep' as const), no, untilNo: no, reason: fc.constant('r') }),
      fc.record({ type: fc.constant('answer' as const), no, text: fc.constant('as it should be') }),
      fc.record({
        type: fc.constant('skipStep' as const),
        no,
        reason: fc.constant('r'),
        confirmed: fc.constantFrom(undefined, confirmed('sun.yue')),
      }),
      fc.record({ type: fc.constant('reopenStep' as const), no, reason: fc.constant('r') }),
      fc.record({ type: fc.constant('finish' as const) }),
    );
    const steps = fc.array(fc.tuple(command, fc.constantFrom('li.wei', 'wang.fang', 'zhao.min')), { maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(...library.plans), steps, (plan, actions) => {
        const one = new OneRun(plan);
        for (const [action, actor] of actions) {
          const wasOpen = one.run.steps.map((step) => openPredecessors(one.run, step.no).length > 0);
          const states = one.run.steps.map((step) => step.state);
          one.command(action, actor);
          one.run.steps.forEach((step, index) => {
            const blocked = openPredecessors(one.run, step.no).length > 0;
            if (step.state === 'ready' || step.state === 'reopened') expect(blocked).toBe(false);
            if (step.state === 'locked') expect(blocked).toBe(true);
            if (step.state === 'done') expect(step.signedBy.length).toBeGreaterThanOrEqual(step.signaturesRequired);
            expect(step.state).not.toBe('conflict');
            if (step.state === 'done' && states[index] !== 'done') expect(wasOpen[index]).toBe(false);
            expect(new Set(step.signedBy.map(personKey)).size).toBe(step.signedBy.length);
            expect(step.endedAtMs !== null).toBe(isSettled(step));
          });
          if (one.run.state === 'finished') expect(one.run.steps.every(isSettled)).toBe(true);
        }
      }),
      { seed: 13, numRuns: 200 },
    );
  });
});

describe('a target', () => {
  it.each([
    ['T+0:30', 30],
    ['T+60:00', 3_600],
    ['T+1:02:03', 3_723],
    ['T+4 h', 14_400],
    ['immediately, no later than T+5:00', 300],
    ['before any restart or clean-up, T+30:00 at the latest', 1_800],
    ['T+30:00 then every 30 min', 1_800],
    ['T+60:00 then hourly', 3_600],
  ])('%s is a time from the start', (target, seconds) => {
    expect(targetOffsetMs(target)).toBe(seconds * 1_000);
  });

  it.each([
    'on recovery',
    'T+30 after release',
    'T+1 working day',
    'every 15 min',
    'T+5:00 once service is affected',
    'open minus 60 min',
    'T+5:75',
    '',
  ])('"%s" has no clock', (target) => {
    expect(targetOffsetMs(target)).toBeNull();
  });
});

describe('the bundled plans', () => {
  it('are seventeen, whose steps wait only for earlier ones and name known roles', () => {
    expect(library.plans).toHaveLength(17);
    for (const plan of library.plans)
      for (const step of plan.steps) {
        expect(Object.keys(library.roles)).toContain(step.role);
        for (const before of step.after) expect(before).toBeLessThan(step.no);
      }
  });

  it('are proposed by alerts that the desk really raises, each by plans that there are', () => {
    expect(proposals.feedStale).toEqual(['EP-01', 'EP-02']);
    expect(proposals.riskLevel).toEqual(['EP-09']);
    expect(proposals.runawayAlgo).toEqual(['EP-08']);
    const { kind: kinds } = JSON.parse(readFileSync(join(RESOURCES, '..', '..', 'src-renderer', 'i18n', 'en', 'alerts.json'), 'utf8'));
    for (const [kind, planIds] of Object.entries(proposals)) {
      expect(Object.keys(kinds)).toContain(kind);
      expect(library.plans.map(({ id }) => id)).toEqual(expect.arrayContaining([...planIds]));
    }
  });
});
