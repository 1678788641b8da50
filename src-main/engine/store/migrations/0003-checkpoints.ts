/** Checkpoints: what a device's record was at a size, kept so that a later change of it, or a missing end, shows. */
import type { Migration } from '#engine/store/migrations/migration';

/**
 * One row per checkpoint, in the order they were made. `root` is the RFC 6962 tree hash over the device's first `size` entry hashes, `head` the
 * entry hash of the last of them, `sum` the hash of the row's other fields, so that a damaged row is not taken for a statement.
 */
export const checkpointsSchema: Migration = {
  version: 3,
  up(database) {
    database.exec(`
      CREATE TABLE checkpoints (
        place INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        size INTEGER NOT NULL,
        root TEXT NOT NULL,
        head TEXT NOT NULL,
        time TEXT NOT NULL,
        sum TEXT NOT NULL,
        signature TEXT,
        UNIQUE (device, size)
      ) STRICT;
      CREATE TRIGGER checkpointsAreNeverEdited BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are never edited'); END;
      CREATE TRIGGER checkpointsAreNeverDeleted BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;
    `);
  },
};
