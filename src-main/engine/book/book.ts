/** The book: everything the feeds have said, in memory, and the accounts valued by it. Feeds write through `apply`; everybody else reads. */
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
import type { IntakeEvent } from '#shared/feed/intake';
import type { Fund, InstrumentStatus, Order, Trade } from '#shared/feed/items';
import { type Reason, reasonFor } from '#shared/market/reason';
import { isLeastLevel, levelsInForce, type RiskLevelRow, riskLevel } from '#shared/market/risk-level';
import type { SessionState } from '#shared/market/session-calendar';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { viewAccounts } from './account-columns';
import { BookIntake } from './book-intake';
import type { AccountColumns, BookReader, InstrumentTick, MoneyResidual } from './book-reader';
import { BUNDLED_LEVELS } from './bundled-levels';
import type { DayHistory } from './day-history';
import { checkInFull } from './full-check';
import type { Kernel } from './kernel/kernel';
import type { KernelColumns } from './kernel/layout';
import type { KeyedItems } from './keyed-items';
import type { MarketRecords } from './market-records';
import { OwnRowStates } from './own-row-states';
import { exportPictures, type StreamMark } from './picture';
import { PriceJudge } from './price-judge';
import { type QualitySource, STALENESS_ROWS, type StalenessRow } from './quality';
import { accountReason, marginReason } from './reasons';
import type { ReferenceBook } from './reference';
import type { InstrumentRecord } from './things';
import type { ToldPositions } from './told-positions';
import { buildAccountRow } from './views/account-rows';
import { buildAccountPicture, comparedFigures } from './views/account-view';
import { buildEntityNames } from './views/entity-names';
import { HeatmapView } from './views/heatmap-view';
import { searchBook } from './views/search';
import { buildTable } from './views/tables';
import { buildAccountModel } from './what-if/account-model';
import type { UnderlyingSource } from './what-if/option-seller';
import type { WhatIfColumns } from './what-if/what-if-columns';

export type BookOptions = {
  /** Replaces the built-in judgement of an instrument's price. */
  quality?: QualitySource;
  /** The receipt clock that ages are measured against; without it, the time of the last evaluation. */
  nowMs?: () => number;
  /** Whether a feed speaks now: what a silent feed said last is stale at once, not only after the instrument's own limit. */
  isFeedLive?: (feedId: string) => boolean;
  riskLevels?: readonly RiskLevelRow[];
  staleness?: readonly StalenessRow[];
  historyCapacity?: number;
};

export class Book implements BookReader {
  readonly kernel: Kernel;
  readonly reference: ReferenceBook;
  readonly records: MarketRecords;
  readonly orders: DayHistory<Order>;
  readonly trades: DayHistory<Trade>;
  readonly funds: DayHistory<Fund>;
  readonly statuses: KeyedItems<InstrumentStatus>;
  readonly streamMarks: Map<string, StreamMark>;
  /** Filled when a scenario first needs it; see `activateWhatIf`. */
  readonly whatIf: WhatIfColumns;
  readonly toldPositions: ToldPositions;
  readonly #intake: BookIntake;
  readonly #judge: PriceJudge;
  readonly #heatmap = new HeatmapView();
  /** How the desk's own reference rows stand to the feed's. */
  readonly ownRows = new OwnRowStates(this);
  readonly #options: BookOptions;
  #levelRows: readonly RiskLevelRow[];
  #levels: RiskLevelRow[];
  #evaluatedAtMs = 0;
  #columns: AccountColumns | null = null;
  #columnsOf: KernelColumns | null = null;

  constructor(options: BookOptions = {}) {
    this.#options = options;
    this.#levelRows = options.riskLevels ?? BUNDLED_LEVELS;
    this.#levels = levelsInForce(this.#levelRows, null);
    const intake = new BookIntake(options.historyCapacity, (tradingDay) => {
      this.#levels = levelsInForce(this.#levelRows, tradingDay);
    });
    this.#intake = intake;
    ({ kernel: this.kernel, reference: this.reference, records: this.records } = intake);
    ({ orders: this.orders, trades: this.trades, funds: this.funds, statuses: this.statuses } = intake);
    ({ streamMarks: this.streamMarks, whatIf: this.whatIf, toldPositions: this.toldPositions } = intake);
    this.#judge = new PriceJudge({
      records: this.records,
      reference: this.reference,
      clock: intake.clock,
      staleness: options.staleness ?? STALENESS_ROWS,
      source: options.quality,
      isFeedLive: (feedId) => options.isFeedLive?.(feedId) ?? true,
      quoteFeeds: () => intake.quoteFeeds,
      tradingDay: () => this.tradingDay,
      version: () => this.version,
      isKnown: (accountIndex) => this.#isKnown(accountIndex),
    });
  }

  // ---- writing ---------------------------------------------------------------------------------------------------------

  /**
   * Takes in one event or several. Each event is whole by itself: positions are netted, sums moved and residuals taken at its end, so that how
   * events are batched cannot change a figure.
   */
  apply(events: IntakeEvent | readonly IntakeEvent[]): void {
    if (Array.isArray(events)) for (const event of events) this.#intake.apply(event);
    else this.#intake.apply(events as IntakeEvent);
  }

  /** At the end of each received message: brings every touched account up to date. `nowMs` is the time of receipt. */
  evaluate(nowMs: number = this.#intake.lastReceivedAtMs): void {
    this.#evaluatedAtMs = nowMs;
    if (this.kernel.evaluate() > 0) this.#intake.version++;
  }

  /** From now on the columns for other prices and rates are kept in step with the positions. */
  activateWhatIf(): WhatIfColumns {
    return this.#intake.activateWhatIf();
  }

  /** What an option seller's margin is computed from. */
  optionSource(): UnderlyingSource {
    return this.#intake.optionSource();
  }

  // ---- the picture as events, for the cache ----------------------------------------------------------------------------

  /** Events of type `picture` that give a fresh book the same content: one per feed and stream, reference first. */
  exportPicture(): IntakeEvent[] {
    return exportPictures(this);
  }

  restorePicture(events: readonly IntakeEvent[]): void {
    this.apply(events);
    this.evaluate();
  }

  // ---- reading ---------------------------------------------------------------------------------------------------------

  get version(): number {
    return this.#intake.version;
  }

  get namesVersion(): number {
    return this.#intake.namesVersion;
  }

  get tradingDay(): string | null {
    return this.#intake.tradingDay;
  }

  get marketTimeMs(): number | null {
    return this.#intake.marketTimeMs;
  }

  /** The positions' own trading day: a lot opened on it is today's. */
  get positionsDay(): string | null {
    return this.toldPositions.day;
  }

  get nowMs(): number {
    return this.#options.nowMs?.() ?? this.#evaluatedAtMs;
  }

  accountColumns(): AccountColumns {
    const { columns, accountCount } = this.kernel;
    if (this.#columns !== null && this.#columnsOf === columns && this.#columns.count === accountCount) return this.#columns;
    this.#columnsOf = columns;
    this.#columns = viewAccounts(this.kernel, this.records.accountIDs);
    return this.#columns;
  }

  reasonOf(accountIndex: number): string | null {
    const account = this.records.accounts[accountIndex];
    return account === undefined ? null : accountReason(account, this.kernel);
  }

  refusedGroups(): { count: number; firstReason: string | null } {
    return this.reference.refusedGroups();
  }

  isPresent(accountIndex: number): boolean {
    const account = this.records.accounts[accountIndex];
    return account !== undefined && this.records.isPresent(account);
  }

  /** The level rows in force today. */
  get levels(): readonly RiskLevelRow[] {
    return this.#levels;
  }

  /** Other levels from now on: every account is judged by them when it is next looked at. */
  setRiskLevels(rows: readonly RiskLevelRow[]): void {
    this.#levelRows = rows;
    this.#levels = levelsInForce(rows, this.tradingDay);
    this.#intake.version++;
  }

  levelOf(accountIndex: number): RiskLevel {
    return riskLevel(this.#levels, this.#degreesOf(accountIndex));
  }

  /** Why the level is only the least it can be, and may be a worse one by the exchange's degree; null when it is the level. */
  levelReasonOf(accountIndex: number): Reason | null {
    return isLeastLevel(this.#levels, this.#degreesOf(accountIndex)) ? this.exchangeReasonOf(accountIndex) : null;
  }

  /** Why the exchange's margin of an account is unknown; null when it is known. */
  exchangeReasonOf(accountIndex: number): Reason | null {
    const account = this.records.accounts[accountIndex];
    if (account === undefined || !Number.isNaN(this.kernel.columns.exchangeMargin[accountIndex])) return null;
    return marginReason(account, 'exchange') ?? reasonFor('field', 'exchangeMargin');
  }

  #degreesOf(accountIndex: number): Parameters<typeof riskLevel>[1] {
    const { balance, margin, degree, exchangeDegree } = this.kernel.columns;
    return {
      balance: balance[accountIndex] ?? Number.NaN,
      currMargin: margin[accountIndex] ?? Number.NaN,
      riskDegree: degree[accountIndex] ?? Number.NaN,
      exchangeRiskDegree: exchangeDegree[accountIndex] ?? Number.NaN,
    };
  }

  #isKnown(accountIndex: number): boolean {
    const { balance, margin } = this.kernel.columns;
    return !Number.isNaN(balance[accountIndex]) && !Number.isNaN(margin[accountIndex]);
  }

  /** Unknown figures first, then the worst of the prices it depends on; `none` for an account that holds nothing. */
  qualityOf(accountIndex: number): Quality {
    return this.#judge.ofAccount(accountIndex, this.nowMs);
  }

  isStale(accountIndex: number): boolean {
    return this.#judge.isAccountStale(accountIndex, this.nowMs);
  }

  residualOf(accountIndex: number): number | null {
    return this.records.accounts[accountIndex]?.residual ?? null;
  }

  moneyResidualsOf(accountIndex: number): MoneyResidual[] {
    const account = this.records.accounts[accountIndex];
    return account === undefined ? [] : comparedFigures(this, account);
  }

  dayItemCount(): number {
    return this.trades.items.byKey.size + this.orders.items.byKey.size;
  }

  differingOwnRows(): ReturnType<BookReader['differingOwnRows']> {
    const differing = this.ownRows.all().filter(({ use }) => use === 'feedDiffers');
    return { count: differing.length, first: differing[0]?.differences[0] ?? null };
  }

  qualityOfInstrument(record: InstrumentRecord, nowMs: number = this.nowMs): Quality {
    return this.#judge.ofInstrument(record, nowMs);
  }

  /** By the market's own clock: source time carried on by the time since its receipt. */
  sessionOf(record: InstrumentRecord, nowMs: number): SessionState {
    return this.#judge.sessionOf(record, nowMs);
  }

  accountRow(accountID: string): AccountRow | null {
    const account = this.records.findAccount(accountID);
    return account === null ? null : buildAccountRow(this, account);
  }

  takeCrossedAccounts(): Int32Array {
    return this.kernel.takeCrossed();
  }

  setBand(accountIndex: number, low: Float64Array, high: Float64Array): void {
    this.kernel.setBand(accountIndex, low, high);
  }

  openBand(accountIndex: number): void {
    this.kernel.openBand(accountIndex);
  }

  takeComparedAccounts(): ReadonlySet<number> {
    return this.#intake.takeCompared();
  }

  instrumentTicks(): InstrumentTick[] {
    return this.records.instruments.map((record) => ({
      exchangeID: record.exchangeID,
      instrumentID: record.instrumentID,
      productID: record.productID,
      sessionID: record.master?.sessionID ?? null,
      lastReceivedAtMs: record.quoteReceivedAtMs,
      lastSourceTimeMs: record.quote?.updateTimeMs ?? null,
      held: record.holdings.some((holding) => holding.netQuantity !== 0 || holding.profitReason !== null),
    }));
  }

  heatmap(params: HeatmapParams): HeatmapPicture {
    return this.#heatmap.build(this, params);
  }

  table<Name extends TableName>(params: TableParams & { table: Name }): TablePicture<Name> {
    return buildTable(this, params);
  }

  /** One account as the formulas take it; null when the book does not know it. */
  accountModel(accountID: string): AccountModel | null {
    const account = this.records.findAccount(accountID);
    return account === null || !this.records.isPresent(account) ? null : buildAccountModel(this, account);
  }

  account(params: AccountParams): AccountPicture {
    return buildAccountPicture(this, params.accountID);
  }

  entityNames(): EntityNamesPicture {
    return buildEntityNames(this.reference);
  }

  search(text: string, limit: number): ReturnType<BookReader['search']> {
    return searchBook(this, text, limit);
  }

  fullCheck(): { drift: number; atMs: number } {
    this.evaluate(this.#evaluatedAtMs);
    return { drift: checkInFull(this), atMs: this.nowMs };
  }

  counts(): { accounts: number; netPositions: number; lots: number; instruments: number } {
    let lots = 0;
    let legs = 0;
    for (const { lotCount, combinations } of this.records.accounts) {
      lots += lotCount;
      for (const { entries } of combinations?.placed.values() ?? []) legs += entries.length;
    }
    return { accounts: this.kernel.accountCount, netPositions: this.kernel.entryCount - legs, lots, instruments: this.kernel.instrumentCount };
  }

  /** How many of the day's orders, trades and fund movements are no longer kept. */
  droppedHistory(): Record<'orders' | 'trades' | 'funds', number> {
    return { orders: this.orders.droppedCount, trades: this.trades.droppedCount, funds: this.funds.droppedCount };
  }
}
