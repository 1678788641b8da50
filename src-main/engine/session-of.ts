/** Joins the watch's question about a contract's session to the book's calendar. */
import type { Book } from '#engine/book/book';
import type { InstrumentTick } from '#engine/book/book-reader';
import type { SessionState } from '#shared/market/session-calendar';

export function sessionOfTick(book: Book): (tick: InstrumentTick, nowMs: number) => SessionState {
  return (tick, nowMs) => book.sessionOf(book.records.instrument(tick.exchangeID, tick.instrumentID), nowMs);
}
