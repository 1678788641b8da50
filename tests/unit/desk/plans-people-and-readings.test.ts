/** Who may hold which role in a run, who is here, and what happens when a reading that a step was signed on turns bad. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { decideRun, type RunCommand } from '#shared/desk/plans/decide';
import { foldOps, joinOps } from '#shared/desk/plans/merge';
import type { Run } from '#shared/desk/plans/plan';
import { isGap, presenceIn } from '#shared/desk/plans/presence';
import { readingParts } from '#shared/desk/plans/reading-text';
import type { Reading } from '#shared/desk/plans/run-parts';
import { badForMs, turnedBack } from '#shared/desk/plans/run-rules';
import { kindOf } from '#shared/desk/plans/step-kind';
import { bundledPlans, planOf, Replica } from '#tests/helpers/plan-run';

const { rolePairs, reversion } = bundledPlans.runRules;
const roles = Object.keys(bundledPlans.library.roles);
/** Within the rows' time. */
const nowMs = Date.UTC(2026, 11, 1);

function assign(run: Run, role: string, person: string, humanOf?: (id: string) => string) {
  const command: RunCommand = { type: 'assignRole', role, person, knownRoles: roles };
  return decideRun(run, command, { nowMs, newId: () => '', actor: 'p-a', rolePairs, humanOf });
}

function reading(sensor: string, quality: Reading['quality'], atMs = 1): Reading {
  return { sensor, atMs, value: quality === 'good' ? 2 : 0, unit: 'count', quality, reason: null, detail: [] };
}

describe('roles in a run', () => {
  it('are refused to one person where they exclude each other, under every record of that person', () => {
    const desk = new Replica().start(planOf('EP-01'));
    desk.do({ type: 'assignRole', role: 'IC', person: 'p-a', knownRoles: roles });
    expect(assign(desk.run, 'SCR', 'p-a')).toMatchObject({ code: 'FORBIDDEN' });
    expect(assign(desk.run, 'SCR', 'p-second-record', (id) => (id === 'p-second-record' ? 'p-a' : id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(isRefusal(assign(desk.run, 'SCR', 'p-b'))).toBe(false);
    expect(isRefusal(assign(desk.run, 'TRD', 'p-a'))).toBe(false);
  });

  it('take no notice of a pair whose row is not in force yet', () => {
    const desk = new Replica().start(planOf('EP-01'));
    desk.do({ type: 'assignRole', role: 'IC', person: 'p-a', knownRoles: roles });
    const command: RunCommand = { type: 'assignRole', role: 'SCR', person: 'p-a', knownRoles: roles };
    const early = { nowMs: Date.UTC(2026, 0, 1), newId: () => '', actor: 'p-a', rolePairs };
    expect(isRefusal(decideRun(desk.run, command, early))).toBe(false);
  });

  it('go to people who are here; whoever has gone leaves a gap, and is back by doing something', () => {
    const desk = new Replica().start(planOf('EP-01'), 'p-a');
    expect(presenceIn(desk.run, 'p-a')).toBe('here');
    expect(presenceIn(desk.run, 'p-b')).toBeNull();
    desk.do({ type: 'assignRole', role: 'ITOPS', person: 'p-b', knownRoles: roles });
    expect(isGap(desk.run, 'ITOPS')).toBe(false);
    desk.do({ type: 'notePresence', person: 'p-b', isPresent: false });
    expect(isGap(desk.run, 'ITOPS')).toBe(true);
    expect(assign(desk.run, 'CS', 'p-b')).toMatchObject({ code: 'CONFLICT' });
    desk.do({ type: 'startStep', no: 1 }, 'p-b');
    expect(presenceIn(desk.run, 'p-b')).toBe('here');
    expect(isGap(desk.run, 'ITOPS')).toBe(false);
  });

  it('what two desks apart said of somebody is kept, and the later word holds on both', () => {
    let clock = 1_000_000;
    const clockMs = (): number => {
      clock += 10_000;
      return clock;
    };
    const a = new Replica({ device: 'A', clockMs }).start(planOf('EP-01'));
    const b = new Replica({ device: 'B', clockMs });
    b.receive(a);
    a.do({ type: 'notePresence', person: 'p-c', isPresent: false });
    b.do({ type: 'notePresence', person: 'p-c', isPresent: true });
    const [run] = foldOps(joinOps(b.ops, a.ops));
    expect(run?.presence).toHaveLength(2);
    expect(run === undefined ? null : presenceIn(run, 'p-c')).toBe('here');
  });
});

describe('a reading that turns back', () => {
  /** A plan with a sense step and another step, both read by sensors. */
  function signed(kind: 'sense' | 'other'): { desk: Replica; no: number; sensors: string[] } {
    for (const plan of bundledPlans.library.plans)
      for (const step of plan.steps) {
        const isWanted = (kindOf(step) === 'sense') === (kind === 'sense') && kindOf(step) !== 'hold' && step.signatures === 1;
        if (!isWanted || step.sensors === undefined || step.branches !== undefined || step.expects !== undefined || step.after.length > 0) continue;
        const desk = new Replica().start(plan);
        desk.do({ type: 'completeStep', no: step.no, note: 'seen', readings: step.sensors.map((sensor) => reading(sensor, 'good')) });
        if (desk.step(step.no).state === 'done') return { desk, no: step.no, sensors: step.sensors };
      }
    throw new Error(`no bundled plan begins with such a step: ${kind}`);
  }

  it('asks for a step that only confirms it to be confirmed again, and says why until then', () => {
    const { desk, no, sensors } = signed('sense');
    const bad = sensors.map((sensor) => reading(sensor, 'bad', 99));
    expect(
      turnedBack(
        desk.run,
        sensors.map((sensor) => reading(sensor, 'good', 99)),
      ),
    ).toEqual([]);
    const [found] = turnedBack(desk.run, bad);
    expect(found).toMatchObject({ no, reopens: true });
    desk.do({ type: 'turnBack', no, readings: bad, reopens: true }, 'engine');
    expect(desk.step(no)).toMatchObject({ state: 'reopened', flags: ['reverted'], reopenedCount: 1 });
    expect(desk.step(no).readings.at(-1)).toMatchObject({ quality: 'bad', takenBy: 'engine' });
    // Once is enough: what is open is not opened again.
    expect(turnedBack(desk.run, bad)).toEqual([]);
    desk.do({ type: 'completeStep', no, note: 'seen again', readings: sensors.map((sensor) => reading(sensor, 'good', 120)) });
    expect(desk.step(no)).toMatchObject({ state: 'done', flags: [] });
  });

  it("marks a step that was done on it, and leaves it done: what follows is a person's to say", () => {
    const { desk, no } = signed('sense');
    desk.do({ type: 'turnBack', no, readings: [reading('feeds.state', 'bad')], reopens: false }, 'engine');
    expect(desk.step(no)).toMatchObject({ state: 'done', flags: ['reverted'] });
    desk.do({ type: 'turnBack', no, readings: [reading('feeds.state', 'bad')], reopens: false }, 'engine');
    expect(desk.step(no).reversions).toHaveLength(1);
    desk.do({ type: 'reopenStep', no, reason: 'look again' });
    expect(desk.step(no)).toMatchObject({ state: 'reopened', flags: [] });
  });

  it('is not seen where the step was signed on a bad reading, or where nothing is known now', () => {
    const desk = new Replica().start(planOf('EP-01'));
    const sensors = planOf('EP-01').steps[0]?.sensors ?? [];
    expect(sensors.length).toBeGreaterThan(0);
    desk.do({ type: 'completeStep', no: 1, readings: sensors.map((sensor) => reading(sensor, 'bad')) });
    expect(
      turnedBack(
        desk.run,
        sensors.map((sensor) => reading(sensor, 'bad', 99)),
      ),
    ).toEqual([]);
    const { desk: other, sensors: own } = signed('sense');
    expect(
      turnedBack(
        other.run,
        own.map((sensor) => reading(sensor, 'unknown', 99)),
      ),
    ).toEqual([]);
  });

  it('has to be bad for as long as the dated row says', () => {
    expect(badForMs(reversion, nowMs)).toBeGreaterThan(0);
    expect(badForMs(reversion, Date.UTC(2020, 0, 1))).toBeNull();
  });
});

describe('a reading in words', () => {
  const words = {
    word: (key: string, orElse: string) => (key === 'sensor.feeds_state' ? 'Live feeds' : orElse),
    duration: (ms: number) => `${ms / 1000} s`,
  };

  it('is named as people name it, and says that it is not known', () => {
    expect(readingParts(reading('feeds.state', 'good'), words)).toEqual({ sensor: 'Live feeds', value: '2', detail: '' });
    const unknown = { ...reading('feeds.state', 'unknown'), value: null, reason: 'noFeed' };
    expect(readingParts(unknown, words).value).toBe('— (noFeed)');
    const age: Reading = { ...reading('feeds.age', 'good'), value: 1500, unit: 'ms', detail: [{ name: 'f1', value: '1500' }] };
    expect(readingParts(age, words)).toMatchObject({ value: '1.5 s', detail: 'f1 1.5 s' });
  });
});
