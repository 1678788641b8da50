/** The reference stream of the feed protocol: contracts, dated rates and rules, calendars, and who is who. */
import { z } from 'zod';
import {
  certaintySchema,
  date,
  exchangeIDSchema,
  finite,
  hedgeFlagSchema,
  key,
  lots,
  nonNegative,
  positive,
  sourcedFields,
  text,
} from './item-fields';

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

/** What a company's own rate is multiplied by where it does not follow the exchange (CTP's NoLongMarginRatioByMoney and its three siblings); each for itself. */
const ownTimesSchema = z.object({
  longMarginRatioByMoney: nonNegative,
  longMarginRatioByVolume: nonNegative,
  shortMarginRatioByMoney: nonNegative,
  shortMarginRatioByVolume: nonNegative,
});

/**
 * A contract that is left out of its product's larger side, as exchanges do near delivery: its sides add up by themselves, and do not net with other
 * months. Dated, since it begins so many days before the last one.
 */
export const bigSideExclusionSchema = z.object({
  kind: z.literal('bigSideExclusion'),
  exchangeID: exchangeIDSchema,
  instrumentID: key,
  countedAs: z.enum(['instrumentBigSide', 'plainSum']),
  ...sourcedFields,
});

/** How the margin of a declared combination is reckoned: of one kind (`SP`, the word before the first space of CombInstrumentID), or of all on the exchange. */
export const combinationMarginSchema = z.object({
  kind: z.literal('combinationMargin'),
  exchangeID: exchangeIDSchema,
  combinationKind: z.string().min(1).max(16).optional(),
  legMargin: z.enum(['largerLeg', 'sumOfLegs']),
  ...sourcedFields,
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
    /** Of an absolute company row that does not follow the exchange: the rate is the row's own times this. Left out, the row's own. */
    ownTimes: ownTimesSchema.optional(),
    ...sourcedFields,
  })
  .refine(({ layer, isRelative, aboveExchange }) => aboveExchange === undefined || (layer === 'company' && !isRelative), {
    path: ['aboveExchange'],
    message: 'is for an absolute row of the company',
  })
  .refine(({ layer, isRelative, ownTimes }) => ownTimes === undefined || (layer === 'company' && !isRelative), {
    path: ['ownTimes'],
    message: 'is for an absolute row of the company',
  })
  .refine(({ aboveExchange, ownTimes }) => aboveExchange === undefined || ownTimes === undefined, {
    path: ['ownTimes'],
    message: 'is for a row that does not follow the exchange, which aboveExchange does',
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
  bigSideExclusionSchema,
  combinationMarginSchema,
  marginRateSchema,
  commissionRateSchema,
  sessionSchema,
  calendarSchema,
  departmentSchema,
  accountMasterSchema,
  controlGroupSchema,
  positionLimitSchema,
]);

export type Instrument = z.infer<typeof instrumentSchema>;
export type MarginAggregation = z.infer<typeof marginAggregationSchema>;
export type BigSideExclusion = z.infer<typeof bigSideExclusionSchema>;
export type CombinationMargin = z.infer<typeof combinationMarginSchema>;
export type MarginRate = z.infer<typeof marginRateSchema>;
export type CommissionRate = z.infer<typeof commissionRateSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type Calendar = z.infer<typeof calendarSchema>;
export type Department = z.infer<typeof departmentSchema>;
export type AccountMaster = z.infer<typeof accountMasterSchema>;
export type ControlGroup = z.infer<typeof controlGroupSchema>;
export type PositionLimit = z.infer<typeof positionLimitSchema>;
export type ReferenceItem = z.infer<typeof referenceItemSchema>;
