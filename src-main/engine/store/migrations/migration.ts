/** Brings a database from the schema it has to the one this build knows, one numbered step per transaction. */
import type { SqliteDatabase } from '#engine/store/sqlite-module';
import { StoreError } from '#engine/store/store-error';

export type Migration = {
  /** The `user_version` a database has after it. */
  version: number;
  up: (database: SqliteDatabase) => void;
};

export function schemaVersionOf(database: SqliteDatabase): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Applies what is missing. `user_version` moves in the same transaction, so a step cut short is a step not taken. */
export function migrate(database: SqliteDatabase, migrations: readonly Migration[], file: string): void {
  const newest = migrations.at(-1)?.version ?? 0;
  refuseNewerSchema(schemaVersionOf(database), newest, file);
  for (const migration of migrations) {
    if (migration.version <= schemaVersionOf(database)) continue;
    database
      .transaction(() => {
        migration.up(database);
        database.pragma(`user_version = ${migration.version}`);
      })
      .immediate();
  }
}

export function refuseNewerSchema(found: number, newest: number, file: string): void {
  if (found > newest)
    throw new StoreError('schemaNewer', `${file} was written by a newer Floorwatch (schema ${found}, this one knows ${newest}); it was not touched`);
}
