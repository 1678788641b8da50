/** The worker that proves back-ups: checking a year's journal takes seconds that the engine's own thread does not have. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkBackup } from '#engine/store/backup-check';
import { loadSqlite } from '#engine/store/sqlite-module';

export type BackupCheckOrder = { path: string; modulePath: string | null; isPackaged: boolean };

const { path, modulePath, isPackaged } = workerData as BackupCheckOrder;
parentPort?.postMessage(checkBackup(loadSqlite({ modulePath, isPackaged }), path));
