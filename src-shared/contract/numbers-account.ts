/** What is asked about one account: how a figure came to be, what it would be under a scenario, how far levels are, and how it was. Null is unknown. */
import { z } from 'zod';
import { count, filter, first, numbersScopeSchema, sort } from '#shared/contract/numbers-parts';
import type { RiskLevel } from '#shared/contract/streams';
import type { Derivation } from '#shared/market/explain/derivation';
import type { BudgetContract, BudgetDay } from '#shared/market/what-if/budget';

/** Inputs of the sums, which a counter says and nobody reckons. */
export const COUNTER_INPUTS = [
  'preBalance',
  'deposit',
  'withdraw',
  'cashIn',
  'frozenCash',
  'deliveryMargin',
  'credit',
  'mortgage',
  'preMortgage',
  'preCredit',
] as const;

/** What is reckoned from lots, marks, rates, orders and trades, then what the counter alone says. */
export const EXPLAINED_FIELDS = [
  'staticEquity',
  'balance',
  'positionProfit',
  'positionProfitByTrade',
  'currMargin',
  'exchangeMargin',
  'frozenMargin',
  'frozenCommission',
  'commission',
  'closeProfit',
  'available',
  'riskDegree',
  'exchangeRiskDegree',
  'marginCall',
  'residual',
  'withdrawQuota',
  'level',
  ...COUNTER_INPUTS,
] as const;
export const explainedFieldSchema = z.enum(EXPLAINED_FIELDS);
export type ExplainedField = z.infer<typeof explainedFieldSchema>;

export type Explanation = {
  accountID: string;
  field: ExplainedField;
  root: Derivation;
  /** What the counter says of the same field, with its as-of; null where it says nothing. */
  counter: { value: number; asOfMs: number } | null;
  marketAsOfMs: number | null;
  tradingDay: string | null;
};

/** What one account would show under a scenario, saved or not, beside what it shows now. */
export type AccountStress = {
  accountID: string;
  before: FigureSet;
  after: FigureSet;
  contracts: { exchangeID: string; instrumentID: string; price: number | null; shockedPrice: number | null; profitChange: number | null }[];
};
export type FigureSet = {
  balance: number | null;
  positionProfit: number | null;
  currMargin: number | null;
  exchangeMargin: number | null;
  available: number | null;
  /** Null with balance at or below zero, where there is no degree, and where it is unknown. */
  riskDegree: number | null;
  exchangeRiskDegree: number | null;
  marginCall: number | null;
  level: RiskLevel;
  reason: string | null;
};

export const inverseTargetSchema = z.enum(['warn', 'call', 'force', 'negative']);

/** `percent` is signed and the smallest move that reaches the level; `never` within what a price can do. */
export type Distance = { kind: 'reached'; percent: number } | { kind: 'never' } | { kind: 'unknown' };

export const distanceParamsSchema = z.object({
  /** The level whose distance is sorted by and shown in ticks and limits. */
  target: inverseTargetSchema,
  direction: z.enum(['up', 'down', 'nearest']),
  /** What the sort compares: the move, or how many ticks or locked limits of the account's main contract it is. */
  measure: z.enum(['percent', 'ticks', 'limits']),
  scope: numbersScopeSchema,
  filter,
  /** Null sorts the nearest first, unknown on top. */
  sort,
  first,
  count,
});
export type DistanceParams = z.infer<typeof distanceParamsSchema>;

export type DistanceRow = {
  key: string;
  accountID: string;
  accountName: string;
  departmentID: string;
  departmentName: string;
  controlGroupID: string | null;
  level: RiskLevel;
  balance: number | null;
  riskDegree: number | null;
  reason: string | null;
  /** All products move by the same percentage. */
  up: Record<z.infer<typeof inverseTargetSchema>, Distance>;
  down: Record<z.infer<typeof inverseTargetSchema>, Distance>;
  /** The move of `target` in the wanted direction (the nearer of both for `nearest`), signed; null for never and unknown. */
  percent: number | null;
  kind: Distance['kind'];
  /** The contract with the largest net value, by which the move is told in price, ticks and locked limits. */
  mainContract: { exchangeID: string; instrumentID: string; price: number | null; atPrice: number | null } | null;
  ticks: number | null;
  limits: number | null;
};
export type DistancePicture = {
  total: number;
  first: number;
  rows: DistanceRow[];
  computedAtMs: number;
  computedInMs: number;
  marketAsOfMs: number | null;
};

/** One contract's part of a move: the price it would stand at, in ticks and locked limits. */
export type InverseContract = {
  exchangeID: string;
  instrumentID: string;
  productID: string;
  longVolume: number;
  shortVolume: number;
  basePrice: number | null;
  limitPrice: number | null;
  percent: number | null;
  ticks: number | null;
  /** Number of locked limits it takes; 0 within today's. */
  limits: number | null;
  isWithinLimit: boolean | null;
  percentPerLimit: number | null;
};
export type InverseMove = { target: z.infer<typeof inverseTargetSchema>; direction: 'up' | 'down'; distance: Distance; contracts: InverseContract[] };
export type AccountInverse = {
  accountID: string;
  figures: FigureSet;
  /** All contracts by the same percentage. */
  equal: InverseMove[];
  /** One product by itself, the others staying where they are. */
  alone: (InverseMove & { exchangeID: string; productID: string })[];
  /** One product after another, each against the account to its bound before the next begins. */
  queue: InverseQueueAnswer;
};

/** To how many locked limits each product goes before the next begins; three is where exchanges' own rules for consecutive limits end. */
export const lockedDaysSchema = z.literal([1, 2, 3, 4]);
export type InverseQueueAnswer = {
  days: z.infer<typeof lockedDaysSchema>;
  /** In the order in which they move: what costs most first. */
  steps: {
    exchangeID: string;
    productID: string;
    direction: 'up' | 'down';
    /** What equity loses while this product alone goes to its bound; above zero. */
    lossAtBound: number;
    /** The account when this product and all before it stand at their bounds. */
    after: FigureSet;
    contracts: InverseContract[];
  }[];
  /** Products that cost nothing either way. */
  still: { exchangeID: string; productID: string }[];
  crossings: QueueCrossingAnswer[];
  /** Why there is no queue; null when there is. */
  reason: string | null;
};
export type QueueCrossingAnswer = {
  target: z.infer<typeof inverseTargetSchema>;
  kind: Distance['kind'];
  /** The product that takes the account there, as a place in `steps`; null when it is there already, or never gets there. */
  step: number | null;
  /** How much of its way to the bound that product has gone, from 0 to 1. */
  share: number | null;
  /** That product's contracts as they stand then; those before it stand at their bounds. */
  contracts: InverseContract[];
};

export type AccountBudget = { accountID: string; figures: FigureSet; days: BudgetDay[]; keep: { day: number; contracts: BudgetContract[] | null }[] };

export type AccountHistory = {
  accountID: string;
  everyMs: number;
  /** NaN where unknown. */
  atMs: Float64Array;
  riskDegree: Float64Array;
  exchangeRiskDegree: Float64Array;
  balance: Float64Array;
  currMargin: Float64Array;
};
