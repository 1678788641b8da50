/** One account as the formulas need it, taken out of the book at one moment: what scenarios, inverse, budget, worklist and explanations compute on. */
import type { HedgeFlag } from '#shared/feed/items';
import type { Algorithm, AvailIncludeCloseProfit } from '#shared/market/equity';
import type { Known } from '#shared/market/known';
import type { AggregationMethod, MarginMarks, MarginPriceType, MarginRatePair } from '#shared/market/margin';
import type { LotTerms } from '#shared/market/position-profit';
import type { Reason } from '#shared/market/reason';
import type { RiskLevelRow } from '#shared/market/risk-level';
import type { CloseTerms } from '#shared/market/what-if/closing-fee';
import type { HeldCombination } from '#shared/market/what-if/combinations';
import type { FrozenVolume } from '#shared/market/what-if/frozen-lots';
import type { LockedDay } from '#shared/market/what-if/locked-limits';
import type { SellerTerms } from '#shared/market/what-if/sold-option';

export type HeldLot = LotTerms & { hedgeFlag: HedgeFlag; openDate: string; tradeID: string };

/** One contract the account holds. Prices in the quote unit; rates as in force for this account and hedge flag. */
export type HeldInstrument = {
  exchangeID: string;
  instrumentID: string;
  productID: string;
  isOption: boolean;
  multiplier: Known<number>;
  priceTick: Known<number>;
  /** Largest volume of one limit order, in lots; null when the source does not say. */
  maxLimitOrderVolume: number | null;
  marks: MarginMarks & { settlement: Known<number>; upperLimit: Known<number>; lowerLimit: Known<number> };
  /** What the exchange adds to limits and margin rates after one locked day, two, three, four. */
  lockedDays: Known<readonly LockedDay[]>;
  lots: readonly HeldLot[];
  /** Why the lots cannot be believed (they do not add up to the slice, one stands twice); null when they can. */
  lotsReason: string | null;
  companyRate: Partial<Record<HedgeFlag, Known<MarginRatePair>>>;
  exchangeRate: Partial<Record<HedgeFlag, Known<MarginRatePair>>>;
  /** For options: what one sold lot needs, in money, from pre-settlement prices; a price move of the day does not change it. */
  sellerMargin?: Record<'company' | 'exchange', Partial<Record<HedgeFlag, Known<number>>>>;
  /** What that margin is made of, for scenarios that change it; unknown when a term is. */
  sellerTerms?: Known<SellerTerms>;
  aggregation: Known<AggregationMethod>;
  /** What closing its lots costs; only models that lots are closed in have it. */
  closeTerms?: CloseTerms;
  /** What of its lots resting close orders have frozen; only models that lots are closed in have it. */
  frozen?: readonly FrozenVolume[];
  /** How its own sides add up where a dated row takes it out of its product's larger side; left out, it is counted with its product. */
  exclusion?: Known<AggregationMethod>;
};

export type AccountModel = {
  accountID: string;
  accountName: string;
  departmentID: string;
  controlGroupID: string | null;
  currencyID: string;
  equityBeforePositions: Known<number>;
  heldBack: Known<number>;
  closeProfit: Known<number>;
  algorithm: Algorithm | undefined;
  availIncludeCloseProfit: AvailIncludeCloseProfit | undefined;
  marginPriceType: MarginPriceType | undefined;
  holdings: readonly HeldInstrument[];
  /** What the counter holds as declared combinations; left out when there is none. */
  combinations?: readonly HeldCombination[];
  /** Why nobody knows what the account holds; null when it is known. */
  holdingsReason: Reason | null;
  /** The level rows in force on the model's trading day. */
  levels: readonly RiskLevelRow[];
};
