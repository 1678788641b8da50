/** File moves that survive a power cut: written aside, flushed, renamed, and the folder flushed too. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export function flushFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a rename durable. Windows cannot flush a folder and does not need it. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Puts `from` in the place of `to`, with its bytes on disk before its name is. */
export function moveDurably(from: string, to: string): void {
  flushFile(from);
  renameSync(from, to);
  flushFolder(dirname(to));
}

/** Writes a whole file so that a reader finds the old text or the new one, never a part. Readable by this user only. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  moveDurably(temporary, path);
}

/** The files that make up one SQLite database: the last two hold what was committed but not yet moved into the first. */
const DATABASE_SUFFIXES = ['', '-wal', '-shm', '-journal'] as const;

/** Renames a database with everything that belongs to it, so that it can still be opened and read by people. */
export function setDatabaseAside(path: string, aside: string): void {
  for (const suffix of DATABASE_SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  flushFolder(dirname(path));
}

/** Removes a database that this process itself made and that nobody else has seen. */
export function discardOwnCopy(path: string): void {
  for (const suffix of DATABASE_SUFFIXES) rmSync(path + suffix, { force: true });
}

/** `20260921T143005123Z`: sorts by time and is a file name everywhere. A clock that answers nonsense counts as the epoch. */
export function fileStamp(atMs: number): string {
  const recordable = atMs >= 0 && atMs <= 8.64e15 ? atMs : 0;
  return new Date(recordable).toISOString().replace(/[-:.+]/g, '');
}

/** The time a stamp stands for, in epoch milliseconds. */
export function stampTimeMs(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z'));
}

/** A name that no file has yet: two files set aside in the same moment must not replace each other. */
export function unusedPath(path: string, extension: string): string {
  let candidate = `${path}${extension}`;
  for (let count = 2; existsSync(candidate); count += 1) candidate = `${path}-${count}${extension}`;
  return candidate;
}
