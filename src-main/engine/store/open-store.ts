/** Opens everything this desk keeps on disk, in order, and says in plain codes what was found and what had to be done. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#engine/clock';
import { Backups } from '#engine/store/backups';
import type { JournalFile } from '#engine/store/journal-file';
import { type Log, silentLog } from '#engine/store/log';
import { openOrRecoverJournal, type RecoveryNotice } from '#engine/store/recovery';
import { FeedTokens } from '#engine/store/secrets';
import { createSlowQueryLog } from '#engine/store/slow-queries';
import { loadSqlite, type Sqlite, type StoreWarning } from '#engine/store/sqlite-module';
import { storeErrorFrom } from '#engine/store/store-error';

export type StoreOptions = {
  /** The desk's data folder, absolute; made when it is not there. */
  directory: string;
  isPackaged: boolean;
  sqliteModulePath: string | null;
  clock: Clock;
  log?: Log;
};

export type Store = {
  directory: string;
  sqlite: Sqlite;
  journalFile: JournalFile;
  backups: Backups;
  tokens: FeedTokens;
  /** What had to be done to open the journal; null when it was simply there (or new). */
  notice: RecoveryNotice | null;
  warnings: readonly StoreWarning[];
  /** Ends the hourly back-ups, makes the last one, and closes the journal with its clean mark. A back-up that fails does not keep it open. */
  close: () => Promise<void>;
};

/** Throws a StoreError whose code says what a person can do about it; then nothing is left open and no file was changed. */
export function openStore(options: StoreOptions): Store {
  const { directory, clock } = options;
  const log = options.log ?? silentLog;
  const sqlite = loadSqlite({ isPackaged: options.isPackaged, modulePath: options.sqliteModulePath });
  const backupFolder = join(directory, 'backups');
  try {
    mkdirSync(backupFolder, { recursive: true });
  } catch (error) {
    throw storeErrorFrom(error, `cannot use the folder ${directory}`);
  }
  const measure = createSlowQueryLog(clock, log);
  const { file, notice } = openOrRecoverJournal({ sqlite, path: join(directory, 'journal.sqlite'), backupFolder, clock, log, measure });
  const backups = new Backups({ sqlite, file, folder: backupFolder, clock, log });
  return {
    directory,
    sqlite,
    journalFile: file,
    backups,
    tokens: new FeedTokens(directory),
    notice,
    warnings: sqlite.warnings,
    async close() {
      await backups.stop();
      file.close();
    },
  };
}
