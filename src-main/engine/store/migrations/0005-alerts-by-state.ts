/** Finds open alerts by what is done about them without reading them: in a storm there are tens of thousands, and they are counted many times a second. */
import type { Migration } from '#engine/store/migrations/migration';

export const alertsByState: Migration = {
  version: 5,
  up(database) {
    database.exec(`
      CREATE INDEX openAlertsByState ON alerts (human, severity, sequence) WHERE isOpen = 1;
      CREATE INDEX alertsByKey ON alerts (dedupKey, sequence);
    `);
  },
};
