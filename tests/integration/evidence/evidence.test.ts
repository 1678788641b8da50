/** Evidence from the first piece to the export, on a real folder: what is kept, what is refused, what a disk shows, and what a destroyed key leaves. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvidenceDesk } from '#engine/desk/evidence/evidence-desk';
import { Recorder } from '#engine/desk/record';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { verifyJournalFile } from '#engine/journal/verify-file';
import { EvidenceFiles } from '#engine/store/evidence-files';
import { openStore, type Store } from '#engine/store/open-store';
import { EVIDENCE_PIECE_BYTES } from '#shared/contract/evidence';
import type { EvidenceAbout, EvidenceFile } from '#shared/desk/evidence/evidence';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const CLIENT = '赫连勃勃投资';
const TEXT = Buffer.from(`09:31 ${CLIENT} asks why the order was refused\n`);
const RUN: EvidenceAbout = { kind: 'run', id: 'run-1' };
const CONFIRMATION = '0197a6a0-0000-7000-8000-000000000001';

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
let journal: ChainedJournal;
let desk: EvidenceDesk;
let confirmed: unknown[];

function open(): void {
  const clock = new TestClock(START_MS);
  store = openStore({ directory: folder.path, isPackaged: false, sqliteModulePath: null, clock });
  journal = new ChainedJournal({ file: store.journalFile, clock, newId: v7 });
  const recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'p-duty', log: () => undefined });
  confirmed = [];
  desk = new EvidenceDesk({
    recorder,
    files: new EvidenceFiles(folder.path, store.sealer),
    subjectKeys: store.subjectKeys,
    secondPerson: {
      take: (confirmationId, about) => {
        confirmed.push(about);
        if (confirmationId !== CONFIRMATION) return refuse('UNKNOWN', 'no such confirmation');
        return accept({ personId: 'p-compliance', sessionId: 's', keyId: 'k', signature: 'x' });
      },
    },
    exportFolder: join(folder.path, 'exports'),
  });
}

beforeEach(() => {
  folder = temporaryFolder();
  open();
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

function accepted<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

async function add(bytes: Buffer, options: { name?: string; about?: EvidenceAbout; pieceBytes?: number } = {}): Promise<Outcome<EvidenceFile>> {
  const begun = await desk.requests['evidence.begin']({ name: options.name ?? 'call.txt', bytes: bytes.length, about: options.about ?? RUN });
  const { uploadId } = accepted(begun);
  const step = options.pieceBytes ?? EVIDENCE_PIECE_BYTES;
  for (let at = 0; at < bytes.length; at += step) {
    const data = bytes.subarray(at, at + step).toString('base64');
    const taken = await desk.requests['evidence.piece']({ uploadId, place: at / step, data });
    if (!taken.ok) return taken;
  }
  return desk.requests['evidence.finish']({ uploadId, note: `about ${CLIENT}` });
}

function bytesOnDisk(): Buffer {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
}

describe('a file added as evidence', () => {
  it('is found by its hash and by what it is about, shown as inert text, and read back byte for byte after a restart', async () => {
    const file = accepted(await add(TEXT, { pieceBytes: 7 }));
    expect(file).toMatchObject({ sha256: createHash('sha256').update(TEXT).digest('hex'), bytes: TEXT.length, mediaType: 'text/plain' });
    expect(file.uses).toMatchObject([{ name: 'call.txt', addedBy: 'p-duty', about: RUN }]);
    await store.close();
    open();
    expect(desk.find(file.sha256)).toEqual(file);
    expect(accepted(await desk.requests['evidence.list']({ about: RUN })).files).toEqual([file]);
    expect(accepted(await desk.requests['evidence.list']({ about: { kind: 'run', id: 'run-2' } })).files).toEqual([]);
    expect(accepted(await desk.requests['evidence.get']({ sha256: file.sha256 })).view).toEqual({
      kind: 'text',
      text: TEXT.toString(),
      isCut: false,
    });
  });

  it('shows nothing of itself on the disk: neither its bytes, its name, its note, nor its hash', async () => {
    const { sha256 } = accepted(await add(TEXT, { name: `${CLIENT}.txt` }));
    const disk = bytesOnDisk();
    for (const text of [CLIENT, sha256, TEXT.toString().slice(0, 5)]) expect(disk.includes(text), text).toBe(false);
  });

  it('is kept once, however often it is added, with everything it was added to', async () => {
    await add(TEXT);
    await add(TEXT);
    const file = accepted(await add(TEXT, { about: { kind: 'incident', id: 'i-1' }, name: 'again.log' }));
    expect(file.uses.map(({ about, name }) => [about.kind, name])).toEqual([
      ['run', 'call.txt'],
      ['incident', 'again.txt'],
    ]);
    const kept = readdirSync(join(folder.path, 'evidence'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(kept).toHaveLength(1);
  });

  it('is written again when what lies there was changed', async () => {
    const { sha256 } = accepted(await add(TEXT));
    const [kept] = readdirSync(join(folder.path, 'evidence'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const path = join(kept?.parentPath ?? '', kept?.name ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await desk.requests['evidence.get']({ sha256 })).toMatchObject({ ok: false, code: 'FAILED' });
    await add(TEXT);
    expect(await desk.requests['evidence.get']({ sha256 })).toMatchObject({ ok: true });
  });
});

describe('what is refused', () => {
  it('is a program, whatever it is called, and nothing of it is kept', async () => {
    expect(await add(Buffer.from('MZ\x90\x00\x03'), { name: 'screenshot.png' })).toMatchObject({ ok: false, code: 'INVALID', field: 'file' });
    expect(existsSync(join(folder.path, 'evidence'))).toBe(false);
    expect(journal.headSequence).toBe(0);
  });

  it('is a piece out of order, one too many, and an end before the end', async () => {
    const begin = async (bytes: number) => accepted(await desk.requests['evidence.begin']({ name: 'a', bytes, about: RUN })).uploadId;
    const piece = (uploadId: string, place: number, text: string) =>
      desk.requests['evidence.piece']({ uploadId, place, data: Buffer.from(text).toString('base64') });
    expect(await piece(await begin(4), 1, 'ab')).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await piece(await begin(1), 0, 'ab')).toMatchObject({ ok: false, code: 'CONFLICT' });
    const short = await begin(4);
    await piece(short, 0, 'ab');
    expect(await desk.requests['evidence.finish']({ uploadId: short, note: '' })).toMatchObject({ ok: false, code: 'CONFLICT', field: 'bytes' });
    expect(await desk.requests['evidence.finish']({ uploadId: short, note: '' })).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });

  it('is more at once than the desk has memory for', async () => {
    for (let count = 0; count < 4; count += 1) accepted(await desk.requests['evidence.begin']({ name: 'a', bytes: 1, about: RUN }));
    expect(await desk.requests['evidence.begin']({ name: 'a', bytes: 1, about: RUN })).toMatchObject({ ok: false, code: 'CONFLICT' });
  });
});

describe('taking a file out', () => {
  it('writes it once more under a safe name, and leaves an entry with who, why and where', async () => {
    const { sha256 } = accepted(await add(TEXT, { name: '../../run me.exe' }));
    const { path } = accepted(await desk.requests['evidence.export']({ sha256, about: RUN, reason: 'the inspector asked' }));
    expect(path).toBe(join(folder.path, 'exports', 'run me.txt'));
    expect(readFileSync(path)).toEqual(TEXT);
    const again = accepted(await desk.requests['evidence.export']({ sha256, about: RUN, reason: 'and again' }));
    expect(again.path).not.toBe(path);
    const entries = journal.entriesAfter(0, 100).filter(({ type }) => type === 'evidence.exported');
    expect(entries.map(({ actor, payload }) => [actor, (JSON.parse(payload) as { reason: string }).reason])).toEqual([
      ['p-duty', 'the inspector asked'],
      ['p-duty', 'and again'],
    ]);
  });

  it('is refused for what it was not added to', async () => {
    const { sha256 } = accepted(await add(TEXT));
    expect(await desk.requests['evidence.export']({ sha256, about: { kind: 'run', id: 'other' }, reason: 'x' })).toMatchObject({
      ok: false,
      code: 'UNKNOWN',
    });
  });
});

describe('destroying a client’s data', () => {
  const about: EvidenceAbout = { ...RUN, clientID: 'C-77' };
  const destroy = (dataSubject: string, confirmationId = CONFIRMATION) =>
    desk.requests['privacy.destroy']({ dataSubject, reason: 'asked by the client after ten years', confirmationId });

  it('needs a second person, leaves an entry, and makes file, note and name unreadable while the record verifies offline and says how much is gone', async () => {
    const { sha256 } = accepted(await add(TEXT, { about }));
    const other = accepted(await add(Buffer.from('another client'), { about: { kind: 'run', id: 'run-2' } }));
    expect(await destroy('client:C-77', v7())).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(await desk.requests['evidence.get']({ sha256 })).toMatchObject({ ok: true });
    expect(await destroy('client:C-77')).toEqual(accept({ keyCount: 1 }));
    expect(confirmed.at(-1)).toEqual({
      request: 'privacy.destroy',
      payload: { dataSubject: 'client:C-77', reason: 'asked by the client after ten years' },
    });
    expect(await desk.requests['evidence.get']({ sha256 })).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(await desk.requests['evidence.get']({ sha256: other.sha256 })).toMatchObject({ ok: true });
    expect(accepted(await desk.requests['evidence.list']({ about: RUN })).files).toEqual([]);
    expect(journal.verify()).toMatchObject({ verdict: 'OK' });
    await store.close();
    // Without the key: only the journal, carried elsewhere.
    const elsewhere = join(folder.path, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'journal.sqlite'), readFileSync(join(folder.path, 'journal.sqlite')));
    const report = verifyJournalFile({ sqlite: store.sqlite, file: join(elsewhere, 'journal.sqlite') });
    expect(report).toMatchObject({ ok: true, destroyedPayloads: 1, sealing: { sealed: 3, plain: 1, destroyed: 1, destroyedKeys: 1 } });
    open();
    expect(await desk.requests['evidence.get']({ sha256 })).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
  });

  it('is refused for somebody nothing is known of', async () => {
    expect(await destroy('client:nobody')).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(journal.headSequence).toBe(0);
  });

  it('is refused for a person who can still sign in', async () => {
    await add(TEXT);
    journal.tables.documents.put('person', 'p-1', 1, { state: 'active' });
    expect(await destroy('person:p-1')).toMatchObject({ ok: false, code: 'CONFLICT' });
  });
});
