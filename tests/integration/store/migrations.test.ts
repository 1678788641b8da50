import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalSchema } from '#engine/store/migrations/0001-journal';
import { numbersTables } from '#engine/store/migrations/0002-numbers';
import { checkpointsSchema } from '#engine/store/migrations/0003-checkpoints';
import { documentsTable } from '#engine/store/migrations/0004-documents';
import { journalMigrations } from '#engine/store/migrations/journal-migrations';
import { migrate, schemaVersionOf } from '#engine/store/migrations/migration';
import { loadSqlite, type SqliteDatabase } from '#engine/store/sqlite-module';
import { condition, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
const authorship = { actor: 'li.wei', session: 's', mode: 'live' } as const;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'journal.sqlite');
});
afterEach(() => folder.remove());

/** A journal of 3 entries as schema 2 kept it. */
async function journalOfSchema2(): Promise<readonly string[]> {
  const desk = openDesk(folder.path);
  desk.journal.append(
    [1, 2, 3].map((number) => ({ type: 'desk.test', subject: 'desk', payload: { number } })),
    authorship,
  );
  const hashes = desk.journal.entriesAfter(0, 10).map(({ entryHash }) => entryHash);
  await desk.close();
  const database = sqlite.open(path);
  database.exec('DROP TABLE checkpoints; DROP TABLE documents; DROP INDEX openAlertsByState; DROP INDEX alertsByKey');
  database.pragma(`user_version = ${numbersTables.version}`);
  database.close();
  return hashes;
}

describe('the steps of the schema', () => {
  it('are numbered from 1 without gaps, and each is taken once', () => {
    expect(journalMigrations.map(({ version }) => version)).toEqual(journalMigrations.map((_, index) => index + 1));
    const database: SqliteDatabase = sqlite.open(':memory:');
    migrate(database, journalMigrations, 'memory');
    migrate(database, journalMigrations, 'memory');
    expect(schemaVersionOf(database)).toBe(journalMigrations.length);
    database.close();
  });

  it('a step that fails is a step not taken', () => {
    const database = sqlite.open(':memory:');
    migrate(database, [journalSchema, numbersTables], 'memory');
    const broken = {
      version: 3,
      up(target: SqliteDatabase) {
        checkpointsSchema.up(target);
        throw new Error('cut short');
      },
    };
    expect(() => migrate(database, [journalSchema, numbersTables, broken], 'memory')).toThrow('cut short');
    expect(schemaVersionOf(database)).toBe(2);
    expect(database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'").get()).toBeUndefined();
    database.close();
  });

  it('3: a journal without checkpoints keeps its entries, and its checkpoints cannot be edited or deleted', async () => {
    const hashes = await journalOfSchema2();
    const desk = openDesk(folder.path);
    const { database } = desk.store.journalFile;
    expect(schemaVersionOf(database)).toBe(journalMigrations.length);
    expect(desk.journal.entriesAfter(0, 10).map(({ entryHash }) => entryHash)).toEqual(hashes);
    expect(desk.journal.verify().verdict).toBe('OK');
    database.exec(`INSERT INTO checkpoints (device, size, root, head, time, sum) VALUES ('d', 1, 'r', 'h', 't', 's')`);
    expect(() => database.exec(`UPDATE checkpoints SET root = 'other'`)).toThrow(/never edited/);
    expect(() => database.exec('DELETE FROM checkpoints')).toThrow(/never deleted/);
    await desk.close();
  });

  it('4: a journal without documents keeps its entries and has a place for the state of every further capability', async () => {
    const before = openDesk(folder.path);
    before.journal.append([{ type: 'desk.test', subject: 'desk', payload: { number: 1 } }], authorship);
    await before.close();
    const old = sqlite.open(path);
    old.exec('DROP TABLE documents; DROP INDEX openAlertsByState; DROP INDEX alertsByKey');
    old.pragma(`user_version = ${checkpointsSchema.version}`);
    old.close();
    const desk = openDesk(folder.path);
    expect(desk.journal.verify().verdict).toBe('OK');
    const { documents } = desk.journal.tables;
    expect(documents.get('thing', 'a')).toBeUndefined();
    documents.put('thing', 'a', desk.journal.headSequence, { is: 'kept' });
    expect(documents.get('thing', 'a')).toEqual({ is: 'kept' });
    expect(documents.all('other')).toEqual([]);
    await desk.close();
  });

  it('5: a journal of before finds its open alerts by what is done about them, as they were', async () => {
    const before = openDesk(folder.path);
    before.desk.alerts.onConditions([condition('raised')]);
    await before.close();
    const old = sqlite.open(path);
    old.exec('DROP INDEX openAlertsByState; DROP INDEX alertsByKey');
    old.pragma(`user_version = ${documentsTable.version}`);
    old.close();
    const desk = openDesk(folder.path);
    expect(desk.desk.alerts.unacknowledgedBySeverity()).toMatchObject({ high: 1 });
    const plan = desk.store.journalFile.database.prepare(
      "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM alerts WHERE isOpen = 1 AND human = 'unacknowledged' AND severity = 'high'",
    );
    expect(JSON.stringify(plan.all())).toContain('openAlertsByState');
    await desk.close();
  });
});
