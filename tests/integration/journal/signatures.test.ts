import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileReport, verifyJournalFile } from '#engine/journal/verify-file';
import { loadSqlite } from '#engine/store/sqlite-module';
import { ApprovalRoom } from '#tests/helpers/approval-room';
import { appended, type ForgedRow, forgeJournal } from '#tests/helpers/journal-forger';
import { temporaryFolder } from '#tests/integration/journal/helpers';

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
let folder: ReturnType<typeof temporaryFolder>;
let room: ApprovalRoom;

beforeEach(() => {
  folder = temporaryFolder();
  room = new ApprovalRoom(folder.path);
  room.add('p-li', []);
  room.add('p-xu', []);
});
afterEach(() => folder.remove());

function change(n: number): void {
  room.recorder.append([{ type: 'setting.changed', subject: 'setting:theme', payload: { key: 'theme', before: n, after: n + 1 } }], 'person');
}

async function verified(tamper?: (rows: ForgedRow[]) => ForgedRow[]): Promise<FileReport> {
  room.journal.checkpoint();
  await room.stop();
  // Only signatures are changed: no hash covers them, and none has to be made anew.
  if (tamper !== undefined) forgeJournal(room.journalPath, tamper, { rechain: false });
  return verifyJournalFile({ sqlite, file: room.journalPath });
}

const isSetting = ({ type }: ForgedRow): boolean => type === 'setting.changed';
const brokenAt = (report: FileReport) => report.findings.find(({ verdict }) => verdict === 'BROKEN_AT');

describe('signatures in a journal', () => {
  it('are valid where a person’s key was open, and are not missed where none was', async () => {
    change(1);
    room.signIn('p-li');
    change(2);
    room.signOut();
    change(3);
    const report = await verified();
    expect(report).toMatchObject({ verdict: 'OK', ok: true, signatures: { valid: 1, unsigned: 2, bad: 0, disputed: 0 } });
    expect(report.signatures.keys.map(({ personId }) => personId)).toEqual([null, 'p-li']);
  });

  it('show the entry from which one was taken away, although every hash holds', async () => {
    room.signIn('p-li');
    change(1);
    const sequence = room.journal.headSequence;
    const report = await verified((rows) => rows.map((row) => (isSetting(row) ? { ...row, signature: null } : row)));
    expect(brokenAt(report)).toEqual({ verdict: 'BROKEN_AT', sequence, reason: 'signatureMissing' });
    expect(report).toMatchObject({ ok: false, verdict: 'BROKEN_AT' });
  });

  it('show one that was exchanged for another person’s, or another entry’s', async () => {
    room.signIn('p-xu');
    change(1);
    room.signIn('p-li');
    change(2);
    change(3);
    const report = await verified((rows) => {
      const [, second, third] = rows.filter(isSetting);
      return rows.map((row) => (row === second ? { ...row, signature: third?.signature ?? null } : row));
    });
    expect(brokenAt(report)).toMatchObject({ reason: 'signature' });
    expect(report.signatures).toMatchObject({ valid: 2, bad: 1 });
  });

  it('show one by a key that the record does not publish', async () => {
    room.signIn('p-li');
    change(1);
    const signature = `ed25519:${'0'.repeat(32)}:${'0'.repeat(128)}`;
    const report = await verified((rows) => rows.map((row) => (isSetting(row) ? { ...row, signature } : row)));
    expect(brokenAt(report)).toMatchObject({ reason: 'signatureKey' });
  });

  it('are disputed when they were made after their key was revoked, which breaks nothing', async () => {
    room.signIn('p-li');
    change(1);
    const [key] = room.signing.published.ofPerson('p-li');
    // A lost device signs on: the revocation came from elsewhere, and its key is still open here.
    const revoked = { keyId: key?.keyId ?? '', personId: 'p-li', reason: 'deviceLost', atMs: 0 };
    room.recorder.append([{ type: 'key.revoked', subject: 'keys', payload: revoked }], 'engine');
    change(2);
    const report = await verified();
    expect(report).toMatchObject({ ok: true, verdict: 'OK', signatures: { valid: 1, disputed: 1, firstDisputed: report.headSequence } });
  });

  it('name the first bad entry, and still judge everything after it', async () => {
    room.signIn('p-li');
    for (let n = 0; n < 20; n += 1) change(n);
    const first = room.journal.headSequence - 19;
    const report = await verified((rows) =>
      rows.map((row) => (isSetting(row) && row.sequence % 2 === first % 2 ? { ...row, signature: null } : row)),
    );
    expect(brokenAt(report)).toMatchObject({ sequence: first });
    expect(report).toMatchObject({ entryCount: first + 19, signatures: { valid: 10, bad: 10 } });
  });

  it('of checkpoints are the device’s: one that is not counts as damaged', async () => {
    room.signIn('p-li');
    change(1);
    room.journal.checkpoint();
    await room.stop();
    const database = sqlite.open(room.journalPath, { fileMustExist: true });
    database.exec('DROP TRIGGER checkpointsAreNeverEdited');
    database.prepare('UPDATE checkpoints SET signature = replace(signature, substr(signature, -4), ?)').run('0000');
    database.close();
    const report = verifyJournalFile({ sqlite, file: room.journalPath });
    expect(report.ok).toBe(false);
    expect(report.witnesses.find(({ kind }) => kind === 'file')?.damagedCount).toBe(1);
  });

  it('cannot be given back by writing a key into the record', async () => {
    room.signIn('p-li');
    change(1);
    await room.stop();
    const payload = {
      keyId: 'a'.repeat(32),
      publicKey: 'b'.repeat(64),
      personId: 'p-li',
      device: room.journal.device,
      possession: 'c'.repeat(128),
      countersigned: null,
      atMs: 0,
    };
    forgeJournal(room.journalPath, (rows) => appended(rows, { type: 'key.enrolled', subject: 'keys', actor: 'engine', payload }));
    room.start();
    expect(room.signing.published.find('a'.repeat(32))).toBeNull();
    await room.stop();
  });
});

describe('a record in which somebody’s data was destroyed', () => {
  it('is OK, and says how many payloads can never be read again', async () => {
    const keyOf = (subject: string): string => room.store.sealer.keyOfSubject(subject)?.keyId ?? '';
    for (const dataSubject of ['client:1', 'client:1', 'client:2'])
      room.recorder.append([{ type: 'desk.noted', subject: 'x', payload: { name: 'Wang' }, dataSubject }], 'engine');
    room.recorder.append([{ type: 'key.destroyed', subject: 'keys', payload: { keyIds: [keyOf('client:1')], atMs: 0 } }], 'engine');
    expect(await verified()).toMatchObject({ verdict: 'OK', ok: true, destroyedPayloads: 2 });
  });
});
