/** The ladder speaks to who is on duty: whose ways out are used, what is said where nobody is, and who was told of an alert of long ago. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '#shared/desk/delivery/channel';
import type { DutyRow } from '#shared/desk/delivery/roster';
import { channelOf, TellingDesk } from '#tests/integration/delivery/telling-desk';
import { condition } from '#tests/integration/journal/helpers';

const HOUR_MS = 3_600_000;
let telling: TellingDesk;
/** Who is at this desk and has not left. */
let here: Set<string>;

beforeEach(() => {
  here = new Set(['p-li', 'p-wang']);
  telling = new TellingDesk({ isPerson: (personId) => here.has(personId) });
});
afterEach(() => telling.stop());

/** A program that does not exist: that it is asked for is what counts here. */
const wayOf = (channelId: string, personId: string | null): Channel =>
  channelOf({ channelId, personId, name: channelId, type: 'command', path: '/nowhere', args: [], roles: ['second'] });
const duty = (personId: string, fromMs: number, toMs: number): DutyRow => ({
  dutyId: `${personId} ${fromMs}`,
  personId,
  role: 'second',
  fromMs,
  toMs,
});

function keep(channels: Channel[], roster: DutyRow[]): void {
  expect(telling.configure({ channels, roster })).toMatchObject({ ok: true });
}

/** Critical: the second person is told after two minutes. */
function raise(entity: string): string {
  telling.open.desk.alerts.onConditions([condition('raised', { atMs: telling.open.clock.ms, entity, severity: 'critical' })]);
  telling.pass(150_000);
  return telling.open.desk.alerts.openAlerts().find((alert) => alert.entity === entity)?.alertId ?? '';
}

function toldOf(alertId: string) {
  const answer = telling.open.desk.delivery.requests['alert.told']({ alertId });
  if (answer instanceof Promise || !answer.ok) throw new Error('no answer');
  return answer.value;
}

const channelsOf = (alertId: string): string[] =>
  toldOf(alertId)
    .told.filter(({ notice }) => notice.role === 'second')
    .flatMap(({ deliveries }) => deliveries.map(({ channelId }) => channelId));

describe('a step of the ladder', () => {
  it('tells who is on duty by their own way out and by those that are everybody’s, and records who it was', () => {
    const { ms } = telling.open.clock;
    keep(
      [wayOf('li', 'p-li'), wayOf('wang', 'p-wang'), wayOf('all', null)],
      [duty('p-li', ms, ms + HOUR_MS), duty('p-wang', ms + HOUR_MS, ms + 2 * HOUR_MS)],
    );
    const first = raise('account:A1');
    expect(channelsOf(first)).toEqual(['li', 'all']);
    expect(telling.notices.find(({ role }) => role === 'second')?.onDuty).toEqual({ personIds: ['p-li'], fallback: null });
    telling.open.clock.ms = ms + HOUR_MS + 1000;
    expect(channelsOf(raise('account:A2'))).toEqual(['wang', 'all']);
  });

  it('tells the whole role, and says why, where nobody is on duty or who is has no way out', () => {
    const { ms } = telling.open.clock;
    keep([wayOf('li', 'p-li')], [duty('p-li', ms + 10 * HOUR_MS, ms + 11 * HOUR_MS)]);
    const first = raise('account:A1');
    expect(channelsOf(first)).toEqual(['li']);
    expect(telling.notices.find(({ role }) => role === 'second')?.onDuty).toEqual({ personIds: [], fallback: 'nobodyOnDuty' });
    keep([wayOf('li', 'p-li')], [duty('p-wang', ms, ms + 10 * HOUR_MS)]);
    const second = raise('account:A2');
    expect(channelsOf(second)).toEqual(['li']);
    const told = toldOf(second).told.find(({ notice }) => notice.role === 'second');
    expect(told?.notice.onDuty).toEqual({ personIds: ['p-wang'], fallback: 'noWayToThem' });
  });

  it('says so where no roster is kept, and warns of hours that nobody holds where one is', () => {
    keep([wayOf('all', null)], []);
    raise('account:A1');
    expect(telling.notices.find(({ role }) => role === 'second')?.onDuty).toEqual({ personIds: [], fallback: 'noRoster' });
    const { ms } = telling.open.clock;
    keep([wayOf('all', null)], [duty('p-li', ms, ms + HOUR_MS)]);
    const picture = telling.ledger();
    expect(picture.onDutyNow.find(({ role }) => role === 'second')?.personIds).toEqual(['p-li']);
    expect(picture.rosterGaps).toEqual([{ role: 'second', fromMs: ms + HOUR_MS, toMs: ms + 7 * 24 * HOUR_MS }]);
  });
});

describe('a person who is not at this desk', () => {
  it('is given no duty, no way out and no alert, and the field is named', () => {
    const { ms } = telling.open.clock;
    const configure = (channels: Channel[], roster: DutyRow[]) => telling.configure({ channels, roster });
    const gone = duty('p-gone', ms, ms + HOUR_MS);
    expect(configure([], [duty('p-li', ms, ms + HOUR_MS), gone])).toMatchObject({ ok: false, code: 'INVALID', field: 'settings.roster.1.personId' });
    expect(configure([wayOf('gone', 'p-gone')], [])).toMatchObject({ ok: false, code: 'INVALID', field: 'settings.channels.0.personId' });
    // A duty that is over is a record of what was, whoever has left since.
    expect(configure([], [duty('p-gone', ms - HOUR_MS, ms - 1)])).toMatchObject({ ok: true });
    const alertId = raise('account:A1');
    expect(telling.open.desk.alerts.acknowledge({ alertIds: [alertId], note: 'mine' })).toMatchObject({ ok: true });
    const handOver = telling.open.desk.requests['alert.handOver'];
    expect(handOver({ alertId, to: 'p-gone', note: 'yours' })).toMatchObject({ ok: false, code: 'INVALID', field: 'to' });
    expect(handOver({ alertId, to: 'p-wang', note: 'yours' })).toMatchObject({ ok: true, value: { owner: 'p-wang' } });
  });

  it('is told nothing that had waited for the end of their quiet hours', () => {
    const { ms } = telling.open.clock;
    // The desk starts at 09:00 in Shanghai.
    const quietHours = { zone: 'Asia/Shanghai', days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '10:00' };
    keep([{ ...wayOf('wang', 'p-wang'), roles: ['desk'], quietHours }], [duty('p-wang', ms, ms + 10 * HOUR_MS)]);
    telling.open.desk.alerts.onConditions([condition('raised', { atMs: ms, severity: 'medium' })]);
    telling.pass(30_000);
    const deliveries = () => toldOf(telling.open.desk.alerts.openAlerts()[0]?.alertId ?? '').told.flatMap((each) => each.deliveries);
    expect(deliveries()).toMatchObject([{ channelId: 'wang', state: 'queued' }]);
    here.delete('p-wang');
    telling.open.clock.ms = ms + HOUR_MS;
    telling.pass(1000);
    expect(deliveries()).toMatchObject([{ channelId: 'wang', state: 'dropped', droppedBecause: 'channelRemoved' }]);
  });

  it('holds nothing any more from when they left: their hours are a gap, and the role as a whole is told', () => {
    const { ms } = telling.open.clock;
    keep([wayOf('li', 'p-li')], [duty('p-wang', ms, ms + 10 * HOUR_MS)]);
    here.delete('p-wang');
    const picture = telling.ledger();
    expect(picture.onDutyNow.find(({ role }) => role === 'second')?.personIds).toEqual([]);
    expect(picture.rosterGaps).toEqual([{ role: 'second', fromMs: ms, toMs: ms + 7 * 24 * HOUR_MS }]);
    expect(channelsOf(raise('account:A1'))).toEqual(['li']);
    expect(telling.notices.find(({ role }) => role === 'second')?.onDuty).toEqual({ personIds: [], fallback: 'nobodyOnDuty' });
  });

  it('is told nothing by their own way out, also where the role as a whole is', () => {
    keep([wayOf('li', 'p-li'), wayOf('wang', 'p-wang')], []);
    here.delete('p-wang');
    expect(channelsOf(raise('account:A1'))).toEqual(['li']);
  });
});

describe('who was told of an alert', () => {
  it('is read from the record when a hundred later notices have pushed it out of the newest', () => {
    keep([wayOf('all', null)], []);
    const old = raise('account:A1');
    const before = toldOf(old);
    expect(before.told.map(({ notice }) => notice.reason)).toEqual(expect.arrayContaining(['first', 'escalated']));
    for (let number = 0; number < 120; number += 1) {
      const atMs = telling.open.clock.ms;
      telling.open.desk.alerts.onConditions([
        condition('raised', { atMs, entity: `account:B${number}`, ruleId: `other-${number}`, severity: 'low' }),
      ]);
      telling.pass(500);
    }
    telling.pass(10_000);
    expect(telling.ledger().ledger.every(({ notice }) => !notice.alertIds.includes(old))).toBe(true);
    const after = toldOf(old);
    expect(after.isComplete).toBe(true);
    expect(after.told.map(({ notice }) => notice.noticeId)).toEqual(expect.arrayContaining(before.told.map(({ notice }) => notice.noticeId)));
    expect(after.told.some(({ deliveries }) => deliveries.length > 0)).toBe(true);
    // A notice is of its whole group: nothing of it names another client, or where it was sent.
    expect(JSON.stringify(after.told)).not.toMatch(/account:|alertIds|params|target/);
  });

  it('is refused for an alert that nobody knows', () => {
    expect(telling.open.desk.delivery.requests['alert.told']({ alertId: '01996b1c-0000-7000-8000-000000000001' })).toMatchObject({
      ok: false,
      code: 'UNKNOWN',
    });
  });
});
