/** A journal of the first schema, with entries in it, opens with the tables of scenarios, worklists and statements, and folds what it can into them. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schemaVersionOf } from '#engine/store/migrations/migration';
import { loadSqlite } from '#engine/store/sqlite-module';
import { openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

const authorship = { actor: 'li.wei', session: 's', mode: 'live' } as const;
const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** As the first release left it: none of the later tables, and an entry of a kind it could not fold, parked. */
async function journalOfSchema1(): Promise<string> {
  const desk = openDesk(folder.path);
  desk.journal.append([{ type: 'layout.saved', subject: 'layout:a', payload: { name: 'a', layout: '{}', atMs: 1 } }], authorship);
  const scenario = { scenarioId: 's1', name: 'Monday', version: 1, price: { type: 'latest' }, marginOverrides: [], cash: [], closes: [] };
  desk.journal.append([{ type: 'scenario.saved', subject: 'scenario:s1', payload: { scenario, note: '', atMs: 2 } }], authorship);
  await desk.close();
  const path = join(folder.path, 'journal.sqlite');
  const database = sqlite.open(path);
  database.exec('DROP INDEX openAlertsByState; DROP INDEX alertsByKey');
  for (const table of ['scenarios', 'worklists', 'statements', 'checkpoints', 'documents']) database.exec(`DROP TABLE IF EXISTS ${table}`);
  for (const index of ['openAlertsByState', 'alertsByKey']) database.exec(`DROP INDEX IF EXISTS ${index}`);
  database.exec("UPDATE meta SET value = '1' WHERE key = 'projections'");
  database.pragma('user_version = 1');
  database.close();
  return path;
}

describe('step 2 of the schema', () => {
  it('keeps every entry, makes the tables, and folds what the first release had to park', async () => {
    const path = await journalOfSchema1();
    const desk = openDesk(folder.path);
    expect(desk.journal.headSequence).toBe(2);
    expect(desk.journal.verify()).toMatchObject({ verdict: 'OK' });
    expect(desk.journal.tables.scenarios.get('s1')).toMatchObject({ versions: [{ scenario: { name: 'Monday' }, savedBy: 'li.wei' }] });
    expect(desk.journal.tables.worklists.all()).toEqual([]);
    expect(desk.journal.tables.statements.all()).toEqual([]);
    await desk.close();
    const database = sqlite.open(path);
    expect(schemaVersionOf(database)).toBeGreaterThanOrEqual(2);
    database.close();
  });
});
