/** The positions stream of the feed protocol: slices, lots, and what a counter holds as a declared combination. */
import { z } from 'zod';
import { amount, date, epochMs, exchangeIDSchema, finite, hedgeFlagSchema, key, lots, posiDirectionSchema } from './item-fields';

/** InvestorPosition: one slice (account, instrument, direction, hedge flag, today or history) as the counter reports it. */
export const positionSchema = z.object({
  kind: z.literal('position'),
  accountID: key,
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  posiDirection: posiDirectionSchema,
  hedgeFlag: hedgeFlagSchema,
  positionDate: z.enum(['today', 'history']),
  asOfMs: epochMs,
  position: lots,
  ydPosition: lots.optional(),
  todayPosition: lots.optional(),
  longFrozen: lots.optional(),
  shortFrozen: lots.optional(),
  openVolume: lots.optional(),
  closeVolume: lots.optional(),
  openAmount: amount.optional(),
  closeAmount: amount.optional(),
  positionCost: amount.optional(),
  openCost: amount.optional(),
  useMargin: amount.optional(),
  exchangeMargin: amount.optional(),
  positionProfit: finite.optional(),
  closeProfit: finite.optional(),
  commission: amount.optional(),
  preSettlementPrice: finite.optional(),
  settlementPrice: finite.optional(),
});

/** InvestorPositionDetail: one lot. A lot whose `volume` is 0 is closed and leaves the book. */
export const positionDetailSchema = z.object({
  kind: z.literal('positionDetail'),
  accountID: key,
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  direction: posiDirectionSchema,
  hedgeFlag: hedgeFlagSchema,
  openDate: date,
  tradeID: key,
  asOfMs: epochMs,
  volume: lots,
  openPrice: finite,
  lastSettlementPrice: finite.optional(),
  closeVolume: lots.optional(),
});

/**
 * InvestorPositionCombineDetail: the part of one lot (`openDate`, `tradeID`) that is in one leg of a combination declared to the exchange. Rows of one
 * `comTradeID` make the combination. `totalAmt` are the leg's lots of this lot; 0 when the combination was dissolved.
 */
const positionCombineDetailSchema = z.object({
  kind: z.literal('positionCombineDetail'),
  accountID: key,
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  direction: posiDirectionSchema,
  hedgeFlag: hedgeFlagSchema,
  openDate: date,
  tradeID: key,
  comTradeID: key,
  combInstrumentID: key,
  legID: z.number().int().min(0).max(99),
  legMultiple: z.number().int().min(1).max(1e6),
  totalAmt: lots,
  asOfMs: epochMs,
  margin: amount.optional(),
  exchMargin: amount.optional(),
});

export const positionItemSchema = z.discriminatedUnion('kind', [positionSchema, positionDetailSchema, positionCombineDetailSchema]);

export type PositionSlice = z.infer<typeof positionSchema>;
export type PositionDetail = z.infer<typeof positionDetailSchema>;
export type PositionCombineDetail = z.infer<typeof positionCombineDetailSchema>;
