/** What a WebSocket feed can be told, and what it does when it is told nothing. */
import type { StreamName } from '#shared/feed/items';
import type { FeedEncoding } from '#shared/feed/messages';
import type { Clock } from '../../clock';
import type { SupervisionLimits } from '../supervision/stream-supervisor';

export type WebSocketTimings = {
  handshakeTimeoutMs: number;
  /** From an open socket to the source's welcome. */
  welcomeTimeoutMs: number;
  firstRetryMs: number;
  maxRetryMs: number;
  /** A link that lived this long was a good one: the next retry starts small again. */
  stableAfterMs: number;
  /** How often deadlines are looked at. */
  tickMs: number;
  turnBudgetMs: number;
  behindAfterMs: number;
};

export const DEFAULT_WEBSOCKET_TIMINGS: WebSocketTimings = {
  handshakeTimeoutMs: 5_000,
  welcomeTimeoutMs: 5_000,
  firstRetryMs: 250,
  maxRetryMs: 30_000,
  stableAfterMs: 10_000,
  tickMs: 100,
  turnBudgetMs: 8,
  behindAfterMs: 25,
};

export type WebSocketFeedOptions = {
  feedId: string;
  url: string;
  token?: string | undefined;
  /** How this desk introduces itself. */
  client?: string;
  streams?: readonly StreamName[];
  /** In order of preference. */
  encodings?: readonly FeedEncoding[];
  clock: Clock;
  random: () => number;
  maxPayloadBytes?: number;
  maxQueuedMessages?: number;
  timings?: Partial<WebSocketTimings>;
  supervision?: Partial<SupervisionLimits>;
};

export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;
export const MAX_QUEUED_MESSAGES = 20_000;
