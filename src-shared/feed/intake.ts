/**
 * What feed supervision hands to the engine's core: parsed, in sequence, without duplicates, snapshots whole. Live feeds, recordings and
 * importers all speak this, so the core cannot tell them apart, and a recording is simply these events in the order of receipt.
 */
import { z } from 'zod';
import { ownRowSchema } from '#shared/desk/reference-rows/own-row';
import { type ItemByStream, itemSchemaByStream, STREAM_NAMES, type StreamName } from '#shared/feed/items';
import { packQuotes, type QuoteRows } from '#shared/feed/quote-rows';
import { type RefusedItem, refusedItemSchema } from '#shared/feed/refused';

const base = { feedId: z.string().min(1).max(64), receivedAtMs: z.number().min(0).max(8.64e15) };
const sequenced = {
  sourceTimeMs: z.number().min(0).max(8.64e15),
  tradingDay: z.string().regex(/^\d{8}$/),
  sequence: z.number().int().min(0),
  mergedFromMs: z.number().min(0).max(8.64e15).optional(),
  refused: z.array(refusedItemSchema).optional(),
};

export const linkStateSchema = z.enum(['connecting', 'up', 'down']);
export type LinkState = z.infer<typeof linkStateSchema>;

const welcome = z.object({
  type: z.literal('welcome'),
  ...base,
  source: z.string(),
  simulated: z.boolean(),
  demonstration: z.boolean(),
  sourceTimeMs: z.number(),
  tradingDay: z.string(),
  /** What the source offers; left out where nobody said. */
  streams: z.array(z.enum(STREAM_NAMES)).optional(),
});
const heartbeat = z.object({ type: z.literal('heartbeat'), ...base, sourceTimeMs: z.number(), tradingDay: z.string() });
const link = z.object({ type: z.literal('link'), ...base, state: linkStateSchema, reason: z.string() });
const gap = z.object({
  type: z.literal('gap'),
  ...base,
  stream: z.enum(STREAM_NAMES),
  fromSequence: z.number(),
  toSequence: z.number(),
  healedBy: z.enum(['resend', 'snapshot']).nullable(),
});

/**
 * All reference rows of the desk's own that hold from now on, in place of those before: no feed says them, but what is computed stands on them, so that a
 * recording must have them as the core had.
 */
const ownRows = z.object({ type: z.literal('ownRows'), ...base, rows: z.array(ownRowSchema).max(10_000) });

export type ItemsEvent<S extends StreamName = StreamName> = {
  [K in S]: {
    type: 'items' | 'picture';
    feedId: string;
    receivedAtMs: number;
    stream: K;
    sourceTimeMs: number;
    tradingDay: string;
    sequence: number;
    items: ItemByStream[K][];
    /** Quotes merged while the engine was behind: source time of the oldest one that was left out. */
    mergedFromMs?: number;
    /** Items of this message that were refused: what they would have replaced is unknown from now on. */
    refused?: RefusedItem[];
  };
}[S];

/** Quotes that came as rows: as good as any other event of quotes, except that its items are made only when somebody asks for them. */
export class QuotesInRows {
  readonly type = 'items';
  readonly feedId: string;
  readonly receivedAtMs: number;
  readonly stream = 'quotes';
  readonly sourceTimeMs: number;
  readonly tradingDay: string;
  readonly sequence: number;
  readonly rows: QuoteRows;

  constructor(feedId: string, receivedAtMs: number, sourceTimeMs: number, tradingDay: string, sequence: number, rows: QuoteRows) {
    this.feedId = feedId;
    this.receivedAtMs = receivedAtMs;
    this.sourceTimeMs = sourceTimeMs;
    this.tradingDay = tradingDay;
    this.sequence = sequence;
    this.rows = rows;
  }

  get items(): QuoteRows['quotes'] {
    return this.rows.quotes;
  }

  /** What a recording holds of it. */
  toJSON(): ItemsEvent<'quotes'> {
    const { type, feedId, receivedAtMs, stream, sourceTimeMs, tradingDay, sequence, items } = this;
    return { type, feedId, receivedAtMs, stream, sourceTimeMs, tradingDay, sequence, items };
  }
}

/** Rows of events that came with objects, for as long as the event is somewhere. */
const packed = new WeakMap<ItemsEvent<'quotes'>, QuoteRows>();

/** The quotes of an event as rows, whichever way they came. */
export function rowsOf(event: ItemsEvent<'quotes'>): QuoteRows {
  if (event instanceof QuotesInRows) return event.rows;
  let rows = packed.get(event);
  if (rows === undefined) {
    rows = packQuotes(event.items);
    packed.set(event, rows);
  }
  return rows;
}

export type WelcomeEvent = z.infer<typeof welcome>;
export type HeartbeatEvent = z.infer<typeof heartbeat>;
export type LinkEvent = z.infer<typeof link>;
export type GapEvent = z.infer<typeof gap>;
export type OwnRowsEvent = z.infer<typeof ownRows>;

/** `items` are deltas of one message; `picture` replaces everything the feed had said on that stream. */
export type IntakeEvent = WelcomeEvent | HeartbeatEvent | LinkEvent | GapEvent | OwnRowsEvent | ItemsEvent;

const itemEvents = STREAM_NAMES.map((stream) =>
  z.object({
    type: z.enum(['items', 'picture']),
    ...base,
    ...sequenced,
    stream: z.literal(stream),
    items: z.array(itemSchemaByStream[stream] as z.ZodType),
  }),
);

/** One by one, for readers that look at `type` first: a union of twelve tries each in turn. */
export {
  gap as gapEventSchema,
  heartbeat as heartbeatEventSchema,
  link as linkEventSchema,
  ownRows as ownRowsEventSchema,
  welcome as welcomeEventSchema,
};
/** An items event whose items are still to be parsed with their stream's schema. */
export const itemsEnvelopeSchema = z.object({
  type: z.enum(['items', 'picture']),
  ...base,
  stream: z.enum(STREAM_NAMES),
  ...sequenced,
  items: z.array(z.unknown()),
});

/** For recordings and importers; the live path has parsed each part already. */
export const intakeEventSchema = z.union([welcome, heartbeat, link, gap, ownRows, ...itemEvents]) as unknown as z.ZodType<IntakeEvent>;
