/** Opens everything this desk keeps on disk, in order, and says in plain codes what was found and what had to be done. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#engine/clock';
import { Backups } from '#engine/store/backups';
import { type DataKey, openDataKey, type WrappingKey } from '#engine/store/data-key';
import type { JournalFile } from '#engine/store/journal-file';
import { type Log, silentLog } from '#engine/store/log';
import { openOrRecoverJournal, type RecoveryNotice } from '#engine/store/recovery';
import { Sealer } from '#engine/store/sealing';
import { FeedTokens } from '#engine/store/secrets';
import { createSlowQueryLog } from '#engine/store/slow-queries';
import { loadSqlite, type Sqlite, type StoreWarning } from '#engine/store/sqlite-module';
import { storeErrorFrom } from '#engine/store/store-error';
import { SubjectKeys } from '#engine/store/subject-keys';

export type StoreOptions = {
  /** The desk's data folder, absolute; made when it is not there. */
  directory: string;
  isPackaged: boolean;
  sqliteModulePath: string | null;
  clock: Clock;
  log?: Log;
  /** Ways to the data key that are open now: the system's keychain, a person who has just signed in. */
  wrappingKeys?: readonly WrappingKey[];
};

export type Store = {
  directory: string;
  sqlite: Sqlite;
  journalFile: JournalFile;
  backups: Backups;
  tokens: FeedTokens;
  channelSecrets: FeedTokens;
  dataKey: DataKey;
  sealer: Sealer;
  subjectKeys: SubjectKeys;
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
  const { dataKey, sealer, subjectKeys } = openKeys(sqlite, directory, options.wrappingKeys ?? []);
  const recoveryParts = { sqlite, path: join(directory, 'journal.sqlite'), backupFolder, clock, log, measure, sealer };
  let opened: ReturnType<typeof openOrRecoverJournal>;
  try {
    opened = openOrRecoverJournal(recoveryParts);
  } catch (error) {
    subjectKeys.close();
    throw error;
  }
  const { file, notice } = opened;
  const backups = new Backups({ sqlite, file, folder: backupFolder, clock, log });
  return {
    directory,
    sqlite,
    journalFile: file,
    backups,
    tokens: new FeedTokens(directory, sealer),
    channelSecrets: new FeedTokens(directory, sealer, 'channel'),
    dataKey,
    sealer,
    subjectKeys,
    notice,
    warnings: sqlite.warnings,
    async close() {
      await backups.stop();
      file.close();
      subjectKeys.close();
    },
  };
}

function openKeys(sqlite: Sqlite, folder: string, ways: readonly WrappingKey[]): Pick<Store, 'dataKey' | 'sealer' | 'subjectKeys'> {
  try {
    const dataKey = openDataKey(folder, ways);
    const sealer = new Sealer(dataKey);
    return { dataKey, sealer, subjectKeys: new SubjectKeys({ sqlite, folder, dataKey, sealer }) };
  } catch (error) {
    throw storeErrorFrom(error, `cannot open the keys in ${folder}`);
  }
}
