/** One table for the folded state of every smaller capability of the desk (people, approvals, rules, plans, incidents, drills): its kind, its id, its body. */
import type { Migration } from '#engine/store/migrations/migration';

export const documentsTable: Migration = {
  version: 4,
  up(database) {
    database.exec(`
      CREATE TABLE documents (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        sequence INTEGER NOT NULL REFERENCES entries (sequence),
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT;
      CREATE INDEX documentsBySequence ON documents (kind, sequence);
    `);
  },
};
