/** The envelopes of feed protocol v1: who says what, in which order, on which stream. docs/feed-protocol.md tells the story. */
import { z } from 'zod';
import { date } from '#shared/feed/item-fields';
import { streamNameSchema } from '#shared/feed/items';

export const FEED_PROTOCOL = 'floorwatch-feed/1';

/** WebSocket subprotocols: the client offers both in its order of preference, the source picks one. JSON is text frames, MessagePack binary. */
export const FEED_SUBPROTOCOLS = { json: 'floorwatch-feed-1.json', msgpack: 'floorwatch-feed-1.msgpack' } as const;
export type FeedEncoding = keyof typeof FEED_SUBPROTOCOLS;

const sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const epochMs = z.number().min(0).max(8.64e15);

export const streamPositionSchema = z.object({ stream: streamNameSchema, tradingDay: date, sequence });
export type StreamPosition = z.infer<typeof streamPositionSchema>;

// ---- client to source -------------------------------------------------------------------------------------------------

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.literal(FEED_PROTOCOL), client: z.string().max(64), token: z.string().max(4096).optional() }),
  /** `from` resumes after that sequence when the source still has it; without it, or when it does not, a snapshot comes first. */
  z.object({
    type: z.literal('subscribe'),
    streams: z.array(z.object({ stream: streamNameSchema, from: streamPositionSchema.omit({ stream: true }).optional() })).max(16),
  }),
  z.object({ type: z.literal('resend'), stream: streamNameSchema, tradingDay: date, fromSequence: sequence, toSequence: sequence }),
  z.object({ type: z.literal('snapshotRequest'), stream: streamNameSchema }),
  z.object({ type: z.literal('heartbeat'), sentAtMs: epochMs }),
]);
export type FeedClientMessage = z.infer<typeof clientMessageSchema>;

// ---- source to client -------------------------------------------------------------------------------------------------

export const welcomeSchema = z.object({
  type: z.literal('welcome'),
  protocol: z.literal(FEED_PROTOCOL),
  source: z.string().min(1).max(64),
  /** True when the source's clock is its own (a demonstration or a replay): ages are then counted in source time. */
  simulated: z.boolean(),
  demonstration: z.boolean(),
  sourceTimeMs: epochMs,
  tradingDay: date,
  heartbeatIntervalMs: z.number().int().min(100).max(120_000),
  streams: z.array(streamNameSchema).max(16),
});
/** Carries the last sequence of each stream, so that a hole at the end of a quiet stream is seen too. */
export const heartbeatSchema = z.object({
  type: z.literal('heartbeat'),
  sourceTimeMs: epochMs,
  tradingDay: date,
  positions: z.array(streamPositionSchema).max(16),
});
/** One sequence number per message; `items` is parsed item by item with the stream's schema, so one bad item costs only itself. */
export const dataSchema = z.object({
  type: z.literal('data'),
  stream: streamNameSchema,
  tradingDay: date,
  sequence,
  sourceTimeMs: epochMs,
  items: z.array(z.unknown()).max(20_000),
});
/** A snapshot replaces the stream's whole picture, at once, when its end mark arrives; `sequence` is that of the last delta it includes. */
export const snapshotBeginSchema = z.object({
  type: z.literal('snapshotBegin'),
  stream: streamNameSchema,
  tradingDay: date,
  sequence,
  sourceTimeMs: epochMs,
  reason: z.enum(['subscribed', 'requested', 'resendUnavailable', 'newTradingDay']),
});
export const snapshotSchema = z.object({ type: z.literal('snapshot'), stream: streamNameSchema, items: z.array(z.unknown()).max(20_000) });
export const snapshotEndSchema = z.object({
  type: z.literal('snapshotEnd'),
  stream: streamNameSchema,
  tradingDay: date,
  sequence,
  sourceTimeMs: epochMs,
  count: z.number().int().min(0),
});
/** `stream` says which request was refused, when it was about one; code RESEND_UNAVAILABLE makes the client ask for a snapshot instead. */
export const sourceRefusalSchema = z.object({
  type: z.literal('refusal'),
  code: z.string().max(64),
  message: z.string().max(1000),
  stream: streamNameSchema.optional(),
});

export const sourceMessageSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  heartbeatSchema,
  dataSchema,
  snapshotBeginSchema,
  snapshotSchema,
  snapshotEndSchema,
  sourceRefusalSchema,
]);
export type FeedSourceMessage = z.infer<typeof sourceMessageSchema>;
