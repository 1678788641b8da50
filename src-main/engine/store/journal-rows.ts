/** Reads and writes journal rows through prepared statements: the only SQL over `entries` and `outbox`. */
import type { Sealer } from '#engine/store/sealing';
import type { SqliteDatabase, SqliteStatement } from '#engine/store/sqlite-module';
import { canonicalJson } from '#shared/journal/canonical';
import { holdsWords, mayHoldSealedWords, openWords } from '#shared/journal/client-words';
import type { JournalEntry, StoredEntry } from '#shared/journal/entry';
import { DESTROYED_TEXT, keyIdOfAll, subjectKeyOf } from '#shared/journal/sealed';

/** `storedPayload` is what lies on disk and what is hashed; the entry itself carries what can be read. */
export type EntryToStore = { entry: JournalEntry; storedPayload: string; versionVectorText: string; batchOpId: string | null };

export type DeviceHead = { device: string; deviceSeq: number; entryHash: string };

const OWN = 'sequence, opId, deviceSeq, type, subject, payload, payloadHash, versionVector, hlc, prevHash, entryHash, signature';
const SHARED = 'batchOpId, device, actor, session, mode, wallTime';
const COLUMNS = `${OWN}, ${SHARED}`;
const LONE_ROW = `(${Array(18).fill('?').join(', ')})`;
/** What entries written together have in common is handed over once, by its name: a third fewer values copied into SQLite takes a sixth off an insert. */
const ROW_OF_SEVERAL = `(${Array(12).fill('?').join(', ')}, @batchOpId, @device, @actor, @session, @mode, @wallTime)`;
/** Rows in one INSERT: beyond this the gain is gone, and it stays far below SQLite's limit of bound values. */
const ROWS_PER_INSERT = 64;

export type EntryRow = Omit<StoredEntry, 'versionVector' | 'signature'> & { versionVector: string; signature: string | null };

/** What is asked of the columns; `types` are whole types or, ending with a dot, families. Times are ISO 8601 UTC as they are stored. */
export type EntryFilter = { actor?: string; types?: readonly string[]; subject?: string; fromTime?: string; toTime?: string; isSigned?: boolean };

function conditionOf(wanted: EntryFilter): { where: string; values: string[] } {
  const parts: string[] = [];
  const values: string[] = [];
  const add = (sql: string, ...given: string[]): void => {
    parts.push(sql);
    values.push(...given);
  };
  if (wanted.actor !== undefined) add('actor = ?', wanted.actor);
  if (wanted.subject !== undefined) add('subject = ?', wanted.subject);
  if (wanted.fromTime !== undefined) add('wallTime >= ?', wanted.fromTime);
  if (wanted.toTime !== undefined) add('wallTime <= ?', wanted.toTime);
  if (wanted.isSigned !== undefined) add(`signature IS ${wanted.isSigned ? 'NOT ' : ''}NULL`);
  const types = wanted.types ?? [];
  // By comparison and not by LIKE: what a person typed must not be a pattern.
  const fits = types.map((type) => (type.endsWith('.') ? 'substr(type, 1, length(?)) = ?' : 'type = ?'));
  if (types.length > 0) add(`(${fits.join(' OR ')})`, ...types.flatMap((type) => (type.endsWith('.') ? [type, type] : [type])));
  return { where: parts.map((part) => ` AND ${part}`).join(''), values };
}

export class JournalRows {
  readonly #database: SqliteDatabase;
  readonly #insertByCount = new Map<number, SqliteStatement>();
  readonly #queueOne: SqliteStatement;
  readonly #queueAll: SqliteStatement;
  readonly #byOpId: SqliteStatement;
  readonly #bySubject: SqliteStatement;
  readonly #after: SqliteStatement;
  readonly #first: SqliteStatement;
  readonly #sealer: Sealer;

  constructor(database: SqliteDatabase, sealer: Sealer) {
    this.#database = database;
    this.#sealer = sealer;
    this.#queueOne = database.prepare('INSERT INTO outbox (sequence) VALUES (?)');
    this.#queueAll = database.prepare('INSERT INTO outbox (sequence) SELECT sequence FROM entries WHERE sequence BETWEEN ? AND ?');
    this.#byOpId = database.prepare(`SELECT ${COLUMNS} FROM entries WHERE opId = ? OR batchOpId = ? ORDER BY sequence`);
    this.#bySubject = database.prepare(`SELECT ${COLUMNS} FROM entries WHERE subject = ? ORDER BY sequence`);
    this.#first = database.prepare('SELECT payload FROM entries WHERE subject = ? ORDER BY sequence LIMIT 1').pluck();
    this.#after = database.prepare(`SELECT ${COLUMNS} FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?`);
  }

  /** Writes entries from `firstSequence` on, each with its outbox row. Call it inside a transaction. */
  insert(entries: readonly EntryToStore[], firstSequence: number): void {
    let start = 0;
    for (let first = entries[0]; first !== undefined; first = entries[start]) {
      let end = start + 1;
      while (end < start + ROWS_PER_INSERT && isWrittenTogether(first, entries[end])) end += 1;
      this.#insertTogether(first, entries.slice(start, end), firstSequence + start);
      start = end;
    }
    if (entries.length === 1) this.#queueOne.run(firstSequence);
    else this.#queueAll.run(firstSequence, firstSequence + entries.length - 1);
  }

  #insertTogether(
    { entry: { device, actor, session, mode, wallTime }, batchOpId }: EntryToStore,
    chunk: readonly EntryToStore[],
    sequence: number,
  ): void {
    const values: unknown[] = [];
    chunk.forEach(({ entry, storedPayload, versionVectorText }, index) => {
      values.push(
        sequence + index,
        entry.opId,
        entry.deviceSeq,
        entry.type,
        entry.subject,
        storedPayload,
        entry.payloadHash,
        versionVectorText,
        entry.hlc,
        entry.prevHash,
        entry.entryHash,
        entry.signature ?? null,
      );
    });
    const insert = this.#insertStatement(chunk.length);
    if (chunk.length === 1) insert.run([...values, batchOpId, device, actor, session, mode, wallTime]);
    else insert.run(values, { batchOpId, device, actor, session, mode, wallTime });
  }

  ofOpId(opId: string): StoredEntry[] {
    return this.#read(this.#byOpId.all(opId, opId));
  }

  ofSubject(subject: string): StoredEntry[] {
    return this.#read(this.#bySubject.all(subject));
  }

  /** The person's or client's key that the first entry of a subject is sealed with: whose the thing itself is. Null for the desk's own. */
  subjectKeyOfFirst(subject: string): string | null {
    const payload = this.#first.get(subject);
    return payload === undefined ? null : subjectKeyOf(String(payload));
  }

  after(sequence: number, limit: number): StoredEntry[] {
    return this.#read(this.#after.all(sequence, limit));
  }

  /** The same as they lie on disk, sealed: the form that the hashes are of. */
  storedAfter(sequence: number, limit: number): StoredEntry[] {
    return (this.#after.all(sequence, limit) as EntryRow[]).map(entryOfRow);
  }

  /** Those that fit among the sequences `from` to `to`, newest first, opened. */
  matching(wanted: EntryFilter, from: number, to: number, limit: number): StoredEntry[] {
    const { where, values } = conditionOf(wanted);
    const sql = `SELECT ${COLUMNS} FROM entries WHERE sequence BETWEEN ? AND ?${where} ORDER BY sequence DESC LIMIT ?`;
    return this.#read(this.#database.prepare(sql).all(from, to, ...values, limit));
  }

  head(): { sequence: number; entryHash: string; hlc: string } | null {
    const row = this.#database.prepare('SELECT sequence, entryHash, hlc FROM entries ORDER BY sequence DESC LIMIT 1').get();
    return (row as { sequence: number; entryHash: string; hlc: string } | undefined) ?? null;
  }

  /** The newest entry of each device: what the version vector and the chain continue from. Walks the index by device, not the rows. */
  deviceHeads(): DeviceHead[] {
    const sql = `
      WITH RECURSIVE devices (device) AS (
        SELECT MIN(device) FROM entries
        UNION ALL SELECT (SELECT MIN(e.device) FROM entries AS e WHERE e.device > devices.device) FROM devices WHERE devices.device IS NOT NULL
      )
      SELECT e.device, e.deviceSeq, e.entryHash FROM devices JOIN entries AS e ON e.device = devices.device
      WHERE e.deviceSeq = (SELECT MAX(m.deviceSeq) FROM entries AS m WHERE m.device = devices.device)`;
    return this.#database.prepare(sql).all() as DeviceHead[];
  }

  outboxCounts(): Record<string, number> {
    const rows = this.#database.prepare('SELECT state, COUNT(*) AS rows FROM outbox GROUP BY state').all() as { state: string; rows: number }[];
    return Object.fromEntries(rows.map((row) => [row.state, row.rows]));
  }

  #insertStatement(count: number): SqliteStatement {
    let statement = this.#insertByCount.get(count);
    if (statement === undefined) {
      statement = this.#database.prepare(
        `INSERT INTO entries (${COLUMNS}) VALUES ${count === 1 ? LONE_ROW : Array(count).fill(ROW_OF_SEVERAL).join(',')}`,
      );
      this.#insertByCount.set(count, statement);
    }
    return statement;
  }

  #read(rows: unknown[]): StoredEntry[] {
    return (rows as EntryRow[]).map((row) => {
      const entry = entryOfRow(row);
      const sealedUnder = subjectKeyOf(row.payload);
      entry.payload = this.#sealer.open(row.payload, entryPlace(row.opId));
      if (sealedUnder !== null) entry.sealedUnder = sealedUnder;
      if (holdsWords(row.type) && mayHoldSealedWords(entry.payload)) this.#openWords(entry);
      return entry;
    });
  }

  #openWords(entry: StoredEntry): void {
    const keyIds: string[] = [];
    const place = wordsPlace(entry.opId);
    const payload = openWords(JSON.parse(entry.payload), (sealed) => {
      const text = this.#openWord(sealed, place);
      if (text === DESTROYED_TEXT) return null;
      const keyId = subjectKeyOf(sealed);
      if (keyId !== null) keyIds.push(keyId);
      return text;
    });
    entry.payload = canonicalJson(payload);
    const wordsUnder = keyIdOfAll(keyIds);
    if (wordsUnder !== undefined) entry.wordsUnder = wordsUnder;
  }

  /** The payload around it has opened, so nobody changed it: what does not open was never sealed, and was written before what only looks so was sealed too. */
  #openWord(sealed: string, place: string): string {
    try {
      return this.#sealer.open(sealed, place);
    } catch {
      return sealed;
    }
  }
}

/** Whether `next` differs from `first` only in columns that every row has of its own. */
function isWrittenTogether(first: EntryToStore, next: EntryToStore | undefined): boolean {
  if (next === undefined || next.batchOpId !== first.batchOpId) return false;
  const { device, actor, session, mode, wallTime } = first.entry;
  const { entry } = next;
  return entry.device === device && entry.actor === actor && entry.session === session && entry.mode === mode && entry.wallTime === wallTime;
}

/** What an entry's payload is bound to: sealed for one entry, it opens in no other. */
export function entryPlace(opId: string): string {
  return `entry ${opId}`;
}

/** What words about clients in an entry's payload are bound to. */
export function wordsPlace(opId: string): string {
  return `words ${opId}`;
}

/** A row as an entry, field by field in one order, so that an entry just written and one read back are the same object shape. */
export function entryOfRow(row: EntryRow): StoredEntry {
  const { sequence, opId, device, deviceSeq, actor, session, mode, type, subject, payload, payloadHash, hlc, wallTime, prevHash, entryHash } = row;
  const versionVector = JSON.parse(row.versionVector) as Record<string, number>;
  const entry = {
    sequence,
    opId,
    device,
    deviceSeq,
    actor,
    session,
    mode,
    type,
    subject,
    payload,
    payloadHash,
    versionVector,
    hlc,
    wallTime,
    prevHash,
    entryHash,
  };
  return row.signature === null ? entry : { ...entry, signature: row.signature };
}
