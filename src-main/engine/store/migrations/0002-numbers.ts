/** Tables for what people make of the numbers: saved scenarios, liquidation worklists and imported settlement statements, folded from the journal. */
import type { Migration } from '#engine/store/migrations/migration';

export const numbersTables: Migration = {
  version: 2,
  up(database) {
    database.exec(`
      CREATE TABLE scenarios (scenarioId TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
      CREATE TABLE worklists (worklistId TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
      CREATE TABLE statements (statementId TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
    `);
  },
};
