/** The writers that ship beside the least program that writes the same rows with the same engine on the same disk: cache, journal, and one durable commit. */
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { systemClock } from '#engine/clock';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { createEntryIds } from '#engine/journal/entry-ids';
import { type CacheBatch, openCacheFile } from '#engine/store/cache-file';
import { openStore } from '#engine/store/open-store';
import { Sealer } from '#engine/store/sealing';
import { loadSqlite, type SqliteDatabase, type SqliteStatement } from '#engine/store/sqlite-module';
import type { JournalEvent } from '#shared/journal/entry';
import { sealedEnvelope } from '#shared/journal/sealed';
import { FIXTURE_DAY, FIXTURE_START_MS, makeBookFixture } from '#tests/bench/book-fixture';

const ROUNDS = 15;
/** The first rounds prepare statements and fill pages. */
const WARM_UP = 3;
const CACHE_ROWS = 5_000;
const JOURNAL_ROWS = 2_000;
const DURABLE_COMMITS = 60;

/** On the disk that a desk's data folder would be on; a folder in memory would make every promise to the disk free. */
const benchFolder = join(import.meta.dirname, '../../../node_modules/.cache');
const AUTHORSHIP = { actor: 'li.wei', session: v7(), mode: 'live' } as const;

type Contest = { ours: number; raw: number; ratio: number };

type Turn = (round: number) => void;

/** Microseconds per unit, in turns, so that a slow moment of the disk meets all. */
function contests<Name extends string>(units: number, ours: Turn, yardsticks: Record<Name, Turn>): Record<Name, Contest> {
  const timed = (run: Turn) => ({ run, us: [] as number[] });
  const own = timed(ours);
  const others = Object.entries<Turn>(yardsticks).map(([name, run]) => ({ name, ...timed(run) }));
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const { run, us } of [own, ...others]) {
      const startedMs = performance.now();
      run(round);
      if (round >= WARM_UP) us.push(((performance.now() - startedMs) * 1000) / units);
    }
  }
  const against = (rawUs: readonly number[]): Contest => ({
    ours: median(own.us),
    raw: median(rawUs),
    ratio: median(own.us.map((us, round) => (rawUs[round] ?? Number.NaN) / us)),
  });
  return Object.fromEntries(others.map(({ name, us }) => [name, against(us)])) as Record<Name, Contest>;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function multiRow(database: SqliteDatabase, into: string, columns: number, rows: number): SqliteStatement {
  const row = `(${Array(columns).fill('?').join(',')})`;
  return database.prepare(`INSERT OR REPLACE INTO ${into} VALUES ${Array(rows).fill(row).join(',')}`);
}

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });

/** A thousand quotes over two hundred rows' worth of instruments, again and again, as the writer's thread gets them. */
function cacheWriter(folder: string): Contest {
  const { quotes } = makeBookFixture(1, { instruments: CACHE_ROWS, accounts: 1, lots: 1 });
  const itemIds = Float64Array.from(quotes, (_, index) => index + 1);
  const originIndex = new Int32Array(quotes.length);
  const { file } = openCacheFile(sqlite, join(folder, 'cache.sqlite'), new Sealer({ keyId: '00000000', bytes: randomBytes(32) }));
  const priced = (round: number) => quotes.map((quote) => ({ ...quote, lastPrice: (quote.lastPrice ?? 0) + round }));
  const rawDatabase = sqlite.open(join(folder, 'raw-cache.sqlite'), {});
  rawDatabase.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE items (itemId INTEGER PRIMARY KEY, streamId INTEGER, tradingDay TEXT, sequence INTEGER, sourceTimeMs REAL, receivedAtMs REAL, body TEXT)',
  );
  const insert = multiRow(rawDatabase, 'items', 7, 125);
  const { raw } = contests(
    CACHE_ROWS,
    (round) => {
      const origin = { streamId: 1, tradingDay: FIXTURE_DAY, sequence: round, sourceTimeMs: FIXTURE_START_MS, receivedAtMs: FIXTURE_START_MS };
      const batch: CacheBatch = { streams: [], origins: [origin], itemIds, originIndex, items: priced(round), replaced: [], welcomes: [] };
      file.write(batch);
    },
    {
      raw(round) {
        const items = priced(round);
        rawDatabase.exec('BEGIN');
        for (let first = 0; first < items.length; first += 125) {
          const values: unknown[] = [];
          for (let row = first; row < first + 125; row++)
            values.push(row + 1, 1, FIXTURE_DAY, round, FIXTURE_START_MS, FIXTURE_START_MS, JSON.stringify(items[row]));
          insert.run(values);
        }
        rawDatabase.exec('COMMIT');
      },
    },
  );
  file.close();
  rawDatabase.close();
  return raw;
}

/** A fact that nothing is folded from, of the size of an alert: what is measured is the entry, its chain and its outbox row. */
function someEvents(count: number, round: number): JournalEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'desk.noted',
    subject: `account:A${index}`,
    payload: {
      accountID: `A${index}`,
      ruleId: 'account-risk-level',
      level: 'call',
      riskDegree: 1.02 + index / 1e4,
      balance: 1_234_567.89 + round,
      currMargin: 1_259_259.25,
      note: 'called the client, transfer promised before the close',
      citation: 'Broker practice: margin call when company margin reaches equity (available below zero)',
    },
  }));
}

const ENTRY_COLUMNS = 18;
const RAW_ROWS_PER_INSERT = 50;

/** Makes of a payload what is stored of it. */
type Store = (plain: string, opId: string) => string;

/** As long as what sealing makes of it, so that all sides put as many bytes on the disk. */
const filledUp: Store = (plain) => plain.padEnd(storedLengthOf(plain));

function storedLengthOf(plain: string): number {
  return sealedEnvelope('0'.repeat(8), '').length + 40 + Math.ceil(Buffer.byteLength(plain) / 3) * 4;
}

/** The journal's own tables, indices and triggers in a second file, filled with rows as long, without canonical form, hashing, ordering or folding. */
function rawJournal(
  path: string,
  journal: SqliteDatabase,
  store: Store,
): { database: SqliteDatabase; write: (round: number, count: number) => void } {
  const database = sqlite.open(path, {});
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  const parts = journal
    .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ('entries', 'outbox')")
    .pluck()
    .all() as string[];
  for (const part of parts) database.exec(part);
  const entries = new Map([1, RAW_ROWS_PER_INSERT].map((rows) => [rows, multiRow(database, 'entries', ENTRY_COLUMNS, rows)]));
  const outbox = new Map([1, RAW_ROWS_PER_INSERT].map((rows) => [rows, multiRow(database, 'outbox (sequence)', 1, rows)]));
  const device = v7();
  const hash = 'a'.repeat(64);
  const newId = createEntryIds(() => Date.now());
  let sequence = 0;
  return {
    database,
    write(round, count) {
      const events = someEvents(count, round);
      const wallTime = new Date().toISOString();
      database.exec('BEGIN IMMEDIATE');
      const step = Math.min(count, RAW_ROWS_PER_INSERT);
      for (let first = 0; first < count; first += step) {
        const values: unknown[] = [];
        const sequences: number[] = [];
        for (const event of events.slice(first, first + step)) {
          sequence += 1;
          sequences.push(sequence);
          const { actor, session, mode } = AUTHORSHIP;
          const hlc = `${wallTime}-${sequence}-${device}`;
          const opId = newId();
          const payload = store(JSON.stringify(event.payload), opId);
          const vector = `{"${device}":${sequence}}`;
          values.push(sequence, opId, null, device, sequence, actor, session, mode, event.type, event.subject, payload, hash, vector, hlc);
          values.push(wallTime, hash, hash, null);
        }
        entries.get(step)?.run(values);
        outbox.get(step)?.run(sequences);
      }
      database.exec('COMMIT');
    },
  };
}

/** 4 KB to a file that grows with them, as a log that is only appended to, or over what is there already, so that the disk has no length to note. */
function plainFile(path: string, isGrowing: boolean): { commit(): void; close(): void } {
  const file = openSync(path, isGrowing ? 'a' : 'w');
  const page = Buffer.alloc(4096, 1);
  if (!isGrowing) {
    for (let at = 0; at < DURABLE_COMMITS; at++) writeSync(file, page);
    fdatasyncSync(file);
  }
  let place = 0;
  return {
    commit() {
      if (isGrowing) writeSync(file, page);
      else writeSync(file, page, 0, page.length, (place++ % DURABLE_COMMITS) * page.length);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

type BatchYardstick = 'unsealed' | 'sealed';
type DurableYardstick = 'growing' | 'recycled';

function journalWriters(folder: string): { batch: Record<BatchYardstick, Contest>; durable: Record<DurableYardstick, Contest> } {
  const store = openStore({ directory: join(folder, 'desk'), isPackaged: false, sqliteModulePath: null, clock: systemClock });
  const journal = new ChainedJournal({ file: store.journalFile, clock: systemClock, newId: createEntryIds(() => Date.now()) });
  const { database, sealer } = store.journalFile;
  const unsealed = rawJournal(join(folder, 'unsealed.sqlite'), database, filledUp);
  const sealed = rawJournal(join(folder, 'sealed.sqlite'), database, (plain, opId) => sealer.seal(plain, opId));
  const batch = contests(JOURNAL_ROWS, (round) => void journal.append(someEvents(JOURNAL_ROWS, round), AUTHORSHIP), {
    unsealed: (round) => unsealed.write(round, JOURNAL_ROWS),
    sealed: (round) => sealed.write(round, JOURNAL_ROWS),
  });
  const growing = plainFile(join(folder, 'growing'), true);
  const recycled = plainFile(join(folder, 'recycled'), false);
  const commits = (commit: (round: number) => void) => (round: number) => {
    for (let done = 0; done < DURABLE_COMMITS; done++) commit(round);
  };
  const durable = contests(
    DURABLE_COMMITS,
    commits((round) => void journal.append(someEvents(1, round), AUTHORSHIP)),
    {
      growing: commits(growing.commit),
      recycled: commits(recycled.commit),
    },
  );
  for (const file of [growing, recycled, unsealed.database, sealed.database, store.journalFile]) file.close();
  return { batch, durable };
}

export async function run(): Promise<Record<string, unknown>> {
  mkdirSync(benchFolder, { recursive: true });
  const folder = mkdtempSync(join(benchFolder, 'writers-bench-'));
  try {
    const cache = cacheWriter(folder);
    const { batch, durable } = journalWriters(folder);
    return {
      cacheToRawInsert: { value: cache.ratio, aim: 'at least 0.7', ourUsPerRow: cache.ours, rawUsPerRow: cache.raw },
      journalBatchToUnhashedInsert: {
        value: batch.sealed.ratio,
        aim: 'at least 0.7',
        ourUsPerEntry: batch.sealed.ours,
        rawUsPerEntry: batch.sealed.raw,
        valueToUnsealedToo: batch.unsealed.ratio,
        unsealedUsPerEntry: batch.unsealed.raw,
      },
      durableCommitToFdatasync: {
        value: durable.growing.ratio,
        aim: 'at least 0.7',
        ourUsPerCommit: durable.growing.ours,
        rawUsPerWriteAndFdatasync: durable.growing.raw,
        valueToFileThatDoesNotGrow: durable.recycled.ratio,
        usPerWriteAndFdatasyncOfIt: durable.recycled.raw,
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
