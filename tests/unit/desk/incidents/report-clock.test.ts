/** The clock of the duties tells in time, tells again when it is late, and falls silent when the report is on record: across restarts too. */
import { describe, expect, it } from 'vitest';
import { ReportClock } from '#engine/desk/incidents/report-clock';
import type { Incident } from '#shared/desk/incidents/incident';
import type { Duty } from '#shared/desk/reporting/duty';

const MINUTE = 60_000;
const alarm = { dueSoonMinutes: 10, effectiveFrom: '2026-01-01', citation: 'test', certainty: 'unconfirmed' } as const;
const incident = { incidentId: 'i-1', title: 'Orders hang' } as Incident;
const duty = {
  dutyId: 'first',
  rule: { title: { en: 'First', zh: '首次' }, instrument: { en: 'Measure', zh: '办法' }, article: '18', certainty: 'secondary' },
} as Duty;

class Dues {
  dueAtMs: number | null = 60 * MINUTE;
  openDues(): { incident: Incident; duty: Duty; dueAtMs: number }[] {
    return this.dueAtMs === null ? [] : [{ incident, duty, dueAtMs: this.dueAtMs }];
  }
}

describe('the report clock', () => {
  it('says once that a report comes due, once that it is overdue, and clears when it is made', () => {
    const dues = new Dues();
    const clock = new ReportClock(dues, alarm, []);
    const told = (nowMs: number) => clock.tick(nowMs).map(({ transition, severity }) => `${transition} ${severity}`);
    expect(told(49 * MINUTE)).toEqual([]);
    expect(told(50 * MINUTE)).toEqual(['raised high']);
    expect(told(55 * MINUTE)).toEqual([]);
    expect(told(60 * MINUTE + 1)).toEqual(['changed critical']);
    expect(told(59 * MINUTE)).toEqual([]);
    dues.dueAtMs = null;
    expect(told(61 * MINUTE)).toEqual(['cleared critical']);
    expect(told(62 * MINUTE)).toEqual([]);
  });

  it('comes down again when an update puts the next deadline off', () => {
    const dues = new Dues();
    const clock = new ReportClock(dues, alarm, []);
    expect(clock.tick(61 * MINUTE)).toMatchObject([{ transition: 'raised', severity: 'critical' }]);
    dues.dueAtMs = 65 * MINUTE;
    expect(clock.tick(61 * MINUTE)).toMatchObject([{ transition: 'changed', severity: 'high' }]);
    dues.dueAtMs = 91 * MINUTE;
    expect(clock.tick(61 * MINUTE)).toMatchObject([{ transition: 'cleared' }]);
  });

  it('raises nothing twice after a restart, and clears what was answered meanwhile', () => {
    const dues = new Dues();
    const [raised] = new ReportClock(dues, alarm, []).tick(55 * MINUTE);
    if (raised === undefined) throw new Error('nothing was raised');
    const { transition: _transition, atMs: _atMs, ...rest } = raised;
    const open = [{ ...rest, state: 'active' as const }];
    expect(new ReportClock(dues, alarm, open).tick(56 * MINUTE)).toEqual([]);
    dues.dueAtMs = null;
    expect(new ReportClock(dues, alarm, open).tick(56 * MINUTE)).toMatchObject([{ transition: 'cleared', dimensions: { duty: 'first' } }]);
  });
});
