/** One open journal.sqlite: its connection, its rows, its projections, and the mark that says whether it was closed cleanly. */
import type { Transaction } from 'better-sqlite3';
import { JournalRows } from '#engine/store/journal-rows';
import { journalMigrations } from '#engine/store/migrations/journal-migrations';
import { migrate, schemaVersionOf } from '#engine/store/migrations/migration';
import { ProjectionTables } from '#engine/store/projection-tables';
import type { Sealer } from '#engine/store/sealing';
import type { Measure } from '#engine/store/slow-queries';
import type { Sqlite, SqliteDatabase } from '#engine/store/sqlite-module';
import { DamagedFileError, sqliteCodeOf, storeErrorFrom } from '#engine/store/store-error';

/** How long to wait for an engine that is just ending before saying that the folder is in use. */
const BUSY_TIMEOUT_MS = 2_000;

export class JournalFile {
  readonly path: string;
  readonly rows: JournalRows;
  readonly tables: ProjectionTables;
  readonly wasClosedCleanly: boolean;
  readonly database: SqliteDatabase;
  readonly sealer: Sealer;
  readonly #measure: Measure;
  /** Made once: better-sqlite3 makes four functions for each, which costs a tenth of a commit. */
  readonly #transaction: Transaction<(write: () => unknown) => unknown>;

  constructor(path: string, database: SqliteDatabase, measure: Measure, sealer: Sealer) {
    this.path = path;
    this.database = database;
    this.#measure = measure;
    this.#transaction = database.transaction((write: () => unknown) => write());
    this.sealer = sealer;
    this.rows = new JournalRows(database, sealer);
    this.tables = new ProjectionTables(database, sealer);
    this.wasClosedCleanly = this.meta('closedCleanly') !== 'no';
  }

  meta(key: string): string | null {
    const value = this.database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
    return value === undefined ? null : String(value);
  }

  setMeta(key: string, value: string): void {
    this.database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value);
  }

  /** Runs `write` in one transaction; when it returns, everything is on disk. A failure leaves nothing behind and is thrown as a StoreError. */
  transaction<Result>(name: string, write: () => Result): Result {
    try {
      return this.#measure(name, () => this.#transaction.immediate(write) as Result);
    } catch (error) {
      throw storeErrorFrom(error, name);
    }
  }

  /** SQLite's own check of the file's structure: null when sound, else its first complaint. */
  quickCheck(): string | null {
    const answer = this.#measure('quickCheck', () => this.database.pragma('quick_check(1)', { simple: true }));
    return answer === 'ok' ? null : String(answer);
  }

  /** From here on, an end without `close` is an unclean one. */
  markInUse(): void {
    this.setMeta('closedCleanly', 'no');
  }

  close(): void {
    if (!this.database.open) return;
    try {
      this.setMeta('closedCleanly', 'yes');
    } finally {
      this.database.close();
    }
  }
}

/**
 * Opens a journal file for its one writer. Exclusive locking makes a second engine on the same folder fail at once instead of sharing the
 * write-ahead log, and needs no shared-memory file. `wasUsed`: there are back-ups, so a file without a schema is not a new one.
 * Throws what SQLite throws; the caller tells damage from other failures.
 */
export function openJournalFile(sqlite: Sqlite, path: string, measure: Measure, wasUsed: boolean, sealer: Sealer): JournalFile {
  const database = sqlite.open(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // Taken before anything is read, so that two engines cannot both believe the file is theirs.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    const hasTables = database.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() !== undefined;
    if (schemaVersionOf(database) === 0 && (wasUsed || hasTables)) throw new DamagedFileError('the file has lost its schema');
    migrate(database, journalMigrations, path);
    return readFile(path, database, measure, sealer);
  } catch (error) {
    database.close();
    throw error;
  }
}

function readFile(path: string, database: SqliteDatabase, measure: Measure, sealer: Sealer): JournalFile {
  try {
    return new JournalFile(path, database, measure, sealer);
  } catch (error) {
    // The schema has its number but not its tables.
    if (sqliteCodeOf(error) === 'SQLITE_ERROR') throw new DamagedFileError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
