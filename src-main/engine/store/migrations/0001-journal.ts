/** The first schema of journal.sqlite: entries with their chain, the outbox, and the projections that are folded from them. */
import type { Migration } from '#engine/store/migrations/migration';

/**
 * `entries.sequence` is the rowid, so appending never moves a page. `batchOpId` is set only on the entries of one command that wrote
 * several: it lets a repeated command find all of them and is no part of the hash. A projection keeps the folded state as JSON in
 * `body`; the columns beside it are only what is searched by.
 */
export const journalSchema: Migration = {
  version: 1,
  up(database) {
    database.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

      CREATE TABLE entries (
        sequence INTEGER PRIMARY KEY,
        opId TEXT NOT NULL UNIQUE,
        batchOpId TEXT,
        device TEXT NOT NULL,
        deviceSeq INTEGER NOT NULL,
        actor TEXT NOT NULL,
        session TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('live', 'drill')),
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        payload TEXT NOT NULL,
        payloadHash TEXT NOT NULL,
        versionVector TEXT NOT NULL,
        hlc TEXT NOT NULL,
        wallTime TEXT NOT NULL,
        prevHash TEXT NOT NULL,
        entryHash TEXT NOT NULL,
        signature TEXT,
        UNIQUE (device, deviceSeq)
      ) STRICT;
      CREATE INDEX entriesBySubject ON entries (subject);
      CREATE INDEX entriesByBatch ON entries (batchOpId) WHERE batchOpId IS NOT NULL;
      CREATE TRIGGER entriesAreNeverEdited BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'journal entries are never edited'); END;
      CREATE TRIGGER entriesAreNeverDeleted BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'journal entries are never deleted'); END;

      CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
        state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'received', 'parked')),
        attempts INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      CREATE TABLE alerts (
        alertId TEXT PRIMARY KEY,
        dedupKey TEXT NOT NULL,
        isOpen INTEGER NOT NULL,
        human TEXT NOT NULL,
        severity TEXT NOT NULL,
        sequence INTEGER NOT NULL REFERENCES entries (sequence),
        body TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX oneOpenAlertPerKey ON alerts (dedupKey) WHERE isOpen = 1;
      CREATE INDEX alertsBySequence ON alerts (sequence);

      CREATE TABLE runs (
        runId TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        sequence INTEGER NOT NULL REFERENCES entries (sequence),
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX runsBySequence ON runs (sequence);

      CREATE TABLE settings (key TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
      CREATE TABLE layouts (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
      CREATE TABLE feeds (feedId TEXT PRIMARY KEY, sequence INTEGER NOT NULL REFERENCES entries (sequence), body TEXT NOT NULL) STRICT;
      CREATE TABLE parked (sequence INTEGER PRIMARY KEY REFERENCES entries (sequence), reason TEXT NOT NULL) STRICT;
    `);
  },
};
