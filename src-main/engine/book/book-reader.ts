/** What the rest of the engine may read of the book: watch rules scan it, the port builds pictures from it. Nobody outside book/ writes it. */
import type {
  AccountParams,
  AccountPicture,
  AccountRow,
  EntityNamesPicture,
  HeatmapParams,
  HeatmapPicture,
  Quality,
  RiskLevel,
  TableName,
  TableParams,
  TablePicture,
} from '#shared/contract/streams';
import type { OwnDifference } from './own-row-states';

/** Accounts by index: NaN in a column means unknown, and `reasonOf` says why. Columns are live views, valid until the next apply. */
export type AccountColumns = {
  count: number;
  accountIDs: readonly string[];
  balance: Float64Array;
  currMargin: Float64Array;
  exchangeMargin: Float64Array;
  available: Float64Array;
  positionProfit: Float64Array;
  /** currMargin / balance; NaN where balance <= 0 (no degree) or anything is unknown. */
  riskDegree: Float64Array;
  exchangeRiskDegree: Float64Array;
};

export type InstrumentTick = {
  exchangeID: string;
  instrumentID: string;
  productID: string;
  sessionID: string | null;
  lastReceivedAtMs: number | null;
  lastSourceTimeMs: number | null;
  held: boolean;
};

/** Counter minus ours, in the account's currency; up to `tolerance` it is rounding. */
export type MoneyResidual = { field: string; residual: number; tolerance: number };

export interface BookReader {
  /** Grows with every change; a picture built at the same version is the same picture. */
  readonly version: number;
  readonly tradingDay: string | null;
  /** Source time of the newest message, the market's own clock. */
  readonly marketTimeMs: number | null;
  accountColumns(): AccountColumns;
  reasonOf(accountIndex: number): string | null;
  /** Why the exchange's margin is unknown, and with it whether the account must be liquidated. */
  exchangeReasonOf(accountIndex: number): string | null;
  /** Of the control groups whose members were refused, so that nothing can be summed over them: how many, and why the first. */
  refusedGroups(): { count: number; firstReason: string | null };
  /** False for an account that no feed names any more: its figures are unknown and nobody misses them. */
  isPresent(accountIndex: number): boolean;
  levelOf(accountIndex: number): RiskLevel;
  qualityOf(accountIndex: number): Quality;
  /** Whether `qualityOf` would say `stale`, cheap enough to be asked at every message. */
  isStale(accountIndex: number): boolean;
  /** The counter's balance minus ours at the counter's as-of; null when they cannot be compared. */
  residualOf(accountIndex: number): number | null;
  /** All money figures of the account that can be compared just now; it looks through all of the day's trades and orders (`dayItemCount`). */
  moneyResidualsOf(accountIndex: number): MoneyResidual[];
  dayItemCount(): number;
  /** Rows that the desk supplied where the feed said nothing, and about which the feed says something else by now. */
  differingOwnRows(): { count: number; first: OwnDifference | null };
  accountRow(accountID: string): AccountRow | null;
  /**
   * Indices of the accounts that left their band in any evaluation since the last call; valid until the next apply or evaluation. An account whose
   * band was never set, or was opened, is listed whenever its figures were computed again.
   */
  takeCrossedAccounts(): Int32Array;
  /**
   * The ranges [low, high) of company degree, exchange degree and equity (in this order) in which nobody need look at the account. A low of NaN
   * waits for a figure that is now unknown to become known; a high of NaN has no end. Without equity a degree is Infinity, or 0 without margin.
   */
  setBand(accountIndex: number, low: Float64Array, high: Float64Array): void;
  openBand(accountIndex: number): void;
  /** Indices of the accounts that were compared with the counter, or found not to be comparable, since the last call. */
  takeComparedAccounts(): ReadonlySet<number>;
  instrumentTicks(): InstrumentTick[];
  heatmap(params: HeatmapParams): HeatmapPicture;
  table<Name extends TableName>(params: TableParams & { table: Name }): TablePicture<Name>;
  account(params: AccountParams): AccountPicture;
  /** Grows whenever the feed says anew what things are called. */
  readonly namesVersion: number;
  entityNames(): EntityNamesPicture;
  search(
    text: string,
    limit: number,
  ): { kind: 'account' | 'instrument' | 'product' | 'department' | 'controlGroup'; key: string; label: string; sublabel: string }[];
  /** Full recomputation with the pure formulas; the largest difference from the kernel in account money. */
  fullCheck(): { drift: number; atMs: number };
  counts(): { accounts: number; netPositions: number; lots: number; instruments: number };
}
