/** The interface every feed meets, whatever its protocol: WebSocket today, FIX and NATS beside it later, a recording, an importer. */
import type { FeedPicture } from '#shared/contract/streams';
import type { IntakeEvent } from '#shared/feed/intake';

/** A message or an item that was refused: kept as a sample for people, never applied. */
export type DeadLetter = { feedId: string; atMs: number; stream: string | null; reason: string; sample: string };

export interface FeedSink {
  /** Everything one received message led to, in order. The core evaluates once, after the last. Quotes in rows are lent for this call; see `QuoteRows`. */
  onEvents(events: readonly IntakeEvent[]): void;
  onDeadLetter(letter: DeadLetter): void;
}

export type FeedStreamPicture = {
  stream: string;
  tradingDay: string | null;
  sequence: number | null;
  itemCount: number;
  lastReceivedAtMs: number | null;
};

export interface Feed {
  readonly feedId: string;
  start(sink: FeedSink): void;
  /** Resolves when nothing more will reach the sink. */
  stop(): Promise<void>;
  pause(): void;
  resume(): void;
  reconnect(): void;
  /** Asks the source for a whole new picture of every stream, so that a recording can start in the middle of a day. Absent where there is nobody to ask. */
  requestPictures?(): void;
  picture(nowMs: number): FeedPicture;
  streamPictures(): FeedStreamPicture[];
}
