/** Alerts on their way to people: real servers at the other end, a clock that the test moves, a desk that may be killed in between. */
import { createHmac } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { StoreError } from '#engine/store/store-error';
import type { Condition } from '#engine/watch/condition';
import type { Channel } from '#shared/desk/delivery/channel';
import { FIRST_DELIVERY_SETTINGS } from '#shared/desk/delivery/channel';
import type { Notice } from '#shared/desk/delivery/notice';
import { mailServer, webServer } from '#tests/helpers/notice-servers';
import { waitUntil } from '#tests/helpers/wait-until';
import { condition, type OpenDesk, openDesk, START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const MINUTE_MS = 60_000;
const written = ChainedJournal.prototype.append;
let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let notices: Notice[];
let closers: (() => Promise<void>)[];

beforeEach(() => {
  folder = temporaryFolder();
  closers = [];
  start();
});
afterEach(async () => {
  await open.desk.delivery.stop();
  await open.close();
  for (const close of closers) await close();
  folder.remove();
});

function start(options: { clock?: TestClock; mode?: 'live' | 'drill' } = {}): void {
  open = openDesk(folder.path, { clock: options.clock ?? new TestClock(START_MS), ...(options.mode === undefined ? {} : { mode: options.mode }) });
  notices = [];
  open.desk.delivery.onNotice = (notice) => notices.push(notice);
  open.desk.delivery.begin();
}

/** The engine was killed: nothing closed, the same folder, so much later. */
function restartAfter(ms: number): void {
  open.store.journalFile.database.close();
  start({ clock: new TestClock(open.clock.ms + ms) });
}

function pass(ms: number, stepMs = 250): void {
  for (const endMs = open.clock.ms + ms; open.clock.ms < endMs; ) {
    open.clock.ms = Math.min(endMs, open.clock.ms + stepMs);
    open.desk.delivery.tick();
  }
}

function see(transition: Condition['transition'], overrides: Partial<Condition> = {}): void {
  open.desk.alerts.onConditions([condition(transition, { atMs: open.clock.ms, ...overrides })]);
}

function channel(overrides: Partial<Channel> & Pick<Channel, 'type'>): Channel {
  const base = {
    channelId: 'ops',
    name: 'Operations',
    isEnabled: true,
    roles: ['desk'],
    minSeverity: 'low',
    tellsAllClear: false,
    quietHours: null,
    language: 'en',
  };
  return { ...base, ...overrides } as Channel;
}

function configure(channels: Channel[], secrets: Record<string, string> = {}): void {
  const outcome = open.desk.delivery.requests['delivery.configure']({ settings: { ...FIRST_DELIVERY_SETTINGS, channels }, secrets, reason: 'test' });
  expect(outcome).toMatchObject({ ok: true });
}

function until(isTrue: () => boolean): Promise<void> {
  return waitUntil('the other end or the ledger to show it', isTrue);
}

function ledger() {
  const picture = open.desk.delivery.requests['delivery.get']({});
  if (picture instanceof Promise || !picture.ok) throw new Error('no picture');
  return picture.value;
}

/** The words of a mail, in whichever of the two encodings the sender found shorter. */
function bodyOf(raw: string): string {
  const [head = '', ...parts] = raw.split('\r\n\r\n');
  const body = parts.join('\r\n\r\n');
  if (/^Content-Transfer-Encoding: base64$/im.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  return decodeURIComponent(
    body
      .replace(/=\r\n/g, '')
      .replace(/%/g, '%25')
      .replace(/=([0-9A-F]{2})/g, '%$1'),
  );
}

async function acknowledge(): Promise<void> {
  const alertIds = open.desk.alerts.openAlerts().map(({ alertId }) => alertId);
  expect(await open.desk.requests['alert.acknowledge']({ alertIds, note: 'seen' })).toMatchObject({ ok: true });
}

async function web() {
  const server = await webServer();
  closers.push(server.close);
  return server;
}

describe('a notice', () => {
  it('is told once, with its reason, and reaches a signed web hook with money in its currency', async () => {
    const server = await web();
    configure([channel({ type: 'webhook', url: server.url })], { ops: 'shared secret' });
    const reason = { ...condition('raised').reason, metric: 'balance', value: -1200.5, params: { currencyID: 'CNY', level: 'negative' } };
    see('raised', { reason, severity: 'critical' });
    pass(1000);
    await until(() => server.posted.length > 0);
    const [posted] = server.posted;
    expect(posted?.body).toMatchObject({ schema: 'floorwatch-notice/1', reason: 'first', severity: 'critical', alertCount: 1, mode: 'live' });
    expect(String(posted?.body.text)).toContain('-1,200.5 CNY');
    expect(posted?.headers['x-floorwatch-signature']).toBe(
      `sha256=${createHmac('sha256', 'shared secret')
        .update(posted?.raw ?? '')
        .digest('hex')}`,
    );
    expect(posted?.headers['idempotency-key']).toBe(`${notices[0]?.noticeId}.ops`);
    await until(() => ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    pass(5000);
    expect(notices.filter(({ reason: why }) => why === 'first')).toHaveLength(1);
    expect(readFileSync(open.store.journalFile.path)).not.toContain('shared secret');
    expect(JSON.stringify(open.journal.entriesAfter(0, 1000))).not.toContain('shared secret');
  });

  it('reaches a mail server in Chinese, with the password kept out of the journal', async () => {
    const server = await mailServer({ password: 'mail secret' });
    closers.push(server.close);
    const mail = {
      host: '127.0.0.1',
      port: server.port,
      security: 'none' as const,
      user: 'desk',
      from: 'desk@example.com',
      to: ['duty@example.com'],
    };
    configure([channel({ type: 'email', language: 'zh-CN', ...mail })], { ops: 'mail secret' });
    see('raised', { severity: 'critical' });
    pass(500);
    await until(() => server.mails.length > 0);
    expect(server.mails[0]?.to).toEqual(['duty@example.com']);
    expect(server.mails[0]?.raw).toContain('Auto-Submitted: auto-generated');
    const text = bodyOf(server.mails[0]?.raw ?? '');
    expect(text).toContain('紧急');
    expect(text).toContain('数值: 风险度 102%');
    expect(text).toContain('对象: 账户 A0001');
    expect(text).toContain('刚刚发生');
    expect(JSON.stringify(open.journal.entriesAfter(0, 1000))).not.toContain('mail secret');
  });

  it('that a mail server refuses for good is not tried again, and its failure is an alert that the channel itself is not asked to tell', async () => {
    const server = await mailServer({ refuses: 'gone@example.com' });
    closers.push(server.close);
    const mail = { host: '127.0.0.1', port: server.port, security: 'none' as const, user: '', from: 'desk@example.com', to: ['gone@example.com'] };
    configure([channel({ type: 'email', ...mail })]);
    see('raised');
    pass(500);
    await until(() => open.desk.alerts.openAlerts().some(({ kind }) => kind === 'deliveryFailed'));
    const failed = ledger()
      .ledger.flatMap(({ deliveries }) => deliveries)
      .find(({ state }) => state === 'failed');
    expect(failed?.attempts).toMatchObject([{ code: 'recipientRefused' }]);
    pass(60_000);
    expect(server.mails).toHaveLength(0);
    const told = ledger().ledger.filter(({ notice }) => notice.kind === 'deliveryFailed');
    expect(told.length).toBeGreaterThan(0);
    expect(told.flatMap(({ deliveries }) => deliveries)).toEqual([]);
  });

  it('is given to a program on its standard input, without the desk’s environment', async () => {
    const out = join(folder.path, 'out.json');
    const program = join(folder.path, 'notify.mjs');
    writeFileSync(
      program,
      `#!${process.execPath}\nimport{writeFileSync,readFileSync}from'node:fs';writeFileSync(${JSON.stringify(out)},JSON.stringify({said:JSON.parse(readFileSync(0)),keys:Object.keys(process.env)}))`,
    );
    chmodSync(program, 0o755);
    process.env.FLOORWATCH_TEST_PRIVATE = 'private';
    configure([channel({ type: 'command', path: program, args: [] })]);
    see('raised');
    pass(500);
    await until(() => ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    delete process.env.FLOORWATCH_TEST_PRIVATE;
    const { said, keys } = JSON.parse(readFileSync(out, 'utf8')) as { said: { reason: string }; keys: string[] };
    expect(said.reason).toBe('first');
    expect(keys).not.toContain('FLOORWATCH_TEST_PRIVATE');
  });

  it('is tried again with back-off under the same key, also over a kill, and the ledger has every attempt', async () => {
    const server = await web();
    server.answerWith(503);
    configure([channel({ type: 'webhook', url: server.url })]);
    see('raised');
    pass(500);
    await until(() => ledger().ledger[0]?.deliveries[0]?.attempts.length === 1);
    expect(ledger().ledger[0]?.deliveries[0]).toMatchObject({ state: 'retrying', attempts: [{ code: 'serverFault' }] });
    await open.desk.delivery.stop();
    restartAfter(6000);
    server.answerWith(200);
    pass(500);
    await until(() => ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    expect(new Set(server.posted.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(server.posted).toHaveLength(2);
  });

  it('that was sent while nothing could be written is sent once, and written down as soon as that can be done', async () => {
    const server = await web();
    configure([channel({ type: 'webhook', url: server.url })]);
    see('raised');
    const full = vi.spyOn(open.journal, 'append').mockImplementation((events) => {
      if (events.some(({ type }) => type === 'delivery.attempted')) throw new StoreError('diskFull', 'no space left');
      return written.call(open.journal, events, { actor: 'engine', session: 'test', mode: 'live' });
    });
    const tried = () => full.mock.calls.filter(([events]) => events.some(({ type }) => type === 'delivery.attempted')).length;
    pass(500);
    await until(() => tried() > 0);
    for (let round = 1; round <= 3; round++) {
      pass(500);
      await until(() => tried() > round);
    }
    expect(server.posted).toHaveLength(1);
    expect(ledger().ledger[0]?.deliveries[0]?.state).toBe('queued');
    full.mockRestore();
    pass(500);
    await until(() => ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    expect(ledger().ledger[0]?.deliveries[0]?.attempts).toHaveLength(1);
    expect(server.posted).toHaveLength(1);
  });

  it('waiting for another attempt is dropped once somebody has taken the alert on', async () => {
    const server = await web();
    server.answerWith(500);
    configure([channel({ type: 'webhook', url: server.url })]);
    see('raised');
    pass(500);
    await until(() => ledger().ledger[0]?.deliveries[0]?.attempts.length === 1);
    await acknowledge();
    pass(10_000);
    await until(() => ledger().ledger[0]?.deliveries[0]?.state === 'dropped');
    expect(ledger().ledger[0]?.deliveries[0]?.droppedBecause).toBe('takenOn');
    expect(server.posted).toHaveLength(1);
  });

  it('does not follow a redirect, and cannot be tested where there is no channel', async () => {
    const server = await web();
    server.answerWith(302);
    configure([channel({ type: 'webhook', url: server.url })]);
    expect(await open.desk.delivery.requests['delivery.test']({ channelId: 'ops' })).toMatchObject({ value: { code: 'redirected' } });
    expect(await open.desk.delivery.requests['delivery.test']({ channelId: 'none' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });

  it('waits for the end of quiet hours unless it is grave', async () => {
    const server = await web();
    // The desk starts at 09:00 in Shanghai.
    const quietHours = { zone: 'Asia/Shanghai', days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '10:00' };
    configure([channel({ type: 'webhook', url: server.url, quietHours })]);
    const stateOf = (severity: string) =>
      ledger().ledger.find(({ notice }) => notice.reason === 'first' && notice.severity === severity)?.deliveries[0]?.state;
    see('raised', { severity: 'medium' });
    see('raised', { severity: 'critical', entity: 'account:A0002' });
    pass(1000);
    await until(() => server.posted.length === 1);
    expect(server.posted[0]?.body.severity).toBe('critical');
    pass(59 * MINUTE_MS, 1000);
    await until(() => stateOf('critical') === 'sent');
    expect(server.posted.map(({ body }) => body.severity)).not.toContain('medium');
    expect(stateOf('medium')).toBe('queued');
    pass(2 * MINUTE_MS, 1000);
    await until(() => server.posted.some(({ body }) => body.severity === 'medium'));
  });

  it('of a drill never leaves, whatever is configured: not by an alert, not by a test', async () => {
    const server = await web();
    configure([channel({ type: 'webhook', url: server.url, roles: ['desk', 'second', 'dutyManager', 'executive'] })]);
    restartAfterAsDrill();
    see('raised', { severity: 'critical' });
    pass(15 * MINUTE_MS, 1000);
    expect(notices.length).toBeGreaterThan(1);
    expect(await open.desk.delivery.requests['delivery.test']({ channelId: 'ops' })).toMatchObject({ value: { code: 'drillMayNotLeave' } });
    expect(server.posted).toEqual([]);
  });
});

function restartAfterAsDrill(): void {
  open.store.journalFile.database.close();
  start({ clock: new TestClock(open.clock.ms), mode: 'drill' });
}

describe('the ladder', () => {
  it('fires each step at its time, and stops when somebody takes the alert on', async () => {
    see('raised', { severity: 'critical' });
    pass(2 * MINUTE_MS + 1000);
    expect(notices.map(({ reason, role }) => [reason, role])).toEqual([
      ['first', 'desk'],
      ['escalated', 'second'],
    ]);
    await acknowledge();
    pass(10 * MINUTE_MS);
    expect(notices).toHaveLength(2);
  });

  it('after a sleep fires every overdue step once, together, and says how late', () => {
    see('raised', { severity: 'critical' });
    pass(1000);
    restartAfter(20 * MINUTE_MS);
    pass(5000);
    const escalated = notices.filter(({ reason }) => reason === 'escalated');
    expect(escalated.map(({ role }) => role).sort()).toEqual(['dutyManager', 'executive', 'second']);
    expect(escalated.every(({ lateByMs }) => (lateByMs ?? 0) > 17 * MINUTE_MS)).toBe(true);
    pass(30 * MINUTE_MS, 1000);
    expect(notices.filter(({ reason }) => reason === 'escalated')).toHaveLength(3);
  });

  it('pages nobody about an alert of long ago', () => {
    see('raised', { severity: 'critical' });
    pass(1000);
    restartAfter(120 * 86_400_000);
    pass(MINUTE_MS);
    expect(notices).toEqual([]);
  });

  it('goes on at once when a step cannot be heard but a later one can', async () => {
    const server = await web();
    configure([channel({ type: 'webhook', url: server.url, roles: ['dutyManager'] })]);
    expect(ledger().unreachable).toContainEqual({ role: 'second', severities: ['critical', 'high', 'medium'] });
    see('raised', { severity: 'critical' });
    pass(2 * MINUTE_MS + 2000);
    await until(() => server.posted.length === 1);
    expect(server.posted[0]?.body).toMatchObject({ reason: 'escalated', role: 'dutyManager' });
  });

  it('begins anew when an acknowledgement runs out while the condition is on', async () => {
    see('raised', { severity: 'critical' });
    pass(1000);
    await acknowledge();
    pass(16 * MINUTE_MS, 1000);
    expect(open.desk.alerts.openAlerts()[0]).toMatchObject({ human: 'unacknowledged', acknowledgedBy: null });
    expect(notices.at(-1)?.reason).toBe('ackExpired');
  });

  it('tells after a kill what was raised before it and not told, and nothing twice', () => {
    see('raised', { severity: 'critical' });
    restartAfter(10_000);
    pass(2000);
    expect(notices.map(({ reason }) => reason)).toEqual(['lateAfterResume']);
    restartAfter(1000);
    pass(2000);
    expect(notices).toEqual([]);
  });
});

describe('what is kept back', () => {
  const feedDown = { kind: 'feedStale', ruleId: 'feed-stale', entity: 'feed:primary', severity: 'critical' as const };
  const follows = { kind: 'instrumentsStale', ruleId: 'instruments-stale', entity: 'feed:primary', severity: 'high' as const };

  it('an alert that follows from another is not told, neither when it comes a moment earlier nor after a kill, until the other is over', () => {
    see('raised', follows);
    open.clock.ms += 200;
    see('raised', feedDown);
    pass(10_000);
    expect(notices.map(({ kind }) => kind)).toEqual(['feedStale']);
    restartAfter(1000);
    pass(10_000);
    expect(notices.filter(({ kind }) => kind === 'instrumentsStale')).toEqual([]);
    see('cleared', feedDown);
    pass(5000);
    expect(notices.filter(({ kind }) => kind === 'instrumentsStale').map(({ reason }) => reason)).toContain('unsuppressed');
  });

  it('a shelved alert is told of when shelving ends, with a warning before, and is woken at once when it gets graver', () => {
    see('raised', { severity: 'medium' });
    pass(1000);
    const [alert] = open.desk.alerts.openAlerts();
    const shelve = {
      kind: 'shelvedTimed' as const,
      matcher: { dedupKey: alert?.dedupKey ?? '' },
      covers: 'medium' as const,
      reasonCode: 'knownCause' as const,
      note: 'known',
    };
    const { requests } = open.desk.delivery;
    expect(requests['alert.suppress']({ ...shelve, durationMs: 48 * 3_600_000 })).toMatchObject({ ok: false, field: 'durationMs' });
    expect(requests['alert.suppress']({ ...shelve, durationMs: 3_600_000 })).toMatchObject({ ok: true });
    pass(56 * MINUTE_MS, 1000);
    expect(notices.map(({ reason }) => reason)).toEqual(['first', 'suppressionEnding']);
    pass(5 * MINUTE_MS, 1000);
    expect(notices.map(({ reason }) => reason)).toContain('unsuppressed');
    expect(requests['alert.suppress']({ ...shelve, durationMs: 3_600_000 })).toMatchObject({ ok: true });
    see('changed', { severity: 'critical' });
    pass(2000);
    expect(notices.at(-1)).toMatchObject({ severity: 'critical' });
    expect(open.desk.delivery.picture(open.clock.ms).suppressions).toEqual([]);
  });

  it('one that ran out while the desk was not running is told of at start', () => {
    see('raised', { severity: 'medium' });
    const [alert] = open.desk.alerts.openAlerts();
    const matcher = { dedupKey: alert?.dedupKey ?? '' };
    open.desk.delivery.requests['alert.suppress']({
      kind: 'shelvedTimed',
      matcher,
      covers: 'medium',
      durationMs: 3_600_000,
      reasonCode: 'knownCause',
      note: 'known',
    });
    pass(1000);
    expect(notices).toEqual([]);
    restartAfter(2 * 3_600_000);
    pass(5000);
    const toDesk = notices.filter(({ role }) => role === 'desk');
    expect(toDesk).toMatchObject([{ reason: 'lateAfterResume', alertCount: 1 }]);
  });

  it('a flapping condition is one notice and a digest', () => {
    see('raised');
    pass(1000);
    for (let round = 0; round < 12; round += 1) {
      see(round % 2 === 0 ? 'cleared' : 'raised');
      pass(2000);
    }
    const during = notices.length;
    expect(open.desk.alerts.openAlerts()[0]?.condition).toBe('flapping');
    for (let round = 0; round < 100; round += 1) {
      see(round % 2 === 0 ? 'cleared' : 'raised');
      pass(2000, 1000);
    }
    expect(notices.slice(during).every(({ reason }) => reason === 'flapping' || reason === 'escalated')).toBe(true);
    expect(notices.filter(({ reason }) => reason === 'flapping')).toHaveLength(1);
    pass(11 * MINUTE_MS, 1000);
    expect(open.desk.alerts.openAlerts()[0]?.condition).toBe('active');
  });

  it('a storm is few notices with a count, none of the critical ones lost', () => {
    for (let round = 0; round < 40; round += 1) {
      open.desk.alerts.onConditions(
        Array.from({ length: 50 }, (_, index) =>
          condition('raised', { atMs: open.clock.ms, entity: `account:${round}-${index}`, severity: 'critical' }),
        ),
      );
      pass(500);
    }
    pass(6000);
    const told = notices.filter(({ role }) => role === 'desk');
    expect(told.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(2000);
    expect(told.length).toBeLessThanOrEqual(8);
    expect(told.slice(1).every(({ reason }) => reason === 'newInGroup')).toBe(true);
  });
});
