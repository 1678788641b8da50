/** Keeps the last known picture on disk without the engine's thread ever waiting for it: the newest of each item, handed over on a timer. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#engine/clock';
import { type CacheBatch, type CachedStream, type ItemOrigin, type LoadedCache, openCacheFile, setCacheAside } from '#engine/store/cache-file';
import type { CacheWriterMessage, CacheWriterOrder, CacheWriterReport } from '#engine/store/cache-writer';
import type { Log } from '#engine/store/log';
import type { Sqlite } from '#engine/store/sqlite-module';
import { workerFile } from '#engine/store/worker-file';
import { businessKey } from '#shared/feed/business-key';
import type { IntakeEvent, ItemsEvent, WelcomeEvent } from '#shared/feed/intake';
import type { ItemByStream, StreamName } from '#shared/feed/items';

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
  flushEveryMs?: number;
  maxQueuedRows?: number;
};

const FLUSH_EVERY_MS = 50;
/** About 100 MB of items: beyond this a disk that does not keep up costs new items, never memory. */
const MAX_QUEUED_ROWS = 200_000;
/** As many as are turned into text in one go: a few milliseconds of the engine's thread. */
const ROWS_PER_BATCH = 4_000;
const MAX_WRITER_STARTS = 4;

type Pending = { item: ItemByStream[StreamName]; origin: ItemOrigin };
type StreamState = CachedStream & {
  itemIds: Map<string, number>;
  pending: Map<string, Pending>;
  /** Items below this belong to the picture before; null when no new picture is under way. */
  replaceBelowItemId: number | null;
  isAnnounced: boolean;
};

export function openPictureCache(options: PictureCacheOptions): PictureCache {
  const path = join(options.directory, 'cache.sqlite');
  const loaded = loadAndClose(options, path);
  return new WorkerPictureCache(options, path, loaded);
}

/** Read here, before the writer has it: never two connections at once. A cache that cannot be read is one that is empty. */
function loadAndClose(options: PictureCacheOptions, path: string): LoadedCache {
  const empty: LoadedCache = { events: [], streams: [], itemIds: new Map(), lastItemId: 0 };
  const { file, isFresh } = openCacheFile(options.sqlite, path);
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
  readonly #streams = new Map<string, StreamState>();
  readonly #welcomes = new Map<string, WelcomeEvent>();
  readonly #maxQueuedRows: number;
  readonly #timer: NodeJS.Timeout;
  #loadedEvents: IntakeEvent[];
  #nextItemId: number;
  #nextStreamId: number;
  #queuedRows = 0;
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
      const itemIds = loaded.itemIds.get(stream.streamId) ?? new Map<string, number>();
      this.#streams.set(`${stream.feedId}/${stream.stream}`, {
        ...stream,
        itemIds,
        pending: new Map(),
        replaceBelowItemId: null,
        isAnnounced: true,
      });
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
      queuedRows: this.#queuedRows + this.#rowsInFlight,
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
    const stream = this.#streamOf(event);
    const { tradingDay, sequence, sourceTimeMs, receivedAtMs } = event;
    const origin: ItemOrigin = { streamId: stream.streamId, tradingDay, sequence, sourceTimeMs, receivedAtMs };
    if (event.type === 'picture') {
      this.#queuedRows -= stream.pending.size;
      stream.pending.clear();
      stream.itemIds.clear();
      stream.replaceBelowItemId = this.#nextItemId;
    }
    for (const item of event.items) {
      const key = businessKey(event.stream, item);
      if (!stream.pending.has(key)) {
        // Full: what is waiting may still be replaced by what is newer; anything more is dropped, counted and shown.
        if (this.#queuedRows + this.#rowsInFlight >= this.#maxQueuedRows) {
          this.#droppedRows += 1;
          this.#state = 'degraded';
          continue;
        }
        this.#queuedRows += 1;
      }
      stream.pending.set(key, { item, origin });
    }
  }

  #streamOf(event: ItemsEvent): StreamState {
    const name = `${event.feedId}/${event.stream}`;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      const streamId = this.#nextStreamId++;
      const { feedId } = event;
      stream = {
        streamId,
        feedId,
        stream: event.stream,
        itemIds: new Map(),
        pending: new Map(),
        replaceBelowItemId: null,
        isAnnounced: false,
      };
      this.#streams.set(name, stream);
    }
    return stream;
  }

  #hasWork(): boolean {
    return this.#isBusy || this.#queuedRows > 0 || this.#welcomes.size > 0 || [...this.#streams.values()].some((s) => s.replaceBelowItemId !== null);
  }

  #flush(): void {
    if (this.#isBusy || this.#state === 'failed' || !this.#hasWork()) return;
    const worker = this.#worker ?? this.#startWriter();
    if (worker === null) return;
    const { batch, buffers } = this.#takeBatch();
    this.#isBusy = true;
    this.#rowsInFlight = batch.bodies.length;
    worker.postMessage({ t: 'batch', batch } satisfies CacheWriterMessage, buffers);
  }

  #takeBatch(): { batch: CacheBatch; buffers: ArrayBuffer[] } {
    const itemIds: number[] = [];
    const originIndex: number[] = [];
    const origins: ItemOrigin[] = [];
    const indexOf = new Map<ItemOrigin, number>();
    const bodies: string[] = [];
    const streams: CachedStream[] = [];
    const replaced: CacheBatch['replaced'] = [];
    for (const stream of this.#streams.values()) {
      if (!stream.isAnnounced) streams.push({ streamId: stream.streamId, feedId: stream.feedId, stream: stream.stream });
      stream.isAnnounced = true;
      for (const [key, { item, origin }] of stream.pending) {
        if (bodies.length >= ROWS_PER_BATCH) break;
        stream.pending.delete(key);
        this.#queuedRows -= 1;
        let index = indexOf.get(origin);
        if (index === undefined) {
          index = origins.push(origin) - 1;
          indexOf.set(origin, index);
        }
        itemIds.push(this.#itemIdOf(stream, key));
        originIndex.push(index);
        if (isGone(item)) {
          stream.itemIds.delete(key);
          bodies.push('');
        } else bodies.push(JSON.stringify(item));
      }
      if (stream.replaceBelowItemId !== null && stream.pending.size === 0) {
        replaced.push({ streamId: stream.streamId, belowItemId: stream.replaceBelowItemId });
        stream.replaceBelowItemId = null;
      }
    }
    const welcomes = [...this.#welcomes.values()];
    this.#welcomes.clear();
    const ids = Float64Array.from(itemIds);
    const indexes = Int32Array.from(originIndex);
    const batch = { streams, origins, itemIds: ids, originIndex: indexes, bodies, replaced, welcomes };
    return { batch, buffers: [ids.buffer, indexes.buffer] };
  }

  #itemIdOf(stream: StreamState, key: string): number {
    let itemId = stream.itemIds.get(key);
    if (itemId === undefined) {
      itemId = this.#nextItemId++;
      stream.itemIds.set(key, itemId);
    }
    return itemId;
  }

  #startWriter(): Worker | null {
    this.#writerStarts += 1;
    if (this.#writerStarts > MAX_WRITER_STARTS) {
      this.#fail('the cache writer ended too often');
      return null;
    }
    const order: CacheWriterOrder = { path: this.#path, modulePath: this.#options.sqlite.specifier };
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
    if (this.#queuedRows >= ROWS_PER_BATCH) this.#flush();
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
    this.#droppedRows += this.#queuedRows;
    for (const stream of this.#streams.values()) stream.pending.clear();
    this.#queuedRows = 0;
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

/** A closed lot leaves the book, and the picture of it. */
function isGone(item: ItemByStream[StreamName]): boolean {
  return 'kind' in item && item.kind === 'positionDetail' && item.volume === 0;
}
