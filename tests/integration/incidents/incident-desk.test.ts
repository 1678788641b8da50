/** Incidents on a real journal: what was done survives the end of the process, two people are two people, and the timeline misses nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecondPerson } from '#engine/desk/second-person';
import { INCIDENT_REQUESTS, type IncidentView } from '#shared/contract/incidents';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { condition, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const CONFIRMED = '00000000-0000-7000-8000-00000000c0de';
/** Confirms under one id and nothing else: who that is and for what is sign-in's own business, tested there. */
const compliance: SecondPerson = {
  take: (confirmationId) =>
    confirmationId === CONFIRMED
      ? accept({ personId: 'p-compliance', sessionId: 's', keyId: 'k', signature: 'x' })
      : refuse('UNKNOWN', 'no such confirmation', 'confirmationId'),
};

const opening = {
  title: 'Orders hang',
  eventKind: 'systemFault',
  state: 'active',
  alertId: null,
  runId: null,
  detectedAtMs: null,
  impactStartMs: null,
} as const;

function taken<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

function dutyOf(view: IncidentView, dutyId: string) {
  return { ...view.incident.duties.find((duty) => duty.dutyId === dutyId), ...view.dues.find((due) => due.dutyId === dutyId) };
}

describe('the incident desk', () => {
  it('opens the duties of the licences that were stated, also for an incident that goes on already', async () => {
    const { desk, clock, close } = openDesk(folder.path);
    const { incident } = taken(desk.incidents.open(opening));
    expect(incident.duties).toEqual([]);
    taken(desk.incidents.stateFirm({ licences: ['cnFuturesBroker'], isCriticalInfrastructure: false, reason: 'the licence on the wall' }));
    const view = taken(desk.incidents.get({ incidentId: incident.incidentId }));
    expect(dutyOf(view, 'cn-csrc-first')).toMatchObject({ state: 'proposed', isOpen: true, dueAtMs: clock.ms });
    expect(desk.incidents.briefs()[0]).toMatchObject({ nextDutyId: 'cn-csrc-first', nextDueAtMs: clock.ms });
    await close();
  });

  it('is where it was after the process ended without a word, with the same duties due at the same time', async () => {
    const first = openDesk(folder.path);
    taken(first.desk.incidents.stateFirm({ licences: ['cnFuturesBroker'], isCriticalInfrastructure: false, reason: 'licence' }));
    const { incident } = taken(first.desk.incidents.open(opening));
    const { incidentId } = incident;
    first.clock.ms += 60_000;
    const sent = { type: 'send', sentAtMs: first.clock.ms, channel: 'phone', proof: 'spoke with the officer on duty' } as const;
    const before = taken(first.desk.incidents.actOnDuty({ incidentId, dutyId: 'cn-csrc-first', act: sent }));
    await first.close();
    const second = openDesk(folder.path, { clock: first.clock });
    expect(taken(second.desk.incidents.get({ incidentId }))).toEqual(before);
    await second.close();
  });

  it('opens once for one operation, however often it is asked', async () => {
    const { desk, journal, close } = openDesk(folder.path);
    const opId = '00000000-0000-7000-8000-000000000001';
    const first = taken(desk.incidents.open({ ...opening, opId }));
    const entries = journal.headSequence;
    expect(taken(desk.incidents.open({ ...opening, opId })).incident.incidentId).toBe(first.incident.incidentId);
    expect(journal.headSequence).toBe(entries);
    await close();
  });

  it('does with two people what needs two, and records who the second was', async () => {
    const { desk, close } = openDesk(folder.path, { secondPerson: compliance });
    const { incidentId } = taken(desk.incidents.open(opening)).incident;
    const override = { incidentId, act: { type: 'seal' as const, items: [], overrideReason: 'losses run' } };
    expect(desk.incidents.act(override)).toMatchObject({ ok: false, code: 'FORBIDDEN', field: 'confirmationId' });
    expect(desk.incidents.act({ ...override, confirmationId: '00000000-0000-7000-8000-000000000002' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(taken(desk.incidents.act({ ...override, confirmationId: CONFIRMED })).incident.seal).toMatchObject({
      override: { secondPerson: 'p-compliance' },
    });
    await close();
  });

  it('takes the effect stretch by stretch, each with its loss, and refuses one that ends before it begins', async () => {
    const { desk, clock, close } = openDesk(folder.path);
    const { incidentId } = taken(desk.incidents.open(opening)).incident;
    const period = (fromMs: number, toMs: number | null, serviceLossPercent: number) => ({ fromMs, toMs, serviceLossPercent, text: 'orders' });
    const impact = (periods: ReturnType<typeof period>[]) => ({
      ...{ clientCount: 1200, accountCount: null, orderCount: null, lossEstimate: null, currencyID: 'CNY', text: '' },
      periods,
    });
    const set = (periods: ReturnType<typeof period>[]) => {
      const payload = INCIDENT_REQUESTS['incident.act'].payload.parse({ incidentId, act: { type: 'setImpact', impact: impact(periods) } });
      return desk.incidents.act(payload);
    };
    const told = [period(clock.ms - 20_000, clock.ms - 8_000, 100), period(clock.ms - 8_000, null, 40)];
    expect(taken(set(told)).incident.impact).toMatchObject({ clientCount: 1200, accountCount: null, periods: told });
    expect(set([period(clock.ms, clock.ms - 1, 100)])).toMatchObject({ ok: false, code: 'INVALID', field: 'impact.periods.0.toMs' });
    expect(taken(desk.incidents.get({ incidentId })).timeline.map(({ code }) => code)).toContain('incident.impactSet');
    await close();
  });

  it('holds back the steps of its plan that repair until the scene is kept, and no others', async () => {
    const { desk, close } = openDesk(folder.path);
    const { runId } = taken(desk.plans.start({ planId: 'EP-10' }));
    const { runId: ofNothing } = taken(desk.plans.start({ planId: 'EP-10' }));
    const { incidentId } = taken(desk.incidents.open({ ...opening, runId })).incident;
    const repair = (of: string) => desk.plans.command('run.startStep', of, { type: 'startStep', no: 4 });
    expect(repair(runId)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'seal' });
    // Nor is it got round by attaching the same plan to the run.
    taken(desk.plans.attachPlan({ runId, planId: 'EP-10' }));
    const attached = desk.plans.runs(5).find(({ parent }) => parent?.runId === runId)?.runId ?? '';
    expect(repair(attached)).toMatchObject({ ok: false, code: 'CONFLICT', field: 'seal' });
    expect(desk.plans.command('run.startStep', runId, { type: 'startStep', no: 1 }).ok).toBe(true);
    expect(desk.incidents.briefs()[0]?.isSceneKept).toBe(false);
    // Of no incident, or with its scene kept, it waits for nothing but the steps before it.
    const waits = { ok: false, code: 'CONFLICT', message: 'step 4 waits for step 2, 3' };
    expect(repair(ofNothing)).toMatchObject(waits);
    taken(desk.incidents.act({ incidentId, act: { type: 'seal', items: ['settlement files of the day'], overrideReason: null } }));
    expect(desk.incidents.briefs()[0]?.isSceneKept).toBe(true);
    for (const each of [runId, attached]) expect(repair(each)).toMatchObject(waits);
    await close();
  });

  it('shows in one timeline what the linked alert, the feeds and the people did', async () => {
    const { desk, clock, close } = openDesk(folder.path);
    desk.recordFeed({ type: 'feed.down', payload: { feedId: 'main', source: 'broker', reason: 'closed', atMs: clock.ms } });
    clock.ms += 1_000;
    desk.alerts.onConditions([condition('raised', { atMs: clock.ms })]);
    const alert = desk.alerts.openAlerts()[0];
    clock.ms += 1_000;
    const { incidentId } = taken(desk.incidents.open({ ...opening, alertId: alert?.alertId ?? null })).incident;
    clock.ms += 1_000;
    const entry = {
      type: 'addEntry' as const,
      occurredAtMs: clock.ms,
      source: 'call' as const,
      text: 'venue says 10 minutes',
      refs: [],
      corrects: null,
    };
    const view = taken(desk.incidents.act({ incidentId, act: entry }));
    const told = view.timeline.map(({ code, text }) => code ?? text);
    expect(told).toContain('feed.down');
    expect(told).toContain('incident.opened');
    expect(told.indexOf('feed.down')).toBeLessThan(told.indexOf('alert.raised'));
    expect(told.at(-1)).toBe('venue says 10 minutes');
    await close();
  });

  it('merges by a link that both sides show, and deletes nothing', async () => {
    const { desk, close } = openDesk(folder.path);
    const one = taken(desk.incidents.open(opening)).incident.incidentId;
    const two = taken(desk.incidents.open({ ...opening, title: 'Logins fail' })).incident.incidentId;
    taken(desk.incidents.act({ incidentId: one, act: { type: 'report', conditions: 'down', actions: 'restarting', needs: '' } }));
    const target = taken(desk.incidents.act({ incidentId: one, act: { type: 'merge', into: two } }));
    expect(target.incident).toMatchObject({ incidentId: two, links: { mergedFrom: [one] } });
    expect(taken(desk.incidents.get({ incidentId: one })).incident).toMatchObject({ state: 'merged', reports: [{ conditions: 'down' }] });
    expect(desk.incidents.act({ incidentId: two, act: { type: 'merge', into: one } })).toMatchObject({ ok: false, code: 'CONFLICT' });
    await close();
  });

  it('forgets no duty of an old incident, however many came after it', { timeout: 60_000 }, async () => {
    const { desk, close } = openDesk(folder.path);
    const oldest = taken(desk.incidents.open(opening)).incident.incidentId;
    for (let count = 0; count < 250; count += 1) taken(desk.incidents.open({ ...opening, title: `later ${count}` }));
    taken(desk.incidents.stateFirm({ licences: ['hkLicensedCorporation'], isCriticalInfrastructure: null, reason: 'licence' }));
    expect(desk.incidents.openDues().filter(({ incident }) => incident.incidentId === oldest)).toHaveLength(1);
    expect(desk.incidents.openDues()).toHaveLength(251);
    await close();
  });
});

describe('duties that a drill missed', () => {
  it('are those due before its end that nobody had reported by then, of incidents opened in it', async () => {
    const { desk, clock, close } = openDesk(folder.path, { secondPerson: compliance });
    taken(desk.incidents.stateFirm({ licences: ['cnFuturesBroker'], isCriticalInfrastructure: false, reason: 'licence' }));
    const before = taken(desk.incidents.open({ ...opening, title: 'before the drill' }));
    clock.ms += 1_000;
    const fromMs = clock.ms;
    const { incidentId } = taken(desk.incidents.open(opening)).incident;
    const send = (dutyId: string) =>
      taken(
        desk.incidents.actOnDuty({
          incidentId,
          dutyId,
          act: { type: 'send', sentAtMs: clock.ms, channel: 'phone', proof: 'spoke with the officer' },
        }),
      );
    const missed = (untilMs: number): string[] => desk.incidents.missedDuties(fromMs, untilMs).map(({ dutyId }) => dutyId);
    expect(before.incident.incidentId).not.toBe(incidentId);

    // At once means at once: a minute later it has been missed, the next word after half an hour has not.
    expect(missed(fromMs + 60_000)).toEqual(['cn-csrc-first']);
    expect(missed(fromMs + 31 * 60_000)).toEqual(['cn-csrc-first', 'cn-csrc-update']);
    clock.ms += 60_000;
    send('cn-csrc-first');
    expect(missed(clock.ms + 1)).toEqual([]);
    // As it stood at the end: what was sent later does not help.
    expect(missed(fromMs + 30_000)).toEqual(['cn-csrc-first']);
    // A cadence is missed again as soon as the next word is overdue.
    clock.ms += 20 * 60_000;
    send('cn-csrc-update');
    expect(missed(clock.ms + 29 * 60_000)).toEqual([]);
    expect(missed(clock.ms + 31 * 60_000)).toEqual(['cn-csrc-update']);
    // Graded down, the next word is not asked for any more.
    const grade = { type: 'grade', eventKind: 'systemFault', grade: 'general', isClassifiedMajor: null, reason: 'one client, two minutes' } as const;
    taken(desk.incidents.act({ incidentId, act: grade }));
    expect(missed(clock.ms + 31 * 60_000)).toEqual([]);
    // Nothing was opened in a drill that was held earlier.
    expect(desk.incidents.missedDuties(0, 1)).toEqual([]);
    await close();
  });
});
