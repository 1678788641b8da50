/** Reads a journal that nobody has open, entry by entry and believing nothing, for whoever has to judge it. */
import { existsSync, rmSync } from 'node:fs';
import type { EntryRow } from '#engine/store/journal-rows';
import type { Sqlite, SqliteDatabase } from '#engine/store/sqlite-module';

export type RawEntryRow = EntryRow & { batchOpId: string | null };

/** To the last column: only when a row is read to its end does SQLite compare its length with what it says of itself. */
const ENTRY_COLUMNS =
  'sequence, opId, batchOpId, device, deviceSeq, actor, session, mode, type, subject, payload, payloadHash, versionVector, hlc, wallTime, prevHash, entryHash, signature';

export type JournalReader = {
  /** In the order of the file's main tree, each once, read while it is asked for. Throws where the file cannot be read. */
  entries(): IterableIterator<RawEntryRow>;
  /** Rows of the checkpoint table as they are; none in a journal from before there were any. Throws where the file cannot be read. */
  checkpoints(): IterableIterator<Record<string, unknown>>;
  /** The first entry hashes of a device, in its own order. */
  entryHashesOf(device: string, count: number): IterableIterator<string>;
  entryAt(sequence: number): RawEntryRow | null;
  deviceSeqOf(sequence: number): { device: string; deviceSeq: number } | null;
  /** The entry's place in the file. 0 when there is none. */
  sequenceOf(device: string, deviceSeq: number): number;
  countOf(device: string): number;
  /** SQLite's first complaint about the file's structure, null when it is sound. */
  structureFault(): string | null;
  close(): void;
};

/** Opens for reading only; what SQLite has to lay beside the file for that is taken away again. Throws what SQLite throws. */
export function openJournalReader(sqlite: Sqlite, path: string): JournalReader {
  const ownFiles = ['-wal', '-shm'].map((suffix) => path + suffix).filter((file) => !existsSync(file));
  const database = sqlite.open(path, { readonly: true, fileMustExist: true, timeout: 2_000 });
  function close(): void {
    database.close();
    for (const file of ownFiles) rmSync(file, { force: true });
  }
  try {
    // A view could answer with entries that are nowhere in the file.
    const kind = database.prepare(`SELECT type FROM sqlite_master WHERE name = 'entries'`).pluck().get();
    if (kind !== 'table') throw new Error('it has no table of entries');
    return { ...readsOf(database), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** What may be read of a journal that is open already, by whoever has it open. */
export type JournalReads = Omit<JournalReader, 'close'>;

export function readsOf(database: SqliteDatabase): JournalReads {
  const hasCheckpoints = database.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'`).get() !== undefined;
  return {
    // By the primary key alone, so that a broken index hides nothing; in one pass, so that a broken key does not either.
    entries: () => database.prepare(`SELECT ${ENTRY_COLUMNS} FROM entries NOT INDEXED`).iterate() as IterableIterator<RawEntryRow>,
    checkpoints: () =>
      hasCheckpoints
        ? (database
            .prepare('SELECT place, device, size, root, head, time, sum, signature FROM checkpoints NOT INDEXED')
            .iterate() as IterableIterator<Record<string, unknown>>)
        : ([] as Record<string, unknown>[]).values(),
    entryHashesOf: (device, count) =>
      database
        .prepare('SELECT entryHash FROM entries WHERE device = ? AND deviceSeq <= ? ORDER BY deviceSeq')
        .pluck()
        .iterate(device, count) as IterableIterator<string>,
    entryAt: (sequence) =>
      (database.prepare(`SELECT ${ENTRY_COLUMNS} FROM entries WHERE sequence = ?`).get(sequence) as RawEntryRow | undefined) ?? null,
    deviceSeqOf: (sequence) =>
      (database.prepare('SELECT device, deviceSeq FROM entries WHERE sequence = ?').get(sequence) as
        | { device: string; deviceSeq: number }
        | undefined) ?? null,
    sequenceOf: (device, deviceSeq) =>
      Number(database.prepare('SELECT sequence FROM entries WHERE device = ? AND deviceSeq = ?').pluck().get(device, deviceSeq) ?? 0),
    countOf: (device) => Number(database.prepare('SELECT MAX(deviceSeq) FROM entries WHERE device = ?').pluck().get(device) ?? 0),
    structureFault() {
      const answer = database.pragma('quick_check(1)', { simple: true });
      return answer === 'ok' ? null : String(answer);
    },
  };
}
