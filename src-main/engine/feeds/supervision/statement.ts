/** What a source can say, already parsed, whatever protocol carried it: the only thing supervision ever sees. */
import type { StreamName } from '#shared/feed/items';
import type { QuoteRows } from '#shared/feed/quote-rows';
import type { RefusedItem } from '#shared/feed/refused';

export type DataStatement = {
  type: 'data';
  stream: StreamName;
  tradingDay: string;
  sequence: number;
  sourceTimeMs: number;
  /** Items that passed their schema; refused ones are already with the dead letters. */
  readonly items: unknown[];
  /** The same as rows, where they came so: then `items` are made when they are first asked for. */
  readonly rows?: QuoteRows;
  /** What the refused ones were about, where they say. */
  refused?: RefusedItem[] | undefined;
};

export type SnapshotReason = 'subscribed' | 'requested' | 'resendUnavailable' | 'newTradingDay';

export type SnapshotBeginStatement = {
  type: 'snapshotBegin';
  stream: StreamName;
  tradingDay: string;
  sequence: number;
  sourceTimeMs: number;
  reason: SnapshotReason;
};
/** `receivedCount` counts refused items too: the end mark's count is about what was sent. */
export type SnapshotPartStatement = {
  type: 'snapshot';
  stream: StreamName;
  items: unknown[];
  receivedCount: number;
  refused?: RefusedItem[] | undefined;
};
export type SnapshotEndStatement = {
  type: 'snapshotEnd';
  stream: StreamName;
  tradingDay: string;
  sequence: number;
  sourceTimeMs: number;
  count: number;
};
export type StreamStatement = DataStatement | SnapshotBeginStatement | SnapshotPartStatement | SnapshotEndStatement;

export type StreamPosition = { stream: StreamName; tradingDay: string; sequence: number };

export type WelcomeStatement = {
  type: 'welcome';
  source: string;
  simulated: boolean;
  demonstration: boolean;
  sourceTimeMs: number;
  tradingDay: string;
  heartbeatIntervalMs: number;
  streams: StreamName[];
};
export type HeartbeatStatement = { type: 'heartbeat'; sourceTimeMs: number; tradingDay: string; positions: StreamPosition[] };
export type RefusalStatement = { type: 'refusal'; code: string; message: string; stream?: StreamName | undefined };

export type Statement = WelcomeStatement | HeartbeatStatement | RefusalStatement | StreamStatement;

/** What supervision wants said to the source, or done to the link. */
export type SupervisionRequest =
  | { type: 'resend'; stream: StreamName; tradingDay: string; fromSequence: number; toSequence: number }
  | { type: 'snapshotRequest'; stream: StreamName }
  | { type: 'reconnect'; reason: string };
