/** How long people take: of each episode from its beginning to its first acknowledgement, whatever became of that afterwards. */
import { describe, expect, it } from 'vitest';
import { bundledAlertPolicy } from '#engine/desk/alerts/alert-policy';
import type { Alert } from '#shared/desk/alerts/alert';
import { decideClock } from '#shared/desk/alerts/clock';
import { type AlertSignal, decideAlert, decideSignal } from '#shared/desk/alerts/decide';
import { type AlertEvent, alertEventSchema } from '#shared/desk/alerts/events';
import { evolveAlert } from '#shared/desk/alerts/evolve';
import { alertStatistics } from '#shared/desk/alerts/statistics';
import { isRefusal } from '#shared/desk/decision';

const MINUTE_MS = 60_000;

class OneAlert {
  alert: Alert | null = null;
  #sequence = 0;

  #fold(events: readonly AlertEvent[], actor: string): void {
    for (const event of events) {
      this.#sequence += 1;
      const written = alertEventSchema.parse(JSON.parse(JSON.stringify({ type: event.type, payload: event.payload })));
      this.alert = evolveAlert(this.alert, written, { actor, mode: 'live', sequence: this.#sequence });
    }
  }

  #context(actor: string, minute: number) {
    return { nowMs: minute * MINUTE_MS, actor, newId: () => '01996b1c-0000-7000-8000-000000000001' };
  }

  signal(transition: AlertSignal['transition'], minute: number): void {
    const atMs = minute * MINUTE_MS;
    const figures = {
      metric: 'riskDegree',
      value: 1,
      enterThreshold: 1,
      exitThreshold: 0.9,
      thresholdCitation: 't',
      thresholdCertainty: 'demonstration',
    };
    const reason = { ruleId: 'r', ruleVersion: 1, ...figures, observedAtMs: atMs, params: {} };
    const about = { dedupKey: 'a'.repeat(32), ruleId: 'r', kind: 'riskLevel', entity: 'account:A1', dimensions: {}, planIds: [] };
    this.#fold(
      decideSignal(this.alert, { ...about, transition, severity: 'critical', atMs, reason }, this.#context('watch', minute), bundledAlertPolicy),
      'watch',
    );
  }

  acknowledge(minute: number, actor = 'p-li'): void {
    if (this.alert === null) throw new Error('nothing to acknowledge');
    const decision = decideAlert(this.alert, { type: 'acknowledge', note: '' }, this.#context(actor, minute), bundledAlertPolicy);
    if (!isRefusal(decision)) this.#fold(decision, actor);
  }

  pass(minute: number): void {
    if (this.alert !== null) this.#fold(decideClock(this.alert, minute * MINUTE_MS, bundledAlertPolicy), 'engine');
  }

  waits(sinceMinute = 0, nowMinute = 1000) {
    const alerts = this.alert === null ? [] : [this.alert];
    const [rule] = alertStatistics(alerts, sinceMinute * MINUTE_MS, nowMinute * MINUTE_MS, false).rules;
    const minutes = (ms: number | null | undefined) => (ms == null ? null : ms / MINUTE_MS);
    return { median: minutes(rule?.medianAcknowledgeMs), slowest: minutes(rule?.slowestAcknowledgeMs) };
  }
}

describe('the time to acknowledge', () => {
  it('is that of the first acknowledgement, though it runs out, another person’s comes, or it is given anew', () => {
    const one = new OneAlert();
    one.signal('raised', 0);
    one.acknowledge(3);
    one.pass(20);
    expect(one.alert?.human).toBe('unacknowledged');
    expect(one.waits()).toEqual({ median: 3, slowest: 3 });
    one.acknowledge(40, 'p-wang');
    one.acknowledge(45, 'p-li');
    expect(one.waits()).toEqual({ median: 3, slowest: 3 });
  });

  it('of a second episode counts from where that began', () => {
    const one = new OneAlert();
    one.signal('raised', 0);
    one.acknowledge(3);
    one.signal('cleared', 100);
    one.signal('raised', 400);
    one.acknowledge(405);
    expect(one.waits()).toEqual({ median: 3, slowest: 5 });
    expect(one.waits(200)).toEqual({ median: 5, slowest: 5 });
  });

  it('is not known while nobody has acknowledged, nor of an episode of before the time that is asked for', () => {
    const one = new OneAlert();
    one.signal('raised', 0);
    expect(one.waits()).toEqual({ median: null, slowest: null });
    one.acknowledge(3);
    expect(one.waits(10)).toEqual({ median: null, slowest: null });
  });
});
