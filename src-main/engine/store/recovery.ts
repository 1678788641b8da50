/** Opens the journal whatever state it was left in: a damaged file is kept under another name, the newest good back-up takes its place, and what can still be read is carried over. */
import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '#engine/clock';
import { checkBackup, readEntries } from '#engine/store/backup-check';
import { discardOwnCopy, fileStamp, moveDurably, setDatabaseAside, unusedPath } from '#engine/store/files';
import { sha256 } from '#engine/store/hash';
import { type JournalFile, openJournalFile } from '#engine/store/journal-file';
import type { Log } from '#engine/store/log';
import { journalMigrations } from '#engine/store/migrations/journal-migrations';
import { refuseNewerSchema, schemaVersionOf } from '#engine/store/migrations/migration';
import { carryOutRestore } from '#engine/store/restore-order';
import type { Sealer } from '#engine/store/sealing';
import type { Measure } from '#engine/store/slow-queries';
import type { Sqlite, SqliteDatabase } from '#engine/store/sqlite-module';
import { isDamage, storeErrorFrom } from '#engine/store/store-error';
import { canonicalVersionVector } from '#shared/journal/canonical';
import { ChainChecker, verifyChain } from '#shared/journal/chain';
import type { StoredEntry } from '#shared/journal/entry';

/**
 * `journalPutBack`: people ordered it, and the journal of before is kept as `brokenFile`. `journalRestored`: put back from a back-up. `journalBegunAnew`: no good back-up was there. In both, `salvagedCount` entries were carried over
 * from the damaged file, `lastWallTime` is when the newest entry that is still here was written: whatever was written after it is missing.
 */
export type RecoveryNotice = {
  code: 'journalPutBack' | 'journalRestored' | 'journalBegunAnew';
  params: {
    fault: string;
    brokenFile: string | null;
    backupFile: string | null;
    restoredCount: number;
    salvagedCount: number;
    lastWallTime: string | null;
  };
};

export type RecoveryParts = { sqlite: Sqlite; path: string; backupFolder: string; clock: Clock; log: Log; measure: Measure; sealer: Sealer };

/** Back-ups, newest first. */
export function listBackups(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^journal-\d{8}T\d{9}Z\.sqlite$/.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

export function openOrRecoverJournal(parts: RecoveryParts): { file: JournalFile; notice: RecoveryNotice | null } {
  const { path, sqlite, measure } = parts;
  const ordered = carryOutRestore({ ...parts, folder: dirname(path), nowMs: parts.clock.nowMs() });
  if (ordered !== null) return openPutBack(parts, ordered);
  const isMissing = !existsSync(path);
  const wasUsed = listBackups(parts.backupFolder).length > 0;
  if (isMissing && wasUsed) return recover(parts, 'missing');
  // SQLite takes an empty file for a new database, and throws the log beside it away.
  if (!isMissing && statSync(path).size === 0 && (wasUsed || existsSync(`${path}-wal`))) return recover(parts, 'empty');
  let file: JournalFile;
  try {
    if (!isMissing) refuseNewerUntouched(sqlite, path);
    file = openJournalFile(sqlite, path, measure, wasUsed, parts.sealer);
  } catch (error) {
    if (isDamage(error)) return recover(parts, error instanceof Error ? error.message : String(error));
    throw storeErrorFrom(error, `cannot open ${path}`);
  }
  const fault = file.wasClosedCleanly ? null : faultAfterUncleanStop(file);
  if (fault !== null) {
    file.database.close();
    return recover(parts, fault);
  }
  file.markInUse();
  return { file, notice: null };
}

/** The schema's number stands in the file's first page, so a newer file is recognised without opening it, and again through its log. */
function refuseNewerUntouched(sqlite: Sqlite, path: string): void {
  const newest = journalMigrations.at(-1)?.version ?? 0;
  const header = Buffer.alloc(100);
  const handle = openSync(path, 'r');
  try {
    if (readSync(handle, header, 0, 100, 0) < 100) return;
  } finally {
    closeSync(handle);
  }
  if (!header.toString('latin1', 0, 15).startsWith('SQLite format 3')) return;
  refuseNewerSchema(header.readUInt32BE(60), newest, path);
  if (!existsSync(`${path}-wal`)) return;
  // Read-only connections never move the log into the file, so a newer schema that is only in the log is not touched either.
  const reader = sqlite.open(path, { readonly: true, timeout: 2_000 });
  try {
    refuseNewerSchema(schemaVersionOf(reader), newest, path);
  } finally {
    reader.close();
  }
}

/** How many of the newest entries are proved after an unclean stop: a stop damages what was being written, and a restart has to be quick. */
const TAIL_LENGTH = 20_000;

function faultAfterUncleanStop(file: JournalFile): string | null {
  try {
    const complaint = file.quickCheck();
    if (complaint !== null) return complaint;
    const checker = checkerAt(file, Math.max(0, (file.rows.head()?.sequence ?? 0) - TAIL_LENGTH));
    const verdict = verifyChain((after, limit) => file.rows.storedAfter(after, limit), checker);
    return verdict.verdict === 'OK' ? null : `entry ${verdict.sequence}: ${verdict.reason}`;
  } catch (error) {
    if (isDamage(error)) return error instanceof Error ? error.message : String(error);
    throw storeErrorFrom(error, `cannot check ${file.path}`);
  }
}

/** A checker that stands after `sequence`, knowing each device's last entry up to there. */
function checkerAt(file: JournalFile, sequence: number): ChainChecker {
  const checker = new ChainChecker(sha256, sequence);
  if (sequence === 0) return checker;
  for (const { device } of file.rows.deviceHeads()) {
    const last = file.database
      .prepare('SELECT deviceSeq, entryHash FROM entries WHERE device = ? AND sequence <= ? ORDER BY deviceSeq DESC LIMIT 1')
      .get(device, sequence) as { deviceSeq: number; entryHash: string } | undefined;
    if (last !== undefined) checker.assume(device, last.deviceSeq, last.entryHash);
  }
  return checker;
}

function openPutBack(
  parts: RecoveryParts,
  { backupFile, replacedFile, entryCount }: { backupFile: string; replacedFile: string | null; entryCount: number },
): { file: JournalFile; notice: RecoveryNotice } {
  const file = openJournalFile(parts.sqlite, parts.path, parts.measure, false, parts.sealer);
  const lastWallTime = asNewDevice(file);
  const more = { fault: 'ordered', brokenFile: replacedFile, backupFile, restoredCount: entryCount, salvagedCount: 0, lastWallTime };
  const notice: RecoveryNotice = { code: 'journalPutBack', params: more };
  parts.log('warn', notice.code, notice.params);
  return { file, notice };
}

/** Answers when the newest entry that is here was written. */
function asNewDevice(file: JournalFile): string | null {
  // What was lost may have been seen elsewhere under this device's next numbers: a new device cannot contradict it.
  file.database.prepare(`DELETE FROM meta WHERE key = 'device'`).run();
  file.setMeta('projections', 'stale');
  file.markInUse();
  return file.rows.storedAfter((file.rows.head()?.sequence ?? 1) - 1, 1)[0]?.wallTime ?? null;
}

function recover(parts: RecoveryParts, fault: string): { file: JournalFile; notice: RecoveryNotice } {
  const { path, sqlite, measure, clock, log } = parts;
  let brokenFile: string | null = null;
  try {
    if (existsSync(path)) {
      brokenFile = unusedPath(path.replace(/\.sqlite$/, `.broken-${fileStamp(clock.nowMs())}`), '.sqlite');
      setDatabaseAside(path, brokenFile);
    }
    const restored = restoreNewestGood(parts);
    const file = openJournalFile(sqlite, path, measure, false, parts.sealer);
    const salvagedCount = brokenFile === null ? 0 : salvage(sqlite, brokenFile, file);
    const lastWallTime = asNewDevice(file);
    const notice: RecoveryNotice = {
      code: restored === null ? 'journalBegunAnew' : 'journalRestored',
      params: {
        fault,
        brokenFile,
        backupFile: restored?.backupFile ?? null,
        restoredCount: restored?.entryCount ?? 0,
        salvagedCount,
        lastWallTime,
      },
    };
    log('error', notice.code, notice.params);
    return { file, notice };
  } catch (error) {
    throw storeErrorFrom(error, `cannot recover ${path}`);
  }
}

/** Copies the newest back-up that proves good into the journal's place. The back-up itself stays where it is. */
function restoreNewestGood(parts: RecoveryParts): { backupFile: string; entryCount: number } | null {
  for (const backupFile of listBackups(parts.backupFolder)) {
    const copy = `${parts.path}.restoring`;
    discardOwnCopy(copy);
    copyFileSync(backupFile, copy);
    const verdict = checkBackup(parts.sqlite, copy);
    if (verdict.isGood) {
      moveDurably(copy, parts.path);
      return { backupFile, entryCount: verdict.entryCount };
    }
    parts.log('error', 'backupNotGood', { file: backupFile, fault: verdict.fault });
    discardOwnCopy(copy);
  }
  return null;
}

/**
 * Carries over every entry of the damaged file that follows on what is already here and whose hashes hold, up to the first that does not.
 * Works on a copy: the damaged file is evidence.
 */
function salvage(sqlite: Sqlite, brokenFile: string, file: JournalFile): number {
  const copy = `${file.path}.salvaging`;
  discardOwnCopy(copy);
  let reader: SqliteDatabase | undefined;
  let salvagedCount = 0;
  try {
    copyFileSync(brokenFile, copy);
    if (existsSync(`${brokenFile}-wal`)) copyFileSync(`${brokenFile}-wal`, `${copy}-wal`);
    reader = sqlite.open(copy, { fileMustExist: true });
    const checker = checkerAt(file, file.rows.head()?.sequence ?? 0);
    for (;;) {
      const sound = soundPrefix(readOneByOne(reader, checker.sequence), checker);
      if (sound.length === 0) break;
      file.transaction('salvageEntries', () => {
        const first = sound[0]?.sequence ?? 0;
        file.rows.insert(
          sound.map((entry) => ({
            entry,
            storedPayload: entry.payload,
            versionVectorText: canonicalVersionVector(entry.versionVector),
            batchOpId: null,
          })),
          first,
        );
      });
      salvagedCount += sound.length;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  } finally {
    reader?.close();
    discardOwnCopy(copy);
  }
  return salvagedCount;
}

const SALVAGE_PAGE = 500;

/** A page when it can be read as one, else as many single entries as can be read before the damage. */
function readOneByOne(reader: SqliteDatabase, afterSequence: number): StoredEntry[] {
  try {
    return readEntries(reader, afterSequence, SALVAGE_PAGE);
  } catch {
    const entries: StoredEntry[] = [];
    try {
      for (let sequence = afterSequence; entries.length < SALVAGE_PAGE; sequence += 1) {
        const [entry] = readEntries(reader, sequence, 1);
        if (entry === undefined) break;
        entries.push(entry);
      }
    } catch {
      // Here the damage begins: what was read before it is what there is.
    }
    return entries;
  }
}

function soundPrefix(entries: readonly StoredEntry[], checker: ChainChecker): StoredEntry[] {
  const sound: StoredEntry[] = [];
  for (const entry of entries) {
    if (checker.check(entry) !== null) break;
    sound.push(entry);
  }
  return sound;
}
