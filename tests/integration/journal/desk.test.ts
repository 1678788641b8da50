import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dedupKeyOf } from '#engine/desk/alerts/alert-desk';
import type { SecondPerson } from '#engine/desk/second-person';
import type { LogParams } from '#engine/store/log';
import { REQUESTS } from '#shared/contract/requests';
import { alertSchema } from '#shared/desk/alerts/alert';
import { foldOps, runOpOf, runState } from '#shared/desk/plans/merge';
import { runSchema } from '#shared/desk/plans/plan';
import type { Outcome } from '#shared/refusal';
import { condition, type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let refusals: LogParams[];
beforeEach(() => {
  folder = temporaryFolder();
  refusals = [];
  open = openDesk(folder.path, {
    log: (_, code, params) => {
      if (code === 'requestRefused') refusals.push(params);
    },
  });
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

/** The desk after its engine was killed: nothing closed, the same folder. */
function afterKill(): OpenDesk {
  open.store.journalFile.database.close();
  open = openDesk(folder.path);
  return open;
}

async function answer<Value>(outcome: Outcome<Value> | Promise<Outcome<Value>>): Promise<Value> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`${settled.code}: ${settled.message}`);
  return settled.value;
}

function raise(entity = 'account:A0001'): string {
  open.desk.alerts.onConditions([condition('raised', { entity })]);
  const alertId = open.desk.alerts.openAlerts().find((alert) => alert.entity === entity)?.alertId;
  if (alertId === undefined) throw new Error('nothing was raised');
  return alertId;
}

describe('alerts at the desk', () => {
  it('are acknowledged with a note, closed when over, and all of it can be read back', async () => {
    const alertId = raise();
    const { alerts } = await answer(open.desk.requests['alert.acknowledge']({ alertIds: [alertId, alertId], note: 'calling the client' }));
    expect(alerts).toMatchObject([{ human: 'acknowledged', acknowledgedBy: 'li.wei' }]);
    await answer(open.desk.requests['alert.note']({ alertId, note: 'client pays' }));
    open.desk.alerts.onConditions([condition('cleared')]);
    await answer(open.desk.requests['alert.close']({ alertId, disposition: 'handled', note: 'paid' }));
    const read = await answer(open.desk.requests['alert.get']({ alertId }));
    expect(REQUESTS['alert.get'].answer.safeParse(read).error).toBeUndefined();
    expect(read.history.map((entry) => [entry.type, entry.actor])).toEqual([
      ['alert.raised', 'watch'],
      ['alert.acknowledged', 'li.wei'],
      ['alert.noted', 'li.wei'],
      ['alert.cleared', 'watch'],
      ['alert.closed', 'li.wei'],
    ]);
    expect(open.desk.alerts.openAlerts()).toEqual([]);
  });

  it('are one per condition, however many times one evaluation reports it', () => {
    open.desk.alerts.onConditions([condition('raised'), condition('raised'), condition('changed', { severity: 'critical' }), condition('cleared')]);
    expect(open.desk.alerts.alertSnapshot()).toHaveLength(1);
    expect(open.desk.alerts.alertSnapshot()[0]).toMatchObject({ condition: 'cleared', severityMax: 'critical', human: 'unacknowledged' });
    expect(alertSchema.safeParse(open.desk.alerts.alertSnapshot()[0]).error).toBeUndefined();
  });

  it('of a drill and of the live desk never meet', () => {
    const live = dedupKeyOf(condition('raised'), 'live');
    expect(dedupKeyOf(condition('raised'), 'drill')).not.toBe(live);
    expect(dedupKeyOf(condition('raised', { dimensions: { b: '1', a: '2' } }), 'live')).toBe(
      dedupKeyOf(condition('raised', { dimensions: { a: '2', b: '1' } }), 'live'),
    );
    expect(live).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tell a restarted watch what is still on', () => {
    raise('account:A0001');
    raise('account:A0002');
    raise('account:A0003');
    open.desk.alerts.onConditions([condition('unknown', { entity: 'account:A0002' }), condition('cleared', { entity: 'account:A0003' })]);
    const { desk } = afterKill();
    expect(desk.alerts.openConditions().map((open) => [open.entity, open.state])).toEqual([
      ['account:A0001', 'active'],
      ['account:A0002', 'unknown'],
    ]);
    desk.alerts.onConditions([condition('raised', { entity: 'account:A0001' })]);
    expect(desk.alerts.openAlerts()).toHaveLength(3);
  });

  it('travel on their lane in the order of the journal, from any place in it', () => {
    const first = raise('account:A0001');
    const second = raise('account:A0002');
    const seen = open.desk.alerts.alertSequence();
    open.desk.requests['alert.acknowledge']({ alertIds: [first], note: 'seen' });
    expect(open.desk.alerts.alertsAfter(seen, 10).map((alert) => alert.alertId)).toEqual([first]);
    expect(open.desk.alerts.alertsAfter(0, 10).map((alert) => alert.alertId)).toEqual([second, first]);
    expect(open.desk.alerts.alertsAfter(0, 1)).toHaveLength(1);
    expect(open.desk.alerts.unacknowledgedBySeverity()).toEqual({ critical: 0, high: 1, medium: 0, low: 0 });
  });

  it('are acknowledged all or none, and every refusal is logged', async () => {
    const alertId = raise();
    const outcome = await open.desk.requests['alert.acknowledge']({ alertIds: [alertId, v7()], note: 'seen' });
    expect(outcome).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(open.desk.alerts.openAlerts()).toMatchObject([{ human: 'unacknowledged' }]);
    expect(await open.desk.requests['alert.close']({ alertId, disposition: 'other', note: 'x' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(refusals.map((refusal) => [refusal.request, refusal.refusal])).toEqual([
      ['alert.acknowledge', 'UNKNOWN'],
      ['alert.close', 'CONFLICT'],
    ]);
  });
});

describe('plan runs at the desk', () => {
  it('start from an alert, are proposed by its kind, and go on where they were after a kill', async () => {
    const alertId = raise();
    expect(open.desk.alerts.openAlerts()[0]?.planIds).toEqual(['EP-09']);
    const run = await answer(open.desk.requests['run.start']({ planId: 'EP-09', alertId }));
    expect(runSchema.safeParse(run).error).toBeUndefined();
    await answer(open.desk.requests['run.assignRole']({ runId: run.runId, role: 'IC', person: 'wang.fang' }));
    const before = await answer(open.desk.requests['run.startStep']({ runId: run.runId, no: 1 }));
    const { desk } = afterKill();
    expect(desk.plans.run(run.runId)).toEqual(before);
    expect(desk.plans.openRunCount()).toBe(1);
    expect(desk.alerts.openAlerts()[0]?.runIds).toEqual([run.runId]);
    // Why it fired lies under the step that confirms what is going on.
    expect(before.steps[0]?.evidence[0]?.item).toMatchObject({ kind: 'typed', label: 'alert', text: expect.stringContaining('account:A0001') });
    const skipped = await answer(desk.requests['run.skipStep']({ runId: run.runId, no: 2, reason: 'not needed today' }));
    expect(skipped.steps[1]).toMatchObject({ state: 'skipped', skipReason: 'not needed today' });
  });

  it('start once, however often the same start is asked for', async () => {
    const opId = v7();
    const first = await answer(open.desk.requests['run.start']({ planId: 'EP-01', opId }));
    const again = await answer(open.desk.requests['run.start']({ planId: 'EP-01', opId }));
    expect(again.runId).toBe(first.runId);
    expect(open.desk.plans.runs(10)).toHaveLength(1);
  });

  it('refuse a plan, an alert or a run that does not exist', async () => {
    expect(await open.desk.requests['run.start']({ planId: 'EP-99' })).toMatchObject({ ok: false, code: 'UNKNOWN', field: 'planId' });
    expect(await open.desk.requests['run.start']({ planId: 'EP-01', alertId: v7() })).toMatchObject({ ok: false, field: 'alertId' });
    expect(await open.desk.requests['run.finish']({ runId: v7() })).toMatchObject({ ok: false, field: 'runId' });
  });

  it('take a second signature from somebody else who is present and confirms it, and keep who was on duty', async () => {
    const confirmationId = v7();
    const asked: unknown[] = [];
    const secondPerson: SecondPerson = {
      take: (id, about) => {
        asked.push(about);
        return id === confirmationId
          ? { ok: true, value: { personId: 'wang.fang', sessionId: 's', keyId: 'k', signature: 'signed' } }
          : { ok: false, code: 'UNKNOWN', message: 'no such confirmation' };
      },
    };
    await open.close();
    open = openDesk(folder.path, { secondPerson });
    const { runId } = await answer(open.desk.requests['run.start']({ planId: 'EP-01' }));
    await answer(open.desk.requests['run.completeStep']({ runId, no: 2 }));
    expect(await open.desk.requests['run.completeStep']({ runId, no: 2 })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await open.desk.requests['run.completeStep']({ runId, no: 2, confirmationId: v7() })).toMatchObject({ ok: false, code: 'UNKNOWN' });
    const twice = await answer(open.desk.requests['run.completeStep']({ runId, no: 2, confirmationId }));
    expect(twice.steps[1]).toMatchObject({ state: 'done', signedBy: ['li.wei', 'wang.fang'] });
    expect(asked.at(-1)).toEqual({ request: 'run.completeStep', payload: { runId, no: 2 } });
    const entries = open.journal.entriesAfter(0, 1000);
    const signed = entries.filter((entry) => entry.type === 'run.stepDone').at(-1);
    expect(signed?.actor).toBe('li.wei');
    expect(JSON.parse(signed?.payload ?? '{}')).toMatchObject({ by: 'wang.fang', enteredBy: 'li.wei', confirmed: { signature: 'signed' } });
  });

  it('are the same folded from the journal as desks that meet would fold them', async () => {
    const { runId } = await answer(open.desk.requests['run.start']({ planId: 'EP-01' }));
    await answer(open.desk.requests['run.completeStep']({ runId, no: 1, note: 'seen' }));
    await answer(open.desk.requests['run.deferStep']({ runId, no: 6, untilNo: 9, reason: 'nobody at the desk' }));
    const shown = await answer(open.desk.requests['run.completeStep']({ runId, no: 3, route: 'venueWide' }));
    const ops = open.journal.entriesOf(`run:${runId}`).flatMap((entry) => runOpOf(entry) ?? []);
    const [folded] = foldOps(ops);
    expect(folded === undefined ? '' : runState(folded)).toBe(runState(shown));
  });

  it('take a second signature from whoever sits there next', async () => {
    const { runId } = await answer(open.desk.requests['run.start']({ planId: 'EP-01' }));
    const once = await answer(open.desk.requests['run.completeStep']({ runId, no: 2 }));
    expect(once.steps[1]).toMatchObject({ state: 'waitSecond', signedBy: ['li.wei'] });
    await answer(open.desk.requests['settings.change']({ key: 'person', value: 'wang.fang' }));
    const twice = await answer(open.desk.requests['run.completeStep']({ runId, no: 2 }));
    expect(twice.steps[1]).toMatchObject({ state: 'done', signedBy: ['li.wei', 'wang.fang'] });
  });
});

describe('settings and layouts', () => {
  it('are recorded with before and after and are there after a kill', async () => {
    await answer(open.desk.requests['settings.change']({ key: 'language', value: 'zh-CN', reason: 'morning shift' }));
    await answer(open.desk.requests['workspace.save']({ name: 'morning', layout: '{"a":1}' }));
    await answer(open.desk.requests['workspace.save']({ name: 'gone', layout: '{}' }));
    await answer(open.desk.requests['workspace.remove']({ name: 'gone' }));
    const { desk, journal } = afterKill();
    expect(desk.settings.get().language).toBe('zh-CN');
    expect((await answer(desk.requests['workspace.list']({}))).layouts.map((layout) => layout.name)).toEqual(['morning']);
    const [entry] = journal.entriesOf('setting:language');
    expect(JSON.parse(entry?.payload ?? '')).toMatchObject({ before: 'en', after: 'zh-CN', reason: 'morning shift' });
  });

  it('keep a feed token out of the journal, out of the page, and with its host only', async () => {
    const url = 'wss://feed.example/v1';
    const change = (feed: object) => answer(open.desk.requests['settings.change']({ key: 'feeds', value: [feed] }));
    await change({ feedId: 'main', url, encoding: 'json', token: 'very-secret' });
    expect(open.desk.settings.get().feeds).toEqual([{ feedId: 'main', url, encoding: 'json' }]);
    expect(open.desk.settings.feedConfigs()[0]?.token).toBe('very-secret');
    const file = join(folder.path, 'feed-tokens.json');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await change({ feedId: 'main', url: `${url}?x`, encoding: 'json' });
    expect(open.desk.settings.feedConfigs()[0]?.token).toBe('very-secret');
    await change({ feedId: 'main', url: 'wss://other.example/v1', encoding: 'json' });
    expect(open.desk.settings.feedConfigs()[0]?.token).toBeUndefined();
    expect(readFileSync(file, 'utf8')).not.toContain('very-secret');
    const everything = JSON.stringify(open.journal.entriesAfter(0, 1_000));
    expect(everything).not.toContain('very-secret');
  });

  it('say which field of a feed is wrong', async () => {
    const value = [{ feedId: 'main', url: 'ws://feed.example', encoding: 'json' }];
    expect(await open.desk.requests['settings.change']({ key: 'feeds', value })).toMatchObject({ ok: false, code: 'INVALID', field: 'value.0.url' });
  });
});

describe('the desk itself', () => {
  it('records that it was opened and closed, and how it was left the time before', async () => {
    open.desk.open('0.1.0');
    open.desk.close();
    await open.close();
    open = openDesk(folder.path);
    open.desk.open('0.1.0');
    const killed = afterKill();
    killed.desk.open('0.1.0');
    const openings = killed.journal.entriesOf('desk').filter((entry) => entry.type === 'desk.opened');
    expect(openings.map((entry) => (JSON.parse(entry.payload) as { wasClosedCleanly: boolean }).wasClosedCleanly)).toEqual([true, true, false]);
  });

  it('shows how its journal is', () => {
    open.desk.open('0.1.0');
    raise();
    expect(open.desk.journalPicture()).toMatchObject({
      state: 'ok',
      entryCount: 2,
      headFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      notice: null,
      noticeParams: {},
    });
  });
});
