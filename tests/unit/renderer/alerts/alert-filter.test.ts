/** Which alerts a duty officer finds in the list, and what may be closed. */
import { describe, expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import { canClose, filterAlerts } from '../../../../src-renderer/features/alerts/alert-filter';

const alert = (alertId: string, part: Partial<Alert>): Alert =>
  ({ alertId, severity: 'medium', human: 'unacknowledged', condition: 'active', changedAtMs: 0, entity: 'account:1', ...part }) as Alert;
const all = { state: 'all', severities: new Set<never>(), text: '', owner: 'anyone' } as const;
const moment = { me: 'p-li', isSilenced: (each: Alert): boolean => each.alertId === 'a' };
const words = (each: Alert): string => each.entity;

describe('filterAlerts', () => {
  it('filters by state, severity and words', () => {
    const alerts = [
      alert('a', { severity: 'high', entity: 'account:A0001' }),
      alert('b', { human: 'closed' }),
      alert('c', { human: 'acknowledged' }),
    ];
    expect(filterAlerts(alerts, { ...all, state: 'open' }, words, moment).map((each) => each.alertId)).toEqual(['a', 'c']);
    expect(filterAlerts(alerts, { ...all, severities: new Set(['high']) }, words, moment).map((each) => each.alertId)).toEqual(['a']);
    expect(filterAlerts(alerts, { ...all, state: 'silenced' }, words, moment).map((each) => each.alertId)).toEqual(['a']);
    expect(
      filterAlerts([alert('mine', { human: 'working', owner: 'p-li' }), alert('free', {})], { ...all, owner: 'mine' }, words, moment),
    ).toHaveLength(1);
    expect(filterAlerts(alerts, { ...all, text: 'a0001' }, words, moment).map((each) => each.alertId)).toEqual(['a']);
  });
});

describe('canClose', () => {
  it('needs the condition seen to be over and a person who acknowledged it', () => {
    expect(canClose(alert('x', { human: 'toClose', condition: 'cleared' }))).toBe(true);
    expect(canClose(alert('x', { human: 'acknowledged', condition: 'active' }))).toBe(false);
    expect(canClose(alert('x', { human: 'acknowledged', condition: 'unknown' }))).toBe(false);
    expect(canClose(alert('x', { condition: 'cleared' }))).toBe(false);
  });
});
