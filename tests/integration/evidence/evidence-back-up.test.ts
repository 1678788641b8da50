/** Evidence goes with the back-ups, sealed as it is: what the disk lost is found there, and a journal that is put back finds its files and says so. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EvidenceDesk } from '#engine/desk/evidence/evidence-desk';
import { Recorder } from '#engine/desk/record';
import { EvidenceFiles } from '#engine/store/evidence-files';
import type { Outcome } from '#shared/refusal';
import { type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

const WORDS = '09:31 赫连勃勃投资 asks why the order was refused\n';

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;

beforeEach(() => {
  folder = temporaryFolder();
  open = openDesk(folder.path);
  open.desk.open('1.0.0');
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

function accepted<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

async function add(text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const about = { kind: 'run' as const, id: 'run-1' };
  const { uploadId } = accepted(await open.desk.requests['evidence.begin']({ name: 'call.txt', bytes: bytes.length, about }));
  accepted(await open.desk.requests['evidence.piece']({ uploadId, place: 0, data: bytes.toString('base64') }));
  return accepted(await open.desk.requests['evidence.finish']({ uploadId, note: '' })).sha256;
}

function filesIn(...parts: string[]): string[] {
  return readdirSync(join(folder.path, ...parts), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

it('is copied with each back-up, once, sealed, and the entry says how many files that is', async () => {
  await add(WORDS);
  await add('another file');
  accepted(await open.desk.requests['backup.now']({}));
  const copies = filesIn('backups', 'evidence');
  expect(copies).toHaveLength(2);
  for (const copy of copies) expect(readFileSync(copy).includes('asks why')).toBe(false);
  expect(copies.map((file) => readFileSync(file).toString('hex')).sort()).toEqual(
    filesIn('evidence')
      .map((file) => readFileSync(file).toString('hex'))
      .sort(),
  );
  const made = open.journal.entriesOf('desk').filter(({ type }) => type === 'backup.made');
  expect(made.map(({ payload }) => (JSON.parse(payload) as { evidenceCount: number }).evidenceCount)).toEqual([2]);
});

it('is found in the back-ups when the disk lost or changed it, and put back whole', async () => {
  const sha256 = await add(WORDS);
  accepted(await open.desk.requests['backup.now']({}));
  const [kept = ''] = filesIn('evidence');
  const whole = readFileSync(kept);
  const changed = Buffer.from(whole);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  for (const spoil of [() => writeFileSync(kept, changed), () => rmSync(kept)]) {
    spoil();
    expect(accepted(await open.desk.requests['evidence.get']({ sha256 })).view).toMatchObject({ kind: 'text', text: WORDS });
    expect(readFileSync(kept).equals(whole)).toBe(true);
  }
  // A changed file is never copied over the good copy.
  writeFileSync(kept, changed);
  await add('news for the journal');
  accepted(await open.desk.requests['backup.now']({}));
  expect(accepted(await open.desk.requests['evidence.get']({ sha256 })).view).toMatchObject({ text: WORDS });
});

it('comes back with a journal that is put back on a bare disk, and what is gone for good is counted', async () => {
  const sha256 = await add(WORDS);
  accepted(await open.desk.requests['backup.now']({}));
  const late = await add('added after the last back-up of the files');
  await open.store.close();
  // All that is left is the folder of back-ups, of which one file was lost.
  const kept = filesIn('backups', 'evidence');
  expect(kept).toHaveLength(2);
  const files = new EvidenceFiles(folder.path, open.store.sealer);
  const lost = kept.find((file) => file.endsWith(`${files.fileIdOf(late)}.sealed`)) ?? '';
  renameSync(lost, join(folder.path, 'elsewhere'));
  for (const name of ['journal.sqlite', 'evidence', 'desk-key.json', 'subject-keys.sqlite'])
    rmSync(join(folder.path, name), { recursive: true, force: true });

  open = openDesk(folder.path);
  const recorder = new Recorder({
    ...{ journal: open.journal, mode: 'live', clock: open.clock, newId: v7, session: v7(), person: () => 'p', log: () => undefined },
  });
  const desk = new EvidenceDesk({
    ...{ recorder, files: new EvidenceFiles(folder.path, open.store.sealer), subjectKeys: open.store.subjectKeys },
    ...{ secondPerson: { take: () => ({ ok: false, code: 'UNKNOWN', message: '' }) }, exportFolder: folder.path },
  });
  await desk.checkAll();
  const [checked] = open.journal.entriesOf('desk').filter(({ type }) => type === 'desk.evidenceChecked');
  expect(JSON.parse(checked?.payload ?? '{}')).toMatchObject({ whole: 0, fetched: 1, missing: 1, damaged: 0, destroyed: 0 });
  expect(accepted(await desk.requests['evidence.get']({ sha256 })).view).toMatchObject({ text: WORDS });
  expect(await desk.requests['evidence.get']({ sha256: late })).toMatchObject({ ok: false });
});
