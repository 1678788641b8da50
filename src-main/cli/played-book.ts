/** A book as a recording leaves it: what the headless what-if commands compute on. */
import { type CliIo, CliRefusal, EXIT } from '#cli/cli-io';
import type { Book } from '#engine/book/book';
import { systemClock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { ReplaySession } from '#engine/replay-session';
import { bundledRulePack } from '#engine/watch/bundled-rules';

export type PlayedBook = { book: Book; source: string; isWhole: boolean };

/** Null when interrupted. A recording that is cut off gives what is in it, and `isWhole` says so. */
export async function playBook(io: CliIo, file: string): Promise<PlayedBook | null> {
  const opened = await RecordingReader.open(file, {});
  if (!opened.ok) throw new CliRefusal(EXIT.input, opened.message, opened.field);
  const reader = opened.value;
  if (io.interrupted.aborted) return null;
  const session = new ReplaySession({ reader, speed: 'max', clock: systemClock, rules: bundledRulePack() });
  const stop = (): void => void session.feed.stop();
  io.interrupted.addEventListener('abort', stop, { once: true });
  try {
    await session.play();
  } finally {
    io.interrupted.removeEventListener('abort', stop);
  }
  const { finished, refusedLines } = session.feed.progress();
  if (!finished) return null;
  return { book: session.book, source: reader.header.source, isWhole: reader.ending?.kind === 'complete' && refusedLines === 0 };
}
