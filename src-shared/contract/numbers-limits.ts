/** Who holds how much of a market: position limits, heavy positions, large traders. Null is unknown. */
import { z } from 'zod';
import { count, filter, first, numbersScopeSchema, sort } from '#shared/contract/numbers-parts';
import type { Certainty } from '#shared/feed/items';

export const limitsParamsSchema = z.object({
  /** `positions`: per holder and contract or product, with limit use, share of open interest and days to exit. `heavy`: net position margin over equity. */
  view: z.enum(['positions', 'heavy', 'largeTraders']),
  /** Accounts under one control count as one customer; an account in no group stands for itself. */
  by: z.enum(['account', 'controlGroup']),
  scope: numbersScopeSchema,
  filter,
  sort,
  first,
  count,
});
export type LimitsParams = z.infer<typeof limitsParamsSchema>;

/** `covered`: the contract has no limit of its own, the row about its product says how much of that limit is used. */
export type LimitTier = 'below' | 'near' | 'high' | 'reached' | 'covered' | 'unknown';
export type LimitRow = {
  key: string;
  holderKind: 'account' | 'controlGroup';
  holderID: string;
  holderName: string;
  accountIDs: string[];
  exchangeID: string;
  productID: string;
  /** Null for a row about the whole product. */
  instrumentID: string | null;
  longVolume: number;
  shortVolume: number;
  /** The larger side without hedging positions: what limits and the large-trader report count. */
  countedVolume: number;
  hedgeVolume: number;
  limitVolume: number | null;
  limitUse: number | null;
  tier: LimitTier;
  limitRow: { effectiveFrom: string; citation: string; certainty: Certainty } | null;
  openInterest: number | null;
  /** The larger side over the open interest. */
  openInterestShare: number | null;
  /** Mean daily volume and over how many days. */
  averageDailyVolume: number | null;
  volumeDays: number;
  /** Days to close the net position at the share of volume that the dated row states (10 %). */
  daysToExit: number | null;
  reason: string | null;
};
export type HeavyRow = {
  key: string;
  holderKind: 'account' | 'controlGroup';
  holderID: string;
  holderName: string;
  /** A product or a set of products whose positions net (copper and zinc, for example). */
  setID: string;
  products: string[];
  netMargin: number | null;
  balance: number | null;
  /** netMargin / balance; null where balance is not above zero or anything is unknown. */
  ratio: number | null;
  reason: string | null;
};
export type LimitsPicture = {
  total: number;
  first: number;
  rows: LimitRow[];
  heavy: HeavyRow[];
  /** How many of all rows have no known limit, neither of their own nor of their product: whether they must be reported is not known. */
  unknownCount: number;
  /** The dated rows in force that these figures were made by. */
  basis: { name: string; value: number; effectiveFrom: string; citation: string; certainty: Certainty }[];
  computedAtMs: number;
  marketAsOfMs: number | null;
};
