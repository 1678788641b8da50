/** The folded state beside the journal: written in the journal's own transactions, emptied and folded again when it has to be proved. */
import type { SqliteDatabase, SqliteStatement } from '#engine/store/sqlite-module';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import type { Run } from '#shared/desk/plans/plan';

/** A row of one of the small keyed tables: settings, layouts, feeds, scenarios, worklists, statements. */
export type KeyedRow = { key: string; sequence: number; body: unknown };

type KeyedTableName = 'settings' | 'layouts' | 'feeds' | 'scenarios' | 'worklists' | 'statements';
type Statements = { get: SqliteStatement; put: SqliteStatement; all: SqliteStatement };

export class KeyedTable {
  readonly #statements: Statements & { remove: SqliteStatement };

  constructor(database: SqliteDatabase, table: KeyedTableName, keyColumn: string) {
    this.#statements = {
      get: database.prepare(`SELECT body FROM ${table} WHERE ${keyColumn} = ?`).pluck(),
      put: database.prepare(`INSERT OR REPLACE INTO ${table} (${keyColumn}, sequence, body) VALUES (?, ?, ?)`),
      all: database.prepare(`SELECT ${keyColumn} AS key, sequence, body FROM ${table} ORDER BY ${keyColumn}`),
      remove: database.prepare(`DELETE FROM ${table} WHERE ${keyColumn} = ?`),
    };
  }

  get(key: string): unknown {
    const body = this.#statements.get.get(key);
    return body === undefined ? undefined : JSON.parse(String(body));
  }

  put(key: string, sequence: number, body: unknown): void {
    this.#statements.put.run(key, sequence, JSON.stringify(body));
  }

  remove(key: string): void {
    this.#statements.remove.run(key);
  }

  all(): KeyedRow[] {
    return parseRows(this.#statements.all.all());
  }
}

/** Folded state of any capability, kept by kind: one person, one approval, one plan version. */
export class DocumentTable {
  readonly #get: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #all: SqliteStatement;
  readonly #newest: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#get = database.prepare('SELECT body FROM documents WHERE kind = ? AND id = ?').pluck();
    this.#put = database.prepare('INSERT OR REPLACE INTO documents (kind, id, sequence, body) VALUES (?, ?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM documents WHERE kind = ? AND id = ?');
    this.#all = database.prepare('SELECT id AS key, sequence, body FROM documents WHERE kind = ? ORDER BY id');
    this.#newest = database.prepare('SELECT id AS key, sequence, body FROM documents WHERE kind = ? ORDER BY sequence DESC LIMIT ?');
  }

  /** Undefined when there is none. The caller parses it: an older build may have written another shape. */
  get(kind: string, id: string): unknown {
    const body = this.#get.get(kind, id);
    return body === undefined ? undefined : JSON.parse(String(body));
  }

  put(kind: string, id: string, sequence: number, body: unknown): void {
    this.#put.run(kind, id, sequence, JSON.stringify(body));
  }

  remove(kind: string, id: string): void {
    this.#remove.run(kind, id);
  }

  /** In the order of their ids. */
  all(kind: string): KeyedRow[] {
    return parseRows(this.#all.all(kind));
  }

  /** The most recently changed first. */
  newest(kind: string, limit: number): KeyedRow[] {
    return parseRows(this.#newest.all(kind, limit));
  }
}

export class AlertTable {
  readonly #get: SqliteStatement;
  readonly #openByKey: SqliteStatement;
  readonly #open: SqliteStatement;
  readonly #after: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #unacknowledged: SqliteStatement;
  readonly #snapshot: SqliteStatement;
  readonly #newestSequence: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#get = database.prepare('SELECT body FROM alerts WHERE alertId = ?').pluck();
    this.#openByKey = database.prepare('SELECT body FROM alerts WHERE dedupKey = ? AND isOpen = 1').pluck();
    this.#open = database.prepare('SELECT body FROM alerts WHERE isOpen = 1 ORDER BY sequence').pluck();
    this.#snapshot = database
      .prepare(
        `SELECT body FROM (
           SELECT sequence, body FROM alerts WHERE isOpen = 1
           UNION ALL SELECT * FROM (SELECT sequence, body FROM alerts WHERE isOpen = 0 ORDER BY sequence DESC LIMIT ?)
         ) ORDER BY sequence`,
      )
      .pluck();
    this.#newestSequence = database.prepare('SELECT MAX(sequence) FROM alerts').pluck();
    this.#after = database.prepare('SELECT body FROM alerts WHERE sequence > ? ORDER BY sequence LIMIT ?').pluck();
    this.#put = database.prepare(
      // Not INSERT OR REPLACE: that would quietly delete another open alert of the same key instead of failing.
      `INSERT INTO alerts (alertId, dedupKey, isOpen, human, severity, sequence, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (alertId) DO UPDATE SET isOpen = excluded.isOpen, human = excluded.human, severity = excluded.severity,
         sequence = excluded.sequence, body = excluded.body`,
    );
    this.#unacknowledged = database.prepare(
      `SELECT severity, COUNT(*) AS alerts FROM alerts WHERE isOpen = 1 AND human = 'unacknowledged' GROUP BY severity`,
    );
  }

  get(alertId: string): Alert | null {
    return parseBody<Alert>(this.#get.get(alertId));
  }

  openByKey(dedupKey: string): Alert | null {
    return parseBody<Alert>(this.#openByKey.get(dedupKey));
  }

  open(): Alert[] {
    return parseBodies<Alert>(this.#open.all());
  }

  /** Alerts whose last entry came after `sequence`, in that order. */
  after(sequence: number, limit: number): Alert[] {
    return parseBodies<Alert>(this.#after.all(sequence, limit));
  }

  /** Open alerts and the `closedLimit` most recently closed, in the order of their last entry. */
  snapshot(closedLimit: number): Alert[] {
    return parseBodies<Alert>(this.#snapshot.all(closedLimit));
  }

  newestSequence(): number {
    return Number(this.#newestSequence.get() ?? 0);
  }

  unacknowledgedBySeverity(): Record<Severity, number> {
    const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
    for (const row of this.#unacknowledged.all() as { severity: Severity; alerts: number }[]) counts[row.severity] = row.alerts;
    return counts;
  }

  put(alert: Alert): void {
    const isOpen = alert.human === 'closed' ? 0 : 1;
    this.#put.run(alert.alertId, alert.dedupKey, isOpen, alert.human, alert.severity, alert.sequence, JSON.stringify(alert));
  }
}

export class RunTable {
  readonly #get: SqliteStatement;
  readonly #newest: SqliteStatement;
  readonly #openCount: SqliteStatement;
  readonly #put: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#get = database.prepare('SELECT body FROM runs WHERE runId = ?').pluck();
    this.#newest = database.prepare(`SELECT body FROM runs ORDER BY state = 'running' DESC, sequence DESC LIMIT ?`).pluck();
    this.#openCount = database.prepare(`SELECT COUNT(*) FROM runs WHERE state = 'running'`).pluck();
    this.#put = database.prepare('INSERT OR REPLACE INTO runs (runId, state, sequence, body) VALUES (?, ?, ?, ?)');
  }

  get(runId: string): Run | null {
    return parseBody<Run>(this.#get.get(runId));
  }

  /** Running ones first, then the most recently touched. */
  newest(limit: number): Run[] {
    return parseBodies<Run>(this.#newest.all(limit));
  }

  openCount(): number {
    return Number(this.#openCount.get());
  }

  put(run: Run): void {
    this.#put.run(run.runId, run.state, run.sequence, JSON.stringify(run));
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

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.alerts = new AlertTable(database);
    this.runs = new RunTable(database);
    this.settings = new KeyedTable(database, 'settings', 'key');
    this.layouts = new KeyedTable(database, 'layouts', 'name');
    this.feeds = new KeyedTable(database, 'feeds', 'feedId');
    this.scenarios = new KeyedTable(database, 'scenarios', 'scenarioId');
    this.worklists = new KeyedTable(database, 'worklists', 'worklistId');
    this.statements = new KeyedTable(database, 'statements', 'statementId');
    this.documents = new DocumentTable(database);
    this.#park = database.prepare('INSERT OR REPLACE INTO parked (sequence, reason) VALUES (?, ?)');
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

  /** Everything folded, for comparing two states in a proof. */
  dump(): Record<string, unknown[]> {
    const tables: [string, string][] = [
      ['alerts', 'alertId'],
      ['runs', 'runId'],
      ['settings', 'key'],
      ['layouts', 'name'],
      ['feeds', 'feedId'],
      ['scenarios', 'scenarioId'],
      ['worklists', 'worklistId'],
      ['statements', 'statementId'],
      ['documents', 'kind, id'],
      ['parked', 'sequence'],
    ];
    return Object.fromEntries(tables.map(([table, key]) => [table, this.#database.prepare(`SELECT * FROM ${table} ORDER BY ${key}`).all()]));
  }
}

function parseRows(rows: unknown[]): KeyedRow[] {
  return (rows as { key: string; sequence: number; body: string }[]).map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }));
}

function parseBody<Body>(body: unknown): Body | null {
  return body === undefined ? null : (JSON.parse(String(body)) as Body);
}

function parseBodies<Body>(bodies: unknown[]): Body[] {
  return bodies.map((body) => JSON.parse(String(body)) as Body);
}
