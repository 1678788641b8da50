/**
 * The conflated streams a page may subscribe to: parameters in, newest picture out. Parameters are parsed by the engine; pictures are typed
 * here and built in engine/port/streams, one file each. A number that is not known is `null`, and the row's quality says why.
 */

import { z } from 'zod';
import { ALERT_STREAMS, type PictureByAlertStream } from '#shared/contract/alerts';
import { APPROVAL_STREAMS, type PictureByApprovalStream } from '#shared/contract/approvals';
import { AUDIT_STREAMS, type PictureByAuditStream } from '#shared/contract/audit';
import { DRILL_STREAMS, type PictureByDrillStream } from '#shared/contract/drills';
import { EVIDENCE_STREAMS, type PictureByEvidenceStream } from '#shared/contract/evidence';
import { HANDOVER_STREAMS, type PictureByHandoverStream } from '#shared/contract/handovers';
import { INCIDENT_STREAMS, type PictureByIncidentStream } from '#shared/contract/incidents';
import { NOTICE_STREAMS, type PictureByNoticeStream } from '#shared/contract/notices';
import { NUMBERS_STREAMS, type PictureByNumbersStream } from '#shared/contract/numbers';
import { type KeyProtection, PEOPLE_STREAMS, type PictureByPeopleStream } from '#shared/contract/people';
import { type PictureByPlanStream, PLAN_STREAMS } from '#shared/contract/plans';
import { type PictureByReferenceRowStream, REFERENCE_ROW_STREAMS } from '#shared/contract/reference-rows';
import { type PictureByRuleStream, RULE_STREAMS } from '#shared/contract/rules';
import type { Severity } from '#shared/desk/alerts/alert';
import type { ClockDoubt } from '#shared/desk/clock/clock';
import type { Run } from '#shared/desk/plans/plan';
import type { Precedence } from '#shared/desk/reference-rows/own-row';

/** `none` means there is nothing to value (no position), which is not the same as unknown. */
export const QUALITIES = ['none', 'live', 'stale', 'closed', 'unknown'] as const;
export const qualitySchema = z.enum(QUALITIES);
export type Quality = z.infer<typeof qualitySchema>;
/** In typed arrays a quality is its index in QUALITIES. */
export const QUALITY_CODE: Record<Quality, number> = { none: 0, live: 1, stale: 2, closed: 3, unknown: 4 };

export const riskLevelSchema = z.enum(['normal', 'warn', 'call', 'force', 'negative', 'unknown']);
export type RiskLevel = z.infer<typeof riskLevelSchema>;

// ---- scope: where in the tree a picture looks --------------------------------------------------------------------------

export const scopeSchema = z.object({
  departmentID: z.string().optional(),
  controlGroupID: z.string().optional(),
  accountID: z.string().optional(),
  productID: z.string().optional(),
  instrumentID: z.string().optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

// ---- status ------------------------------------------------------------------------------------------------------------

export type FeedPicture = {
  feedId: string;
  source: string;
  address: string;
  demonstration: boolean;
  simulated: boolean;
  state: 'connecting' | 'live' | 'stale' | 'down' | 'paused';
  sinceMs: number;
  lastReceivedAtMs: number | null;
  reason: string;
  messagesPerSecond: number;
  itemsPerSecond: number;
  refusedCount: number;
  gapCount: number;
  reconnectCount: number;
  nextAttemptAtMs: number | null;
};

export type StatusPicture = {
  nowMs: number;
  engineStartedAtMs: number;
  engineLagMs: number | null;
  rssBytes: number;
  mode: 'live' | 'drill';
  source: 'feed' | 'replay' | 'none';
  demonstration: boolean;
  /** Since when nothing arrives from any feed, and how old the picture is; null while a feed is live. */
  offline: { sinceMs: number; pictureAsOfMs: number | null } | null;
  tradingDay: string | null;
  /** The market's own clock (source time), and whether it is simulated. */
  marketTimeMs: number | null;
  /** IANA zone of the sessions on screen, in which market time is read; null without sessions. */
  marketTimeZone: string | null;
  session: 'open' | 'break' | 'closed' | 'unknown';
  feeds: FeedPicture[];
  journal: {
    state: 'ok' | 'degraded' | 'failed';
    entryCount: number;
    headFingerprint: string;
    lastBackupAtMs: number | null;
    lastBackupVerified: boolean | null;
    notice: string | null;
    /** What the notice is about: files, counts, the fault; put into words by the page. */
    noticeParams: Record<string, string | number | null>;
  };
  cache: { state: 'ok' | 'degraded' | 'failed'; queuedRows: number; droppedRows: number; lastWriteAtMs: number | null };
  unacknowledged: Record<Severity, number>;
  openRuns: number;
  /** Accounts on screen; none means that there is nothing to watch yet. */
  accountCount: number;
  person: string;
  recording: { file: string; sinceMs: number; eventCount: number; bytes: number } | null;
  replay: { file: string; speed: number | 'max'; paused: boolean; atMs: number; progress: number; finished: boolean } | null;
  /** Null while this machine's clock is believed. */
  clock: ClockDoubt | null;
  warnings: { code: string; params: Record<string, string | number> }[];
};

// ---- heat map ----------------------------------------------------------------------------------------------------------

export const heatMeasureSchema = z.enum(['riskDegree', 'positionProfit', 'currMargin', 'netNotional']);
export type HeatMeasure = z.infer<typeof heatMeasureSchema>;

export const heatmapParamsSchema = z.object({
  measure: heatMeasureSchema,
  rows: z.enum(['account', 'department', 'controlGroup']),
  columns: z.enum(['product', 'instrument']),
  scope: scopeSchema,
  filter: z.string().max(100),
  /** `worst` first puts unknown on top; `name` is stable under movement. */
  order: z.enum(['worst', 'name']),
  maxRows: z.number().int().min(1).max(2000),
});
export type HeatmapParams = z.infer<typeof heatmapParamsSchema>;

/**
 * Row-major cells. For riskDegree a cell is the product's margin over the row's equity, so that a row's cells add up to its degree
 * (before big-side netting across products, of which there is none). NaN with quality `unknown` is unknown; NaN with `none` is empty.
 * `layout` is sent only when rows or columns changed; the page keeps the last.
 */
export type HeatmapPicture = {
  layoutVersion: number;
  layout: { rows: { key: string; label: string; sublabel: string }[]; columns: { key: string; label: string }[]; totalRows: number } | null;
  values: Float64Array;
  qualities: Uint8Array;
  /** The row's own figure for the measure (an account's risk degree, P&L sum, margin sum). */
  rowValues: Float64Array;
  rowQualities: Uint8Array;
  rowLevels: RiskLevel[];
  /** 1 where all equity of the row is known and none of it is left: no degree, and not unknown either. */
  rowHasNoEquity: Uint8Array;
  /** How many of the row's accounts lack a figure that the measure needs. */
  rowUnknowns: Uint32Array;
  asOfMs: number | null;
  /** Why a row is unknown (a code the page's language files know), by row index; rows not named have none. */
  rowReasons?: Record<number, string>;
  /** Why a row's level is only the least it can be, by row index. */
  rowLevelReasons?: Record<number, string>;
  /** What each row's money is in; empty where accounts of several currencies are in it (then it is unknown), or none is known. */
  rowCurrencies?: string[];
  /** The levels of the default table in force, for the legend's breaks: the page holds no threshold of its own. */
  levels?: { level: RiskLevel; enterDegree: number }[];
};

// ---- tables ------------------------------------------------------------------------------------------------------------

export const tableNameSchema = z.enum(['accounts', 'positions', 'lots', 'orders', 'trades', 'quotes']);
export type TableName = z.infer<typeof tableNameSchema>;

/** A window onto a table that the engine filters and sorts: the page never holds more rows than it shows. */
export const tableParamsSchema = z.object({
  table: tableNameSchema,
  scope: scopeSchema,
  filter: z.string().max(100),
  sort: z.object({ column: z.string().max(64), direction: z.enum(['ascending', 'descending']) }).nullable(),
  first: z.number().int().min(0).max(10_000_000),
  count: z.number().int().min(0).max(500),
});
export type TableParams = z.infer<typeof tableParamsSchema>;

type RowBase = { key: string; quality: Quality; reason: string | null; asOfMs: number | null };
/** The instrument's tick, so that a price shows as many decimals as it trades with; null or left out when unknown. */
type PricedRow = RowBase & { priceTick?: number | null };

export type AccountRow = RowBase & {
  accountID: string;
  accountName: string;
  departmentID: string;
  departmentName: string;
  controlGroupID: string | null;
  currencyID: string;
  level: RiskLevel;
  /** Why the level is only the least it can be: without the exchange's degree a worse one may be hidden. Null when it is the level. */
  levelReason: string | null;
  riskDegree: number | null;
  exchangeRiskDegree: number | null;
  balance: number | null;
  available: number | null;
  currMargin: number | null;
  exchangeMargin: number | null;
  positionProfit: number | null;
  closeProfit: number | null;
  commission: number | null;
  preBalance: number | null;
  marginCall: number | null;
  /** The counter's balance minus ours, at the counter's as-of; null when either is unknown. */
  residual: number | null;
};

export type PositionRow = PricedRow & {
  accountID: string;
  exchangeID: string;
  productID: string;
  instrumentID: string;
  direction: 'long' | 'short';
  hedgeFlag: string;
  volume: number;
  todayVolume: number;
  historyVolume: number;
  openPriceAverage: number | null;
  lastPrice: number | null;
  preSettlementPrice: number | null;
  positionProfitByDate: number | null;
  positionProfitByTrade: number | null;
  margin: number | null;
  exchangeMargin: number | null;
};

export type LotRow = PricedRow & {
  accountID: string;
  exchangeID: string;
  instrumentID: string;
  direction: 'long' | 'short';
  hedgeFlag: string;
  openDate: string;
  tradeID: string;
  volume: number;
  openPrice: number;
  lastPrice: number | null;
  positionProfitByDate: number | null;
  positionProfitByTrade: number | null;
  margin: number | null;
};

export type OrderRow = PricedRow & {
  accountID: string;
  exchangeID: string;
  instrumentID: string;
  orderSysID: string;
  direction: 'buy' | 'sell';
  offsetFlag: string;
  limitPrice: number | null;
  volumeTotalOriginal: number;
  volumeTraded: number;
  orderStatus: string;
  insertTimeMs: number;
};

export type TradeRow = PricedRow & {
  accountID: string;
  exchangeID: string;
  instrumentID: string;
  tradeID: string;
  direction: 'buy' | 'sell';
  offsetFlag: string;
  price: number;
  volume: number;
  tradeTimeMs: number;
};

export type QuoteRow = PricedRow & {
  exchangeID: string;
  productID: string;
  instrumentID: string;
  lastPrice: number | null;
  change: number | null;
  changePercent: number | null;
  bidPrice1: number | null;
  bidVolume1: number | null;
  askPrice1: number | null;
  askVolume1: number | null;
  volume: number | null;
  openInterest: number | null;
  upperLimitPrice: number | null;
  lowerLimitPrice: number | null;
  preSettlementPrice: number | null;
};

export type RowByTable = { accounts: AccountRow; positions: PositionRow; lots: LotRow; orders: OrderRow; trades: TradeRow; quotes: QuoteRow };

export type TablePicture<Name extends TableName = TableName> = { table: Name; total: number; first: number; rows: RowByTable[Name][] };

// ---- one account -------------------------------------------------------------------------------------------------------

export const accountParamsSchema = z.object({ accountID: z.string().min(1).max(64) });
export type AccountParams = z.infer<typeof accountParamsSchema>;

/** A figure with what it is made of: `counter` as the counter said it, `ours` recomputed, both with their as-of. */
export type FigurePair = {
  field: string;
  counter: number | null;
  ours: number | null;
  /** Counter minus ours, at the counter's own moment. */
  residual: number | null;
  reason: string | null;
  /** The largest residual that is no disagreement; half a cent where it is left out. */
  tolerance?: number;
};

export type AccountPicture = {
  row: AccountRow | null;
  figures: FigurePair[];
  counterAsOfMs: number | null;
  marketAsOfMs: number | null;
  levels: { level: RiskLevel; enterDegree: number }[];
  /** Reference rows of the desk's own that its figures stand on. */
  ownRows: OwnRowBehind[];
  /** Declared combinations that its margin is reckoned with, and how many of them by a rule that nobody has confirmed. */
  combinations: { count: number; unconfirmed: number };
};

/** `about` is the contract. */
export type OwnRowBehind = { rowId: string; about: string; precedence: Precedence };

/** What the feed calls accounts, departments and control groups, by entity as alerts name it (`account:A0001`); one without a name is left out. */
export type EntityNamesPicture = { names: Record<string, string> };

// ---- alerts, runs, health ----------------------------------------------------------------------------------------------

export type HealthPicture = {
  feeds: (FeedPicture & {
    streams: { stream: string; tradingDay: string | null; sequence: number | null; itemCount: number; lastReceivedAtMs: number | null }[];
  })[];
  deadLetters: { feedId: string; atMs: number; stream: string | null; reason: string; sample: string }[];
  staleInstruments: { exchangeID: string; instrumentID: string; lastTickMs: number | null; ageMs: number | null; session: string }[];
  store: {
    journalFile: string;
    journalBytes: number;
    cacheFile: string;
    cacheBytes: number;
    sqliteVersion: string;
    /** `keychain`: the system keeps the way to the key that seals names, notes and evidence; `file`: it lies beside them, and the disk is not protected. */
    protection: KeyProtection;
    backups: { file: string; atMs: number; verified: boolean }[];
  };
  kernel: {
    name: string;
    accounts: number;
    netPositions: number;
    lots: number;
    instruments: number;
    lastFullCheckAtMs: number | null;
    lastFullCheckDrift: number | null;
  };
  timings: { name: string; count: number; p50Ms: number; p95Ms: number; maxMs: number }[];
};

export const runParamsSchema = z.object({ runId: z.string().min(1).max(64) });

export const STREAMS = {
  status: z.object({}),
  heatmap: heatmapParamsSchema,
  table: tableParamsSchema,
  account: accountParamsSchema,
  entityNames: z.object({}),
  health: z.object({}),
  runs: z.object({}),
  run: runParamsSchema,
  ...NUMBERS_STREAMS,
  ...ALERT_STREAMS,
  ...APPROVAL_STREAMS,
  ...AUDIT_STREAMS,
  ...DRILL_STREAMS,
  ...EVIDENCE_STREAMS,
  ...HANDOVER_STREAMS,
  ...INCIDENT_STREAMS,
  ...NOTICE_STREAMS,
  ...PEOPLE_STREAMS,
  ...PLAN_STREAMS,
  ...REFERENCE_ROW_STREAMS,
  ...RULE_STREAMS,
} satisfies Record<string, z.ZodType>;
export type StreamKind = keyof typeof STREAMS;
export type StreamParams<Kind extends StreamKind> = z.infer<(typeof STREAMS)[Kind]>;

export type PictureByStream = PictureByNumbersStream &
  PictureByAlertStream &
  PictureByApprovalStream &
  PictureByAuditStream &
  PictureByDrillStream &
  PictureByEvidenceStream &
  PictureByHandoverStream &
  PictureByIncidentStream &
  PictureByNoticeStream &
  PictureByPeopleStream &
  PictureByPlanStream &
  PictureByReferenceRowStream &
  PictureByRuleStream & {
    status: StatusPicture;
    heatmap: HeatmapPicture;
    table: TablePicture;
    account: AccountPicture;
    entityNames: EntityNamesPicture;
    health: HealthPicture;
    /** `librarySequence` grows with every change of the plan library: what was asked of it before is then asked anew. */
    runs: { runs: Run[]; librarySequence: number };
    run: { run: Run | null };
  };
