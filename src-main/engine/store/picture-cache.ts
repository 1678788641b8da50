/** Keeps the last known picture on disk without the engine's thread ever waiting for it: the newest of each item, handed over on a timer. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#engine/clock';
import { type CacheBatch, type CachedStream, type ItemOrigin, type LoadedCache, openCacheFile, setCacheAside } from '#engine/store/cache-file';
import type { CacheWriterMessage, CacheWriterOrder, CacheWriterReport } from '#engine/store/cache-writer';
import type { CachedItem } from '#engine/store/cached-item';
import type { Log } from '#engine/store/log';
import { type CacheBatchBuilder, isGone, PictureCacheStream } from '#engine/store/picture-cache-stream';
import { Sealer } from '#engine/store/sealing';
import type { Sqlite } from '#engine/store/sqlite-module';
import { workerFile } from '#engine/store/worker-file';
import type { IntakeEvent, ItemsEvent, WelcomeEvent } from '#shared/feed/intake';

export interface PictureCache {
  /** Takes what is to be kept; returns at once, never throws. */
  put(events: readonly IntakeEvent[]): void;
  /**
   * What was there when the cache was opened, with its original receipt times: each feed's `welcome`, then per stream one `picture` and
   * `items` for what was received later. Hands it over once.
   */
  load(): IntakeEvent[];
  stats(): PictureCacheStats;
  /** Everything taken so far is on disk when it resolves, unless the writer failed. */
  close(): Promise<void>;
}

export type PictureCacheStats = {
  file: string;
  bytes: number;
  /** `degraded` when rows were dropped or a write failed: the picture on disk has holes until the feed's next snapshots. */
  state: 'ok' | 'degraded' | 'failed';
  queuedRows: number;
  droppedRows: number;
  lastWriteAtMs: number | null;
};

export type PictureCacheOptions = {
  directory: string;
  sqlite: Sqlite;
  clock: Clock;
  log: Log;
  dataKey: { keyId: string; bytes: Uint8Array };
  flushEveryMs?: number;
  maxQueuedRows?: number;
};

const FLUSH_EVERY_MS = 50;
/** About 100 MB of items: beyond this a disk that does not keep up costs new items, never memory. */
const MAX_QUEUED_ROWS = 200_000;
/** As many as are handed over in one go: a millisecond or two of the engine's thread. They become text in the writer's. */
const ROWS_PER_BATCH = 1_000;
const MAX_WRITER_STARTS = 4;

export function openPictureCache(options: PictureCacheOptions): PictureCache {
  const path = join(options.directory, 'cache.sqlite');
  const loaded = loadAndClose(options, path);
  return new WorkerPictureCache(options, path, loaded);
}

/** Read here, before the writer has it: never two connections at once. A cache that cannot be read is one that is empty. */
function loadAndClose(options: PictureCacheOptions, path: string): LoadedCache {
  const empty: LoadedCache = { events: [], streams: [], itemIds: new Map(), lastItemId: 0 };
  const { file, isFresh } = openCacheFile(options.sqlite, path, new Sealer(options.dataKey));
  try {
    return isFresh ? empty : file.load();
  } catch (error) {
    options.log('warn', 'cacheUnreadable', { file: path, message: error instanceof Error ? error.message : String(error) });
    file.close();
    setCacheAside(path);
    return empty;
  } finally {
    file.close();
  }
}

class WorkerPictureCache implements PictureCache {
  readonly #options: PictureCacheOptions;
  readonly #path: string;
  readonly #streams = new Map<string, PictureCacheStream>();
  readonly #welcomes = new Map<string, WelcomeEvent>();
  readonly #maxQueuedRows: number;
  readonly #timer: NodeJS.Timeout;
  #loadedEvents: IntakeEvent[];
  #nextItemId: number;
  #nextStreamId: number;
  #rowsInFlight = 0;
  #droppedRows = 0;
  #lastWriteAtMs: number | null = null;
  #state: PictureCacheStats['state'] = 'ok';
  #worker: Worker | null = null;
  #isBusy = false;
  #isClosing = false;
  #writerStarts = 0;
  #onIdle: (() => void) | null = null;

  constructor(options: PictureCacheOptions, path: string, loaded: LoadedCache) {
    this.#options = options;
    this.#path = path;
    this.#loadedEvents = loaded.events;
    this.#nextItemId = loaded.lastItemId + 1;
    this.#nextStreamId = Math.max(0, ...loaded.streams.map((stream) => stream.streamId)) + 1;
    this.#maxQueuedRows = options.maxQueuedRows ?? MAX_QUEUED_ROWS;
    for (const stream of loaded.streams) {
      const known = new PictureCacheStream(stream, loaded.itemIds.get(stream.streamId) ?? new Map(), true);
      this.#streams.set(`${stream.feedId}/${stream.stream}`, known);
    }
    this.#timer = setInterval(() => this.#flush(), options.flushEveryMs ?? FLUSH_EVERY_MS).unref();
  }

  put(events: readonly IntakeEvent[]): void {
    if (this.#isClosing || this.#state === 'failed') return;
    for (const event of events) {
      if (event.type === 'items' || event.type === 'picture') this.#take(event);
      else if (event.type === 'welcome') this.#welcomes.set(event.feedId, event);
    }
  }

  load(): IntakeEvent[] {
    const events = this.#loadedEvents;
    this.#loadedEvents = [];
    return events;
  }

  stats(): PictureCacheStats {
    return {
      file: this.#path,
      bytes: existsSync(this.#path) ? statSync(this.#path).size : 0,
      state: this.#state,
      queuedRows: this.#queuedRows() + this.#rowsInFlight,
      droppedRows: this.#droppedRows,
      lastWriteAtMs: this.#lastWriteAtMs,
    };
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearInterval(this.#timer);
    while (this.#hasWork() && this.#state !== 'failed') {
      this.#flush();
      await this.#untilIdle();
    }
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ t: 'close' } satisfies CacheWriterMessage);
    await ended;
  }

  #take(event: ItemsEvent): void {
    const room = this.#maxQueuedRows - this.#queuedRows() - this.#rowsInFlight;
    const dropped = this.#streamOf(event).take(event, this.#nextItemId, room);
    if (dropped === 0) return;
    this.#droppedRows += dropped;
    this.#state = 'degraded';
  }

  #streamOf({ feedId, stream }: ItemsEvent): PictureCacheStream {
    const name = `${feedId}/${stream}`;
    let known = this.#streams.get(name);
    if (known === undefined) {
      known = new PictureCacheStream({ streamId: this.#nextStreamId++, feedId, stream }, new Map(), false);
      this.#streams.set(name, known);
    }
    return known;
  }

  #queuedRows(): number {
    let rows = 0;
    for (const stream of this.#streams.values()) rows += stream.queuedRows;
    return rows;
  }

  #hasWork(): boolean {
    if (this.#isBusy || this.#welcomes.size > 0) return true;
    for (const stream of this.#streams.values()) if (stream.queuedRows > 0 || stream.replaceBelowItemId !== null) return true;
    return false;
  }

  #flush(): void {
    if (this.#isBusy || this.#state === 'failed' || !this.#hasWork()) return;
    const worker = this.#worker ?? this.#startWriter();
    if (worker === null) return;
    const { batch, buffers } = this.#takeBatch();
    this.#isBusy = true;
    this.#rowsInFlight = batch.items.length;
    worker.postMessage({ t: 'batch', batch } satisfies CacheWriterMessage, buffers);
  }

  #takeBatch(): { batch: CacheBatch; buffers: ArrayBuffer[] } {
    const rows = new BatchRows();
    const streams: CachedStream[] = [];
    const replaced: CacheBatch['replaced'] = [];
    const newItemId = (): number => this.#nextItemId++;
    for (const stream of this.#streams.values()) {
      if (!stream.isAnnounced) streams.push(stream.stream);
      stream.isAnnounced = true;
      stream.drain(rows, newItemId);
      if (stream.replaceBelowItemId === null || stream.queuedRows > 0) continue;
      replaced.push({ streamId: stream.stream.streamId, belowItemId: stream.replaceBelowItemId });
      stream.replaceBelowItemId = null;
    }
    const welcomes = [...this.#welcomes.values()];
    this.#welcomes.clear();
    const itemIds = Float64Array.from(rows.itemIds);
    const originIndex = Int32Array.from(rows.originIndex);
    const batch = { streams, origins: rows.origins, itemIds, originIndex, items: rows.items, replaced, welcomes };
    return { batch, buffers: [itemIds.buffer, originIndex.buffer] };
  }

  #startWriter(): Worker | null {
    this.#writerStarts += 1;
    if (this.#writerStarts > MAX_WRITER_STARTS) {
      this.#fail('the cache writer ended too often');
      return null;
    }
    const { keyId, bytes } = this.#options.dataKey;
    const order: CacheWriterOrder = { path: this.#path, modulePath: this.#options.sqlite.specifier, dataKey: { keyId, bytes } };
    const worker = new Worker(workerFile('cache-writer'), { workerData: order, execArgv: [] });
    worker.unref();
    worker.on('message', (report: CacheWriterReport) => this.#onReport(report));
    worker.on('error', (error) => this.#onWriterEnded(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#onWriterEnded(null));
    this.#worker = worker;
    return worker;
  }

  #onReport(report: CacheWriterReport): void {
    if (report.t === 'closed') return;
    this.#isBusy = false;
    this.#rowsInFlight = 0;
    if (report.t === 'written') this.#lastWriteAtMs = this.#options.clock.nowMs();
    else this.#lose(report.rows, report.message);
    this.#onIdle?.();
    // What is left over from a large picture follows at once; otherwise the timer sets the pace.
    let leftOver = 0;
    for (const stream of this.#streams.values()) leftOver += stream.leftOverRows;
    if (leftOver >= ROWS_PER_BATCH) this.#flush();
  }

  #onWriterEnded(message: string | null): void {
    if (this.#worker === null) return;
    this.#worker = null;
    if (this.#isClosing && message === null) return;
    if (this.#isBusy) this.#lose(this.#rowsInFlight, message ?? 'the cache writer ended');
    this.#isBusy = false;
    this.#rowsInFlight = 0;
    this.#onIdle?.();
  }

  #lose(rows: number, message: string): void {
    this.#droppedRows += rows;
    this.#state = 'degraded';
    this.#options.log('warn', 'cacheWriteFailed', { rows, message });
  }

  #fail(message: string): void {
    this.#state = 'failed';
    this.#droppedRows += this.#queuedRows();
    for (const stream of this.#streams.values()) stream.forget();
    this.#options.log('error', 'cacheFailed', { message });
    this.#onIdle?.();
  }

  #untilIdle(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve();
    this.#worker?.ref();
    return new Promise((resolve) => {
      this.#onIdle = () => {
        this.#onIdle = null;
        resolve();
      };
    });
  }
}

/** The rows of one hand-over; items of one message share their origin. */
class BatchRows implements CacheBatchBuilder {
  readonly itemIds: number[] = [];
  readonly originIndex: number[] = [];
  readonly origins: ItemOrigin[] = [];
  readonly items: (CachedItem | null)[] = [];
  readonly #indexOf = new Map<ItemOrigin, number>();

  get isFull(): boolean {
    return this.items.length >= ROWS_PER_BATCH;
  }

  add(itemId: number, origin: ItemOrigin, item: CachedItem): void {
    let index = this.#indexOf.get(origin);
    if (index === undefined) {
      index = this.origins.push(origin) - 1;
      this.#indexOf.set(origin, index);
    }
    this.itemIds.push(itemId);
    this.originIndex.push(index);
    this.items.push(isGone(item) ? null : item);
  }
}
