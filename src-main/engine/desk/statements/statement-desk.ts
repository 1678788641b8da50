/** Records imported settlement statements and finds them again. */
import type { Recorder } from '#engine/desk/record';
import type { KeyedTable } from '#engine/store/projection-tables';
import type { StatementView } from '#shared/contract/numbers-desk';
import type { ImportedStatement } from '#shared/desk/statements/events';
import { accept, type Outcome, refuse } from '#shared/refusal';

export class StatementDesk {
  readonly #recorder: Recorder;
  readonly #table: KeyedTable;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#table = recorder.journal.tables.statements;
  }

  /** Newest day first. */
  list(clientID?: string): StatementView[] {
    return this.#table
      .all()
      .map(({ body }) => body as StatementView)
      .filter((statement) => clientID === undefined || statement.clientID === clientID)
      .sort((a, b) => b.date.localeCompare(a.date) || a.clientID.localeCompare(b.clientID));
  }

  get(statementId: string): Outcome<StatementView> {
    const statement = this.#table.get(statementId) as StatementView | undefined;
    return statement === undefined ? refuse('UNKNOWN', `no statement ${statementId} was imported`, 'statementId') : accept(statement);
  }

  /** The same file again leaves no second entry. */
  record(statement: ImportedStatement): Outcome<StatementView> {
    const before = this.#table.get(statement.statementId) as StatementView | undefined;
    if (before?.sha256 === statement.sha256) return accept(before);
    const { nowMs } = this.#recorder.context();
    const event = { type: 'statement.imported', subject: `statement:${statement.statementId}`, payload: { statement, atMs: nowMs } };
    const recorded = this.#recorder.record('statement.import', [event]);
    return recorded.ok ? this.get(statement.statementId) : recorded;
  }
}
