/** One line per cause: what a storm looks like in the list, and what a person may keep for the next day. */
import { describe, expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import { groupAlerts } from '../../../../src-renderer/features/alerts/alert-groups';
import { readViews, removeView, saveView } from '../../../../src-renderer/features/alerts/saved-views';

const alert = (alertId: string, part: Partial<Alert> = {}): Alert =>
  ({ alertId, mode: 'live', ruleId: 'r', severity: 'medium', human: 'unacknowledged', reason: { params: {} }, ...part }) as Alert;
const options = { isGrouped: false, stormFrom: 20, inhibitedBy: new Map<string, string>(), expanded: new Set<string>() };

describe('groupAlerts', () => {
  it('leaves a few alerts as they are and makes one line of a storm, never dropping one', () => {
    const few = Array.from({ length: 19 }, (_, index) => alert(`a${index}`));
    expect(groupAlerts(few, options)).toHaveLength(19);
    const storm = [alert('other', { ruleId: 'other' }), ...Array.from({ length: 500 }, (_, index) => alert(`a${index}`))];
    const rows = groupAlerts(storm, options);
    expect(rows.map(({ type }) => type)).toEqual(['alert', 'group']);
    expect(rows[1]).toMatchObject({ unacknowledged: 500, worst: 'medium' });
    const key = rows[1]?.key ?? '';
    expect(groupAlerts(storm, { ...options, expanded: new Set([key]) })).toHaveLength(502);
  });

  it('sees what an alert has become: one that comes into the storm in another state counts as it is now', () => {
    const storm = Array.from({ length: 20 }, (_, index) => alert(`a${index}`));
    expect(groupAlerts(storm, options)[0]).toMatchObject({ unacknowledged: 20 });
    const changed = storm.with(3, alert('a3', { human: 'acknowledged' })).with(4, alert('a4', { reason: { params: { level: 'force' } } } as never));
    expect(groupAlerts(changed, { ...options, stormFrom: 19 })).toMatchObject([
      { type: 'group', unacknowledged: 18 },
      { type: 'alert', key: 'a4' },
    ]);
  });

  it('gathers what follows from one other alert, and does not hide a margin call among reminders', () => {
    const inhibitedBy = new Map([
      ['a', 'cause'],
      ['b', 'cause'],
    ]);
    const alerts = [alert('a', { ruleId: 'x' }), alert('b', { ruleId: 'y' }), alert('c', { severity: 'high' }), alert('d')];
    const rows = groupAlerts(alerts, { ...options, isGrouped: true, inhibitedBy });
    expect(rows.map(({ type }) => type)).toEqual(['group', 'alert', 'alert']);
  });
});

describe('saved views', () => {
  it('come back as they were, replace one of the same name, and what cannot be read is left out', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    expect(readViews(storage)).toEqual([]);
    const view = { name: 'night', state: 'open', severities: ['critical'], text: '', owner: 'nobody', isGrouped: true } as const;
    saveView(storage, { ...view, severities: [...view.severities] });
    saveView(storage, { ...view, severities: [], text: 'A1' });
    expect(readViews(storage)).toMatchObject([{ name: 'night', text: 'A1' }]);
    expect(removeView(storage, 'night')).toEqual([]);
    kept.set([...kept.keys()][0] ?? '', '{broken');
    expect(readViews(storage)).toEqual([]);
  });
});
