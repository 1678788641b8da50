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
  telling.useChannels([channelOf({ type: 'webhook', url: server.url, quietHours })]);
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
