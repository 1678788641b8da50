import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditDesk } from '#engine/desk/audit/audit-desk';
import { actAs } from '#engine/desk/bus/acting';
import { sha256, sha256Bytes } from '#engine/store/hash';
import type { AuditFilter } from '#shared/contract/audit';
import { faultOfProof } from '#shared/journal/entry-proof';
import { ApprovalRoom } from '#tests/helpers/approval-room';
import { temporaryFolder } from '#tests/integration/journal/helpers';

const RESOURCES = join(import.meta.dirname, '../../../resources/evidence-bundle');
let folder: ReturnType<typeof temporaryFolder>;
let room: ApprovalRoom;
let audit: AuditDesk;

beforeEach(() => {
  folder = temporaryFolder();
  room = new ApprovalRoom(folder.path);
  const { recorder, signing, clock } = room;
  audit = new AuditDesk({
    recorder,
    file: room.store.journalFile,
    signing,
    clock,
    accountName: (id) => `Client ${id}`,
    folder: join(folder.path, 'exports'),
    bundleFolder: RESOURCES,
  });
  room.add('p-li', ['audit.view', 'audit.export']);
  room.signIn('p-li');
});
afterEach(async () => {
  await room.stop();
  folder.remove();
});

function record(count: number): void {
  for (let index = 0; index < count; index += 1) {
    const before = { theme: index % 2 === 0 ? 'dark' : 'light' };
    room.recorder.append(
      [{ type: 'setting.changed', subject: 'setting:theme', payload: { key: 'theme', before: before.theme, after: 'light', n: index } }],
      'person',
    );
    room.clock.pass(1_000);
  }
}

async function query(filter: AuditFilter, before: number | null = null, limit = 50) {
  const outcome = await audit.requests['audit.query']({ filter, before, limit });
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function unpack(path: string, name: string): string {
  const target = join(folder.path, name);
  mkdirSync(target);
  for (const [file, bytes] of Object.entries(unzipSync(readFileSync(path)))) writeFileSync(join(target, file), bytes);
  return target;
}

function verify(target: string, ...args: string[]): { code: number; said: string } {
  try {
    return { code: 0, said: execFileSync(process.execPath, [join(target, 'verify.mjs'), ...args], { encoding: 'utf8' }) };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, said: stdout };
  }
}

describe('searching the record', () => {
  it('pages through everything once, newest first', async () => {
    record(120);
    const seen: number[] = [];
    for (let before: number | null = null; ; ) {
      const page = await query({}, before, 17);
      seen.push(...page.entries.map(({ sequence }) => sequence));
      before = page.nextBefore;
      if (before === null) break;
    }
    expect(seen).toEqual(Array.from({ length: room.journal.headSequence }, (_, index) => room.journal.headSequence - index));
  });

  it('keeps to actor, type, family, subject, time, signature and text, together', async () => {
    record(10);
    const { entries } = await query({ types: ['setting.'], actor: 'p-li', isSigned: true, text: '"n":7' });
    expect(entries.map(({ payload }) => JSON.parse(payload ?? '').n)).toEqual([7]);
    expect((await query({ types: ['setting.'], actor: 'engine' })).entries).toEqual([]);
    expect((await query({ types: ['key.enrolled'] })).entries).toHaveLength(2);
    const [newest] = (await query({ subject: 'setting:theme' })).entries;
    const fromMs = Date.parse(newest?.wallTime ?? '');
    expect((await query({ types: ['setting.changed'], fromMs })).entries).toHaveLength(1);
    expect((await query({ types: ['setting.changed'], toMs: fromMs - 1 })).entries).toHaveLength(9);
  });

  it('takes what was typed as text and not as a pattern or a command', async () => {
    record(1);
    for (const text of ['%', '_', "'; DROP TABLE entries; --", '"']) {
      expect((await query({ actor: text })).entries).toEqual([]);
      expect((await query({ subject: text })).entries).toEqual([]);
    }
    expect((await query({ types: ['set.'] })).entries).toEqual([]);
  });
});

describe('what an entry is about', () => {
  it('is the client’s account, also where only the alert is named that was raised about it', async () => {
    const alertId = '0197a6a0-0000-7000-8000-0000000000aa';
    const raised = alertRaised(alertId, 'account:A0001');
    room.recorder.append([raised], 'watch');
    room.recorder.append([{ type: 'alert.noted', subject: `alert:${alertId}`, payload: { alertId, atMs: 1, note: 'spoke with them' } }], 'person');
    record(1);
    const abouts = (await query({ types: ['alert.', 'setting.'] })).entries.map(({ type, about }) => [type, about]);
    expect(abouts).toEqual([
      ['setting.changed', null],
      ['alert.noted', { accountID: 'A0001', name: 'Client A0001' }],
      ['alert.raised', { accountID: 'A0001', name: 'Client A0001' }],
    ]);
  });
});

describe('one entry', () => {
  it('is shown with what was and what is, who signed it, and what else happened to the same thing', async () => {
    record(3);
    const outcome = await audit.requests['audit.entry']({ sequence: room.journal.headSequence });
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value.mark).toBe('valid');
    expect(outcome.value.change).toEqual({ before: 'dark', after: 'light', beforeSequence: null });
    expect(outcome.value.history).toHaveLength(3);
  });

  it('is disputed when it was signed with a key that had been revoked, and stays valid when the key was revoked later', async () => {
    record(1);
    const signedAt = room.journal.headSequence;
    room.signing.revoke('p-li', 'deviceLost');
    const outcome = await audit.requests['audit.entry']({ sequence: signedAt });
    expect(outcome).toMatchObject({ ok: true, value: { mark: 'valid' } });
  });

  it('is proved by a few hashes that anybody can follow', async () => {
    record(30);
    const outcome = await audit.requests['audit.prove']({ sequence: 9 });
    if (!outcome.ok) throw new Error(outcome.message);
    expect(faultOfProof(outcome.value.proof, sha256, sha256Bytes)).toBeNull();
    expect(outcome.value.fingerprint).toBe(`${room.journal.headSequence}:${room.journal.headFingerprint}`);
  });
});

describe('evidence for an inspector', () => {
  async function bundle(filter: AuditFilter = { types: ['setting.'] }) {
    room.journal.checkpoint();
    const outcome = await actAs({ actor: 'p-li', sessionId: 's' }, () =>
      audit.requests['audit.export']({ filter, reason: 'inspection of 21 September' }),
    );
    if (!outcome.ok) throw new Error(outcome.message);
    return outcome.value;
  }

  it('verifies by itself, and against the fingerprint that was printed', async () => {
    record(40);
    const made = await bundle();
    expect(made.entryCount).toBe(40);
    const target = unpack(made.path, 'evidence');
    expect(verify(target)).toMatchObject({ code: 0 });
    expect(verify(target).said).toContain('40 valid');
    const vouched = verify(target, '--fingerprint', made.fingerprint);
    expect(vouched.said).toContain('OK: everything holds');
    expect(verify(target, '--fingerprint', `${made.fingerprint.split(':')[0]}:000000000000`)).toMatchObject({ code: 4 });
    const [entry] = (await query({ types: ['audit.exported'] })).entries;
    expect(JSON.parse(entry?.payload ?? '')).toMatchObject({ sha256: made.sha256, entryCount: 40 });
  });

  it('shows every kind of change to any of its files', async () => {
    record(5);
    const made = await bundle();
    const changes: [string, (text: string) => string][] = [
      ['entries.jsonl', (text) => text.replace('"opened":"{\\"after\\":\\"light', '"opened":"{\\"after\\":\\"dark')],
      ['entries.jsonl', (text) => text.split('\n').slice(0, -1).join('\n')],
      ['hashes-1.txt', (text) => text.replace(/[0-9a-f]{64}\n$/, '')],
      ['checkpoints.jsonl', (text) => text.replace(/"size":(\d+)/, '"size":1')],
      ['manifest.json', (text) => text.replace('"by":"p-li"', '"by":"p-xu"')],
      ['signatures.json', (text) => text.replace('p-li', 'p-xu')],
      ['filter.json', () => '{}'],
    ];
    changes.forEach(([file, change], index) => {
      const target = unpack(made.path, `changed-${index}`);
      const before = readFileSync(join(target, file), 'utf8');
      writeFileSync(join(target, file), change(before));
      expect(change(before)).not.toBe(before);
      expect(verify(target)).toMatchObject({ code: 4 });
    });
  });

  it('holds nothing in clear that was not asked for', async () => {
    record(3);
    room.recorder.append([{ type: 'alert.noted', subject: 'alert:1', payload: { note: 'client Wang called' } }], 'person');
    const made = await bundle();
    expect(readFileSync(join(unpack(made.path, 'evidence'), 'entries.jsonl'), 'utf8')).not.toContain('Wang');
  });
});

function alertRaised(alertId: string, entity: string) {
  const reason = {
    ...{ ruleId: 'risk-level', ruleVersion: 1, metric: 'riskDegree', value: 1, enterThreshold: 1, exitThreshold: 1, thresholdCitation: 'test' },
    ...{ thresholdCertainty: 'proposal', observedAtMs: 1, params: {} },
  };
  const payload = {
    ...{ alertId, atMs: 1, dedupKey: 'a'.repeat(32), ruleId: 'risk-level', kind: 'riskLevel', entity, dimensions: {}, severity: 'high', reason },
    planIds: [],
  };
  return { type: 'alert.raised', subject: `alert:${alertId}`, payload };
}
