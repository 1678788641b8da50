/** Proves a back-up by opening it the way a restore would: structure, chain, and how far it reaches. */
import { sha256 } from '#engine/store/hash';
import { type EntryRow, entryOfRow } from '#engine/store/journal-rows';
import { journalMigrations } from '#engine/store/migrations/journal-migrations';
import { schemaVersionOf } from '#engine/store/migrations/migration';
import type { Sqlite, SqliteDatabase } from '#engine/store/sqlite-module';
import { ChainChecker, verifyChain } from '#shared/journal/chain';
import type { StoredEntry } from '#shared/journal/entry';

export type BackupVerdict =
  | { isGood: true; entryCount: number; headHash: string | null; lastWallTime: string | null }
  | { isGood: false; fault: string; sequence: number | null };

/** Opens a copy that nobody else has open, makes it a single self-contained file, and checks all of it. Never throws. */
export function checkBackup(sqlite: Sqlite, path: string): BackupVerdict {
  let database: SqliteDatabase | undefined;
  try {
    database = sqlite.open(path, { fileMustExist: true });
    // A copy of a write-ahead-log database opens as one: without this, checking it would leave two more files beside it.
    database.pragma('journal_mode = DELETE');
    if (schemaVersionOf(database) > (journalMigrations.at(-1)?.version ?? 0)) return { isGood: false, fault: 'schemaNewer', sequence: null };
    const answer = database.pragma('quick_check(1)', { simple: true });
    if (answer !== 'ok') return { isGood: false, fault: String(answer), sequence: null };
    return checkChain(database);
  } catch (error) {
    return { isGood: false, fault: error instanceof Error ? error.message : String(error), sequence: null };
  } finally {
    database?.close();
  }
}

function checkChain(database: SqliteDatabase): BackupVerdict {
  const checker = new ChainChecker(sha256);
  let last: StoredEntry | undefined;
  const verdict = verifyChain((after, limit) => {
    const page = readEntries(database, after, limit);
    last = page.at(-1) ?? last;
    return page;
  }, checker);
  if (verdict.verdict !== 'OK') return { isGood: false, fault: verdict.reason, sequence: verdict.sequence };
  return { isGood: true, entryCount: verdict.entryCount, headHash: last?.entryHash ?? null, lastWallTime: last?.wallTime ?? null };
}

/** Reads entries by the primary key alone, so that a broken index hides nothing. */
export function readEntries(database: SqliteDatabase, afterSequence: number, limit: number): StoredEntry[] {
  const rows = database.prepare('SELECT * FROM entries NOT INDEXED WHERE sequence > ? ORDER BY sequence LIMIT ?').all(afterSequence, limit);
  return (rows as EntryRow[]).map(entryOfRow);
}
