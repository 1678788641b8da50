/** Incidents as people live them: declared, graded up and down, repaired only after the scene is kept, closed only when every duty is answered. */
import { describe, expect, it } from 'vitest';
import type { DecisionContext } from '#shared/desk/decision';
import type { IncidentCommand } from '#shared/desk/incidents/commands';
import { decideIncident, decideOpen, watchedUntilMs } from '#shared/desk/incidents/decide';
import { dutyDue, type ReportingRules } from '#shared/desk/incidents/duties';
import { incidentEventSchema } from '#shared/desk/incidents/events';
import { evolveIncident } from '#shared/desk/incidents/evolve';
import type { Incident } from '#shared/desk/incidents/incident';
import { GRADES, type Grade, rulePacksFileSchema } from '#shared/desk/reporting/rule-pack';
import rulePacks from '../../../../resources/reporting/rule-packs.json' with { type: 'json' };

const { packs, calendars, recoveryWatch } = rulePacksFileSchema.parse(rulePacks);
const MINUTE = 60_000;
const WATCH_MS = recoveryWatch.minutes * MINUTE;
const START = Date.parse('2026-03-16T01:00:00Z');

/** A desk of one person at a time, with a clock that the test moves. */
class Desk {
  nowMs = START;
  actor = 'p-duty';
  incident: Incident | null = null;
  rules: ReportingRules = {
    ...{ packs, calendars, mode: 'live', recoveryWatchMs: WATCH_MS },
    firm: { licences: ['cnFuturesBroker'], isCriticalInfrastructure: false },
  };
  #count = 0;

  get context(): DecisionContext {
    return { nowMs: this.nowMs, actor: this.actor, newId: () => `00000000-0000-7000-8000-${String(++this.#count).padStart(12, '0')}` };
  }

  open(state: 'suspected' | 'active' = 'suspected', eventKind: 'systemFault' | 'cyberIncident' = 'systemFault'): Incident {
    const open = { title: 'Orders are not acknowledged', eventKind, state, alertId: null, runId: null, detectedAtMs: null, impactStartMs: null };
    return this.#take(decideOpen(open, this.rules, this.context));
  }

  do(command: IncidentCommand): Incident {
    return this.#take(decideIncident(this.now, command, this.rules, this.context));
  }

  refusal(command: IncidentCommand): string {
    const decision = decideIncident(this.now, command, this.rules, this.context);
    if (Array.isArray(decision)) throw new Error('was not refused');
    return `${decision.code} ${decision.field ?? ''}`;
  }

  get now(): Incident {
    if (this.incident === null) throw new Error('nothing is open');
    return this.incident;
  }

  duty(dutyId: string) {
    return this.now.duties.find((duty) => duty.dutyId === dutyId);
  }

  due(dutyId: string): number | null {
    const duty = this.duty(dutyId);
    return duty === undefined ? null : dutyDue(this.now, duty, calendars).dueAtMs;
  }

  #take(decision: ReturnType<typeof decideOpen>): Incident {
    if (!Array.isArray(decision)) throw new Error(`${decision.code}: ${decision.message}`);
    for (const event of decision) {
      // As it comes back from the journal: through JSON and its schema.
      const parsed = incidentEventSchema.parse(JSON.parse(JSON.stringify({ type: event.type, payload: event.payload })));
      this.incident = evolveIncident(this.incident, parsed, { actor: this.actor, mode: 'live', sequence: 1 });
    }
    return this.now;
  }
}

describe('an incident', () => {
  it('that is only suspected already owes the first report, at once', () => {
    const desk = new Desk();
    desk.open();
    expect(desk.duty('cn-csrc-first')?.state).toBe('proposed');
    expect(desk.due('cn-csrc-first')).toBe(START);
    expect(desk.now.times).toEqual({ detected: START, aware: START });
  });

  it('of a firm whose licences nobody stated owes nothing that is known', () => {
    const desk = new Desk();
    desk.rules = { ...desk.rules, firm: { licences: [], isCriticalInfrastructure: null } };
    desk.open();
    expect(desk.now.duties).toEqual([]);
    desk.rules = { ...desk.rules, firm: { licences: ['hkLicensedCorporation'], isCriticalInfrastructure: null } };
    desk.do({ type: 'reconcile' });
    expect(desk.now.duties.map(({ dutyId }) => dutyId)).toEqual(['hk-sfc-first']);
  });

  it('is updated every 30 minutes while it may be major, until it is graded lower; what was sent stays', () => {
    const desk = new Desk();
    desk.open('active');
    desk.nowMs += 2 * MINUTE;
    desk.do({ type: 'sendDuty', dutyId: 'cn-csrc-first', sentAtMs: desk.nowMs, channel: 'phone', proof: 'answered by the duty officer' });
    expect(desk.due('cn-csrc-update')).toBe(START + 30 * MINUTE);
    desk.nowMs += 20 * MINUTE;
    desk.do({ type: 'sendDuty', dutyId: 'cn-csrc-update', sentAtMs: desk.nowMs, channel: 'phone', proof: 'second call' });
    expect(desk.due('cn-csrc-update')).toBe(desk.nowMs + 30 * MINUTE);
    desk.do({ type: 'grade', eventKind: 'systemFault', grade: 'general', isClassifiedMajor: null, reason: 'a third of the clients for 3 minutes' });
    expect(desk.duty('cn-csrc-update')).toMatchObject({ state: 'stoodDown', submissions: [{ proof: 'second call' }] });
    desk.nowMs += MINUTE;
    desk.do({ type: 'grade', eventKind: 'systemFault', grade: 'major', isClassifiedMajor: null, reason: 'all clients after all' });
    expect(desk.duty('cn-csrc-update')?.state).toBe('proposed');
    expect(desk.duty('cn-csrc-update')?.submissions).toHaveLength(1);
  });

  it('asks for exactly the duties of its grade, whatever way the grade was reached', () => {
    const wanted = (grade: Grade | null): string[] => {
      const desk = new Desk();
      desk.open('active', 'cyberIncident');
      if (grade !== null) desk.do({ type: 'grade', eventKind: 'cyberIncident', grade, isClassifiedMajor: null, reason: 'assessed' });
      return openIds(desk.now);
    };
    for (const from of [null, ...GRADES]) {
      for (const over of GRADES) {
        for (const to of GRADES) {
          const desk = new Desk();
          desk.open('active', 'cyberIncident');
          for (const grade of [from, over, to])
            if (grade !== null) desk.do({ type: 'grade', eventKind: 'cyberIncident', grade, isClassifiedMajor: null, reason: 'assessed' });
          expect(openIds(desk.now), `${from} to ${over} to ${to}`).toEqual(wanted(to));
        }
      }
    }
    expect(wanted('general')).toEqual(['cn-csrc-first', 'cn-csrc-summary']);
    expect(wanted('larger')).toEqual(['cn-cac-closing', 'cn-cac-operator', 'cn-csrc-first', 'cn-csrc-summary']);
    expect(wanted(null)).toEqual(wanted('major'));
  });

  it('counts from classification where the regime does, and each report starts the clock of the next', () => {
    const desk = new Desk();
    desk.rules = { ...desk.rules, firm: { licences: ['euFinancialEntity'], isCriticalInfrastructure: null } };
    desk.open('active');
    expect(desk.now.duties).toEqual([]);
    desk.nowMs += 60 * MINUTE;
    desk.do({ type: 'grade', eventKind: 'systemFault', grade: null, isClassifiedMajor: true, reason: 'more than 10 % of clients' });
    expect(desk.due('eu-dora-initial')).toBe(desk.nowMs + 240 * MINUTE);
    expect(desk.due('eu-dora-intermediate')).toBeNull();
    desk.do({ type: 'draftDuty', dutyId: 'eu-dora-initial', draft: { what: 'orders' } });
    expect(desk.refusal({ type: 'sendDuty', dutyId: 'eu-dora-initial', sentAtMs: desk.nowMs, channel: 'portal', proof: 'r-1' })).toBe(
      'CONFLICT dutyId',
    );
    const approve = (secondPerson: string, what = 'orders') =>
      ({ type: 'approveDuty', dutyId: 'eu-dora-initial', draft: { what }, secondPerson }) as const;
    expect(desk.refusal(approve('p-duty'))).toBe('FORBIDDEN secondPerson');
    // Not by the author under another record of theirs, and not for words that nobody has read.
    desk.rules = { ...desk.rules, humanOf: (personId) => (personId === 'p-duty-2' ? 'p-duty' : personId) };
    expect(desk.refusal(approve('p-duty-2'))).toBe('FORBIDDEN secondPerson');
    expect(desk.refusal(approve('p-compliance', 'prices'))).toBe('CONFLICT draft');
    expect(desk.refusal({ type: 'waiveDuty', dutyId: 'eu-dora-initial', reason: 'small', secondPerson: 'p-duty-2' })).toBe('FORBIDDEN secondPerson');
    desk.do(approve('p-compliance'));
    desk.do({ type: 'sendDuty', dutyId: 'eu-dora-initial', sentAtMs: desk.nowMs, channel: 'portal', proof: 'r-1' });
    expect(desk.due('eu-dora-intermediate')).toBe(desk.nowMs + 72 * 60 * MINUTE);
    desk.do({ type: 'receiveDuty', dutyId: 'eu-dora-initial', reference: '2026-77', person: 'the portal' });
    expect(desk.duty('eu-dora-initial')).toMatchObject({ state: 'received', receipt: { reference: '2026-77' } });
  });

  it('notes how late a report was, and takes no report from the future', () => {
    const desk = new Desk();
    desk.open();
    desk.nowMs += 7 * MINUTE;
    const sent = { type: 'sendDuty', dutyId: 'cn-csrc-first', channel: 'phone', proof: 'call' } as const;
    expect(desk.refusal({ ...sent, sentAtMs: desk.nowMs + 1 })).toBe('INVALID sentAtMs');
    desk.do({ ...sent, sentAtMs: desk.nowMs });
    expect(desk.duty('cn-csrc-first')?.submissions[0]?.isLateByMs).toBe(7 * MINUTE);
  });

  it('is not repaired before the scene is kept, unless two people say why', () => {
    const desk = new Desk();
    desk.open('active');
    expect(desk.refusal({ type: 'beginRepair' })).toBe('CONFLICT seal');
    expect(desk.refusal({ type: 'seal', items: [], override: null })).toBe('INVALID items');
    desk.do({ type: 'seal', items: [], override: { reason: 'clients lose money every second', secondPerson: 'p-exec' } });
    desk.do({ type: 'beginRepair' });
    expect(desk.now.repairBegunAtMs).toBe(desk.nowMs);
    desk.do({ type: 'seal', items: ['gateway logs'], override: null });
    expect(desk.now.seal).toMatchObject({ items: ['gateway logs'], override: null });
  });

  it('keeps both values of a time that was corrected, and wants the reason', () => {
    const desk = new Desk();
    desk.open();
    desk.do({ type: 'setTime', name: 'impactStart', timeMs: START - 10 * MINUTE, reason: '' });
    expect(desk.refusal({ type: 'setTime', name: 'impactStart', timeMs: START - 20 * MINUTE, reason: '' })).toBe('INVALID reason');
    expect(desk.refusal({ type: 'setTime', name: 'impactEnd', timeMs: START - 30 * MINUTE, reason: '' })).toBe('INVALID timeMs');
    desk.do({ type: 'setTime', name: 'impactStart', timeMs: START - 20 * MINUTE, reason: 'first complaint found' });
    expect(desk.now.timeHistory.at(-1)).toMatchObject({ name: 'impactStart', before: START - 10 * MINUTE, atMs: START - 20 * MINUTE });
  });

  it('is cancelled by two, closed only when every duty is answered, and a relapse forgets the recovery but not its history', () => {
    const desk = new Desk();
    desk.open();
    expect(desk.refusal({ type: 'changeState', to: 'cancelled', reason: 'a test order', secondPerson: null })).toBe('FORBIDDEN secondPerson');
    desk.do({ type: 'changeState', to: 'active', reason: '', secondPerson: null });
    desk.nowMs += MINUTE;
    desk.do({ type: 'changeState', to: 'recovered', reason: '', secondPerson: null });
    expect(desk.due('cn-csrc-summary')).not.toBeNull();
    desk.do({ type: 'changeState', to: 'active', reason: 'down again', secondPerson: null });
    expect(desk.now.times.recovered).toBeUndefined();
    expect(desk.now.timeHistory.some(({ name }) => name === 'recovered')).toBe(true);
    desk.do({ type: 'changeState', to: 'recovered', reason: '', secondPerson: null });
    // Watched for a relapse first: before that, only with a reason.
    expect(watchedUntilMs(desk.now, desk.rules)).toBe(desk.nowMs + WATCH_MS);
    desk.nowMs += WATCH_MS - 1;
    expect(desk.refusal({ type: 'changeState', to: 'review', reason: '', secondPerson: null })).toBe('INVALID reason');
    const early = new Desk();
    early.incident = desk.now;
    early.nowMs = desk.nowMs;
    expect(early.do({ type: 'changeState', to: 'review', reason: 'the venue closed for the day', secondPerson: null }).state).toBe('review');
    desk.nowMs += 1;
    desk.do({ type: 'changeState', to: 'review', reason: '', secondPerson: null });
    expect(watchedUntilMs(desk.now, desk.rules)).toBeNull();
    const close: IncidentCommand = { type: 'changeState', to: 'closed', reason: '', secondPerson: null };
    expect(desk.refusal(close)).toBe('CONFLICT duties');
    desk.do({ type: 'sendDuty', dutyId: 'cn-csrc-first', sentAtMs: desk.nowMs, channel: 'phone', proof: 'call' });
    for (const dutyId of ['cn-csrc-update', 'cn-csrc-summary']) {
      expect(desk.refusal({ type: 'waiveDuty', dutyId, reason: 'one minute', secondPerson: 'p-duty' })).toBe('FORBIDDEN secondPerson');
      desk.do({ type: 'waiveDuty', dutyId, reason: 'one minute', secondPerson: 'p-compliance' });
    }
    expect(desk.refusal(close)).toBe('CONFLICT review.wasUpgradedBefore');
    desk.do({ type: 'review', wasUpgradedBefore: true, causes: ['untested upgrade'], actions: [], lessons: '' });
    expect(desk.do(close).state).toBe('closed');
  });

  it('that is merged stays readable, asks for nothing more and takes only corrections', () => {
    const desk = new Desk();
    desk.open();
    desk.do({ type: 'addEntry', occurredAtMs: START, source: 'call', text: 'client says orders hang', refs: [], corrects: null });
    desk.do({ type: 'link', kind: 'mergedInto', id: 'another' });
    expect(desk.now).toMatchObject({ state: 'merged', links: { mergedInto: 'another' } });
    expect(openIds(desk.now)).toEqual([]);
    expect(desk.refusal({ type: 'beginRepair' })).toBe('CONFLICT incidentId');
    const corrects = desk.now.timeline[0]?.entryId ?? '';
    desk.do({ type: 'addEntry', occurredAtMs: START, source: 'human', text: 'it was two clients', refs: [], corrects });
    expect(desk.now.timeline.map(({ text }) => text)).toEqual(['client says orders hang', 'it was two clients']);
  });
});

function openIds(incident: Incident): string[] {
  return incident.duties.flatMap(({ dutyId, state }) => (state === 'stoodDown' ? [] : [dutyId])).sort();
}
