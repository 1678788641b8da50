/** The whole way: a broker on a real socket, the book, the watch, the journal on disk, and a page on a real port. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

const ACCOUNTS = { table: 'accounts' as const, scope: {}, filter: '', sort: null, first: 0, count: 100 };
const accountAlerts = (page: PageClient) => [...page.alerts.values()].filter((alert) => alert.kind === 'riskLevel');

/** Waits until every account of the demonstration is valued on screen. */
function allValued(page: PageClient, accounts: ReturnType<typeof page.subscribe<'table'>>) {
  return page.until(() => {
    const picture = accounts();
    return picture !== null && picture.total === 60 && picture.rows.every((row) => 'balance' in row && row.balance !== null) && picture.rows;
  });
}

describe('a desk with a live feed', () => {
  it('values accounts, raises one alert per account that needs one, and tells page and shell', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    const accounts = page.subscribe('table', ACCOUNTS);
    await page.until(() => status()?.feeds[0]?.state === 'live' && status()?.offline === null);
    await allValued(page, accounts);
    const alerts = await page.until(() => accountAlerts(page).length > 0 && accountAlerts(page));
    const entities = alerts.map((alert) => alert.entity);
    expect(new Set(entities).size).toBe(entities.length);
    expect(alerts[0]).toMatchObject({ human: 'unacknowledged', condition: 'active', mode: 'live', planIds: ['EP-09'] });
    expect(status()).toMatchObject({ source: 'feed', demonstration: true, tradingDay: '20270104', session: 'open', person: '林岚 Lin Lan' });
    // What one evaluation found is told together, a moment after it is on record.
    await page.until(() => desk.reports.some(({ type }) => type === 'notify'));
    expect(desk.reports.map((report) => report.type)).toEqual(expect.arrayContaining(['ready', 'preferences', 'attention', 'notify']));
    const heat = page.subscribe('heatmap', {
      measure: 'riskDegree',
      rows: 'account',
      columns: 'product',
      scope: {},
      filter: '',
      order: 'worst',
      maxRows: 200,
    });
    const picture = await page.until(heat);
    expect(picture.layout?.rows).toHaveLength(60);
    expect(picture.values).toBeInstanceOf(Float64Array);
    const health = await page.until(page.subscribe('health', {}));
    expect(health.feeds[0]?.streams.map(({ stream }) => stream)).toContain('quotes');
    expect(health.kernel.accounts).toBe(60);
    page.close();
  });

  it('keeps an acknowledgement over a restart, raises nothing a second time, and shows the last picture before the feed is back', async () => {
    const server = await desk.startDemo();
    const first = await desk.start(server.url);
    const page = new PageClient(first);
    await allValued(page, page.subscribe('table', ACCOUNTS));
    const [alert] = await page.until(() => accountAlerts(page).length > 0 && accountAlerts(page));
    const alertId = alert?.alertId ?? '';
    const answer = await page.request('alert.acknowledge', { alertIds: [alertId], note: 'the client is on the phone' });
    expect(answer).toMatchObject({ ok: true, value: { alerts: [{ human: 'acknowledged', acknowledgedBy: 'p-supervisor' }] } });
    await page.until(() => page.alerts.get(alertId)?.human === 'acknowledged');
    await first.stop();

    /* Started with no network: no feed at all. */
    const second = await desk.start(null);
    const offlinePage = new PageClient(second);
    const status = offlinePage.subscribe('status', {});
    const rows = await allValued(offlinePage, offlinePage.subscribe('table', ACCOUNTS));
    expect(rows.some((row) => row.quality === 'stale')).toBe(true);
    const picture = await offlinePage.until(status);
    expect(picture.offline).toMatchObject({ pictureAsOfMs: expect.any(Number) });
    expect(picture.source).toBe('none');
    await offlinePage.until(() => offlinePage.alerts.get(alertId)?.notes.at(-1)?.text === 'the client is on the phone');
    const note = await offlinePage.request('alert.note', { alertId, note: 'promised money by noon' });
    expect(note.ok).toBe(true);
    const raisedBefore = second.desk.alerts.openAlerts().length;
    await second.stop();

    /* And back on the feed: what was raised is still the same alert. */
    const third = await desk.start(server.url);
    const livePage = new PageClient(third);
    const liveStatus = livePage.subscribe('status', {});
    await livePage.until(() => liveStatus()?.offline === null);
    await livePage.until(() => (third.desk.alerts.get({ alertId }) as { value: { history: unknown[] } }).value.history.length >= 3);
    const keys = third.desk.alerts.openAlerts().map((open) => open.dedupKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThanOrEqual(raisedBefore);
    expect(third.desk.alerts.openAlerts().find((open) => open.alertId === alertId)?.notes).toHaveLength(2);
  });

  it('says so when the line is cut, keeps the picture with its age, and comes back by itself', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    const accounts = page.subscribe('table', ACCOUNTS);
    await allValued(page, accounts);
    server.cut(1500);
    const cut = await page.until(() => status()?.offline !== null && status()?.feeds[0]?.state !== 'live' && status());
    expect(cut.offline?.pictureAsOfMs).toBeGreaterThan(0);
    expect(accounts()?.total).toBe(60);
    await page.until(() => status()?.offline === null && status()?.feeds[0]?.reconnectCount === 1);
    const types = engine.desk.alerts.openAlerts().map((alert) => alert.kind);
    expect(types).not.toContain('figuresUnknown');
    const events = (await page.request('alert.get', { alertId: '00000000-0000-7000-8000-000000000000' })) as { ok: boolean; code?: string };
    expect(events).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });

  it('pauses and resumes a feed for a person, and refuses what makes no sense', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    await page.until(() => status()?.feeds[0]?.state === 'live');
    expect(await page.request('feed.pause', { feedId: 'nobody', reason: 'test' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(await page.request('feed.pause', { feedId: 'demo', reason: 'maintenance' })).toEqual({ ok: true, value: {} });
    await page.until(() => status()?.feeds[0]?.state === 'paused');
    expect(await page.request('feed.pause', { feedId: 'demo', reason: 'again' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await page.request('feed.reconnect', { feedId: 'demo' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await page.request('feed.resume', { feedId: 'demo' })).toEqual({ ok: true, value: {} });
    await page.until(() => status()?.feeds[0]?.state === 'live');
    expect(await page.request('feed.test', { feedId: 'x', url: server.url, encoding: 'json' })).toMatchObject({
      ok: true,
      value: { tradingDay: '20270104' },
    });
  });

  it('cuts off a source that names more than the desk holds, says so as an alert and in the journal, and keeps serving people', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url, { accounts: 20 });
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    await page.until(() => status()?.feeds[0]?.state === 'paused');
    const down = await page.until(() => [...page.alerts.values()].find((alert) => alert.entity === 'feed:demo'));
    expect(down.condition).toBe('active');
    expect(await page.request('alert.note', { alertId: down.alertId, note: 'called the vendor' })).toMatchObject({ ok: true });
    /* A person may let it in again; what it said before is no reason to cut it off once more. */
    expect(await page.request('feed.resume', { feedId: 'demo' })).toEqual({ ok: true, value: {} });
    await page.until(() => status()?.feeds[0]?.state === 'live');
  });

  it('follows the feeds in the settings', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(null);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    await page.until(() => status()?.source === 'none');
    const changed = await page.request('settings.change', { key: 'feeds', value: [{ feedId: 'mine', url: server.url, encoding: 'json' }] });
    expect(changed.ok).toBe(true);
    await page.until(() => status()?.feeds[0]?.feedId === 'mine' && status()?.feeds[0]?.state === 'live');
    const accounts = page.subscribe('table', ACCOUNTS);
    await allValued(page, accounts);
    await page.request('settings.change', { key: 'feeds', value: [] });
    await page.until(() => status()?.feeds.length === 0 && status()?.source === 'none');
    /* Nothing of a feed that is no longer ours stays on screen, now or after a restart. */
    await page.until(() => accounts()?.total === 0);
    await engine.stop();
    const again = await desk.start(null);
    expect(again.view.book().counts().accounts).toBe(0);
  });
});

describe('recording and replay in the app', () => {
  it('records a live feed, replays it beside the live desk, and keeps the replay out of the journal', async () => {
    const server = await desk.startDemo();
    const engine = await desk.start(server.url);
    const page = new PageClient(engine);
    const status = page.subscribe('status', {});
    const accounts = page.subscribe('table', ACCOUNTS);
    await allValued(page, accounts);
    const started = await page.request('recording.start', { name: 'morning' });
    expect(started).toMatchObject({ ok: true, value: { file: join(desk.dataDir, 'recordings', 'morning.fwrec.gz') } });
    expect(await page.request('recording.start', {})).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await page.request('replay.start', { file: 'morning.fwrec.gz', speed: 1 })).toMatchObject({ ok: false, code: 'CONFLICT' });
    await page.until(() => (status()?.recording?.eventCount ?? 0) > 30);
    const stopped = await page.request('recording.stop', {});
    expect(stopped.ok).toBe(true);
    const listed = await page.request('recording.list', {});
    expect(listed).toMatchObject({ ok: true, value: { recordings: [{ file: 'morning.fwrec.gz' }] } });
    copyFileSync(join(desk.dataDir, 'recordings', 'morning.fwrec.gz'), join(desk.dataDir, 'recordings', 'of-a-friend.rec'));
    writeFileSync(join(desk.dataDir, 'recordings', 'notes.txt'), 'not a recording');
    const byAnyName = await page.request('recording.list', {});
    expect(byAnyName.ok && byAnyName.value.recordings.map(({ file }) => file).sort()).toEqual(['morning.fwrec.gz', 'of-a-friend.rec']);

    expect(await page.request('replay.start', { file: '../../etc/passwd', speed: 'max' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await page.request('replay.control', { action: 'pause' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await page.request('replay.start', { file: 'morning.fwrec.gz', speed: 'max' })).toEqual({ ok: true, value: {} });
    await page.until(() => status()?.source === 'replay' && status()?.replay?.finished === true);
    await page.until(() => accountAlerts(page).some((alert) => alert.alertId.startsWith('00000000-0000-7000-8000-')));
    const [past] = accountAlerts(page);
    const refused = await page.request('alert.acknowledge', { alertIds: [past?.alertId ?? ''], note: 'too late' });
    expect(refused).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(engine.desk.alerts.openAlerts().some((alert) => alert.alertId.startsWith('00000000-'))).toBe(false);
    await page.request('replay.control', { action: 'stop' });
    await page.until(() => status()?.source === 'feed' && accountAlerts(page).every((alert) => !alert.alertId.startsWith('00000000-')));
  });
});
