/** The folded state beside the journal: written in the journal's own transactions, emptied and folded again when it has to be proved. */
import { AlertTable, alertPlace } from '#engine/store/alert-table';
import { SealedBodies } from '#engine/store/sealed-bodies';
import type { Sealer } from '#engine/store/sealing';
import type { SqliteDatabase, SqliteStatement } from '#engine/store/sqlite-module';
import type { Run } from '#shared/desk/plans/plan';
import type { SubjectRow } from '#shared/journal/data-subject';
import { subjectKeyOf } from '#shared/journal/sealed';

/** A row of one of the small keyed tables: settings, layouts, feeds, scenarios, worklists, statements. */
export type KeyedRow = { key: string; sequence: number; body: unknown };

type KeyedTableName = 'settings' | 'layouts' | 'feeds' | 'scenarios' | 'worklists' | 'statements';
type NamedBody = { key: string; body: unknown };
type Statements = { get: SqliteStatement; put: SqliteStatement; all: SqliteStatement };

export class KeyedTable {
  readonly #statements: Statements & { remove: SqliteStatement };
  readonly #table: KeyedTableName;
  readonly #bodies: SealedBodies;
  readonly #hidesKeys: boolean;

  /** `hidesKeys`: the key is a person's own words, so that the column has a digest of it and the body the key itself. */
  constructor(database: SqliteDatabase, bodies: SealedBodies, table: KeyedTableName, keyColumn: string, hidesKeys = false) {
    this.#table = table;
    this.#bodies = bodies;
    this.#hidesKeys = hidesKeys;
    this.#statements = {
      get: database.prepare(`SELECT body FROM ${table} WHERE ${keyColumn} = ?`).pluck(),
      put: database.prepare(`INSERT OR REPLACE INTO ${table} (${keyColumn}, sequence, body) VALUES (?, ?, ?)`),
      all: database.prepare(`SELECT ${keyColumn} AS key, sequence, body FROM ${table} ORDER BY ${keyColumn}`),
      remove: database.prepare(`DELETE FROM ${table} WHERE ${keyColumn} = ?`),
    };
  }

  get(key: string): unknown {
    const column = this.#column(key);
    const opened = this.#bodies.open(this.#statements.get.get(column), this.#place(column));
    return this.#hidesKeys ? (opened as NamedBody | undefined)?.body : opened;
  }

  subjectKeyOf(key: string): string | null {
    return keyOfStored(this.#statements.get.get(this.#column(key)));
  }

  put(key: string, sequence: number, body: unknown): void {
    const column = this.#column(key);
    const stored = this.#hidesKeys ? ({ key, body } satisfies NamedBody) : body;
    const sealed = this.#bodies.seal(stored, this.#place(column), () => this.#statements.get.get(column));
    this.#statements.put.run(column, sequence, sealed);
  }

  remove(key: string): void {
    this.#statements.remove.run(this.#column(key));
  }

  /** In the order of the keys. */
  all(): KeyedRow[] {
    const rows = this.#bodies.openRows(this.#statements.all.all(), (column) => this.#place(column));
    if (!this.#hidesKeys) return rows;
    const named = rows.map(({ sequence, body }) => ({ ...(body as NamedBody), sequence }));
    return named.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  #column(key: string): string {
    return this.#hidesKeys ? this.#bodies.digest(key) : key;
  }

  #place(column: string): string {
    return `${this.#table} ${column}`;
  }
}

/** Folded state of any capability, kept by kind: one person, one approval, one plan version. */
export class DocumentTable {
  readonly #get: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #all: SqliteStatement;
  readonly #newest: SqliteStatement;
  readonly #since: SqliteStatement;
  readonly #bodies: SealedBodies;

  constructor(database: SqliteDatabase, bodies: SealedBodies) {
    this.#bodies = bodies;
    this.#get = database.prepare('SELECT body FROM documents WHERE kind = ? AND id = ?').pluck();
    this.#put = database.prepare('INSERT OR REPLACE INTO documents (kind, id, sequence, body) VALUES (?, ?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM documents WHERE kind = ? AND id = ?');
    this.#all = database.prepare('SELECT id AS key, sequence, body FROM documents WHERE kind = ? ORDER BY id');
    this.#newest = database.prepare('SELECT id AS key, sequence, body FROM documents WHERE kind = ? ORDER BY sequence DESC LIMIT ?');
    this.#since = database.prepare('SELECT id AS key, sequence, body FROM documents WHERE kind = ? AND sequence >= ? ORDER BY sequence LIMIT ?');
  }

  /** Undefined when there is none. The caller parses it: an older build may have written another shape. */
  get(kind: string, id: string): unknown {
    return this.#bodies.open(this.#get.get(kind, id), documentPlace(kind, id));
  }

  subjectKeyOf(kind: string, id: string): string | null {
    return keyOfStored(this.#get.get(kind, id));
  }

  put(kind: string, id: string, sequence: number, body: unknown): void {
    const sealed = this.#bodies.seal(body, documentPlace(kind, id), () => this.#get.get(kind, id));
    this.#put.run(kind, id, sequence, sealed);
  }

  remove(kind: string, id: string): void {
    this.#remove.run(kind, id);
  }

  /** In the order of their ids. */
  all(kind: string): KeyedRow[] {
    return this.#bodies.openRows(this.#all.all(kind), (id) => documentPlace(kind, id));
  }

  /** The most recently changed first. */
  newest(kind: string, limit: number): KeyedRow[] {
    return this.#bodies.openRows(this.#newest.all(kind, limit), (id) => documentPlace(kind, id));
  }

  /** Those that changed last at this sequence or later, in that order. */
  since(kind: string, sequence: number, limit: number): KeyedRow[] {
    return this.#bodies.openRows(this.#since.all(kind, sequence, limit), (id) => documentPlace(kind, id));
  }
}

export class RunTable {
  readonly #get: SqliteStatement;
  readonly #newest: SqliteStatement;
  readonly #openCount: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #bodies: SealedBodies;

  constructor(database: SqliteDatabase, bodies: SealedBodies) {
    this.#bodies = bodies;
    this.#get = database.prepare('SELECT body FROM runs WHERE runId = ?').pluck();
    this.#newest = database.prepare(`SELECT runId AS key, sequence, body FROM runs ORDER BY state = 'running' DESC, sequence DESC LIMIT ?`);
    this.#openCount = database.prepare(`SELECT COUNT(*) FROM runs WHERE state = 'running'`).pluck();
    this.#put = database.prepare('INSERT OR REPLACE INTO runs (runId, state, sequence, body) VALUES (?, ?, ?, ?)');
  }

  get(runId: string): Run | null {
    return (this.#bodies.open(this.#get.get(runId), runPlace(runId)) as Run | undefined) ?? null;
  }

  /** The client's key that the run is sealed with; null where there is none or the desk's own key seals it. */
  subjectKeyOf(runId: string): string | null {
    const stored = this.#get.get(runId);
    return stored === undefined ? null : subjectKeyOf(String(stored));
  }

  /** Running ones first, then the most recently touched. */
  newest(limit: number): Run[] {
    return this.#bodies.openRows(this.#newest.all(limit), runPlace).map(({ body }) => body as Run);
  }

  openCount(): number {
    return Number(this.#openCount.get());
  }

  put(run: Run): void {
    const sealed = this.#bodies.seal(run, runPlace(run.runId), () => this.#get.get(run.runId));
    this.#put.run(run.runId, run.state, run.sequence, sealed);
  }
}

export class ProjectionTables {
  readonly alerts: AlertTable;
  readonly runs: RunTable;
  readonly settings: KeyedTable;
  readonly layouts: KeyedTable;
  readonly feeds: KeyedTable;
  readonly scenarios: KeyedTable;
  readonly worklists: KeyedTable;
  readonly statements: KeyedTable;
  readonly documents: DocumentTable;
  readonly #database: SqliteDatabase;
  readonly #park: SqliteStatement;
  readonly #bodies: SealedBodies;

  constructor(database: SqliteDatabase, sealer: Sealer) {
    this.#database = database;
    const bodies = new SealedBodies(sealer);
    this.#bodies = bodies;
    this.alerts = new AlertTable(database, bodies);
    this.runs = new RunTable(database, bodies);
    this.settings = new KeyedTable(database, bodies, 'settings', 'key');
    this.layouts = new KeyedTable(database, bodies, 'layouts', 'name', true);
    this.feeds = new KeyedTable(database, bodies, 'feeds', 'feedId');
    this.scenarios = new KeyedTable(database, bodies, 'scenarios', 'scenarioId');
    this.worklists = new KeyedTable(database, bodies, 'worklists', 'worklistId');
    this.statements = new KeyedTable(database, bodies, 'statements', 'statementId');
    this.documents = new DocumentTable(database, bodies);
    this.#park = database.prepare('INSERT OR REPLACE INTO parked (sequence, reason) VALUES (?, ?)');
  }

  /** Before an entry is folded: what is made of its payload is sealed as the payload is, and as the words about clients in it are. */
  beginFold(...sealedUnder: (string | undefined)[]): void {
    this.#bodies.beginFold(...sealedUnder);
  }

  /** After a key was destroyed: nothing that was opened with it stays in memory. */
  forgetOpened(): void {
    this.#bodies.forgetOpened();
  }

  /** The last entries of rows that open no more because a key was destroyed; what else was folded from the same subjects can still be read. */
  destroyedRows(): number[] {
    const rows = ['alerts', 'runs', 'worklists', 'statements', 'documents'].flatMap(
      (table) => this.#database.prepare(`SELECT sequence, body FROM ${table}`).all() as { sequence: number; body: string }[],
    );
    return rows.flatMap(({ sequence, body }) => (this.#bodies.isDestroyed(body) ? [sequence] : []));
  }

  /** Takes out what was folded last from these entries. */
  removeFoldedFrom(sequences: readonly number[]): void {
    for (const table of ['alerts', 'runs', 'worklists', 'statements', 'documents']) {
      const remove = this.#database.prepare(`DELETE FROM ${table} WHERE sequence = ?`);
      for (const sequence of sequences) remove.run(sequence);
    }
  }

  /** The person's or client's key that a row is sealed with: what is added to it later is sealed with the same. Null for the desk's own. */
  subjectKeyOfRow({ table, id }: SubjectRow): string | null {
    if (table === 'alerts') return this.alerts.subjectKeyOf(id);
    if (table === 'runs') return this.runs.subjectKeyOf(id);
    return table === 'worklists' ? this.worklists.subjectKeyOf(id) : this.documents.subjectKeyOf(table, id);
  }

  /** Notes an entry that this build cannot fold (a newer build's, or one whose payload does not fit): it stays in the journal and is counted. */
  park(sequence: number, reason: string): void {
    this.#park.run(sequence, reason);
  }

  parkedCount(): number {
    return Number(this.#database.prepare('SELECT COUNT(*) FROM parked').pluck().get());
  }

  clear(): void {
    for (const table of ['alerts', 'runs', 'settings', 'layouts', 'feeds', 'scenarios', 'worklists', 'statements', 'documents', 'parked'])
      this.#database.exec(`DELETE FROM ${table}`);
  }

  /** Everything folded, opened, for comparing two states in a proof. */
  dump(): Record<string, unknown[]> {
    const tables: [table: string, key: string, placeOf: (row: DumpedRow) => string][] = [
      ['alerts', 'alertId', ({ alertId }) => alertPlace(alertId ?? '')],
      ['runs', 'runId', ({ runId }) => runPlace(runId ?? '')],
      ['settings', 'key', ({ key }) => `settings ${key}`],
      ['layouts', 'name', ({ name }) => `layouts ${name}`],
      ['feeds', 'feedId', ({ feedId }) => `feeds ${feedId}`],
      ['scenarios', 'scenarioId', ({ scenarioId }) => `scenarios ${scenarioId}`],
      ['worklists', 'worklistId', ({ worklistId }) => `worklists ${worklistId}`],
      ['statements', 'statementId', ({ statementId }) => `statements ${statementId}`],
      ['documents', 'kind, id', ({ kind, id }) => documentPlace(kind ?? '', id ?? '')],
    ];
    const opened = tables.map(([table, key, placeOf]) => {
      const rows = this.#database.prepare(`SELECT * FROM ${table} ORDER BY ${key}`).all() as DumpedRow[];
      return [table, rows.map((row) => ({ ...row, body: this.#bodies.open(row.body, placeOf(row)) }))];
    });
    return { ...Object.fromEntries(opened), parked: this.#database.prepare('SELECT * FROM parked ORDER BY sequence').all() };
  }
}

type DumpedRow = Partial<
  Record<'alertId' | 'runId' | 'key' | 'name' | 'feedId' | 'scenarioId' | 'worklistId' | 'statementId' | 'kind' | 'id', string>
> & {
  body: string;
};

function documentPlace(kind: string, id: string): string {
  return `document ${kind} ${id}`;
}

function keyOfStored(stored: unknown): string | null {
  return stored === undefined ? null : subjectKeyOf(String(stored));
}

function runPlace(runId: string): string {
  return `run ${runId}`;
}
