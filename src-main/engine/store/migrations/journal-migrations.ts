/** Every step of the journal's schema, oldest first: the last one's number is the newest this build knows. */
import { journalSchema } from '#engine/store/migrations/0001-journal';
import { numbersTables } from '#engine/store/migrations/0002-numbers';
import { checkpointsSchema } from '#engine/store/migrations/0003-checkpoints';
import { documentsTable } from '#engine/store/migrations/0004-documents';
import { alertsByState } from '#engine/store/migrations/0005-alerts-by-state';
import type { Migration } from '#engine/store/migrations/migration';

export const journalMigrations: readonly Migration[] = [journalSchema, numbersTables, checkpointsSchema, documentsTable, alertsByState];
