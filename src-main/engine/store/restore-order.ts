/** An order to put a back-up in the journal's place at the next start: people agree to it while the desk runs, and it is carried out while nothing does. */
import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkBackup } from '#engine/store/backup-check';
import { discardOwnCopy, fileStamp, moveDurably, replaceFile, setDatabaseAside, unusedPath } from '#engine/store/files';
import type { Log } from '#engine/store/log';
import type { Sqlite } from '#engine/store/sqlite-module';

const ORDER_FILE = 'restore-order.json';
const orderSchema = z.object({ format: z.literal(1), file: z.string().regex(/^journal-\d{8}T\d{9}Z\.sqlite$/) });

/** On disk when it returns; a later order takes the place of an earlier one. Throws what the disk throws. */
export function orderRestore(folder: string, file: string): void {
  replaceFile(join(folder, ORDER_FILE), JSON.stringify({ format: 1, file: basename(file) }));
}

type Parts = { sqlite: Sqlite; path: string; backupFolder: string; folder: string; nowMs: number; log: Log };

/**
 * Carries an order out: the journal that is there is kept under another name, a proved copy of the back-up takes its place, and the order is kept
 * aside. Null where there is no order, or one that cannot be carried out: then the journal is opened as it is, and the log says why. Ended in the
 * middle, it is carried out again at the next start.
 */
export function carryOutRestore(parts: Parts): { backupFile: string; replacedFile: string | null; entryCount: number } | null {
  const { sqlite, path, backupFolder, folder, nowMs, log } = parts;
  const orderFile = join(folder, ORDER_FILE);
  if (!existsSync(orderFile)) return null;
  const putAside = (as: string): void => renameSync(orderFile, unusedPath(join(folder, `restore-order.${as}-${fileStamp(nowMs)}`), '.json'));
  const order = readOrder(orderFile);
  const backupFile = order === null ? null : join(backupFolder, order.file);
  if (backupFile === null || !existsSync(backupFile)) {
    log('error', 'restoreNotPossible', { file: backupFile ?? orderFile, fault: 'there is no such back-up' });
    putAside('refused');
    return null;
  }
  const copy = `${path}.restoring`;
  discardOwnCopy(copy);
  copyFileSync(backupFile, copy);
  const verdict = checkBackup(sqlite, copy);
  if (!verdict.isGood) {
    discardOwnCopy(copy);
    log('error', 'restoreNotPossible', { file: backupFile, fault: verdict.fault });
    putAside('refused');
    return null;
  }
  let replacedFile: string | null = null;
  if (existsSync(path)) {
    replacedFile = unusedPath(path.replace(/\.sqlite$/, `.replaced-${fileStamp(nowMs)}`), '.sqlite');
    setDatabaseAside(path, replacedFile);
  }
  moveDurably(copy, path);
  putAside('done');
  return { backupFile, replacedFile, entryCount: verdict.entryCount };
}

function readOrder(file: string): z.infer<typeof orderSchema> | null {
  try {
    return orderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
