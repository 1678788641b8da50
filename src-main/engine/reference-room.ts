/** The room of reference data: joins the desk that keeps its own rows to the book that computes with them, and shows what is in force. */
import type { Book } from '#engine/book/book';
import { standingOf } from '#engine/book/own-row-states';
import { referenceRowsInForce } from '#engine/book/views/reference-rows';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { ReferenceDesk } from '#engine/desk/reference-rows/reference-desk';
import type { OwnRowView, REFERENCE_ROW_REQUESTS, ReferenceParams, ReferencePicture } from '#shared/contract/reference-rows';
import type { OwnRow } from '#shared/desk/reference-rows/own-row';
import { readRowFile } from '#shared/desk/reference-rows/row-file';
import type { OwnRowsEvent } from '#shared/feed/intake';
import { accept, type Outcome } from '#shared/refusal';

export type ReferenceRequests = HandlersOf<keyof typeof REFERENCE_ROW_REQUESTS>;

export type ReferenceRoomParts = {
  recorder: Recorder;
  nowMs: () => number;
  /** The live book; and the one on screen, which may be a recording's. */
  book: () => Book;
  shownBook: () => Book;
  /** To the book, and to whoever records what it is given. */
  give: (event: OwnRowsEvent) => void;
};

/** Under this name the desk's own word stands beside the feeds'. */
export const DESK_SOURCE = 'desk';
const MOST_WITHDRAWN = 100;

export class ReferenceRoom {
  readonly requests: ReferenceRequests;
  readonly #parts: ReferenceRoomParts;
  readonly #desk: ReferenceDesk;

  constructor(parts: ReferenceRoomParts) {
    this.#parts = parts;
    this.#desk = new ReferenceDesk(parts.recorder);
    this.requests = {
      'reference.supply': (payload) => this.#changed(this.#desk.supply(payload)),
      'reference.change': (payload) => this.#changed(this.#desk.change(payload)),
      'reference.withdraw': (payload) => this.#changed(this.#desk.withdraw(payload)),
      'reference.preview': ({ rows }) => accept({ standings: rows.map((draft) => standingOf(parts.book(), draft)) }),
      'reference.readFile': ({ text }) => accept(readRowFile(text)),
      'reference.get': (payload) => this.#desk.get(payload),
    };
  }

  /** What the book has to be given when it is built or a recording begins; null while the desk has none of its own. */
  event(): OwnRowsEvent | null {
    const rows = this.#desk.rowsForBook();
    return rows.length === 0 ? null : this.#eventOf(rows);
  }

  before(payload: unknown): unknown {
    return this.#desk.before(payload);
  }

  picture({ table, filter }: ReferenceParams): ReferencePicture {
    const book = this.#parts.shownBook();
    const isReplay = book !== this.#parts.book();
    const { rows, total } = referenceRowsInForce(book, table, filter);
    return { tradingDay: book.tradingDay, own: isReplay ? recordedRows(book) : this.#ownRows(book), rows, total, isReplay };
  }

  #ownRows(book: Book): OwnRowView[] {
    const standings = new Map(book.ownRows.all().map(({ row, use, differences }) => [row.rowId, { use, differences }]));
    const views = this.#desk.all().flatMap(({ rowId, versions, withdrawn }): OwnRowView[] => {
      const newest = versions[0];
      if (newest === undefined) return [];
      const { sequence: _sequence, approvalId: _approvalId, ...shown } = newest;
      return [{ rowId, ...shown, standing: withdrawn === null ? (standings.get(rowId) ?? null) : null }];
    });
    const current = views.filter(({ standing }) => standing !== null);
    return [...current, ...views.filter(({ standing }) => standing === null).slice(0, MOST_WITHDRAWN)];
  }

  /** At once: the next figure is computed with it. */
  #changed<Answer>(outcome: Outcome<Answer>): Outcome<Answer> {
    if (outcome.ok) this.#parts.give(this.#eventOf(this.#desk.rowsForBook()));
    return outcome;
  }

  #eventOf(rows: OwnRow[]): OwnRowsEvent {
    return { type: 'ownRows', feedId: DESK_SOURCE, receivedAtMs: this.#parts.nowMs(), rows };
  }
}

/** Those that the recording holds. */
function recordedRows(book: Book): OwnRowView[] {
  return book.ownRows.all().map(({ row, use, differences }) => {
    const { rowId, version, item, precedence, suppliedBy, approvedBy, suppliedAtMs } = row;
    return {
      rowId,
      version,
      draft: { item, precedence },
      by: suppliedBy,
      approvedBy,
      atMs: suppliedAtMs,
      reason: '',
      standing: { use, differences },
    };
  });
}
