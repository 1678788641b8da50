/** Alerts as they stand, folded in the journal's own transactions. Columns hold only what is searched by; what people wrote is in the sealed body. */
import type { SealedBodies } from '#engine/store/sealed-bodies';
import type { SqliteDatabase, SqliteStatement } from '#engine/store/sqlite-module';
import type { AlertTotals } from '#shared/contract/alerts';
import type { Alert, Severity } from '#shared/desk/alerts/alert';
import { subjectKeyOf } from '#shared/journal/sealed';

/** The gravest and not yet taken on first, then the newest: the order in which a person would want them if only some fit. */
const WORST_FIRST = `human = 'unacknowledged' DESC, CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, sequence DESC`;

export class AlertTable {
  readonly #get: SqliteStatement;
  readonly #openByKey: SqliteStatement;
  readonly #lastClosedByKey: SqliteStatement;
  readonly #open: SqliteStatement;
  readonly #closedWhileOn: SqliteStatement;
  readonly #after: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #totals: SqliteStatement;
  readonly #worst: SqliteStatement;
  readonly #newestClosed: SqliteStatement;
  readonly #newestSequence: SqliteStatement;
  readonly #newest: SqliteStatement;

  readonly #bodies: SealedBodies;

  constructor(database: SqliteDatabase, bodies: SealedBodies) {
    this.#bodies = bodies;
    this.#get = database.prepare('SELECT body FROM alerts WHERE alertId = ?').pluck();
    this.#openByKey = database.prepare('SELECT alertId AS key, sequence, body FROM alerts WHERE dedupKey = ? AND isOpen = 1');
    this.#lastClosedByKey = database.prepare(
      'SELECT alertId AS key, sequence, body FROM alerts WHERE dedupKey = ? AND isOpen = 0 ORDER BY sequence DESC LIMIT 1',
    );
    this.#open = database.prepare('SELECT alertId AS key, sequence, body FROM alerts WHERE isOpen = 1 ORDER BY sequence');
    this.#closedWhileOn = database.prepare(
      `SELECT alertId AS key, sequence, body FROM alerts WHERE isOpen = 0 AND human = 'closedWhileOn' ORDER BY sequence`,
    );
    // The order is found in the index; only what is sent is read.
    this.#worst = database.prepare(
      `SELECT alertId AS key, sequence, body FROM alerts
       WHERE alertId IN (SELECT alertId FROM alerts WHERE isOpen = 1 ORDER BY ${WORST_FIRST} LIMIT ? OFFSET ?) ORDER BY sequence`,
    );
    this.#newestClosed = database.prepare(
      'SELECT * FROM (SELECT alertId AS key, sequence, body FROM alerts WHERE isOpen = 0 ORDER BY sequence DESC LIMIT ?) ORDER BY sequence',
    );
    this.#newestSequence = database.prepare('SELECT MAX(sequence) FROM alerts').pluck();
    this.#after = database.prepare('SELECT alertId AS key, sequence, body FROM alerts WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#put = database.prepare(
      // Not INSERT OR REPLACE: that would quietly delete another open alert of the same key instead of failing.
      `INSERT INTO alerts (alertId, dedupKey, isOpen, human, severity, sequence, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (alertId) DO UPDATE SET isOpen = excluded.isOpen, human = excluded.human, severity = excluded.severity,
         sequence = excluded.sequence, body = excluded.body`,
    );
    this.#totals = database.prepare('SELECT severity, human, COUNT(*) AS alerts FROM alerts WHERE isOpen = 1 GROUP BY human, severity');
    this.#newest = database.prepare('SELECT alertId AS key, sequence, body FROM alerts ORDER BY sequence DESC LIMIT ? OFFSET ?');
  }

  get(alertId: string): Alert | null {
    return (this.#bodies.open(this.#get.get(alertId), alertPlace(alertId)) as Alert | undefined) ?? null;
  }

  /** The client's key that the row is sealed with; null where there is no row or the desk's own key seals it. */
  subjectKeyOf(alertId: string): string | null {
    const stored = this.#get.get(alertId);
    return stored === undefined ? null : subjectKeyOf(String(stored));
  }

  openByKey(dedupKey: string): Alert | null {
    return this.#read(this.#openByKey.all(dedupKey))[0] ?? null;
  }

  lastClosedByKey(dedupKey: string): Alert | null {
    return this.#read(this.#lastClosedByKey.all(dedupKey))[0] ?? null;
  }

  open(): Alert[] {
    return this.#read(this.#open.all());
  }

  /** Closed by people while the machine still saw it on: the watch must not raise these again. */
  closedWhileOn(): Alert[] {
    return this.#read(this.#closedWhileOn.all());
  }

  /** Alerts whose last entry came after `sequence`, in that order. */
  after(sequence: number, limit: number): Alert[] {
    return this.#read(this.#after.all(sequence, limit));
  }

  /** Open and closed, the most recently changed first. */
  newest(limit: number, offset: number): Alert[] {
    return this.#read(this.#newest.all(limit, offset));
  }

  /** The `openLimit` worst open alerts and the `closedLimit` most recently closed, each in the order of their last entry. */
  snapshot(openLimit: number, closedLimit: number): Alert[] {
    return [...this.#read(this.#newestClosed.all(closedLimit)), ...this.worst(openLimit, 0)];
  }

  /** Open alerts in the order `snapshot` prefers them, from a place in it; each page in the order of their last entry. */
  worst(limit: number, offset: number): Alert[] {
    return this.#read(this.#worst.all(limit, offset));
  }

  newestSequence(): number {
    return Number(this.#newestSequence.get() ?? 0);
  }

  totals(): AlertTotals {
    const totals: AlertTotals = { open: { critical: 0, high: 0, medium: 0, low: 0 }, unacknowledged: { critical: 0, high: 0, medium: 0, low: 0 } };
    for (const row of this.#totals.all() as { severity: Severity; human: Alert['human']; alerts: number }[]) {
      totals.open[row.severity] += row.alerts;
      if (row.human === 'unacknowledged') totals.unacknowledged[row.severity] += row.alerts;
    }
    return totals;
  }

  put(alert: Alert): void {
    const isOpen = alert.human === 'closed' ? 0 : 1;
    const human = isOpen === 0 && alert.reading !== 'off' ? 'closedWhileOn' : alert.human;
    const sealed = this.#bodies.seal(alert, alertPlace(alert.alertId), () => this.#get.get(alert.alertId), true);
    this.#put.run(alert.alertId, alert.dedupKey, isOpen, human, alert.severity, alert.sequence, sealed);
  }

  #read(rows: unknown[]): Alert[] {
    return this.#bodies.openRows(rows, alertPlace).map(({ body }) => body as Alert);
  }
}

/** What a sealed body is bound to. */
export function alertPlace(alertId: string): string {
  return `alerts ${alertId}`;
}
