/** The worker that owns cache.sqlite while the engine runs: checkpoints take up to 25 ms, which the thread that computes risk does not have. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CacheBatch, openCacheFile } from '#engine/store/cache-file';
import { Sealer } from '#engine/store/sealing';
import { loadSqlite } from '#engine/store/sqlite-module';

export type CacheWriterOrder = { path: string; modulePath: string | null; dataKey: { keyId: string; bytes: Uint8Array } };
export type CacheWriterMessage = { t: 'batch'; batch: CacheBatch } | { t: 'close' };
export type CacheWriterReport = { t: 'written'; rows: number } | { t: 'failed'; rows: number; message: string } | { t: 'closed' };

const order = workerData as CacheWriterOrder;
const { file } = openCacheFile(loadSqlite({ isPackaged: false, modulePath: order.modulePath }), order.path, new Sealer(order.dataKey));
const report = (message: CacheWriterReport): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: CacheWriterMessage) => {
  if (message.t === 'close') {
    file.close();
    report({ t: 'closed' });
    parentPort?.close();
    return;
  }
  const rows = message.batch.items.length;
  try {
    file.write(message.batch);
    report({ t: 'written', rows });
  } catch (error) {
    // A full disk loses this picture's rows, not the writer: the next batch is tried again.
    report({ t: 'failed', rows, message: error instanceof Error ? error.message : String(error) });
  }
});
