/** cache.sqlite: the last picture each feed gave, in a form that is quick to write and disposable: what cannot be read is set aside and begun anew. */
import { existsSync, statSync } from 'node:fs';
import { type CachedItem, cacheKey, canContradict, isRefusal, PUBLIC_STREAMS, SECOND } from '#engine/store/cached-item';
import { discardOwnCopy, setDatabaseAside } from '#engine/store/files';
import type { Sealer } from '#engine/store/sealing';
import type { Sqlite, SqliteDatabase, SqliteStatement } from '#engine/store/sqlite-module';
import type { IntakeEvent, ItemsEvent, WelcomeEvent } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';

/** Raised whenever the shape of an item or of these tables changes: a cache of a later format is not read. Since 3 there are rows of what was refused. */
const CACHE_FORMAT = 3;
/** The formats before this one held the names of clients in clear. */
const FIRST_SEALED_FORMAT = 2;
/** What all items of one received message share. */
export type ItemOrigin = { streamId: number; tradingDay: string; sequence: number; sourceTimeMs: number; receivedAtMs: number };
export type CachedStream = { streamId: number; feedId: string; stream: StreamName };

/** One hand-over to the writer: `items[i]` has the row `itemIds[i]` and came with `origins[originIndex[i]]`; null removes the row. */
export type CacheBatch = {
  streams: CachedStream[];
  origins: ItemOrigin[];
  itemIds: Float64Array;
  originIndex: Int32Array;
  items: readonly (CachedItem | null)[];
  /** A new picture of a stream is complete with this batch: its items below `itemId` belong to the one before. */
  replaced: { streamId: number; belowItemId: number }[];
  welcomes: WelcomeEvent[];
};

const ROWS_PER_INSERT = 128;
const COLUMNS_PER_ROW = 7;

export class CacheFile {
  readonly #database: SqliteDatabase;
  readonly #inserts = new Map<number, SqliteStatement>();
  readonly #putStream: SqliteStatement;
  readonly #putWelcome: SqliteStatement;
  readonly #dropBelow: SqliteStatement;
  readonly #drop: SqliteStatement;
  readonly #sealer: Sealer;
  /** Streams whose items are sealed. */
  readonly #sealed = new Set<number>();

  constructor(database: SqliteDatabase, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
    for (const stream of this.#streams()) this.#know(stream);
    this.#putStream = database.prepare('INSERT OR REPLACE INTO streams (streamId, feedId, stream) VALUES (?, ?, ?)');
    this.#putWelcome = database.prepare('INSERT OR REPLACE INTO welcomes (feedId, body) VALUES (?, ?)');
    this.#dropBelow = database.prepare('DELETE FROM items WHERE itemId < ? AND streamId = ?');
    this.#drop = database.prepare('DELETE FROM items WHERE itemId = ?');
  }

  /** One transaction: after a kill there is the whole batch or nothing of it. */
  write(batch: CacheBatch): void {
    this.#database.transaction(() => this.#write(batch)).immediate();
  }

  #write(batch: CacheBatch): void {
    for (const stream of batch.streams) {
      this.#know(stream);
      this.#putStream.run(stream.streamId, stream.feedId, stream.stream);
    }
    for (const welcome of batch.welcomes)
      this.#putWelcome.run(welcome.feedId, this.#sealer.seal(JSON.stringify(welcome), welcomePlace(welcome.feedId)));
    let values: (string | number)[] = [];
    batch.items.forEach((item, index) => {
      const itemId = batch.itemIds[index];
      const origin = batch.origins[batch.originIndex[index] ?? -1];
      if (itemId === undefined || origin === undefined) return;
      if (item === null) {
        this.#drop.run(itemId);
        return;
      }
      const text = JSON.stringify(item);
      const body = this.#sealed.has(origin.streamId) ? this.#sealer.seal(text, itemPlace(origin.streamId, itemId)) : text;
      values.push(itemId, origin.streamId, origin.tradingDay, origin.sequence, origin.sourceTimeMs, origin.receivedAtMs, body);
      if (values.length === ROWS_PER_INSERT * COLUMNS_PER_ROW) {
        this.#insert(ROWS_PER_INSERT).run(values);
        values = [];
      }
    });
    if (values.length > 0) this.#insert(values.length / COLUMNS_PER_ROW).run(values);
    for (const { streamId, belowItemId } of batch.replaced) this.#dropBelow.run(belowItemId, streamId);
  }

  /** Every row still there, each feed's welcome first, then its streams in the order in which their items were received. */
  load(): LoadedCache {
    const streams = this.#streams();
    const welcomeRows = this.#database.prepare('SELECT feedId, body FROM welcomes ORDER BY feedId').all() as { feedId: string; body: string }[];
    const welcomes = welcomeRows.map(({ feedId, body }) => JSON.parse(this.#sealer.open(body, welcomePlace(feedId))) as WelcomeEvent);
    const byStream = new Map(streams.map((stream) => [stream.streamId, new Map<string, CachedRow>()]));
    const streamById = new Map(streams.map((stream) => [stream.streamId, stream]));
    let lastItemId = 0;
    for (const row of this.#database.prepare('SELECT * FROM items ORDER BY itemId').iterate() as Iterable<ItemRow>) {
      lastItemId = row.itemId;
      const stream = streamById.get(row.streamId);
      if (stream === undefined) continue;
      const text = this.#sealed.has(row.streamId) ? this.#sealer.open(row.body, itemPlace(row.streamId, row.itemId)) : row.body;
      const item = JSON.parse(text) as CachedItem;
      // A kill between the parts of a new picture leaves items of two: of one key the later row holds.
      const rows = byStream.get(row.streamId);
      const key = cacheKey(stream.stream, item);
      const before = rows?.get(key);
      const isOfOneMessage = before?.sequence === row.sequence && before.receivedAtMs === row.receivedAtMs;
      rows?.set(isOfOneMessage && canContradict(stream.stream) ? key + SECOND : key, { ...row, item });
    }
    const events: IntakeEvent[] = [...welcomes];
    for (const stream of streams) events.push(...eventsOf(stream, [...(byStream.get(stream.streamId)?.values() ?? [])]));
    const itemIds = new Map([...byStream].map(([streamId, items]) => [streamId, new Map([...items].map(([key, item]) => [key, item.itemId]))]));
    return { events, streams, itemIds, lastItemId };
  }

  close(): void {
    if (this.#database.open) this.#database.close();
  }

  #streams(): CachedStream[] {
    return this.#database.prepare('SELECT streamId, feedId, stream FROM streams ORDER BY streamId').all() as CachedStream[];
  }

  #know({ streamId, stream }: CachedStream): void {
    if (!PUBLIC_STREAMS.has(stream)) this.#sealed.add(streamId);
  }

  #insert(count: number): SqliteStatement {
    let statement = this.#inserts.get(count);
    if (statement === undefined) {
      const rows = Array(count).fill('(?,?,?,?,?,?,?)').join(',');
      statement = this.#database.prepare(
        `INSERT OR REPLACE INTO items (itemId, streamId, tradingDay, sequence, sourceTimeMs, receivedAtMs, body) VALUES ${rows}`,
      );
      this.#inserts.set(count, statement);
    }
    return statement;
  }
}

export type LoadedCache = {
  events: IntakeEvent[];
  streams: CachedStream[];
  /** By stream, the row of each business key. */
  itemIds: Map<number, Map<string, number>>;
  lastItemId: number;
};

type ItemRow = ItemOrigin & { itemId: number; body: string };
type CachedRow = ItemRow & { item: CachedItem };

/**
 * A stream's items as its feed said them: first a `picture` of the oldest, then `items` of each later message, every one with its own
 * receipt time, so that an old quote is as old after a restart as before it.
 */
function eventsOf(stream: CachedStream, items: CachedRow[]): ItemsEvent[] {
  items.sort((one, other) => one.receivedAtMs - other.receivedAtMs || one.sequence - other.sequence || one.itemId - other.itemId);
  const events: ItemsEvent[] = [];
  let group: CachedRow[] = [];
  const endGroup = (): void => {
    const first = group[0];
    if (first === undefined) return;
    const { tradingDay, sequence, sourceTimeMs, receivedAtMs } = first;
    const type = events.length === 0 ? 'picture' : 'items';
    const groupItems = group.flatMap(({ item }) => (isRefusal(item) ? [] : [item]));
    const refused = group.flatMap(({ item }) => (isRefusal(item) ? [item.refusedItem] : []));
    // The items were written from events of this very stream.
    events.push({
      type,
      feedId: stream.feedId,
      stream: stream.stream,
      tradingDay,
      sequence,
      sourceTimeMs,
      receivedAtMs,
      items: groupItems,
      ...(refused.length === 0 ? {} : { refused }),
    } as ItemsEvent);
    group = [];
  };
  for (const item of items) {
    const first = group[0];
    if (first !== undefined && (first.receivedAtMs !== item.receivedAtMs || first.sequence !== item.sequence)) endGroup();
    group.push(item);
  }
  endGroup();
  return events;
}

/** Opens the cache for one owner. `isFresh` says that what was there could not be used. */
export function openCacheFile(sqlite: Pick<Sqlite, 'open'>, path: string, sealer: Sealer): { file: CacheFile; isFresh: boolean } {
  const existed = existsSync(path) && statSync(path).size > 0;
  try {
    return { file: openOnce(sqlite, path, sealer), isFresh: !existed };
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) throw error;
    if (error instanceof ClearCacheError) discardOwnCopy(path);
    else setCacheAside(path);
    return { file: openOnce(sqlite, path, sealer), isFresh: true };
  }
}

/** Written before anything was sealed: to keep it aside would be to keep its names readable. */
class ClearCacheError extends Error {}

/** What a sealed row is bound to. */
function itemPlace(streamId: number, itemId: number): string {
  return `cache ${streamId} ${itemId}`;
}

function welcomePlace(feedId: string): string {
  return `cache welcome ${feedId}`;
}

/** One file set aside is enough: the cache holds nothing that a feed does not say again. */
export function setCacheAside(path: string): void {
  const aside = path.replace(/\.sqlite$/, '.set-aside.sqlite');
  discardOwnCopy(aside);
  setDatabaseAside(path, aside);
}

function openOnce(sqlite: Pick<Sqlite, 'open'>, path: string, sealer: Sealer): CacheFile {
  const database = sqlite.open(path, { timeout: 2_000 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    const format = Number(database.pragma('user_version', { simple: true }));
    if (format === 0) createTables(database);
    else if (format < FIRST_SEALED_FORMAT) throw new ClearCacheError('the cache holds names in clear');
    else if (format > CACHE_FORMAT) throw new Error(`the cache has format ${format}`);
    else if (format < CACHE_FORMAT) database.pragma(`user_version = ${CACHE_FORMAT}`);
    return new CacheFile(database, sealer);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** `itemId` is the rowid: a new item is appended, a known one is replaced in place, and no second index has to be kept. */
function createTables(database: SqliteDatabase): void {
  database
    .transaction(() => {
      database.exec(`
        CREATE TABLE streams (streamId INTEGER PRIMARY KEY, feedId TEXT NOT NULL, stream TEXT NOT NULL) STRICT;
        CREATE TABLE welcomes (feedId TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE TABLE items (
          itemId INTEGER PRIMARY KEY,
          streamId INTEGER NOT NULL,
          tradingDay TEXT NOT NULL,
          sequence INTEGER NOT NULL,
          sourceTimeMs REAL NOT NULL,
          receivedAtMs REAL NOT NULL,
          body TEXT NOT NULL
        ) STRICT;
        PRAGMA user_version = ${CACHE_FORMAT};
      `);
    })
    .immediate();
}
