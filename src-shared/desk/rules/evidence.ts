/** What a condition was made of, frozen when it was found: what people look at weeks later must be what the rule looked at then. */
import { z } from 'zod';

const price = z.number().nullable();

export const evidenceOrderSchema = z.object({
  accountID: z.string().max(64),
  exchangeID: z.string().max(16),
  instrumentID: z.string().max(64),
  orderSysID: z.string().max(64),
  direction: z.enum(['buy', 'sell']),
  offsetFlag: z.string().max(32),
  hedgeFlag: z.string().max(32),
  limitPrice: price,
  volume: z.number(),
  traded: z.number(),
  /** How it ended, or `live`. */
  state: z.enum(['live', 'traded', 'canceled', 'refused']),
  insertTimeMs: z.number(),
  updateTimeMs: z.number(),
});
export type EvidenceOrder = z.infer<typeof evidenceOrderSchema>;

export const evidenceTradeSchema = z.object({
  accountID: z.string().max(64),
  counterpartyID: z.string().max(64).nullable(),
  exchangeID: z.string().max(16),
  instrumentID: z.string().max(64),
  tradeID: z.string().max(64),
  orderSysID: z.string().max(64).nullable(),
  direction: z.enum(['buy', 'sell']),
  offsetFlag: z.string().max(32),
  price: z.number(),
  volume: z.number(),
  tradeTimeMs: z.number(),
});
export type EvidenceTrade = z.infer<typeof evidenceTradeSchema>;

export const evidenceTickSchema = z.object({
  exchangeID: z.string().max(16),
  instrumentID: z.string().max(64),
  timeMs: z.number(),
  lastPrice: price,
  bidPrice: price,
  askPrice: price,
  volume: price,
});
export type EvidenceTick = z.infer<typeof evidenceTickSchema>;

/** At most this many of each: an alert is read by a person, and the journal keeps it for ever. */
export const MOST_EVIDENCE = 20;

export const conditionEvidenceSchema = z.object({
  orders: z.array(evidenceOrderSchema).max(MOST_EVIDENCE),
  trades: z.array(evidenceTradeSchema).max(MOST_EVIDENCE),
  ticks: z.array(evidenceTickSchema).max(MOST_EVIDENCE),
  /** Each account of a merged customer by itself, the highest first. */
  byAccount: z.array(z.object({ accountID: z.string().max(64), value: z.number() })).max(MOST_EVIDENCE),
});
export type ConditionEvidence = z.infer<typeof conditionEvidenceSchema>;
