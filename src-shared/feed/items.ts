/**
 * What a feed may say, item by item (feed protocol v1). The schemas are the source; docs/feed-protocol/*.schema.json is generated from them.
 * Field names are CTP's in camelCase. What the source does not know is left out: never 0, never a sentinel such as DBL_MAX.
 * Money is in the account's currency, prices in the instrument's quote unit, volumes in lots, dates are `YYYYMMDD`, times are epoch milliseconds.
 */
import { z } from 'zod';
import {
  amount,
  directionSchema,
  epochMs,
  exchangeIDSchema,
  finite,
  hedgeFlagSchema,
  key,
  lots,
  nonNegative,
  offsetFlagSchema,
  text,
} from './item-fields';
import { positionItemSchema } from './position-items';
import { referenceItemSchema } from './reference-items';

export * from './item-fields';
export * from './position-items';
export * from './reference-items';

/** DepthMarketData. A delta repeats the whole quote; a field left out is unknown from then on. */
export const quoteSchema = z.object({
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  updateTimeMs: epochMs,
  lastPrice: finite.optional(),
  preSettlementPrice: finite.optional(),
  preClosePrice: finite.optional(),
  openPrice: finite.optional(),
  highestPrice: finite.optional(),
  lowestPrice: finite.optional(),
  settlementPrice: finite.optional(),
  upperLimitPrice: finite.optional(),
  lowerLimitPrice: finite.optional(),
  averagePrice: finite.optional(),
  volume: nonNegative.optional(),
  turnover: finite.optional(),
  openInterest: nonNegative.optional(),
  bidPrice1: finite.optional(),
  bidVolume1: nonNegative.optional(),
  askPrice1: finite.optional(),
  askVolume1: nonNegative.optional(),
});

/** TradingAccount as the counter reports it: raw, never recomputed by an adapter. */
export const accountSchema = z.object({
  accountID: key,
  currencyID: z.string().length(3),
  asOfMs: epochMs,
  preBalance: finite.optional(),
  preCredit: amount.optional(),
  preMortgage: amount.optional(),
  mortgage: amount.optional(),
  credit: amount.optional(),
  deposit: amount.optional(),
  withdraw: amount.optional(),
  balance: finite.optional(),
  available: finite.optional(),
  currMargin: amount.optional(),
  exchangeMargin: amount.optional(),
  closeProfit: finite.optional(),
  positionProfit: finite.optional(),
  commission: amount.optional(),
  cashIn: finite.optional(),
  frozenMargin: amount.optional(),
  frozenCash: amount.optional(),
  frozenCommission: amount.optional(),
  deliveryMargin: amount.optional(),
  exchangeDeliveryMargin: amount.optional(),
  withdrawQuota: finite.optional(),
  preMargin: amount.optional(),
});

export const orderSchema = z.object({
  accountID: key,
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  orderSysID: key,
  orderRef: key.optional(),
  direction: directionSchema,
  offsetFlag: offsetFlagSchema,
  hedgeFlag: hedgeFlagSchema,
  limitPrice: finite.optional(),
  volumeTotalOriginal: lots,
  volumeTraded: lots,
  volumeTotal: lots,
  timeCondition: z.enum(['IOC', 'GFD']),
  volumeCondition: z.enum(['any', 'min', 'all']),
  orderStatus: z.enum([
    'allTraded',
    'partTradedQueueing',
    'partTradedNotQueueing',
    'noTradeQueueing',
    'noTradeNotQueueing',
    'canceled',
    'unknown',
    'notTouched',
    'touched',
  ]),
  /** Who ended it, where the source knows: only the customer's own cancels count towards the exchanges' cancel limits. */
  canceledBy: z.enum(['customer', 'exchange', 'system']).optional(),
  insertTimeMs: epochMs,
  updateTimeMs: epochMs,
  cancelTimeMs: epochMs.optional(),
  statusMsg: text.optional(),
});

export const tradeSchema = z.object({
  accountID: key,
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  tradeID: key,
  orderSysID: key.optional(),
  direction: directionSchema,
  offsetFlag: offsetFlagSchema,
  hedgeFlag: hedgeFlagSchema,
  price: finite,
  volume: lots,
  tradeTimeMs: epochMs,
});

export const fundSchema = z.object({
  accountID: key,
  fundSerial: key,
  fundDirection: z.enum(['in', 'out']),
  amount: nonNegative,
  currencyID: z.string().length(3),
  fundTimeMs: epochMs,
});

export const instrumentStatusSchema = z.object({
  exchangeID: exchangeIDSchema,
  /** A product or an instrument: exchanges publish status for either. */
  productID: key.optional(),
  instrumentID: key.optional(),
  instrumentStatus: z.enum([
    'beforeTrading',
    'noTrading',
    'continuous',
    'auctionOrdering',
    'auctionBalance',
    'auctionMatch',
    'closed',
    'transactionProcessing',
  ]),
  enterTimeMs: epochMs,
});

export const STREAM_NAMES = ['reference', 'quotes', 'accounts', 'positions', 'orders', 'trades', 'funds', 'instrumentStatus'] as const;
export const streamNameSchema = z.enum(STREAM_NAMES);
export type StreamName = z.infer<typeof streamNameSchema>;

export const itemSchemaByStream = {
  reference: referenceItemSchema,
  quotes: quoteSchema,
  accounts: accountSchema,
  positions: positionItemSchema,
  orders: orderSchema,
  trades: tradeSchema,
  funds: fundSchema,
  instrumentStatus: instrumentStatusSchema,
} satisfies Record<StreamName, z.ZodType>;

export type ItemByStream = { [S in StreamName]: z.infer<(typeof itemSchemaByStream)[S]> };

export type Quote = z.infer<typeof quoteSchema>;
export type CounterAccount = z.infer<typeof accountSchema>;
export type Order = z.infer<typeof orderSchema>;
export type Trade = z.infer<typeof tradeSchema>;
export type Fund = z.infer<typeof fundSchema>;
export type InstrumentStatus = z.infer<typeof instrumentStatusSchema>;
