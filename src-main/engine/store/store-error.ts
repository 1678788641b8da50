/** The ways in which opening or writing the store fails, as codes that a person's advice can hang on. */
export type StoreErrorCode =
  | 'sqliteRuntimeTooOld' // the module would crash this runtime instead of throwing
  | 'sqliteModuleMissing'
  | 'sqliteVersionRefused' // the write-ahead-log fault, in a packaged app
  | 'storeInUse' // another engine has this folder open
  | 'keyMissing' // sealed data without its key file; nothing was touched
  | 'keyLocked' // the key file is there, and nothing that was offered opens it
  | 'otherMode' // a drill's folder opened as a live desk's, or the other way round
  | 'schemaNewer' // written by a newer Floorwatch; the file is left untouched
  | 'storeUnreadable' // the folder or the file cannot be read or written (rights, disk)
  | 'diskFull'
  | 'writeFailed';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}

/** better-sqlite3 errors carry SQLite's extended code as text (`SQLITE_CORRUPT_VTAB`). */
export function sqliteCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A file that SQLite opens and that is still not what it must be. */
export class DamagedFileError extends Error {
  readonly code = 'SQLITE_CORRUPT';
}

/** True when the bytes themselves are wrong, as opposed to a full disk, missing rights or another owner. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_IOERR_SHORT_READ');
}

export function storeErrorFrom(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = sqliteCodeOf(error);
  const message = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'SQLITE_IOERR_WRITE') return new StoreError('diskFull', message, error);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new StoreError('storeInUse', message, error);
  if (['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'EACCES', 'EPERM', 'EROFS'].some((known) => code.startsWith(known)))
    return new StoreError('storeUnreadable', message, error);
  return new StoreError('writeFailed', message, error);
}
