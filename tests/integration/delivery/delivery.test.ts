/** Alerts on their way to people: real servers at the other end, a clock that the test moves, a desk that may be killed in between. */
import { createHmac } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { StoreError } from '#engine/store/store-error';
import { mailServer } from '#tests/helpers/notice-servers';
import { waitUntil } from '#tests/helpers/wait-until';
import { channelOf, MINUTE_MS, TellingDesk } from '#tests/integration/delivery/telling-desk';
import { condition } from '#tests/integration/journal/helpers';

const written = ChainedJournal.prototype.append;
let telling: TellingDesk;
beforeEach(() => {
  telling = new TellingDesk();
});
afterEach(() => telling.stop());

function until(isTrue: () => boolean): Promise<void> {
  return waitUntil('the other end or the ledger to show it', isTrue);
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

describe('a notice', () => {
  it('is told once, with its reason, and reaches a signed web hook with money in its currency', async () => {
    const server = await telling.web();
    telling.setChannels([channelOf({ type: 'webhook', url: server.url })], { ops: 'shared secret' });
    const reason = { ...condition('raised').reason, metric: 'balance', value: -1200.5, params: { currencyID: 'CNY', level: 'negative' } };
    telling.see('raised', { reason, severity: 'critical' });
    telling.pass(1000);
    await until(() => server.posted.length > 0);
    const [posted] = server.posted;
    expect(posted?.body).toMatchObject({ schema: 'floorwatch-notice/1', reason: 'first', severity: 'critical', alertCount: 1, mode: 'live' });
    expect(String(posted?.body.text)).toContain('-1,200.5 CNY');
    expect(posted?.headers['x-floorwatch-signature']).toBe(
      `sha256=${createHmac('sha256', 'shared secret')
        .update(posted?.raw ?? '')
        .digest('hex')}`,
    );
    expect(posted?.headers['idempotency-key']).toBe(`${telling.notices[0]?.noticeId}.ops`);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    telling.pass(5000);
    expect(telling.notices.filter(({ reason: why }) => why === 'first')).toHaveLength(1);
    expect(readFileSync(telling.open.store.journalFile.path)).not.toContain('shared secret');
    expect(JSON.stringify(telling.open.journal.entriesAfter(0, 1000))).not.toContain('shared secret');
  });

  it('reaches a mail server in Chinese, with the password kept out of the journal', async () => {
    const server = await mailServer({ password: 'mail secret' });
    telling.alsoClose(server.close);
    const mail = {
      host: '127.0.0.1',
      port: server.port,
      security: 'none' as const,
      user: 'desk',
      from: 'desk@example.com',
      to: ['duty@example.com'],
    };
    telling.setChannels([channelOf({ type: 'email', language: 'zh-CN', ...mail })], { ops: 'mail secret' });
    telling.see('raised', { severity: 'critical' });
    telling.pass(500);
    await until(() => server.mails.length > 0);
    expect(server.mails[0]?.to).toEqual(['duty@example.com']);
    expect(server.mails[0]?.raw).toContain('Auto-Submitted: auto-generated');
    const text = bodyOf(server.mails[0]?.raw ?? '');
    expect(text).toContain('紧急');
    expect(text).toContain('数值: 风险度 102%');
    expect(text).toContain('对象: 账户 A0001');
    expect(text).toContain('刚刚发生');
    expect(JSON.stringify(telling.open.journal.entriesAfter(0, 1000))).not.toContain('mail secret');
  });

  it('that a mail server refuses for good is not tried again, and its failure is an alert that the channel itself is not asked to tell', async () => {
    const server = await mailServer({ refuses: 'gone@example.com' });
    telling.alsoClose(server.close);
    const mail = { host: '127.0.0.1', port: server.port, security: 'none' as const, user: '', from: 'desk@example.com', to: ['gone@example.com'] };
    telling.setChannels([channelOf({ type: 'email', ...mail })]);
    telling.see('raised');
    telling.pass(500);
    await until(() => telling.open.desk.alerts.openAlerts().some(({ kind }) => kind === 'deliveryFailed'));
    const failed = telling
      .ledger()
      .ledger.flatMap(({ deliveries }) => deliveries)
      .find(({ state }) => state === 'failed');
    expect(failed?.attempts).toMatchObject([{ code: 'recipientRefused' }]);
    telling.pass(60_000);
    expect(server.mails).toHaveLength(0);
    const told = telling.ledger().ledger.filter(({ notice }) => notice.kind === 'deliveryFailed');
    expect(told.length).toBeGreaterThan(0);
    expect(told.flatMap(({ deliveries }) => deliveries)).toEqual([]);
  });

  it('is given to a program on its standard input, without the desk’s environment', async () => {
    const out = join(telling.path, 'out.json');
    const program = join(telling.path, 'notify.mjs');
    writeFileSync(
      program,
      `#!${process.execPath}\nimport{writeFileSync,readFileSync}from'node:fs';writeFileSync(${JSON.stringify(out)},JSON.stringify({said:JSON.parse(readFileSync(0)),keys:Object.keys(process.env)}))`,
    );
    chmodSync(program, 0o755);
    process.env.FLOORWATCH_TEST_PRIVATE = 'private';
    telling.setChannels([channelOf({ type: 'command', path: program, args: [] })]);
    telling.see('raised');
    telling.pass(500);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    delete process.env.FLOORWATCH_TEST_PRIVATE;
    const { said, keys } = JSON.parse(readFileSync(out, 'utf8')) as { said: { reason: string }; keys: string[] };
    expect(said.reason).toBe('first');
    expect(keys).not.toContain('FLOORWATCH_TEST_PRIVATE');
  });

  it('is tried again with back-off under the same key, also over a kill, and the ledger has every attempt', async () => {
    const server = await telling.web();
    server.answerWith(503);
    telling.setChannels([channelOf({ type: 'webhook', url: server.url })]);
    telling.see('raised');
    telling.pass(500);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.attempts.length === 1);
    expect(telling.ledger().ledger[0]?.deliveries[0]).toMatchObject({ state: 'retrying', attempts: [{ code: 'serverFault' }] });
    await telling.open.desk.delivery.stop();
    telling.restartAfter(6000);
    server.answerWith(200);
    telling.pass(500);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    expect(new Set(server.posted.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(server.posted).toHaveLength(2);
  });

  it('that was sent while nothing could be written is sent once, and written down as soon as that can be done', async () => {
    const server = await telling.web();
    telling.setChannels([channelOf({ type: 'webhook', url: server.url })]);
    telling.see('raised');
    const full = vi.spyOn(telling.open.journal, 'append').mockImplementation((events) => {
      if (events.some(({ type }) => type === 'delivery.attempted')) throw new StoreError('diskFull', 'no space left');
      return written.call(telling.open.journal, events, { actor: 'engine', session: 'test', mode: 'live' });
    });
    const tried = () => full.mock.calls.filter(([events]) => events.some(({ type }) => type === 'delivery.attempted')).length;
    telling.pass(500);
    await until(() => tried() > 0);
    for (let round = 1; round <= 3; round++) {
      telling.pass(500);
      await until(() => tried() > round);
    }
    expect(server.posted).toHaveLength(1);
    expect(telling.ledger().ledger[0]?.deliveries[0]?.state).toBe('queued');
    full.mockRestore();
    telling.pass(500);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.state === 'sent');
    expect(telling.ledger().ledger[0]?.deliveries[0]?.attempts).toHaveLength(1);
    expect(server.posted).toHaveLength(1);
  });

  it('waiting for another attempt is dropped once somebody has taken the alert on', async () => {
    const server = await telling.web();
    server.answerWith(500);
    telling.setChannels([channelOf({ type: 'webhook', url: server.url })]);
    telling.see('raised');
    telling.pass(500);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.attempts.length === 1);
    await telling.acknowledge();
    telling.pass(10_000);
    await until(() => telling.ledger().ledger[0]?.deliveries[0]?.state === 'dropped');
    expect(telling.ledger().ledger[0]?.deliveries[0]?.droppedBecause).toBe('takenOn');
    expect(server.posted).toHaveLength(1);
  });

  it('does not follow a redirect, and cannot be tested where there is no channel', async () => {
    const server = await telling.web();
    server.answerWith(302);
    telling.setChannels([channelOf({ type: 'webhook', url: server.url })]);
    expect(await telling.open.desk.delivery.requests['delivery.test']({ channelId: 'ops' })).toMatchObject({ value: { code: 'redirected' } });
    expect(await telling.open.desk.delivery.requests['delivery.test']({ channelId: 'none' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });

  it('waits for the end of quiet hours unless it is grave', async () => {
    const server = await telling.web();
    // The desk starts at 09:00 in Shanghai.
    const quietHours = { zone: 'Asia/Shanghai', days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '10:00' };
    telling.setChannels([channelOf({ type: 'webhook', url: server.url, quietHours })]);
    const stateOf = (severity: string) =>
      telling.ledger().ledger.find(({ notice }) => notice.reason === 'first' && notice.severity === severity)?.deliveries[0]?.state;
    telling.see('raised', { severity: 'medium' });
    telling.see('raised', { severity: 'critical', entity: 'account:A0002' });
    telling.pass(1000);
    await until(() => server.posted.length === 1);
    expect(server.posted[0]?.body.severity).toBe('critical');
    telling.pass(59 * MINUTE_MS, 1000);
    await until(() => stateOf('critical') === 'sent');
    expect(server.posted.map(({ body }) => body.severity)).not.toContain('medium');
    expect(stateOf('medium')).toBe('queued');
    telling.pass(2 * MINUTE_MS, 1000);
    await until(() => server.posted.some(({ body }) => body.severity === 'medium'));
  });

  it('of a drill never leaves, whatever is configured: not by an alert, not by a test', async () => {
    const server = await telling.web();
    telling.setChannels([channelOf({ type: 'webhook', url: server.url, roles: ['desk', 'second', 'dutyManager', 'executive'] })]);
    telling.restartAfter(0, 'drill');
    telling.see('raised', { severity: 'critical' });
    telling.pass(15 * MINUTE_MS, 1000);
    expect(telling.notices.length).toBeGreaterThan(1);
    expect(await telling.open.desk.delivery.requests['delivery.test']({ channelId: 'ops' })).toMatchObject({ value: { code: 'drillMayNotLeave' } });
    expect(server.posted).toEqual([]);
  });
});
