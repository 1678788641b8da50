import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalMigrations } from '#engine/store/migrations/journal-migrations';
import { loadSqlite } from '#engine/store/sqlite-module';
import { condition, openDesk, START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let journalPath: string;
beforeEach(() => {
  folder = temporaryFolder();
  journalPath = join(folder.path, 'journal.sqlite');
});
afterEach(() => folder.remove());

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
const authorship = { actor: 'li.wei', session: 's', mode: 'live' } as const;
const note = (text: string) => ({ type: 'desk.test', subject: 'desk', payload: { text, padding: 'x'.repeat(400) } });
const notes = (from: number, count: number) => Array.from({ length: count }, (_, index) => note(`note ${from + index}`));

/** A copy of the folder as a power cut would leave it: the files as they are while the desk is open. */
function cutPower(): string {
  const copy = join(folder.path, 'after-the-cut');
  mkdirSync(join(copy, 'backups'), { recursive: true });
  for (const name of ['journal.sqlite', 'journal.sqlite-wal'])
    if (existsSync(join(folder.path, name))) copyFileSync(join(folder.path, name), join(copy, name));
  for (const name of readdirSync(join(folder.path, 'backups'))) copyFileSync(join(folder.path, 'backups', name), join(copy, 'backups', name));
  return copy;
}

function overwrite(path: string, from: number, to: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, from, Math.min(to, bytes.length));
  writeFileSync(path, bytes);
}

/** A desk with 300 entries, a back-up after 200, closed without the last back-up that closing makes. */
async function deskWithBackup(): Promise<void> {
  const { journal, store, desk } = openDesk(folder.path);
  desk.alerts.onConditions([condition('raised')]);
  journal.append(notes(2, 199), authorship);
  expect((await store.backups.make()).ok).toBe(true);
  journal.append(notes(201, 100), authorship);
  store.journalFile.close();
}

describe('opening the journal', () => {
  it('finds everything that was answered before the power was cut', async () => {
    const { journal, close } = openDesk(folder.path);
    journal.append(notes(1, 50), authorship);
    const copy = cutPower();
    await close();
    const after = openDesk(copy);
    expect(after.store.notice).toBeNull();
    expect(after.store.journalFile.wasClosedCleanly).toBe(false);
    expect(after.journal.headSequence).toBe(50);
    expect(after.journal.verify().verdict).toBe('OK');
    await after.close();
  });

  it('refuses a newer schema and leaves every byte of the file as it was', async () => {
    const { close } = openDesk(folder.path);
    await close();
    const database = sqlite.open(journalPath);
    database.pragma('journal_mode = DELETE');
    database.pragma('user_version = 99');
    database.close();
    const before = readFileSync(journalPath);
    expect(() => openDesk(folder.path)).toThrow(expect.objectContaining({ code: 'schemaNewer' }));
    expect(readFileSync(journalPath).equals(before)).toBe(true);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('journal'))).toEqual(['journal.sqlite']);
  });

  it('recognises a newer schema that is still only in the log', async () => {
    const { store, close } = openDesk(folder.path);
    store.journalFile.database.pragma('user_version = 99');
    const copy = cutPower();
    store.journalFile.database.pragma(`user_version = ${journalMigrations.length}`);
    await close();
    const before = readFileSync(join(copy, 'journal.sqlite'));
    expect(() => openDesk(copy)).toThrow(expect.objectContaining({ code: 'schemaNewer' }));
    expect(readFileSync(join(copy, 'journal.sqlite')).equals(before)).toBe(true);
    expect(existsSync(join(copy, 'journal.sqlite-wal'))).toBe(true);
  });
});

describe('a damaged journal', () => {
  const damages: [string, (path: string) => void][] = [
    ['whose first page is gone', (path) => overwrite(path, 0, 4096)],
    ['that was cut to half', (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)],
    ['that was cut to a few bytes', (path) => truncateSync(path, 700)],
    ['that is empty', (path) => truncateSync(path, 0)],
    ['that is missing', (path) => unlinkSync(path)],
    ['that is something else', (path) => writeFileSync(path, 'not a database '.repeat(1000))],
  ];

  it.each(damages)('%s is kept, and the newest good back-up takes its place', async (_, damage) => {
    await deskWithBackup();
    damage(journalPath);
    const brokenBytes = existsSync(journalPath) ? readFileSync(journalPath) : null;
    const { store, journal, desk, close } = openDesk(folder.path, { clock: new TestClock(START_MS + 60_000) });
    expect(store.notice).toMatchObject({ code: 'journalRestored', params: { restoredCount: 200 } });
    const { brokenFile, backupFile } = store.notice?.params ?? {};
    expect(existsSync(backupFile ?? '')).toBe(true);
    if (brokenBytes !== null) expect(readFileSync(brokenFile ?? '').equals(brokenBytes)).toBe(true);
    expect(journal.headSequence).toBeGreaterThanOrEqual(200);
    expect(desk.alerts.openAlerts()).toHaveLength(1);
    expect(desk.journalPicture()).toMatchObject({ state: 'degraded', notice: 'journalRestored' });
    desk.open('0.1.0');
    expect(journal.verify().verdict).toBe('OK');
    expect(journal.entriesAfter(200, 10).map(({ type }) => type)).toContain('desk.journalRestored');
    await close();
  });

  it('writes on as a new device, so that what was lost cannot be contradicted', async () => {
    await deskWithBackup();
    overwrite(journalPath, 0, 4096);
    const { journal, close } = openDesk(folder.path);
    const lastOfOld = journal.entriesAfter(journal.headSequence - 1, 1)[0];
    const [entry] = journal.append([note('after')], authorship);
    expect(entry?.device).not.toBe(lastOfOld?.device);
    expect(entry?.deviceSeq).toBe(1);
    expect(entry?.versionVector[lastOfOld?.device ?? '']).toBe(lastOfOld?.deviceSeq);
    await close();
  });

  it('without any back-up gives back every sound entry before the damage', async () => {
    const { store, journal } = openDesk(folder.path);
    journal.append(notes(1, 300), authorship);
    store.journalFile.database.close();
    const size = statSync(journalPath).size;
    overwrite(journalPath, Math.floor(size * 0.6), Math.floor(size * 0.6) + 8192);
    const after = openDesk(folder.path);
    expect(after.store.notice).toMatchObject({ code: 'journalBegunAnew', params: { backupFile: null, restoredCount: 0 } });
    expect(after.journal.headSequence).toBeGreaterThan(50);
    expect(after.journal.headSequence).toBe(after.store.notice?.params.salvagedCount);
    expect(after.journal.verify().verdict).toBe('OK');
    await after.close();
  });

  it('carries over what was written after the back-up, as far as it can be read', async () => {
    await deskWithBackup();
    // The header says that the file was closed cleanly; the last page of it is damaged, and the mark is taken away.
    const database = sqlite.open(journalPath);
    database.pragma('journal_mode = DELETE');
    database.prepare(`UPDATE meta SET value = 'no' WHERE key = 'closedCleanly'`).run();
    const root = database.prepare(`SELECT rootpage FROM sqlite_master WHERE name = 'entriesBySubject'`).pluck().get() as number;
    database.close();
    overwrite(journalPath, (root - 1) * 4096, root * 4096);
    const { store, journal, close } = openDesk(folder.path);
    expect(store.notice).toMatchObject({ code: 'journalRestored', params: { restoredCount: 200, salvagedCount: 101 } });
    // The hundred notes, and the entry that says that the back-up was made.
    expect(journal.headSequence).toBe(301);
    expect(journal.verify().verdict).toBe('OK');
    await close();
  });

  it('passes over a back-up that does not prove good', async () => {
    const first = openDesk(folder.path);
    first.journal.append(notes(1, 100), authorship);
    await first.store.backups.make();
    first.clock.ms += 1_000;
    first.journal.append(notes(101, 100), authorship);
    await first.store.backups.make();
    const [newest] = first.store.backups.list();
    first.store.journalFile.close();
    overwrite(newest?.file ?? '', 40_000, 60_000);
    overwrite(journalPath, 0, 4096);
    const { store, close } = openDesk(folder.path);
    expect(store.notice?.params.restoredCount).toBe(100);
    await close();
  });
});

describe('a back-up', () => {
  it('is made while the desk goes on writing, and proves good', async () => {
    const { store, journal, desk, close } = openDesk(folder.path);
    journal.append(notes(1, 5_000), authorship);
    const making = desk.requests['backup.now']({});
    for (let count = 0; count < 50; count += 1) {
      journal.append([note(`while ${count}`)], authorship);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const made = await making;
    expect(made).toMatchObject({ ok: true, value: { verified: true } });
    const [backup] = store.backups.list();
    const copy = sqlite.open(backup?.file ?? '', { readonly: true });
    expect(copy.prepare('SELECT COUNT(*) FROM entries').pluck().get()).toBeGreaterThanOrEqual(5_000);
    copy.close();
    expect(readdirSync(join(folder.path, 'backups')).filter((name) => name.startsWith('journal-'))).toHaveLength(1);
    expect(journal.entriesOf('desk').at(-1)?.type).toBe('backup.made');
    expect(desk.journalPicture()).toMatchObject({ state: 'ok', lastBackupVerified: true });
    await close();
  });

  it('is made on exit when something happened, and not when nothing did', async () => {
    const first = openDesk(folder.path);
    first.journal.append(notes(1, 3), authorship);
    await first.store.close();
    expect(first.store.backups.list()).toHaveLength(1);
    const second = openDesk(folder.path, { clock: new TestClock(START_MS - 86_400_000) });
    second.journal.append(notes(4, 1), authorship);
    await second.store.backups.makeIfChanged();
    await second.store.backups.makeIfChanged();
    expect(second.store.backups.list()).toHaveLength(2);
    await second.store.close();
    expect(second.store.backups.list()).toHaveLength(2);
  });

  it('that cannot be written is refused, leaves earlier ones alone, and stops nothing', async () => {
    const { store, journal, desk, close } = openDesk(folder.path);
    journal.append(notes(1, 3), authorship);
    await store.backups.make();
    const kept = store.backups.list();
    // A folder where the unfinished copy wants to be.
    store.backups.onMade = () => undefined;
    mkdirSync(join(folder.path, 'backups', 'journal-20260921T010000001Z.sqlite.part', 'x'), { recursive: true });
    const made = await store.backups.make();
    expect(made).toMatchObject({ ok: false, code: 'FAILED' });
    expect(store.backups.list()).toEqual(kept);
    expect(desk.journalPicture()).toMatchObject({ state: 'degraded', notice: 'backupFailed' });
    expect(journal.append(notes(4, 1), authorship)).toHaveLength(1);
    await close();
  });

  it('of a journal that was tampered with does not prove good, and the good ones before it stay', async () => {
    const { store, journal, close } = openDesk(folder.path);
    journal.append(notes(1, 20), authorship);
    await store.backups.make();
    store.journalFile.database.exec('DROP TRIGGER entriesAreNeverEdited');
    store.journalFile.database.exec(`UPDATE entries SET actor = 'someone else' WHERE sequence = 7`);
    expect(journal.verify()).toMatchObject({ verdict: 'BROKEN_AT', sequence: 7, reason: 'entryHash' });
    expect(await store.backups.make()).toMatchObject({ ok: false, message: expect.stringContaining('entryHash') });
    expect(store.backups.list()).toHaveLength(1);
    await close();
  });

  it('is kept hourly for a day and daily for two weeks', async () => {
    const clock = new TestClock(START_MS);
    const { store, journal, close } = openDesk(folder.path, { clock });
    for (let hour = 0; hour < 80; hour += 1) {
      clock.ms = START_MS + hour * 6 * 3_600_000;
      const stamp = new Date(clock.ms).toISOString().replace(/[-:.]/g, '');
      writeFileSync(join(folder.path, 'backups', `journal-${stamp}.sqlite`), '');
    }
    clock.ms += 3_600_000;
    journal.append(notes(1, 1), authorship);
    await store.backups.make();
    const days = new Set(store.backups.list().map((backup) => new Date(backup.atMs).toISOString().slice(0, 10)));
    expect(store.backups.list().length).toBeLessThan(40);
    expect(store.backups.list().length).toBeGreaterThanOrEqual(24);
    expect(days.size).toBe(14);
    await close();
  });
});
