/** What is sealed on the disk, who can open it, and what happens when the key is lost, kept elsewhere, or destroyed for one person. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { KEYCHAIN_SLOT, type WrappingKey } from '#engine/store/data-key';
import { openStore, type Store } from '#engine/store/open-store';
import { loadSqlite } from '#engine/store/sqlite-module';
import { START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const NAME = '欧阳修德贸易有限公司';
const NOTE = 'called Mr Zephyrinus about the transfer';
const authorship = { actor: 'p-duty', session: v7(), mode: 'live' } as const;
const keychain: WrappingKey = { slot: KEYCHAIN_SLOT, key: Buffer.alloc(32, 3) };

let folder: ReturnType<typeof temporaryFolder>;
const open: Store[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  folder.remove();
});

function openAt(wrappingKeys: readonly WrappingKey[] = []): { store: Store; journal: ChainedJournal } {
  const clock = new TestClock(START_MS);
  const store = openStore({ directory: folder.path, isPackaged: false, sqliteModulePath: null, clock, wrappingKeys });
  open.push(store);
  return { store, journal: new ChainedJournal({ file: store.journalFile, clock, newId: v7 }) };
}

async function close(store: Store): Promise<void> {
  open.splice(open.indexOf(store), 1);
  await store.close();
}

function note(journal: ChainedJournal, text: string, dataSubject?: string): void {
  const event = { type: 'layout.saved', subject: 'layouts', payload: { name: text, layout: '{}', atMs: 1 } };
  journal.append([dataSubject === undefined ? event : { ...event, dataSubject }], authorship);
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function bytesOnDisk(): Buffer {
  return Buffer.concat(filesUnder(folder.path).map((file) => readFileSync(file)));
}

describe('the journal on disk', () => {
  it('shows neither names nor notes, in entries, projections, log and back-ups, and reads back with the key', async () => {
    const { store, journal } = openAt([keychain]);
    note(journal, NAME);
    note(journal, NOTE);
    await store.backups.make();
    for (const text of [NAME, NOTE]) expect(bytesOnDisk().includes(text)).toBe(false);
    await close(store);
    const again = openAt([keychain]);
    expect(again.journal.entriesOf('layouts').map(({ payload }) => JSON.parse(payload) as unknown)).toMatchObject([{ name: NAME }, { name: NOTE }]);
    expect(again.journal.tables.layouts.all().map(({ key }) => key)).toEqual([NOTE, NAME].sort());
    expect(again.journal.verify()).toMatchObject({ verdict: 'OK', entryCount: 2 });
  });

  it('is opened through the keychain only, once there is one: the bare key of before is gone', async () => {
    const bare = openAt();
    note(bare.journal, NAME);
    expect(bare.store.dataKey.protection).toBe('file');
    const bareKey = Buffer.from(bare.store.dataKey.bytes).toString('base64');
    await close(bare.store);
    const kept = openAt([keychain]);
    expect(kept.store.dataKey.protection).toBe('keychain');
    await close(kept.store);
    expect(bytesOnDisk().includes(bareKey)).toBe(false);
    expect(() => openAt()).toThrow(expect.objectContaining({ code: 'keyLocked' }));
    expect(() => openAt([{ ...keychain, key: Buffer.alloc(32, 4) }])).toThrow(expect.objectContaining({ code: 'keyLocked' }));
    expect(openAt([keychain]).journal.entriesOf('layouts')).toHaveLength(1);
  });

  it('is opened by a person’s own way when the keychain is lost', async () => {
    const { store, journal } = openAt([keychain]);
    note(journal, NAME);
    const own = { slot: 'person:p-duty', key: Buffer.alloc(32, 9) };
    store.dataKey.putSlot(own);
    expect(store.dataKey.slots()).toEqual([KEYCHAIN_SLOT, 'person:p-duty']);
    await close(store);
    const again = openAt([own]);
    expect(again.journal.entriesOf('layouts')[0]?.payload).toContain(NAME);
    again.store.dataKey.removeSlot('person:p-duty');
    again.store.dataKey.removeSlot(KEYCHAIN_SLOT);
    expect(again.store.dataKey.slots()).toEqual([KEYCHAIN_SLOT]);
  });

  it('is not opened, and not touched, without its key file; the copy with the back-ups brings it back', async () => {
    const { store, journal } = openAt();
    note(journal, NAME);
    await close(store);
    const keyFile = join(folder.path, 'desk-key.json');
    const copy = join(folder.path, 'backups', 'desk-key.json');
    const text = readFileSync(copy, 'utf8');
    rmSync(keyFile);
    rmSync(copy);
    const before = readFileSync(join(folder.path, 'journal.sqlite'));
    expect(() => openAt()).toThrow(expect.objectContaining({ code: 'keyMissing' }));
    expect(existsSync(keyFile)).toBe(false);
    expect(readFileSync(join(folder.path, 'journal.sqlite'))).toEqual(before);
    writeFileSync(copy, text);
    expect(openAt().journal.entriesOf('layouts')).toHaveLength(1);
    expect(readFileSync(keyFile, 'utf8')).toBe(text);
  });

  it('does not open a payload that was moved to another entry', async () => {
    const { store, journal } = openAt();
    note(journal, NAME);
    note(journal, NOTE);
    await close(store);
    const database = loadSqlite({ isPackaged: false, modulePath: null }).open(join(folder.path, 'journal.sqlite'), {});
    database.exec('DROP TRIGGER entriesAreNeverEdited');
    database.exec('UPDATE entries SET payload = (SELECT payload FROM entries WHERE sequence = 1) WHERE sequence = 2');
    database.close();
    const again = openAt();
    expect(() => again.journal.entriesAfter(1, 1)).toThrow(/does not open/);
    expect(again.journal.verify()).toMatchObject({ verdict: 'BROKEN_AT', sequence: 2 });
  });
});

describe('a journal of an earlier release', () => {
  it('is read as it is, and its projections are sealed and its old rows overwritten', async () => {
    const { store, journal } = openAt();
    note(journal, 'new');
    await close(store);
    const database = loadSqlite({ isPackaged: false, modulePath: null }).open(join(folder.path, 'journal.sqlite'), {});
    // As the release before wrote them: in clear.
    database.exec(`DROP TRIGGER entriesAreNeverEdited; UPDATE meta SET value = '2' WHERE key = 'projections'; DELETE FROM layouts`);
    database.prepare('INSERT INTO layouts (name, sequence, body) VALUES (?, 1, ?)').run('plain', JSON.stringify({ text: NAME }));
    database.close();
    expect(bytesOnDisk().includes(NAME)).toBe(true);
    const again = openAt();
    expect(again.journal.tables.layouts.all().map(({ key }) => key)).toEqual(['new']);
    rmSync(join(folder.path, 'backups'), { recursive: true });
    expect(bytesOnDisk().includes(NAME)).toBe(false);
  });
});

describe('one person’s data', () => {
  it('is unreadable for ever once their key is destroyed, here and in every back-up, and the record still verifies', async () => {
    const { store, journal } = openAt();
    note(journal, NAME, 'client:A1');
    note(journal, NOTE);
    await store.backups.make();
    const backup = store.backups.list()[0]?.file ?? '';
    expect(store.subjectKeys.destroy('client:A1')).toHaveLength(1);
    expect(store.subjectKeys.destroy('client:A1')).toEqual([]);
    expect(journal.entriesOf('layouts').map(({ payload }) => payload.includes(NAME))).toEqual([false, false]);
    expect(journal.tables.layouts.all().map(({ key }) => key)).toEqual([NOTE]);
    expect(journal.verify()).toMatchObject({ verdict: 'OK', entryCount: 2 });
    const dumped = journal.tables.dump();
    journal.rebuildProjections();
    expect(journal.tables.layouts.all().map(({ key }) => key)).toEqual([NOTE]);
    expect(dumped.parked).toEqual([]);
    await close(store);
    // The back-up in the journal's place, and the copy of the keys in the keys' place: neither brings anything back.
    writeFileSync(join(folder.path, 'journal.sqlite'), readFileSync(backup));
    rmSync(join(folder.path, 'subject-keys.sqlite'));
    const restored = openAt();
    expect(restored.journal.entriesOf('layouts').map(({ payload }) => payload.includes(NAME))).toEqual([false, false]);
    expect(restored.journal.entriesOf('layouts')[1]?.payload).toContain(NOTE);
  });

  it('gets a new key when something is written about them again', async () => {
    const { store, journal } = openAt();
    note(journal, NAME, 'client:A1');
    store.subjectKeys.destroy('client:A1');
    note(journal, NOTE, 'client:A1');
    await close(store);
    const again = openAt();
    expect(again.journal.entriesOf('layouts').map(({ payload }) => payload)).toEqual(['{"destroyed":1}', expect.stringContaining(NOTE)]);
  });
});
