/** When people are told: the ladder's times, what follows a sleep or a kill, and what is kept back or told of as one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '#tests/helpers/wait-until';
import { channelOf, MINUTE_MS, TellingDesk } from '#tests/integration/delivery/telling-desk';
import { condition } from '#tests/integration/journal/helpers';

let telling: TellingDesk;
beforeEach(() => {
  telling = new TellingDesk();
});
afterEach(() => telling.stop());

describe('the ladder', () => {
  it('fires each step at its time, and stops when somebody takes the alert on', async () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(2 * MINUTE_MS + 1000);
    expect(telling.notices.map(({ reason, role }) => [reason, role])).toEqual([
      ['first', 'desk'],
      ['escalated', 'second'],
    ]);
    await telling.acknowledge();
    telling.pass(10 * MINUTE_MS);
    expect(telling.notices).toHaveLength(2);
  });

  it('after a sleep fires every overdue step once, together, and says how late', () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(1000);
    telling.restartAfter(20 * MINUTE_MS);
    telling.pass(5000);
    const escalated = telling.notices.filter(({ reason }) => reason === 'escalated');
    expect(escalated.map(({ role }) => role).sort()).toEqual(['dutyManager', 'executive', 'second']);
    expect(escalated.every(({ lateByMs }) => (lateByMs ?? 0) > 17 * MINUTE_MS)).toBe(true);
    telling.pass(30 * MINUTE_MS, 1000);
    expect(telling.notices.filter(({ reason }) => reason === 'escalated')).toHaveLength(3);
  });

  it('pages nobody about an alert of long ago', () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(1000);
    telling.restartAfter(120 * 86_400_000);
    telling.pass(MINUTE_MS);
    expect(telling.notices).toEqual([]);
  });

  it('goes on at once when a step cannot be heard but a later one can', async () => {
    const server = await telling.web();
    telling.setChannels([channelOf({ type: 'webhook', url: server.url, roles: ['dutyManager'] })]);
    expect(telling.ledger().unreachable).toContainEqual({ role: 'second', severities: ['critical', 'high', 'medium'] });
    telling.see('raised', { severity: 'critical' });
    telling.pass(2 * MINUTE_MS + 2000);
    await waitUntil('the later step to be told', () => server.posted.length === 1);
    expect(server.posted[0]?.body).toMatchObject({ reason: 'escalated', role: 'dutyManager' });
  });

  it('begins anew when an acknowledgement runs out while the condition is on', async () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(1000);
    await telling.acknowledge();
    telling.pass(16 * MINUTE_MS, 1000);
    expect(telling.open.desk.alerts.openAlerts()[0]).toMatchObject({ human: 'unacknowledged', acknowledgedBy: null });
    expect(telling.notices.at(-1)?.reason).toBe('ackExpired');
  });

  it('keeps its times while a channel has reached somebody, and goes on at once when none has', async () => {
    const reached = await telling.web();
    const refusing = await telling.web();
    refusing.answerWith(400);
    const second = channelOf({ type: 'webhook', url: reached.url, channelId: 'second', roles: ['second'] });
    const good = channelOf({ type: 'webhook', url: reached.url, channelId: 'good' });
    const bad = channelOf({ type: 'webhook', url: refusing.url, channelId: 'bad' });
    const states = () => telling.ledger().ledger.flatMap(({ deliveries }) => deliveries.map(({ channelId, state }) => `${channelId} ${state}`));
    const escalated = () => telling.notices.filter(({ kind, reason }) => kind !== 'deliveryFailed' && reason === 'escalated').length;
    telling.setChannels([good, bad, second]);
    telling.see('raised', { severity: 'high' });
    telling.pass(500);
    await waitUntil('both answers', () => states().includes('good sent') && states().includes('bad failed'));
    telling.pass(MINUTE_MS);
    expect(escalated()).toBe(0);
    telling.setChannels([bad, second]);
    telling.see('raised', { severity: 'high', entity: 'account:B', ruleId: 'other' });
    telling.pass(500);
    await waitUntil('the refusal', () => states().filter((state) => state === 'bad failed').length > 1);
    telling.pass(5000);
    expect(escalated()).toBe(1);
  });

  it('waits for nobody as long as the clock was set back, and calls no more than one step at once for it', () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(1000);
    telling.open.clock.ms -= 60 * MINUTE_MS;
    telling.pass(2000);
    const steps = () => telling.notices.flatMap(({ reason, role }) => (reason === 'escalated' ? [role] : []));
    expect(steps()).toEqual(['second']);
    telling.pass(10 * MINUTE_MS, 1000);
    expect(steps().length).toBeGreaterThan(1);
  });

  it('keeps nobody’s acknowledgement for longer because the clock was set back', async () => {
    telling.see('raised', { severity: 'critical' });
    telling.pass(1000);
    await telling.acknowledge();
    telling.open.clock.ms -= 60 * MINUTE_MS;
    telling.pass(2 * MINUTE_MS);
    expect(telling.open.desk.alerts.openAlerts()[0]).toMatchObject({ human: 'unacknowledged' });
    expect(telling.notices.at(-1)?.reason).toBe('ackExpired');
  });

  it('tells after a kill what was raised before it and not told, and nothing twice', () => {
    telling.see('raised', { severity: 'critical' });
    telling.restartAfter(10_000);
    telling.pass(2000);
    expect(telling.notices.map(({ reason }) => reason)).toEqual(['lateAfterResume']);
    telling.restartAfter(1000);
    telling.pass(2000);
    expect(telling.notices).toEqual([]);
  });
});

describe('what is kept back', () => {
  const feedDown = { kind: 'feedStale', ruleId: 'feed-stale', entity: 'feed:primary', severity: 'critical' as const };
  const follows = { kind: 'instrumentsStale', ruleId: 'instruments-stale', entity: 'feed:primary', severity: 'high' as const };

  it('an alert waits for what it may follow from in full, also behind another of its group that has waited already', () => {
    const stale = (entity: string): void =>
      telling.see('raised', { ruleId: 'instruments-stale', kind: 'instrumentsStale', entity, severity: 'medium' });
    const down = (entity: string): void => telling.see('raised', { ruleId: 'feed-stale', kind: 'feedStale', entity, severity: 'high' });
    const toldOf = (kind: string): string[][] => telling.notices.filter((notice) => notice.kind === kind).map(({ alertIds }) => alertIds);
    const idOf = (entity: string): string | undefined => telling.open.desk.alerts.openAlerts().find((alert) => alert.entity === entity)?.alertId;
    stale('feed:A');
    telling.pass(2750);
    stale('feed:B');
    telling.pass(500);
    down('feed:B');
    telling.pass(MINUTE_MS * 2);
    expect(toldOf('instrumentsStale')).toEqual([[idOf('feed:A')]]);
    // The same behind one that waits for the next notice of its group to be due.
    stale('feed:C');
    telling.pass(3500);
    stale('feed:D');
    telling.pass(MINUTE_MS - 4000);
    stale('feed:E');
    telling.pass(500);
    down('feed:E');
    telling.pass(MINUTE_MS * 3);
    const told = toldOf('instrumentsStale').flat();
    expect(told).toEqual([idOf('feed:A'), idOf('feed:C'), idOf('feed:D')]);
    // What waited is told after a kill too.
    stale('feed:F');
    telling.pass(MINUTE_MS * 3);
    stale('feed:G');
    telling.pass(2000);
    stale('feed:H');
    telling.pass(1250);
    telling.restartAfter(500);
    telling.pass(MINUTE_MS * 2);
    expect(toldOf('instrumentsStale').flat()).toContain(idOf('feed:H'));
  });

  it('an alert that follows from another is not told, neither when it comes a moment earlier nor after a kill, until the other is over', () => {
    telling.see('raised', follows);
    telling.open.clock.ms += 200;
    telling.see('raised', feedDown);
    telling.pass(10_000);
    expect(telling.notices.map(({ kind }) => kind)).toEqual(['feedStale']);
    telling.restartAfter(1000);
    telling.pass(10_000);
    expect(telling.notices.filter(({ kind }) => kind === 'instrumentsStale')).toEqual([]);
    telling.see('cleared', feedDown);
    telling.pass(5000);
    expect(telling.notices.filter(({ kind }) => kind === 'instrumentsStale').map(({ reason }) => reason)).toContain('unsuppressed');
  });

  it('a shelved alert is told of when shelving ends, with a warning before, and is woken at once when it gets graver', () => {
    telling.see('raised', { severity: 'medium' });
    telling.pass(1000);
    const [alert] = telling.open.desk.alerts.openAlerts();
    const shelve = {
      kind: 'shelvedTimed' as const,
      matcher: { dedupKey: alert?.dedupKey ?? '' },
      covers: 'medium' as const,
      reasonCode: 'knownCause' as const,
      note: 'known',
    };
    const { requests } = telling.open.desk.delivery;
    expect(requests['alert.suppress']({ ...shelve, durationMs: 48 * 3_600_000 })).toMatchObject({ ok: false, field: 'durationMs' });
    expect(requests['alert.suppress']({ ...shelve, durationMs: 3_600_000 })).toMatchObject({ ok: true });
    telling.pass(56 * MINUTE_MS, 1000);
    expect(telling.notices.map(({ reason }) => reason)).toEqual(['first', 'suppressionEnding']);
    telling.pass(5 * MINUTE_MS, 1000);
    expect(telling.notices.map(({ reason }) => reason)).toContain('unsuppressed');
    expect(requests['alert.suppress']({ ...shelve, durationMs: 3_600_000 })).toMatchObject({ ok: true });
    telling.see('changed', { severity: 'critical' });
    telling.pass(2000);
    expect(telling.notices.at(-1)).toMatchObject({ severity: 'critical' });
    expect(telling.open.desk.delivery.picture(telling.open.clock.ms).suppressions).toEqual([]);
  });

  it('one that ran out while the desk was not running is told of at start', () => {
    telling.see('raised', { severity: 'medium' });
    const [alert] = telling.open.desk.alerts.openAlerts();
    const matcher = { dedupKey: alert?.dedupKey ?? '' };
    telling.open.desk.delivery.requests['alert.suppress']({
      kind: 'shelvedTimed',
      matcher,
      covers: 'medium',
      durationMs: 3_600_000,
      reasonCode: 'knownCause',
      note: 'known',
    });
    telling.pass(1000);
    expect(telling.notices).toEqual([]);
    telling.restartAfter(2 * 3_600_000);
    telling.pass(5000);
    const toDesk = telling.notices.filter(({ role }) => role === 'desk');
    expect(toDesk).toMatchObject([{ reason: 'lateAfterResume', alertCount: 1 }]);
  });

  it('a flapping condition is one notice and a digest', () => {
    telling.see('raised');
    telling.pass(1000);
    for (let round = 0; round < 12; round += 1) {
      telling.see(round % 2 === 0 ? 'cleared' : 'raised');
      telling.pass(2000);
    }
    const during = telling.notices.length;
    expect(telling.open.desk.alerts.openAlerts()[0]?.condition).toBe('flapping');
    for (let round = 0; round < 100; round += 1) {
      telling.see(round % 2 === 0 ? 'cleared' : 'raised');
      telling.pass(2000, 1000);
    }
    expect(telling.notices.slice(during).every(({ reason }) => reason === 'flapping' || reason === 'escalated')).toBe(true);
    expect(telling.notices.filter(({ reason }) => reason === 'flapping')).toHaveLength(1);
    telling.pass(11 * MINUTE_MS, 1000);
    expect(telling.open.desk.alerts.openAlerts()[0]?.condition).toBe('active');
  });

  it('a storm is few notices with a count, none of the critical ones lost', () => {
    for (let round = 0; round < 40; round += 1) {
      telling.open.desk.alerts.onConditions(
        Array.from({ length: 50 }, (_, index) =>
          condition('raised', { atMs: telling.open.clock.ms, entity: `account:${round}-${index}`, severity: 'critical' }),
        ),
      );
      telling.pass(500);
    }
    telling.pass(6000);
    const told = telling.notices.filter(({ role }) => role === 'desk');
    expect(told.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(2000);
    expect(told.length).toBeLessThanOrEqual(8);
    expect(told.slice(1).every(({ reason }) => reason === 'newInGroup')).toBe(true);
  });
});
