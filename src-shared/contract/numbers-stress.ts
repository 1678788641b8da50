/** Scenarios, and what they do to all accounts; value at risk as the second opinion beside them. Null is unknown. */
import { z } from 'zod';
import { filter, first, key, numbersScopeSchema } from '#shared/contract/numbers-parts';
import type { RiskLevel } from '#shared/contract/streams';
import type { Certainty } from '#shared/feed/items';
import type { CutClose } from '#shared/market/what-if/frozen-lots';
import type { Scenario } from '#shared/market/what-if/scenario';

/** A scenario that can be chosen: bundled with the product (cited) or saved by a person. */
export type ScenarioView = {
  scenario: Scenario;
  origin: 'bundled' | 'saved';
  savedBy: string | null;
  savedAtMs: number | null;
  note: string;
  citation: string;
  certainty: Certainty | null;
  /** Every version saved so far, newest first. A bundled one has one. */
  versions: { version: number; savedBy: string; savedAtMs: number; note: string }[];
};

export const stressMeasureSchema = z.enum(['balance', 'balanceChange', 'riskDegree', 'exchangeRiskDegree', 'currMargin', 'available', 'marginCall']);
export type StressMeasure = z.infer<typeof stressMeasureSchema>;

export const stressParamsSchema = z.object({
  /** The percent ladder: `stepPercent` times -count to +count (10 gives 21 moves), or scenarios by id. */
  columns: z.union([
    z.object({ type: z.literal('ladder'), stepPercent: z.number().gt(0).max(10), count: z.number().int().min(1).max(20) }),
    z.object({ type: z.literal('scenarios'), scenarioIds: z.array(key).max(50) }),
  ]),
  rows: z.enum(['account', 'department', 'controlGroup', 'firm']),
  measure: stressMeasureSchema,
  scope: numbersScopeSchema,
  filter,
  /** `worst`: the rows that end worst in any column first, unknown on top. */
  order: z.enum(['worst', 'name']),
  first,
  maxRows: z.number().int().min(1).max(2000),
});
export type StressParams = z.infer<typeof stressParamsSchema>;

export type LevelCounts = Record<RiskLevel, number>;
/** Bounds of the degree distribution: account counts below 0.2, 0.4, 0.6, 0.8, 1.0, 1.2 and above; without a degree; unknown. */
export const DEGREE_BINS = [0.2, 0.4, 0.6, 0.8, 1, 1.2] as const;

export type StressSummary = {
  key: string;
  levels: LevelCounts;
  /** DEGREE_BINS.length + 1 counts. */
  degreeBins: number[];
  noDegree: number;
  unknown: number;
  /** How many accounts are at call or worse, and the sum of their margin calls. */
  calls: number;
  callAmount: number;
  forced: number;
  negative: number;
  /** The equity below zero of all accounts together, as a loss above zero: what the firm would have to cover. */
  firmLoss: number;
  /** The sum of all known balances, and its change from now. */
  balance: number;
  balanceChange: number;
  changedCount: number;
  /** The first 200 accounts that change level, worst first. */
  changed: { accountID: string; accountName: string; from: RiskLevel; to: RiskLevel; balance: number | null; riskDegree: number | null }[];
  /** Why accounts are unknown, of the first few of them: codes that the page's language files know. */
  unknownReasons: string[];
};

/** Row-major cells, NaN unknown. `levels` holds, per cell, the index in RISK_LEVELS of the account's level (of a roll-up: its worst account's). */
export type StressPicture = {
  columns: { key: string; label: string; percent: number | null; version: number | null }[];
  /** `unknown`: how many of the row's accounts have no known level now. */
  rows: { key: string; label: string; sublabel: string; level: RiskLevel; accounts: number; unknown: number }[];
  totalRows: number;
  values: Float64Array;
  levels: Uint8Array;
  /** Per cell, how many of the row's accounts lack a figure that the measure needs. A degree that is NaN and lacks none has no equity left to divide by. */
  unknownCounts: Uint32Array;
  /** Why the first of those accounts is unknown, by cell (a code that the page's language files know). */
  unknownReasons: Record<number, string>;
  summaries: StressSummary[];
  /** The same figures without any move. */
  now: StressSummary;
  /** Of the accounts in the summaries; sums are not converted, so more than one makes them no amount of money. */
  currencies: string[];
  computedAtMs: number;
  computedInMs: number;
  marketAsOfMs: number | null;
  /** Scenario ids that do not exist (any more). */
  missing: string[];
  /** Rows of shown scenarios that match nothing in the book (any more), and change nothing therefore: column and what the row is about. */
  unmatched: { key: string; about: string[] }[];
  /** Closes of shown scenarios that ask for more lots than can be closed, and so close fewer. */
  cutCloses: { key: string; rows: CutClose[] }[];
  /** The levels of the default table in force, for the breaks of a degree's legend, as in HeatmapPicture. */
  levelBreaks?: { level: RiskLevel; enterDegree: number }[];
};
export const RISK_LEVELS = ['normal', 'warn', 'call', 'force', 'negative', 'unknown'] as const satisfies readonly RiskLevel[];

export const varParamsSchema = z.object({
  of: z.union([
    z.object({ type: z.literal('firm') }),
    z.object({ type: z.literal('department'), departmentID: key }),
    z.object({ type: z.literal('account'), accountID: key }),
  ]),
  confidence: z.union([z.literal(0.95), z.literal(0.99)]),
  horizonDays: z.number().int().min(1).max(10),
});
export type VarParams = z.infer<typeof varParamsSchema>;
export type VarEstimate =
  | { kind: 'value'; amount: number; observations: number }
  | { kind: 'notEnoughHistory'; have: number; need: number }
  | { kind: 'unknown'; reason: string };
export type VarAnswer = {
  historical: VarEstimate;
  parametric: VarEstimate;
  backTest:
    | { kind: 'zone'; zone: 'green' | 'yellow' | 'red'; window: number; exceptions: number; days: number; firstDate: string; lastDate: string }
    | { kind: 'notEnoughHistory'; have: number; need: number };
  /** Net value of all contracts now, and of those without usable history: these are left out of the estimate. */
  exposure: number;
  leftOutExposure: number;
  leftOut: string[];
  /** Of the accounts in it; amounts are not converted. */
  currencies: string[];
  /** Accounts whose figures are unknown and therefore not in it. */
  unknownAccounts: number;
  historyFrom: string | null;
  historyTo: string | null;
  sources: string[];
  basis: { name: string; value: number; effectiveFrom: string; citation: string; certainty: Certainty }[];
};
