/**
 * A counter snapshot in its compact file form (docs/counter-snapshot.md): one account with its positions, as the counter answered them.
 * In this form a volume or an amount that is zero may be left out; prices, multipliers and rates that are left out are unknown.
 */
import { z } from 'zod';
import { isCalendarDay } from '#shared/calendar-day';
import { SENTINEL_LIMIT } from '#shared/feed/items';

const finite = z.number().refine((value) => Math.abs(value) < SENTINEL_LIMIT, 'is a sentinel, not a value: leave the field out instead');
const amount = finite.default(0);
/** Money that went one way: its direction is the field's name, never a sign. */
const oneWay = finite.min(0, 'must not be negative: the direction is the field').default(0);
const lots = z.number().int('must be whole lots').min(0).max(1e9).default(0);
/** Counters write 0, null or a sentinel where they have no price: all of these are unknown, and make unknown what needs them. */
const price = z
  .number()
  .nullish()
  .transform((value) => (typeof value === 'number' && value > 0 && value < SENTINEL_LIMIT ? value : undefined))
  .optional();
/** A figure that the counter need not give: null and a sentinel are its ways of saying none. */
const maybe = z
  .number()
  .nullish()
  .transform((value) => (typeof value === 'number' && Math.abs(value) < SENTINEL_LIMIT ? value : undefined))
  .optional();
/** What the counter worked out: left out it is 0, null or a sentinel is none. It is compared with ours, and never needed for it. */
const result = z
  .number()
  .nullish()
  .transform((value) => (value === undefined ? 0 : value !== null && Math.abs(value) < SENTINEL_LIMIT ? value : undefined));
const key = z.string().min(1).max(64);

export const counterParamsSchema = z.object({
  /** BrokerTradingParams.Algorithm: 1 all floating P&L counts as available, 2 only losses, 3 only gains, 4 none. */
  algorithm: z.enum(['1', '2', '3', '4']),
  /** 0 close profit is included in available, 2 gains are not. */
  availIncludeCloseProfit: z.enum(['0', '2']),
  /** 1 pre-settlement, 2 latest, 3 average, 4 open price. */
  marginPriceType: z.enum(['1', '2', '3', '4']),
  currencyID: z.string().max(8).nullish(),
});

export const counterAccountSchema = z.object({
  preBalance: finite,
  deposit: oneWay,
  withdraw: oneWay,
  cashIn: amount,
  deliveryMargin: amount,
  /** Of counters with pledges, credit or options. */
  preCredit: amount,
  preMortgage: amount,
  mortgage: amount,
  credit: amount,
  frozenCash: amount,
  balance: maybe,
  available: maybe,
  currMargin: result,
  exchangeMargin: maybe,
  closeProfit: result,
  positionProfit: result,
  commission: result,
  frozenMargin: result,
  frozenCommission: result,
  /** The margin of the morning's position, at yesterday's settlement. */
  preMargin: maybe,
  withdrawQuota: maybe,
  mortgageableFund: maybe,
});

export const counterPositionSchema = z.object({
  exchange: key,
  instrument: key,
  direction: z.enum(['long', 'short']),
  hedgeFlag: key,
  positionDate: z.enum(['today', 'history']),
  /** Results: a wrong one is a residual, not a refusal. */
  position: result,
  ydPosition: lots,
  todayPosition: result,
  openVolume: lots,
  closeVolume: lots,
  openAmount: amount,
  closeAmount: amount,
  openCost: result,
  positionCost: result,
  preSettlementPrice: price,
  /** The counter's current mark at its as-of, not the official settlement price. */
  settlementPrice: price,
  useMargin: result,
  exchangeMargin: result,
  positionProfit: result,
  closeProfit: result,
  /** Compared where the counter gives them: the by-date one is its closeProfit again, the by-trade one is against the original open prices. */
  closeProfitByDate: maybe,
  closeProfitByTrade: maybe,
  commission: result,
  /** Lots of resting orders and their amount at their own price: orders to open on the row's own side, orders to close it on the other. */
  longFrozen: lots,
  shortFrozen: lots,
  longFrozenAmount: amount,
  shortFrozenAmount: amount,
  frozenMargin: result,
  frozenCommission: result,
  /** 0 on rows the counter has not touched today means "not filled in", never "free". */
  marginRateByMoney: maybe,
  marginRateByVolume: maybe,
});

/** Needed where margin is charged at the day's average price (marginPriceType 3), and for the future below a sold option that has no row. */
export const counterQuoteSchema = z.object({
  /** Empty on a counter's normal quote front. */
  exchange: z.string().max(64).nullish(),
  instrument: z.string().max(64),
  preSettlement: price,
  averagePrice: price,
  high: price,
  low: price,
});

/** One trade of the day. Where a contract's trades add up to what its row says of the day, they tell which lots are left. */
export const counterTradeSchema = z.object({
  exchange: z.string().max(64).nullish(),
  instrument: z.string().max(64),
  side: z.string().max(16).nullish(),
  /** `open`, or one of the words for a close. */
  offset: z.string().max(32).nullish(),
  price,
  volume: z.number().nullish(),
});

/** A counter has one row for a contract's side, hedge flag and date: a second one would count its lots twice. */
function refuseTwice(rows: readonly z.infer<typeof counterPositionSchema>[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  for (const [index, { exchange, instrument, direction, hedgeFlag, positionDate }] of rows.entries()) {
    const key = [exchange, instrument, direction, hedgeFlag, positionDate].join(' ');
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else context.addIssue({ code: 'custom', path: [index], message: `is the same row as positions.${first}: ${key}` });
  }
}

/** What of a row is in one leg of a combination declared to the exchange (CTP InvestorPositionCombineDetail). */
const counterCombinationSchema = z.object({
  exchange: key,
  instrument: key,
  direction: z.enum(['long', 'short']),
  hedgeFlag: key,
  /** Left out, the rows' lots are taken in their order. */
  positionDate: z.enum(['today', 'history']).optional(),
  comTradeID: key,
  combInstrumentID: key,
  legID: z.number().int().min(0).max(99),
  legMultiple: z.number().int().min(1).max(1e6),
  totalAmt: z.number().int('must be whole lots').min(0).max(1e9),
});

export const counterSnapshotSchema = z.object({
  name: z.string().max(200).optional(),
  /** Which counter answered. */
  source: z.string().max(64).optional(),
  tradingDay: z.string().refine(isCalendarDay, 'must be a day, YYYYMMDD'),
  capturedAt: z.string().max(40),
  params: counterParamsSchema,
  account: counterAccountSchema,
  positions: z.array(counterPositionSchema).max(10_000).superRefine(refuseTwice),
  combinations: z
    .array(counterCombinationSchema)
    .max(10_000)
    .nullish()
    .transform((list) => (list ?? []).filter(({ totalAmt }) => totalAmt > 0)),
  instruments: z.record(key, z.object({ multiplier: price })),
  quotes: z
    .array(counterQuoteSchema)
    .max(10_000)
    .nullish()
    .transform((list) => list ?? []),
  trades: z
    .array(counterTradeSchema)
    .max(100_000)
    .nullish()
    .transform((list) => list ?? []),
});

export type CounterSnapshot = z.infer<typeof counterSnapshotSchema>;
export type CounterPosition = CounterSnapshot['positions'][number];
export type CounterTrade = CounterSnapshot['trades'][number];
