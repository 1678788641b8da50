import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import type { Alert, AlertReason, Severity } from '#shared/desk/alerts/alert';
import { decideClock } from '#shared/desk/alerts/clock';
import { type AlertCommand, type AlertSignal, closingNeeds, decideAlert, decideSignal } from '#shared/desk/alerts/decide';
import type { AlertEvent } from '#shared/desk/alerts/events';
import { evolveAlert, severityRank } from '#shared/desk/alerts/evolve';
import { isRefusal } from '#shared/desk/decision';
import { newsOf } from '#shared/desk/delivery/news';

const REASON: AlertReason = {
  ruleId: 'risk-level',
  ruleVersion: 1,
  metric: 'riskDegree',
  value: 1.02,
  enterThreshold: 1,
  exitThreshold: 0.97,
  thresholdCitation: 'test',
  thresholdCertainty: 'demonstration',
  observedAtMs: 0,
  params: {},
};

/** One condition and the alerts it led to, as the desk keeps them. */
class OneCondition {
  alerts: Alert[] = [];
  events: AlertEvent[] = [];
  #sequence = 0;
  #id = 0;

  get open(): Alert | null {
    return this.alerts.find((alert) => alert.human !== 'closed') ?? null;
  }

  get last(): Alert {
    const alert = this.alerts.at(-1);
    if (alert === undefined) throw new Error('no alert was raised');
    return alert;
  }

  signal(transition: AlertSignal['transition'], severity: Severity = 'high', made: Pick<AlertSignal, 'crossed'> = {}): AlertEvent[] {
    const signal: AlertSignal = {
      transition,
      severity,
      dedupKey: 'a'.repeat(32),
      ruleId: 'risk-level',
      kind: 'riskLevel',
      entity: 'account:A1',
      dimensions: {},
      atMs: this.#sequence,
      reason: REASON,
      planIds: ['EP-09'],
      ...made,
    };
    const events = decideSignal(this.open, signal, this.#context('watch'), bundledAlertPolicy);
    for (const event of events) this.#fold(event, 'watch');
    return events;
  }

  command(command: AlertCommand, actor = 'li.wei') {
    const decision = decideAlert(this.last, command, this.#context(actor), bundledAlertPolicy);
    if (!isRefusal(decision)) for (const event of decision) this.#fold(event, actor);
    return decision;
  }

  time(nowMs: number): void {
    for (const event of decideClock(this.last, nowMs, bundledAlertPolicy)) this.#fold(event, 'engine');
  }

  #context(actor: string) {
    return { nowMs: this.#sequence, actor, newId: () => `01996b1c-0000-7000-8000-${String(++this.#id).padStart(12, '0')}` };
  }

  #fold(event: AlertEvent, actor: string): void {
    this.events.push(event);
    this.#sequence += 1;
    const index = this.alerts.findIndex((alert) => alert.alertId === event.payload.alertId);
    const folded = evolveAlert(this.alerts[index] ?? null, event, { actor, mode: 'live', sequence: this.#sequence });
    if (folded === null) throw new Error('an event of an unknown alert');
    if (index < 0) this.alerts.push(folded);
    else this.alerts[index] = folded;
  }
}

const acknowledge: AlertCommand = { type: 'acknowledge', note: 'seen' };
const SECOND = { personId: 'wang.fang', sessionId: 's', keyId: 'k', signature: 'x' };
const close: AlertCommand = { type: 'close', disposition: 'handled', note: 'done', confirmedBy: SECOND };

describe('an alert', () => {
  it('is raised once, however often its condition says so', () => {
    const one = new OneCondition();
    one.signal('raised');
    expect(one.signal('raised')).toEqual([]);
    expect(one.alerts).toHaveLength(1);
    expect(one.last).toMatchObject({ condition: 'active', human: 'unacknowledged', episode: 1, occurrences: 1, planIds: ['EP-09'] });
  });

  it('that comes back while open is the same alert in a new episode, and wants to be seen again', () => {
    const one = new OneCondition();
    one.signal('raised');
    one.command(acknowledge);
    one.signal('cleared');
    one.signal('raised', 'critical');
    expect(one.alerts).toHaveLength(1);
    expect(one.last).toMatchObject({
      condition: 'active',
      human: 'unacknowledged',
      episode: 2,
      occurrences: 2,
      severity: 'critical',
      clearedAtMs: null,
    });
    expect(one.last.notes).toEqual([expect.objectContaining({ by: 'li.wei', text: 'seen' })]);
  });

  it('wants to be seen again when its severity rises, not when it falls', () => {
    const one = new OneCondition();
    one.signal('raised', 'high');
    one.command(acknowledge);
    one.signal('changed', 'medium');
    expect(one.last).toMatchObject({ human: 'acknowledged', acknowledgedBy: 'li.wei', severity: 'medium', severityMax: 'high' });
    one.signal('changed', 'critical');
    expect(one.last).toMatchObject({ human: 'unacknowledged', acknowledgedBy: null, severityMax: 'critical' });
  });

  it('keeps what people did when its condition ends', () => {
    const one = new OneCondition();
    one.signal('raised');
    one.command(acknowledge);
    one.signal('cleared');
    expect(one.last).toMatchObject({ condition: 'cleared', human: 'toClose', acknowledgedBy: 'li.wei' });
  });

  it('whose data stops is unknown, never over, and goes on in the same episode when data is back', () => {
    const one = new OneCondition();
    one.signal('raised');
    one.signal('unknown');
    expect(one.last.condition).toBe('unknown');
    one.command(acknowledge);
    expect(one.command(close)).toMatchObject({ ok: false, code: 'CONFLICT', message: expect.stringContaining('not been seen to be over') });
    one.signal('raised');
    expect(one.last).toMatchObject({ condition: 'active', human: 'acknowledged', episode: 1 });
  });

  it('that comes back graver after its data stopped wants to be seen, is told, and calls the next person', () => {
    const one = new OneCondition();
    one.signal('raised', 'medium');
    one.command(acknowledge);
    one.signal('unknown', 'medium');
    const events = one.signal('changed', 'critical');
    expect(events.map(({ type }) => type)).toEqual(['alert.dataRestored', 'alert.severityChanged']);
    expect(one.last).toMatchObject({ condition: 'active', human: 'unacknowledged', severity: 'critical', episode: 1 });
    expect(events.flatMap((event) => newsOf(event, one.last)).map(({ reason }) => reason)).toEqual(['severityUp']);
    const dueAtMs = one.last.escalation?.nextFireAtMs ?? Number.NaN;
    expect(decideClock(one.last, dueAtMs, bundledAlertPolicy)).toMatchObject([{ type: 'alert.escalated', payload: { steps: [{ role: 'second' }] } }]);
  });

  it('that nobody had taken on, and whose ladder was used up, begins its ladder anew when it comes back graver', () => {
    const one = new OneCondition();
    one.signal('raised', 'medium');
    while (one.last.escalation?.nextFireAtMs != null) one.time(one.last.escalation.nextFireAtMs);
    one.signal('unknown', 'medium');
    one.signal('changed', 'high');
    expect(one.last.escalation).toMatchObject({ nextStep: 1, nextFireAtMs: expect.any(Number) });
  });

  it('keeps its acknowledgement when its data comes back and it stands where it stood, and shows what it is made of now', () => {
    const one = new OneCondition();
    one.signal('raised');
    one.command(acknowledge);
    one.signal('unknown');
    const [event] = one.signal('changed', 'high', {
      crossed: [{ step: 'call', threshold: 1, atMs: 1, citation: 'test', certainty: 'demonstration' }],
    });
    expect(event).toMatchObject({ type: 'alert.dataRestored', payload: { crossed: [{ step: 'call' }] } });
    expect(one.last.human).toBe('acknowledged');
  });

  it('that flaps and gets graver is told', () => {
    const one = new OneCondition();
    one.signal('raised', 'medium');
    while (one.last.condition !== 'flapping') one.signal(one.last.reading === 'on' ? 'cleared' : 'raised', 'medium');
    one.command(acknowledge);
    if (one.last.reading === 'on') one.signal('cleared', 'medium');
    expect(one.signal('raised', 'medium').flatMap((event) => newsOf(event, one.last))).toEqual([]);
    one.signal('cleared', 'medium');
    const told = one.signal('raised', 'critical').flatMap((event) => newsOf(event, one.last));
    expect(told).toMatchObject([{ reason: 'severityUp', role: 'desk' }]);
    expect(one.last).toMatchObject({ human: 'unacknowledged', escalation: { nextStep: 1, nextFireAtMs: expect.any(Number) } });
  });

  it('whose flapping begins with an end still calls the next person while it is on and nobody has it', () => {
    const one = new OneCondition();
    one.signal('raised');
    while (one.last.condition !== 'flapping') one.signal(one.last.reading === 'on' ? 'cleared' : 'raised');
    expect(one.last.escalation?.nextFireAtMs).toEqual(expect.any(Number));
  });

  it('closes only when it was on, seen to be off, and acknowledged', () => {
    const one = new OneCondition();
    one.signal('raised');
    expect(one.command(close)).toMatchObject({ ok: false, code: 'CONFLICT' });
    one.signal('cleared');
    expect(one.command(close)).toMatchObject({ ok: false, message: 'nobody has acknowledged it' });
    one.command(acknowledge);
    one.command(close);
    expect(one.last.human).toBe('closed');
    expect(one.command(close)).toMatchObject({ ok: false, message: 'the alert is already closed' });
    expect(one.command(acknowledge)).toMatchObject({ ok: false });
    one.signal('raised');
    expect(one.alerts).toHaveLength(2);
  });

  it('takes a second note of the same person as a note, and another person as a second acknowledgement', () => {
    const one = new OneCondition();
    one.signal('raised');
    one.command(acknowledge);
    one.command({ type: 'acknowledge', note: 'again' });
    expect(one.events.at(-1)?.type).toBe('alert.noted');
    one.command({ type: 'acknowledge', note: 'me too' }, 'wang.fang');
    expect(one.last).toMatchObject({ acknowledgedBy: 'wang.fang' });
    expect(one.last.notes).toHaveLength(3);
  });

  it('keeps its promises through any order of signals and commands', () => {
    const severity = fc.constantFrom<Severity>('critical', 'high', 'medium', 'low');
    const step = fc.oneof(
      fc.record({ signal: fc.constantFrom('raised' as const, 'changed' as const, 'cleared' as const, 'unknown' as const), severity }),
      fc.record({ command: fc.constantFrom<AlertCommand>(acknowledge, close, { type: 'note', note: 'n' }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const one = new OneCondition();
        for (const action of steps) {
          const before = one.open;
          if ('signal' in action) one.signal(action.signal, action.severity);
          else if (one.alerts.length > 0) one.command(action.command);
          expect(one.alerts.filter((alert) => alert.human !== 'closed').length).toBeLessThanOrEqual(1);
          for (const alert of one.alerts) {
            expect(severityRank(alert.severityMax)).toBeLessThanOrEqual(severityRank(alert.severity));
            expect(alert.acknowledgedBy === null).toBe(alert.human === 'unacknowledged');
            if (alert.human === 'closed') expect(alert.closedAtMs).not.toBeNull();
          }
          if (before === null) continue;
          const after = one.alerts.find((alert) => alert.alertId === before.alertId);
          if (after === undefined) throw new Error('an alert vanished');
          expect(after.notes.slice(0, before.notes.length)).toEqual(before.notes);
          expect(after.episode).toBeGreaterThanOrEqual(before.episode);
          if ('signal' in action && action.signal === 'unknown') expect(after.reading).toBe(before.reading === 'off' ? 'off' : 'unknown');
          if (before.human !== 'closed' && after.human === 'closed') expect(closingNeeds(before, 'handled')).toMatchObject({ obstacle: null });
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
