/** Quiet hours as a clock on the wall shows them: over days that follow one another, and in the night in which it is put forward. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CalendarWindow } from '#shared/desk/alerts/suppression';
import { waitUntil } from '#tests/helpers/wait-until';
import { channelOf, MINUTE_MS, TellingDesk } from '#tests/integration/delivery/telling-desk';

let telling: TellingDesk;
beforeEach(() => {
  telling = new TellingDesk();
});
afterEach(() => telling.stop());

/** When the one notice left, on the desk's clock, and that nothing left before the minute in which it was due. */
async function leftAt(quietHours: CalendarWindow, raisedAt: string, dueAt: string): Promise<string> {
  const server = await telling.web();
  telling.open.clock.ms = Date.parse(raisedAt);
  telling.setChannels([channelOf({ type: 'webhook', url: server.url, quietHours })]);
  telling.see('raised', { severity: 'medium' });
  telling.pass(Date.parse(dueAt) - MINUTE_MS - telling.open.clock.ms, MINUTE_MS);
  const [queued] = telling.ledger().ledger.flatMap(({ notice, deliveries }) => (notice.reason === 'first' ? deliveries : []));
  expect(queued).toMatchObject({ state: 'queued', isQuiet: true, attempts: [] });
  telling.pass(2 * MINUTE_MS, 1000);
  await waitUntil('the notice to leave', () => server.posted.some(({ body }) => body.reason === 'first'));
  return new Date(queued?.nextAttemptAtMs ?? 0).toISOString();
}

const DAILY = [1, 2, 3, 4, 5, 6, 7];

it('end at the leap of the clock where their own end does not exist', async () => {
  const window = { zone: 'Europe/London', days: DAILY, from: '22:00', to: '01:30' };
  expect(await leftAt(window, '2026-03-28T23:00:00Z', '2026-03-29T01:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
});

it('go on from one quiet day into the next, and what they held for long is told all the same while it is on', async () => {
  // The weekend as a whole, from a Saturday morning in Shanghai.
  const window = { zone: 'Asia/Shanghai', days: [6, 7], from: '00:00', to: '00:00' };
  expect(await leftAt(window, '2026-10-31T02:00:00Z', '2026-11-01T16:00:00Z')).toBe('2026-11-01T16:00:00.000Z');
});

it('keep a storm until the morning for those that nobody has taken on, although those it names are', async () => {
  const server = await telling.web();
  telling.open.clock.ms = Date.parse('2026-09-21T15:00:00Z');
  const quietHours = { zone: 'Asia/Shanghai', days: DAILY, from: '22:00', to: '06:00' };
  telling.setChannels([channelOf({ type: 'webhook', url: server.url, quietHours })]);
  for (let account = 0; account < 25; account += 1) telling.see('raised', { severity: 'low', entity: `account:A${account}` });
  telling.pass(5000);
  const [storm] = telling.notices;
  expect(storm?.alertCount).toBe(25);
  const named = storm?.alertIds ?? [];
  expect(named.length).toBeLessThan(25);
  await telling.open.desk.requests['alert.acknowledge']({ alertIds: [...named], note: 'seen' });
  telling.pass(Date.parse('2026-09-21T22:01:00Z') - telling.open.clock.ms, MINUTE_MS);
  await waitUntil('the storm to be told', () => server.posted.length === 1);
  const told = server.posted[0]?.body.alerts as { alertId: string }[];
  const waiting = telling.open.desk.alerts.openAlerts().filter(({ human }) => human === 'unacknowledged');
  expect(told.map(({ alertId }) => alertId)).toEqual(expect.arrayContaining(waiting.map(({ alertId }) => alertId)));
});
