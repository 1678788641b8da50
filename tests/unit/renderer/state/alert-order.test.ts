/** The list of alerts stays in order whatever comes in, and an older state never comes back. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import { withNews } from '../../../../src-renderer/state/alert-order';
import { acceptAlerts, useAlerts } from '../../../../src-renderer/state/alerts-store';

const alert = (alertId: string, part: Partial<Alert> = {}): Alert =>
  ({ alertId, severity: 'medium', human: 'unacknowledged', changedAtMs: 0, sequence: 1, ...part }) as Alert;
const ids = (alerts: readonly Alert[]): string[] => alerts.map(({ alertId }) => alertId);

it('puts what nobody has taken on first, then the worst, then the newest', () => {
  const listed = withNews(
    [],
    [
      alert('closed', { human: 'closed', severity: 'critical', changedAtMs: 9 }),
      alert('taken', { human: 'acknowledged', severity: 'critical', changedAtMs: 9 }),
      alert('old', { changedAtMs: 1 }),
      alert('new', { changedAtMs: 2 }),
      alert('worst', { severity: 'critical' }),
    ],
  );
  expect(ids(listed)).toEqual(['worst', 'new', 'old', 'taken', 'closed']);
});

it('lists the same after any changes as if all had come at once', () => {
  const someAlert = fc.record({
    alertId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    severity: fc.constantFrom('critical', 'high', 'medium', 'low'),
    human: fc.constantFrom('unacknowledged', 'acknowledged', 'working', 'toClose', 'closed'),
    changedAtMs: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(someAlert, { selector: ({ alertId }) => alertId })), (batches) => {
      const newest = new Map<string, Alert>();
      let listed: Alert[] = [];
      for (const batch of batches) {
        const news = batch.map(({ alertId, ...part }) => alert(alertId, part as Partial<Alert>));
        for (const each of news) newest.set(each.alertId, each);
        listed = withNews(listed, news);
      }
      expect(listed).toEqual(withNews([], [...newest.values()]));
      expect(new Set(listed)).toEqual(new Set(newest.values()));
    }),
  );
});

it('keeps the newer of two states of an alert, in the list as by its id, until a snapshot begins anew', () => {
  acceptAlerts({ snapshot: true, alerts: [alert('a', { sequence: 5 }), alert('b', { sequence: 2 })] });
  acceptAlerts({ snapshot: false, alerts: [alert('a', { sequence: 4, human: 'closed' }), alert('b', { sequence: 3, severity: 'critical' })] });
  const { byId, ordered } = useAlerts.getState();
  expect(ids(ordered)).toEqual(['b', 'a']);
  expect(ordered.map(({ sequence }) => sequence)).toEqual([3, 5]);
  expect(ordered.every((each) => byId.get(each.alertId) === each)).toBe(true);
  acceptAlerts({ snapshot: true, alerts: [alert('c')] });
  expect(ids(useAlerts.getState().ordered)).toEqual(['c']);
});
