/**
 * Streams and requests of the numbers a supervisor signs: explanations, stress, distance to a level, budget, worklists, limits, value at risk, settlement
 * statements and exports. Merged into STREAMS and REQUESTS; parameters are parsed by the engine, pictures are typed here. Null is unknown.
 */
import { z } from 'zod';
import type { RiskLevel, Scope } from '#shared/contract/streams';
import type { Certainty } from '#shared/feed/items';
import type { Derivation } from '#shared/market/explain/derivation';
import type { StatementCheck } from '#shared/market/statement/check';
import type { BudgetContract, BudgetDay } from '#shared/market/what-if/budget';
import { type Scenario, scenarioSchema } from '#shared/market/what-if/scenario';
import { type SkippedLot, type WorklistLine, type WorklistRules, worklistRulesSchema } from '#shared/market/what-if/worklist';

const key = z.string().min(1).max(64);
const note = z.string().trim().max(2000);
const requiredNote = note.min(1, 'a note is needed');
const filter = z.string().max(100);
const sort = z.object({ column: z.string().max(64), direction: z.enum(['ascending', 'descending']) }).nullable();
const first = z.number().int().min(0).max(10_000_000);
const count = z.number().int().min(0).max(500);
const numbersScopeSchema = z.object({
  departmentID: z.string().optional(),
  controlGroupID: z.string().optional(),
  accountID: z.string().optional(),
  productID: z.string().optional(),
  instrumentID: z.string().optional(),
}) satisfies z.ZodType<Scope>;

// ---- explain -----------------------------------------------------------------------------------------------------------

export const EXPLAINED_FIELDS = [
  'staticEquity',
  'balance',
  'positionProfit',
  'positionProfitByTrade',
  'currMargin',
  'exchangeMargin',
  'frozenMargin',
  'commission',
  'available',
  'riskDegree',
  'exchangeRiskDegree',
  'marginCall',
  'residual',
  'withdrawQuota',
  'level',
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

// ---- scenarios and stress ----------------------------------------------------------------------------------------------

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
};

/** Row-major cells, NaN unknown. `levels` holds, per cell, the index in RISK_LEVELS of the account's level (of a roll-up: its worst account's). */
export type StressPicture = {
  columns: { key: string; label: string; percent: number | null; version: number | null }[];
  rows: { key: string; label: string; sublabel: string; level: RiskLevel; accounts: number }[];
  totalRows: number;
  values: Float64Array;
  levels: Uint8Array;
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
  /** The levels of the default table in force, for the breaks of a degree's legend, as in HeatmapPicture. */
  levelBreaks?: { level: RiskLevel; enterDegree: number }[];
};
export const RISK_LEVELS = ['normal', 'warn', 'call', 'force', 'negative', 'unknown'] as const satisfies readonly RiskLevel[];

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

// ---- inverse, distance, budget -----------------------------------------------------------------------------------------

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
  /** One product after another, the others staying where they are. */
  sequence: (InverseMove & { exchangeID: string; productID: string })[];
};

export type AccountBudget = { accountID: string; figures: FigureSet; days: BudgetDay[]; keep: { day: number; contracts: BudgetContract[] | null }[] };

// ---- worklists ---------------------------------------------------------------------------------------------------------

export type WorklistState = 'made' | 'reopened' | 'exported' | 'withdrawn';
export type WorklistView = {
  worklistId: string;
  accountID: string;
  accountName: string;
  state: WorklistState;
  rules: WorklistRules;
  feePerLot: number;
  madeBy: string;
  madeAtMs: number;
  marketAsOfMs: number | null;
  accountAsOfMs: number | null;
  /** SHA-256 over the account's inputs as they stood: equal inputs give an equal list. */
  inputsHash: string;
  isEnough: boolean;
  lines: WorklistLine[];
  skipped: SkippedLot[];
  before: FigureSet;
  after: FigureSet;
  note: string;
  /** Why it no longer holds: what came in after it was made. */
  reopened: { atMs: number; cause: 'deposit' | 'fill' | 'position'; detail: string } | null;
  exported: { atMs: number; by: string; file: string; sha256: string } | null;
  withdrawn: { atMs: number; by: string; reason: string } | null;
};

// ---- concentration and limits ------------------------------------------------------------------------------------------

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

// ---- value at risk -----------------------------------------------------------------------------------------------------

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
    | { kind: 'zone'; zone: 'green' | 'yellow' | 'red'; exceptions: number; days: number; firstDate: string; lastDate: string }
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

// ---- statements --------------------------------------------------------------------------------------------------------

export type StatementView = {
  statementId: string;
  clientID: string;
  clientName: string;
  date: string;
  basis: 'mtm' | 'trade';
  currencyID: string;
  sha256: string;
  importedBy: string;
  importedAtMs: number;
  checkCount: number;
  disagreements: StatementCheck[];
  notRecomputed: number;
  /** The account's close as stated, in the names of the account's own fields. */
  close: Record<string, number | null>;
};
/** `match` false when the statement is of another day than the account's figures can be compared with. */
export type StatementComparison = {
  statement: StatementView;
  accountID: string;
  relation: 'sameDay' | 'dayBefore' | 'otherDay' | 'noAccount';
  fields: { field: string; stated: number | null; ours: number | null; counter: number | null; residual: number | null; reason: string | null }[];
};

// ---- history and export ------------------------------------------------------------------------------------------------

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

export const exportNameSchema = z.enum([
  'accounts',
  'positions',
  'lots',
  'orders',
  'trades',
  'quotes',
  'stress',
  'stressSummary',
  'distance',
  'limits',
  'heavy',
  'largeTraders',
  'worklist',
]);
export type ExportName = z.infer<typeof exportNameSchema>;

export const exportParamsSchema = z.object({
  table: exportNameSchema,
  format: z.enum(['csv', 'xlsx']),
  /** A file name without folder: exports go to the data folder's exports/. Left out, one is made. */
  file: z
    .string()
    .regex(/^[\p{L}\p{N} ._-]{1,100}$/u, 'letters, digits, spaces, dots, dashes')
    .refine((name) => !name.startsWith('.') && !name.includes('..'), 'must not begin with a dot')
    .optional(),
  scope: numbersScopeSchema.default({}),
  filter: filter.default(''),
  sort: sort.default(null),
  /** The stress matrix or the ranking to export; left out, the percent ladder and the distance to call. */
  stress: stressParamsSchema.optional(),
  distance: distanceParamsSchema.optional(),
  limitsBy: z.enum(['account', 'controlGroup']).default('controlGroup'),
  worklistId: key.optional(),
  /** Headings by column, in the language of the page; a column without one is headed by its field name. */
  headings: z.record(z.string().max(64), z.string().max(200)).default({}),
  /** What codes in cells are called in the language of the page, by `field.code`; a code without a word stands as it is. */
  words: z.record(z.string().max(80), z.string().max(200)).default({}),
});
export type ExportParams = z.infer<typeof exportParamsSchema>;
export type ExportMade = { file: string; path: string; sha256: string; rowCount: number; bytes: number };

// ---- the tables --------------------------------------------------------------------------------------------------------

export const NUMBERS_STREAMS = {
  stress: stressParamsSchema,
  distance: distanceParamsSchema,
  limits: limitsParamsSchema,
  scenarios: z.object({}),
  worklists: z.object({ accountID: key.optional() }),
} satisfies Record<string, z.ZodType>;

export type PictureByNumbersStream = {
  stress: StressPicture;
  distance: DistancePicture;
  limits: LimitsPicture;
  scenarios: { scenarios: ScenarioView[] };
  worklists: { worklists: WorklistView[] };
};

const accountID = key;
const worklistId = z.uuid();
/** Saving under the id of a saved scenario makes its next version; without an id a new one begins. */
const draftSchema = scenarioSchema.omit({ scenarioId: true, version: true }).extend({ scenarioId: key.optional() });
export type ScenarioDraft = z.input<typeof draftSchema>;

export const NUMBERS_REQUESTS = {
  'explain.account': { payload: z.object({ accountID, field: explainedFieldSchema }), answer: z.custom<Explanation>() },

  'scenario.list': { payload: z.object({}), answer: z.custom<{ scenarios: ScenarioView[] }>() },
  'scenario.save': { payload: z.object({ scenario: draftSchema, note: note.default('') }), answer: z.custom<ScenarioView>() },
  'scenario.remove': { payload: z.object({ scenarioId: key, reason: requiredNote }), answer: z.object({}) },
  'stress.account': {
    payload: z.object({ accountID, scenarioId: key.optional(), draft: draftSchema.optional() }),
    answer: z.custom<AccountStress>(),
  },

  'inverse.account': { payload: z.object({ accountID }), answer: z.custom<AccountInverse>() },
  'budget.account': { payload: z.object({ accountID }), answer: z.custom<AccountBudget>() },

  /** What a list would say, without recording anything. */
  'worklist.preview': {
    payload: z.object({ accountID, rules: worklistRulesSchema, feePerLot: z.number().min(0).max(1e6).default(0) }),
    answer: z.custom<WorklistPreview>(),
  },
  /** Records the list as a request for people to act on. Nothing is sent anywhere. */
  'worklist.make': {
    payload: z.object({ accountID, rules: worklistRulesSchema, feePerLot: z.number().min(0).max(1e6).default(0), note: note.default('') }),
    answer: z.custom<WorklistView>(),
  },
  'worklist.get': { payload: z.object({ worklistId }), answer: z.custom<WorklistView>() },
  'worklist.export': {
    payload: z.object({
      worklistId,
      format: z.enum(['csv', 'xlsx']),
      headings: exportParamsSchema.shape.headings,
      words: exportParamsSchema.shape.words,
    }),
    answer: z.custom<{ worklist: WorklistView; made: ExportMade }>(),
  },
  'worklist.withdraw': { payload: z.object({ worklistId, reason: requiredNote }), answer: z.custom<WorklistView>() },

  'var.compute': { payload: varParamsSchema, answer: z.custom<VarAnswer>() },
  /** A CSV of daily settlement prices: `date,exchangeID,instrumentID,settlementPrice`. A malformed line refuses the file and names the line. */
  'prices.import': {
    payload: z.object({ path: z.string().max(1000).optional(), text: z.string().max(20_000_000).optional() }),
    answer: z.object({ days: z.number(), prices: z.number(), sha256: z.string() }),
  },

  'statement.import': {
    payload: z.object({ path: z.string().max(1000).optional(), text: z.string().max(50_000_000).optional() }),
    answer: z.custom<StatementView>(),
  },
  'statement.list': { payload: z.object({ clientID: key.optional() }), answer: z.custom<{ statements: StatementView[] }>() },
  'statement.compare': { payload: z.object({ statementId: key }), answer: z.custom<StatementComparison>() },

  'account.history': { payload: z.object({ accountID }), answer: z.custom<AccountHistory>() },
  'export.table': { payload: exportParamsSchema, answer: z.custom<ExportMade>() },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export type WorklistPreview =
  | { kind: 'unknown'; reason: string }
  | { kind: 'notNeeded'; before: FigureSet }
  | { kind: 'list'; isEnough: boolean; lines: WorklistLine[]; skipped: SkippedLot[]; before: FigureSet; after: FigureSet };

export type NumbersRequestName = keyof typeof NUMBERS_REQUESTS;
