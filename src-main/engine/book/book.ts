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
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { Fund, InstrumentStatus, Order, Trade } from '#shared/feed/items';
import { levelsInForce, type RiskLevelRow, riskLevel } from '#shared/market/risk-level';
import type { SessionState } from '#shared/market/session-calendar';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { viewAccounts } from './account-columns';
import { placeMoney, takeResiduals } from './accounts-money';
import type { AccountColumns, BookReader, InstrumentTick } from './book-reader';
import { BUNDLED_LEVELS } from './bundled-levels';
import { applyCounterAccounts, readAccountMasters } from './counter-accounts';
import { DayHistory } from './day-history';
import { checkInFull } from './full-check';
import { InstrumentQuotes } from './instrument-quotes';
import { Kernel } from './kernel/kernel';
import type { KernelColumns } from './kernel/layout';
import { KeyedItems, keep } from './keyed-items';
import { MarketClock } from './market-clock';
import { MarketRecords } from './market-records';
import { exportPictures, type StreamMark } from './picture';
import { Positions } from './positions';
import { PriceJudge } from './price-judge';
import { type QualitySource, STALENESS_ROWS, type StalenessRow } from './quality';
import { accountReason } from './reasons';
import { ReferenceBook } from './reference';
import { Regrouper } from './regrouper';
import type { AccountRecord, Holding, InstrumentRecord } from './things';
import { ToldPositions } from './told-positions';
import type { ValuationContext } from './valuation';
import { buildAccountRow } from './views/account-rows';
import { buildAccountPicture } from './views/account-view';
import { buildEntityNames } from './views/entity-names';
import { HeatmapView } from './views/heatmap-view';
import { searchBook } from './views/search';
import { buildTable } from './views/tables';
import { buildAccountModel } from './what-if/account-model';
import type { UnderlyingSource } from './what-if/option-seller';
import { WhatIfColumns } from './what-if/what-if-columns';

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
  version = 0;
  namesVersion = 0;
  tradingDay: string | null = null;
  marketTimeMs: number | null = null;
  readonly kernel = new Kernel();
  readonly reference = new ReferenceBook();
  readonly records: MarketRecords;
  readonly orders: DayHistory<Order>;
  readonly trades: DayHistory<Trade>;
  readonly funds: DayHistory<Fund>;
  readonly statuses = new KeyedItems<InstrumentStatus>();
  readonly streamMarks = new Map<string, StreamMark>();
  /** Filled when a scenario first needs it; see `activateWhatIf`. */
  readonly whatIf = new WhatIfColumns();
  readonly toldPositions = new ToldPositions();
  readonly #positions: Positions;
  readonly #quotes: InstrumentQuotes;
  readonly #judge: PriceJudge;
  readonly #quoteFeeds: string[] = [];
  readonly #regrouper: Regrouper;
  readonly #heatmap = new HeatmapView();
  readonly #options: BookOptions;
  #levelRows: readonly RiskLevelRow[];
  #levels: RiskLevelRow[];
  #evaluatedAtMs = 0;
  readonly #clock = new MarketClock();
  #lastReceivedAtMs = 0;
  #columns: AccountColumns | null = null;
  #columnsOf: KernelColumns | null = null;
  #compared = new Set<number>();
  readonly #touched = new Set<Holding>();
  #moneyTouched = new Set<AccountRecord>();
  #residualTouched = new Set<AccountRecord>();
  #isRegroupNeeded = false;
  #isRevalueNeeded = false;

  constructor(options: BookOptions = {}) {
    this.#options = options;
    this.#levelRows = options.riskLevels ?? BUNDLED_LEVELS;
    this.#levels = levelsInForce(this.#levelRows, null);
    this.records = new MarketRecords(this.kernel);
    this.#positions = new Positions(this.records);
    this.#quotes = new InstrumentQuotes(this.records, this.kernel, this.#touched);
    this.#judge = new PriceJudge({
      records: this.records,
      reference: this.reference,
      clock: this.#clock,
      staleness: options.staleness ?? STALENESS_ROWS,
      source: options.quality,
      isFeedLive: (feedId) => options.isFeedLive?.(feedId) ?? true,
      quoteFeeds: () => this.#quoteFeeds,
      tradingDay: () => this.tradingDay,
      version: () => this.version,
      isKnown: (accountIndex) => this.#isKnown(accountIndex),
    });
    this.#regrouper = new Regrouper(this.kernel, this.reference, this.records, this.whatIf);
    this.orders = new DayHistory((order) => `${order.exchangeID}|${order.orderSysID}|${order.accountID}`, options.historyCapacity);
    // A self-trade has both sides under one trade number.
    this.trades = new DayHistory((trade) => `${trade.exchangeID}|${trade.tradeID}|${trade.direction}|${trade.accountID}`, options.historyCapacity);
    this.funds = new DayHistory((fund) => `${fund.accountID}|${fund.fundSerial}`, options.historyCapacity);
  }

  // ---- writing ---------------------------------------------------------------------------------------------------------

  /**
   * Takes in one event or several. Each event is whole by itself: positions are netted, sums moved and residuals taken at its end, so that how
   * events are batched cannot change a figure.
   */
  apply(events: IntakeEvent | readonly IntakeEvent[]): void {
    if (Array.isArray(events)) for (const event of events) this.#applyOne(event);
    else this.#applyOne(events as IntakeEvent);
  }

  /** At the end of each received message: brings every touched account up to date. `nowMs` is the time of receipt. */
  evaluate(nowMs: number = this.#lastReceivedAtMs): void {
    this.#evaluatedAtMs = nowMs;
    if (this.kernel.evaluate() > 0) this.version++;
  }

  #applyOne(event: IntakeEvent): void {
    this.#lastReceivedAtMs = Math.max(this.#lastReceivedAtMs, event.receivedAtMs);
    if (event.type === 'link' || event.type === 'gap') return;
    this.#clock.hear(event);
    this.marketTimeMs = this.#clock.atMs;
    const { tradingDay } = this.#clock;
    if (tradingDay !== null && tradingDay !== this.tradingDay) this.#changeDay(tradingDay);
    if (event.type === 'welcome' || event.type === 'heartbeat') {
      if (event.type === 'welcome' && this.toldPositions.welcome(event)) this.#touchAllMoney();
      this.#flush();
      return;
    }
    this.#markStream(event);
    this.#applyItems(event);
    this.#flush();
    this.version++;
  }

  #markStream({ feedId, stream, tradingDay, sequence, sourceTimeMs, receivedAtMs }: ItemsEvent): void {
    const key = `${feedId}|${stream}`;
    const mark = this.streamMarks.get(key);
    if (mark === undefined) {
      this.streamMarks.set(key, { feedId, stream, tradingDay, sequence, sourceTimeMs, receivedAtMs });
      if (stream === 'quotes') this.#quoteFeeds.push(feedId);
    } else {
      mark.tradingDay = tradingDay;
      mark.sequence = sequence;
      mark.sourceTimeMs = sourceTimeMs;
      mark.receivedAtMs = receivedAtMs;
    }
  }

  #applyItems(event: ItemsEvent): void {
    switch (event.stream) {
      case 'reference':
        this.#applyReference(event);
        break;
      case 'quotes':
        this.#quotes.apply(event);
        break;
      case 'accounts':
        this.#applyAccounts(event);
        break;
      case 'positions':
        this.#applyPositions(event);
        break;
      case 'orders':
        this.orders.apply(event, event.items);
        break;
      case 'trades':
        this.trades.apply(event, event.items);
        break;
      case 'funds':
        this.funds.apply(event, event.items);
        break;
      case 'instrumentStatus':
        this.#applyStatuses(event);
        break;
    }
  }

  /**
   * Rates and levels are asked for the new day; the other day's orders, trades and funds leave with their own streams or here. The day goes
   * back only when its source says that the later one was a mistake.
   */
  #changeDay(tradingDay: string): void {
    this.tradingDay = tradingDay;
    this.reference.forgetResolved();
    this.#levels = levelsInForce(this.#levelRows, tradingDay);
    this.#isRegroupNeeded = true;
    for (const history of [this.orders, this.trades, this.funds])
      if (history.tradingDay !== null && history.tradingDay !== tradingDay) history.beginDay(tradingDay);
  }

  #applyReference(event: ItemsEvent<'reference'>): void {
    const change = this.reference.apply(event);
    if (change.instruments) {
      this.#quotes.readMasters(this.reference);
      // Whether a holding is an option decides what equity needs.
      this.#touchAllMoney();
    }
    if (change.accounts) {
      readAccountMasters(this.reference, this.records);
      this.#touchAllMoney();
    }
    if (change.instruments || change.aggregations) this.#isRegroupNeeded = true;
    if (change.accounts || change.rates) this.#isRevalueNeeded = true;
    this.#heatmap.forgetLayout();
    this.namesVersion++;
  }

  #touchAllMoney(): void {
    for (const account of this.records.accounts) this.#moneyTouched.add(account);
  }

  #valuationContext(): ValuationContext {
    return { ...this.optionSource(), positionsDay: this.positionsDay ?? '' };
  }

  /** From now on the columns for other prices and rates are kept in step with the positions. */
  activateWhatIf(): WhatIfColumns {
    this.whatIf.activate(
      this.records.accounts.flatMap((account) => [...account.holdings.values()]),
      this.#valuationContext(),
    );
    return this.whatIf;
  }

  /** What an option seller's margin is computed from. */
  optionSource(): UnderlyingSource {
    return { reference: this.reference, tradingDay: this.tradingDay ?? '', underlyingOf: (option) => this.#quotes.underlyingOf(option) };
  }

  #applyAccounts(event: ItemsEvent<'accounts'>): void {
    for (const account of applyCounterAccounts(event, this.records)) {
      this.#moneyTouched.add(account);
      this.#residualTouched.add(account);
    }
  }

  #applyPositions(event: ItemsEvent<'positions'>): void {
    const before = this.positionsDay;
    if (this.toldPositions.take(event)) {
      if (before === null) this.#isRegroupNeeded = true;
      if (before !== this.positionsDay) this.#isRevalueNeeded = true;
      this.#touchAllMoney();
    }
    if (event.type === 'picture') {
      for (const account of this.#positions.replace(event)) {
        this.#moneyTouched.add(account);
        this.#residualTouched.add(account);
      }
      this.#isRegroupNeeded = true;
      return;
    }
    this.#positions.merge(event, this.#touched);
    for (const { about } of event.refused ?? []) {
      const account = this.records.findAccount(about.accountID ?? '');
      if (account !== null) this.#moneyTouched.add(account);
    }
    for (const item of event.items) {
      const account = this.records.account(item.accountID);
      this.#moneyTouched.add(account);
      // A position of a later moment than the account's figures says nothing about them; the residual taken then stands.
      if (account.counter !== null && item.asOfMs <= account.counter.item.asOfMs) this.#residualTouched.add(account);
    }
  }

  #applyStatuses(event: ItemsEvent<'instrumentStatus'>): void {
    const keys = new Set<string>();
    for (const item of event.items) {
      const key = `${item.exchangeID}|${item.productID ?? ''}|${item.instrumentID ?? ''}`;
      keys.add(key);
      this.statuses.put(keep(event, key, item));
    }
    if (event.type === 'picture') this.statuses.retain(event.feedId, (key) => keys.has(key));
  }

  /** The end of an event: what it touched is netted again. */
  #flush(): void {
    if (this.#isRegroupNeeded || this.#isRevalueNeeded || this.#touched.size > 0) this.#placeTouched(this.#valuationContext());
    for (const account of this.#moneyTouched) placeMoney(account, this.kernel, this.toldPositions);
    this.#moneyTouched.clear();
    for (const account of this.#residualTouched) {
      takeResiduals(account, this.kernel);
      this.#compared.add(account.index);
    }
    this.#residualTouched.clear();
  }

  #placeTouched(context: ValuationContext): void {
    if (this.#isRegroupNeeded) this.#regrouper.regroupAll(context);
    else if (this.#isRevalueNeeded) this.#regrouper.revalueAll(context);
    else for (const holding of this.#touched) this.#regrouper.place(holding, context);
    this.#isRegroupNeeded = false;
    this.#isRevalueNeeded = false;
    this.#touched.clear();
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
    this.version++;
  }

  levelOf(accountIndex: number): RiskLevel {
    const { balance, margin, degree, exchangeDegree } = this.kernel.columns;
    return riskLevel(this.#levels, {
      balance: balance[accountIndex] ?? Number.NaN,
      currMargin: margin[accountIndex] ?? Number.NaN,
      riskDegree: degree[accountIndex] ?? Number.NaN,
      exchangeRiskDegree: exchangeDegree[accountIndex] ?? Number.NaN,
    });
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
    const compared = this.#compared;
    if (compared.size === 0) return compared;
    this.#compared = new Set();
    return compared;
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
    for (const account of this.records.accounts) lots += account.lotCount;
    return { accounts: this.kernel.accountCount, netPositions: this.kernel.entryCount, lots, instruments: this.kernel.instrumentCount };
  }

  /** How many of the day's orders, trades and fund movements are no longer kept. */
  droppedHistory(): Record<'orders' | 'trades' | 'funds', number> {
    return { orders: this.orders.droppedCount, trades: this.trades.droppedCount, funds: this.funds.droppedCount };
  }
}
