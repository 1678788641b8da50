/** A forced-liquidation worklist as it is written in the journal: a request to people, whole, with what it was computed from. Nothing is ever sent. */
import { z } from 'zod';
import type { FigureSet } from '#shared/contract/numbers-account';
import { hedgeFlagSchema } from '#shared/feed/items';
import { worklistRulesSchema } from '#shared/market/what-if/worklist';

const key = z.string().max(64);
const amount = z.number().nullable();
const figures = z.object({
  balance: amount,
  positionProfit: amount,
  currMargin: amount,
  exchangeMargin: amount,
  available: amount,
  riskDegree: amount,
  exchangeRiskDegree: amount,
  marginCall: amount,
  level: z.enum(['normal', 'warn', 'call', 'force', 'negative', 'unknown']),
  reason: z.string().nullable(),
}) satisfies z.ZodType<FigureSet>;
const direction = z.enum(['long', 'short']);
const line = z.object({
  exchangeID: key,
  instrumentID: key,
  direction,
  hedgeFlag: hedgeFlagSchema.or(z.string().max(32)),
  openDate: z.string().max(8),
  tradeID: key,
  volume: z.number(),
  orders: z.array(z.number()),
  price: z.number(),
  orderPrice: amount.optional(),
  closeProfit: z.number(),
  releaseMargin: z.number(),
  degreeAfter: amount,
  together: z.number().optional(),
  fee: amount.optional(),
});
const skipped = z.object({
  exchangeID: key,
  instrumentID: key,
  direction,
  tradeID: key,
  volume: z.number(),
  why: z.enum(['locked', 'hedge', 'frozen', 'releasesNothing', 'option', 'noPrice']),
  orders: z.array(key).optional(),
});

/** What the account held and had paid in when the list was made: a difference later means that the list no longer holds. */
export const worklistBasisSchema = z.object({
  tradingDay: z.string().nullable(),
  deposit: amount,
  /** Left out by lists of before withdrawals reopened them. */
  withdraw: amount.optional(),
  lotsHash: z.string(),
  fundsIn: z.number(),
  fundsOut: z.number().optional(),
  trades: z.number(),
  /** What resting close orders had frozen, as text. Left out by lists of before it was looked at. */
  frozen: z.string().optional(),
});
export type WorklistBasis = z.infer<typeof worklistBasisSchema>;

export const worklistContentSchema = z.object({
  worklistId: z.uuid(),
  accountID: key,
  accountName: z.string().max(400),
  rules: worklistRulesSchema,
  /** Given by hand; null: by the account's own commission rates. Lists of before rates were reckoned with always have a number. */
  feePerLot: amount,
  fee: amount.optional(),
  feeReason: z.string().max(400).nullable().optional(),
  marketAsOfMs: amount,
  accountAsOfMs: amount,
  inputsHash: z.string(),
  isEnough: z.boolean(),
  lines: z.array(line),
  skipped: z.array(skipped),
  before: figures,
  after: figures,
  /** From when on it holds no longer, whatever the account does; null until its trading day is over. Left out by lists of before there was an end. */
  expiresAtMs: amount.optional(),
  basis: worklistBasisSchema,
});
export type WorklistContent = z.infer<typeof worklistContentSchema>;

const worklistId = z.uuid();
const atMs = z.number();
export const reopenCauseSchema = z.enum(['deposit', 'withdrawal', 'fill', 'position', 'order', 'expired']);
export type ReopenCause = z.infer<typeof reopenCauseSchema>;

/** The second person on the spot, where the first one asked for one. */
const confirmedBySchema = z.object({ personId: z.string(), sessionId: z.string(), keyId: z.string(), signature: z.string() });
export type WorklistConfirmedBy = z.infer<typeof confirmedBySchema>;

export const worklistEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('worklist.made'),
    payload: z.object({ worklist: worklistContentSchema, note: z.string().max(2000), confirmedBy: confirmedBySchema.optional(), atMs }),
  }),
  z.object({ type: z.literal('worklist.reopened'), payload: z.object({ worklistId, cause: reopenCauseSchema, detail: z.string().max(400), atMs }) }),
  z.object({ type: z.literal('worklist.exported'), payload: z.object({ worklistId, file: z.string().max(1000), sha256: z.string(), atMs }) }),
  z.object({ type: z.literal('worklist.withdrawn'), payload: z.object({ worklistId, reason: z.string().max(2000), atMs }) }),
]);
export type WorklistEventBody = z.infer<typeof worklistEventSchema>;
export type WorklistEvent = WorklistEventBody & { subject: string };
