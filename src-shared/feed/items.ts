/**
 * What a feed may say, item by item (feed protocol v1). The schemas are the source; docs/feed-protocol/*.schema.json is generated from them.
 * Field names are CTP's in camelCase. What the source does not know is left out: never 0, never a sentinel such as DBL_MAX.
 * Money is in the account's currency, prices in the instrument's quote unit, volumes in lots, dates are `YYYYMMDD`, times are epoch milliseconds.
 */
import { z } from 'zod';

/** Larger magnitudes are sentinels (DBL_MAX) or faults, never prices or money. */
export const SENTINEL_LIMIT = 1e15;

const SENTINEL = 'is a sentinel: leave the field out instead';
const finite = z.number().gt(-SENTINEL_LIMIT, SENTINEL).lt(SENTINEL_LIMIT, SENTINEL);
const nonNegative = z.number().min(0, 'must not be negative').lt(SENTINEL_LIMIT, SENTINEL);
/** Money that is never owed the other way; sums of a counter may miss zero by their noise, never by half a cent. */
const amount = z.number().min(-0.005, 'must not be negative').lt(SENTINEL_LIMIT, SENTINEL);
const positive = z.number().gt(0, 'must be above zero').lt(SENTINEL_LIMIT, SENTINEL);
const lots = z.number().int('must be whole lots').min(0).max(1e9);
const epochMs = z.number().min(0).max(8.64e15);
const date = z.string().regex(/^\d{8}$/, 'must be YYYYMMDD');
const key = z.string().min(1).max(64);
const text = z.string().max(400);

export const exchangeIDSchema = z.string().min(1).max(16);
export const hedgeFlagSchema = z.enum(['speculation', 'arbitrage', 'hedge', 'marketMaker']);
export const posiDirectionSchema = z.enum(['long', 'short']);
export const directionSchema = z.enum(['buy', 'sell']);
export const offsetFlagSchema = z.enum(['open', 'close', 'closeToday', 'closeYesterday', 'forceClose', 'forceOff', 'localForceClose']);
export const certaintySchema = z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']);

/** Where a rate, limit or calendar row came from: every rule row carries one. */
export const sourcedFields = { effectiveFrom: date, effectiveTo: date.optional(), citation: text, certainty: certaintySchema };

// ---- reference stream -------------------------------------------------------------------------------------------------

export const instrumentSchema = z.object({
  kind: z.literal('instrument'),
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  productID: key,
  instrumentName: text.optional(),
  productClass: z.enum(['futures', 'option', 'spotDeferred', 'spot']),
  currencyID: z.string().length(3),
  volumeMultiple: positive.optional(),
  priceTick: positive.optional(),
  maxLimitOrderVolume: lots.optional(),
  expireDate: date.optional(),
  lifePhase: z.enum(['notStart', 'started', 'pause', 'expired']).optional(),
  /** Whether closing distinguishes today's lots (SHFE, INE) or is first in first out over both. */
  positionDateType: z.enum(['useHistory', 'noUseHistory']).optional(),
  sessionID: key.optional(),
  underlyingInstrID: key.optional(),
  optionsType: z.enum(['call', 'put']).optional(),
  strikePrice: positive.optional(),
});

/** How the sides of a margin group add up; dated because exchanges change it. */
export const marginAggregationSchema = z.object({
  kind: z.literal('marginAggregation'),
  exchangeID: exchangeIDSchema,
  productID: key.optional(),
  method: z.enum(['productBigSide', 'instrumentBigSide', 'plainSum']),
  ...sourcedFields,
});

/** What a company's own rate must lie above the exchange's by, at least; each of the four ratios for itself. */
const aboveExchangeSchema = z.object({
  longMarginRatioByMoney: finite,
  longMarginRatioByVolume: finite,
  shortMarginRatioByMoney: finite,
  shortMarginRatioByVolume: finite,
});

export const marginRateSchema = z
  .object({
    kind: z.literal('marginRate'),
    layer: z.enum(['exchange', 'company']),
    investorRange: z.enum(['broker', 'group', 'investor']),
    /** The group or the account, when the range is not the whole broker. */
    investorID: key.optional(),
    exchangeID: exchangeIDSchema,
    productID: key.optional(),
    instrumentID: key.optional(),
    hedgeFlag: hedgeFlagSchema,
    isRelative: z.boolean(),
    longMarginRatioByMoney: finite,
    longMarginRatioByVolume: finite,
    shortMarginRatioByMoney: finite,
    shortMarginRatioByVolume: finite,
    /** Of an absolute company row that follows the exchange: the rate is the larger of the row's own and the exchange's plus this. Left out, the row's own. */
    aboveExchange: aboveExchangeSchema.optional(),
    ...sourcedFields,
  })
  .refine(({ layer, isRelative, aboveExchange }) => aboveExchange === undefined || (layer === 'company' && !isRelative), {
    path: ['aboveExchange'],
    message: 'is for an absolute row of the company',
  });

export const commissionRateSchema = z.object({
  kind: z.literal('commissionRate'),
  investorRange: z.enum(['broker', 'group', 'investor']),
  investorID: key.optional(),
  exchangeID: exchangeIDSchema,
  productID: key.optional(),
  instrumentID: key.optional(),
  openRatioByMoney: nonNegative,
  openRatioByVolume: nonNegative,
  closeRatioByMoney: nonNegative,
  closeRatioByVolume: nonNegative,
  closeTodayRatioByMoney: nonNegative,
  closeTodayRatioByVolume: nonNegative,
  ...sourcedFields,
});

/** Whether times can be reckoned in it: a session in any other zone would stop whatever reckons with it. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A trading session: its sections in market-local minutes from 00:00; a section that ends before it starts runs past midnight. */
export const sessionSchema = z.object({
  kind: z.literal('session'),
  sessionID: key,
  timeZone: z.string().min(1).max(64).refine(isTimeZone, 'a time zone that this machine knows, by its IANA name'),
  sections: z
    .array(z.object({ fromMinute: z.number().int().min(0).max(1440), toMinute: z.number().int().min(0).max(1440), night: z.boolean() }))
    .max(16),
  citation: text,
  certainty: certaintySchema,
});

/** The days an exchange trades; the night session of a day belongs to the next trading day. */
export const calendarSchema = z.object({
  kind: z.literal('calendar'),
  exchangeID: exchangeIDSchema,
  from: date,
  to: date,
  tradingDays: z.array(date).max(4000),
  /** Trading days that have no night session before them (after holidays). */
  noNightSession: z.array(date).max(4000),
  citation: text,
  certainty: certaintySchema,
});

export const departmentSchema = z.object({ kind: z.literal('department'), departmentID: key, departmentName: text, parentID: key.optional() });

/** One account and its counter's calculation settings (BrokerTradingParams). */
export const accountMasterSchema = z.object({
  kind: z.literal('accountMaster'),
  accountID: key,
  accountName: text,
  departmentID: key,
  investorGroupID: key.optional(),
  controlGroupID: key.optional(),
  currencyID: z.string().length(3),
  marginPriceType: z.enum(['preSettlement', 'latest', 'average', 'open']).optional(),
  algorithm: z.enum(['all', 'onlyLost', 'onlyGain', 'none']).optional(),
  availIncludeCloseProfit: z.enum(['include', 'notInclude']).optional(),
});

/** Accounts under one actual control: exchanges count them as one customer. */
export const controlGroupSchema = z.object({
  kind: z.literal('controlGroup'),
  controlGroupID: key,
  controlGroupName: text,
  accountIDs: z.array(key).max(10000),
});

export const positionLimitSchema = z.object({
  kind: z.literal('positionLimit'),
  exchangeID: exchangeIDSchema,
  productID: key.optional(),
  instrumentID: key.optional(),
  limitVolume: lots,
  ...sourcedFields,
});

export const referenceItemSchema = z.discriminatedUnion('kind', [
  instrumentSchema,
  marginAggregationSchema,
  marginRateSchema,
  commissionRateSchema,
  sessionSchema,
  calendarSchema,
  departmentSchema,
  accountMasterSchema,
  controlGroupSchema,
  positionLimitSchema,
]);

// ---- market and account streams ---------------------------------------------------------------------------------------

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

export const positionItemSchema = z.discriminatedUnion('kind', [positionSchema, positionDetailSchema]);

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

export type Instrument = z.infer<typeof instrumentSchema>;
export type MarginAggregation = z.infer<typeof marginAggregationSchema>;
export type MarginRate = z.infer<typeof marginRateSchema>;
export type CommissionRate = z.infer<typeof commissionRateSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type Calendar = z.infer<typeof calendarSchema>;
export type Department = z.infer<typeof departmentSchema>;
export type AccountMaster = z.infer<typeof accountMasterSchema>;
export type ControlGroup = z.infer<typeof controlGroupSchema>;
export type PositionLimit = z.infer<typeof positionLimitSchema>;
export type ReferenceItem = z.infer<typeof referenceItemSchema>;
export type Quote = z.infer<typeof quoteSchema>;
export type CounterAccount = z.infer<typeof accountSchema>;
export type PositionSlice = z.infer<typeof positionSchema>;
export type PositionDetail = z.infer<typeof positionDetailSchema>;
export type Order = z.infer<typeof orderSchema>;
export type Trade = z.infer<typeof tradeSchema>;
export type Fund = z.infer<typeof fundSchema>;
export type InstrumentStatus = z.infer<typeof instrumentStatusSchema>;
export type HedgeFlag = z.infer<typeof hedgeFlagSchema>;
export type PosiDirection = z.infer<typeof posiDirectionSchema>;
export type Certainty = z.infer<typeof certaintySchema>;
