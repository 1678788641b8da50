/** Puts the health panel's picture together: what feeds, store and kernel are made of, and how long things take. */
import { statSync } from 'node:fs';
import type { Book } from '#engine/book/book';
import type { Desk } from '#engine/desk/desk';
import type { FeedControl } from '#engine/feed-control';
import type { Timings } from '#engine/timings';
import type { HealthPicture } from '#shared/contract/streams';

const SHOWN_DEAD_LETTERS = 50;
const SHOWN_STALE_INSTRUMENTS = 100;

export type HealthParts = {
  nowMs: number;
  /** The clock of the book on screen: in a replay that of the recording, or all of it would be years stale. */
  bookNowMs: number;
  book: Book;
  desk: Desk;
  feeds: FeedControl;
  timings: Timings;
  cacheFile: string;
  fullCheck: { drift: number; atMs: number } | null;
};

export function buildHealthPicture(parts: HealthParts): HealthPicture {
  const { nowMs, bookNowMs, book, desk, feeds, fullCheck } = parts;
  const counts = book.counts();
  return {
    feeds: feeds.healthPictures(nowMs),
    deadLetters: feeds.refusedSamples().slice(0, SHOWN_DEAD_LETTERS),
    staleInstruments: staleInstruments(book, bookNowMs),
    store: desk.storePicture({ file: parts.cacheFile, bytes: bytesOf(parts.cacheFile) }, bytesOf),
    kernel: { name: 'wasm', ...counts, lastFullCheckAtMs: fullCheck?.atMs ?? null, lastFullCheckDrift: fullCheck?.drift ?? null },
    timings: parts.timings.pictures(),
  };
}

/** Held instruments whose session is open and whose price nobody vouches for, the oldest first. */
function staleInstruments(book: Book, nowMs: number): HealthPicture['staleInstruments'] {
  const stale = book.records.instruments.flatMap((record) => {
    const isHeld = record.holdings.some((holding) => holding.netQuantity !== 0);
    if (!isHeld || book.qualityOfInstrument(record, nowMs) !== 'stale') return [];
    const lastTickMs = record.quoteReceivedAtMs;
    const ageMs = lastTickMs === null ? null : nowMs - lastTickMs;
    const { exchangeID, instrumentID } = record;
    return [{ exchangeID, instrumentID, lastTickMs, ageMs, session: book.sessionOf(record, nowMs) }];
  });
  return stale.sort((a, b) => (b.ageMs ?? Number.POSITIVE_INFINITY) - (a.ageMs ?? Number.POSITIVE_INFINITY)).slice(0, SHOWN_STALE_INSTRUMENTS);
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
