/** The book's writing side: what the feeds say goes into the records, and the end of each event nets and sums what it touched. */
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type { Fund, InstrumentStatus, Order, Trade } from '#shared/feed/items';
import { placeMoney, takeResiduals } from './accounts-money';
import { applyCounterAccounts, readAccountMasters } from './counter-accounts';
import { DayHistory } from './day-history';
import { InstrumentQuotes } from './instrument-quotes';
import { Kernel } from './kernel/kernel';
import { KeyedItems, keep } from './keyed-items';
import { MarketClock } from './market-clock';
import { MarketRecords } from './market-records';
import type { StreamMark } from './picture';
import { Positions } from './positions';
import { ReferenceBook } from './reference';
import { Regrouper } from './regrouper';
import type { AccountRecord, Holding } from './things';
import { ToldPositions } from './told-positions';
import type { ValuationContext } from './valuation';
import type { UnderlyingSource } from './what-if/option-seller';
import { WhatIfColumns } from './what-if/what-if-columns';

export class BookIntake {
  version = 0;
  namesVersion = 0;
  tradingDay: string | null = null;
  marketTimeMs: number | null = null;
  lastReceivedAtMs = 0;
  readonly clock = new MarketClock();
  readonly kernel = new Kernel();
  readonly reference = new ReferenceBook();
  readonly records = new MarketRecords(this.kernel);
  readonly orders: DayHistory<Order>;
  readonly trades: DayHistory<Trade>;
  readonly funds: DayHistory<Fund>;
  readonly statuses = new KeyedItems<InstrumentStatus>();
  readonly streamMarks = new Map<string, StreamMark>();
  readonly quoteFeeds: string[] = [];
  readonly whatIf = new WhatIfColumns();
  readonly toldPositions = new ToldPositions();
  readonly #touched = new Set<Holding>();
  readonly #moneyTouched = new Set<AccountRecord>();
  readonly #residualTouched = new Set<AccountRecord>();
  #compared = new Set<number>();
  #isRegroupNeeded = false;
  #isRevalueNeeded = false;
  readonly #positions = new Positions(this.records);
  readonly #quotes = new InstrumentQuotes(this.records, this.kernel, this.#touched);
  readonly #regrouper = new Regrouper(this.kernel, this.reference, this.records, this.whatIf);
  readonly #onDay: (tradingDay: string) => void;

  /** `historyCapacity`: how many orders, trades and fund movements of the day are kept; left out, as many as each keeps by itself. */
  constructor(historyCapacity: number | undefined, onDay: (tradingDay: string) => void) {
    this.#onDay = onDay;
    this.orders = new DayHistory((order) => `${order.exchangeID}|${order.orderSysID}|${order.accountID}`, historyCapacity);
    // A self-trade has both sides under one trade number.
    this.trades = new DayHistory((trade) => `${trade.exchangeID}|${trade.tradeID}|${trade.direction}|${trade.accountID}`, historyCapacity);
    this.funds = new DayHistory((fund) => `${fund.accountID}|${fund.fundSerial}`, historyCapacity);
  }

  /** Takes in one event, whole by itself: positions are netted, sums moved and residuals taken at its end. */
  apply(event: IntakeEvent): void {
    this.lastReceivedAtMs = Math.max(this.lastReceivedAtMs, event.receivedAtMs);
    if (event.type === 'link' || event.type === 'gap') return;
    if (event.type === 'ownRows') {
      this.reference.setOwn(event.rows);
      this.#rereadReference();
      this.#flush();
      this.version++;
      return;
    }
    this.clock.hear(event);
    this.marketTimeMs = this.clock.atMs;
    const { tradingDay } = this.clock;
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
      if (stream === 'quotes') this.quoteFeeds.push(feedId);
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
    // Another day may bring another of the desk's own rows into force.
    if (this.reference.own.rows.length > 0) this.#rereadReference();
    this.#onDay(tradingDay);
    this.#isRegroupNeeded = true;
    for (const history of [this.orders, this.trades, this.funds])
      if (history.tradingDay !== null && history.tradingDay !== tradingDay) history.beginDay(tradingDay);
  }

  #applyReference(event: ItemsEvent<'reference'>): void {
    const change = this.reference.apply(event);
    if (change.instruments) {
      this.#quotes.readMasters(this.reference, this.tradingDay ?? '');
      // Whether a holding is an option decides what equity needs.
      this.#touchAllMoney();
    }
    if (change.accounts) {
      readAccountMasters(this.reference, this.records);
      this.#touchAllMoney();
    }
    if (change.instruments || change.aggregations) this.#isRegroupNeeded = true;
    if (change.accounts || change.rates) this.#isRevalueNeeded = true;
    this.namesVersion++;
  }

  /** The desk's own rows may change any contract, rate or rule. */
  #rereadReference(): void {
    this.#quotes.readMasters(this.reference, this.tradingDay ?? '');
    this.#touchAllMoney();
    this.#isRegroupNeeded = true;
    this.namesVersion++;
  }

  #touchAllMoney(): void {
    for (const account of this.records.accounts) this.#moneyTouched.add(account);
  }

  #valuationContext(): ValuationContext {
    return { ...this.optionSource(), positionsDay: this.toldPositions.day ?? '' };
  }

  /** From now on the columns for other prices and rates are kept in step with the positions. */
  activateWhatIf(): WhatIfColumns {
    if (this.whatIf.isActive) return this.whatIf;
    const context = this.#valuationContext();
    this.whatIf.activate(
      this.records.accounts.flatMap((account) => [...account.holdings.values()]),
      context,
    );
    for (const account of this.records.accounts) if (account.combinations !== null) this.#regrouper.placeAccount(account, context);
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
    const before = this.toldPositions.day;
    if (this.toldPositions.take(event)) {
      if (before === null) this.#isRegroupNeeded = true;
      if (before !== this.toldPositions.day) this.#isRevalueNeeded = true;
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
    const recombined = this.#positions.takeRecombined();
    if (this.#isRegroupNeeded || this.#isRevalueNeeded || this.#touched.size > 0 || recombined.size > 0)
      this.#placeTouched(this.#valuationContext(), recombined);
    for (const account of this.#moneyTouched) placeMoney(account, this.kernel, this.toldPositions);
    this.#moneyTouched.clear();
    for (const account of this.#residualTouched) {
      takeResiduals(account, this.kernel);
      this.#compared.add(account.index);
    }
    this.#residualTouched.clear();
  }

  /** A lot that changes may leave a combination larger than its lots, which is then unknown with all its legs: such accounts are placed whole. */
  #placeTouched(context: ValuationContext, recombined: ReadonlySet<AccountRecord>): void {
    if (this.#isRegroupNeeded) this.#regrouper.regroupAll(context);
    else if (this.#isRevalueNeeded) this.#regrouper.revalueAll(context);
    else {
      const whole = new Set(recombined);
      for (const holding of this.#touched) {
        if (holding.account.combinations?.isEmpty !== false) this.#regrouper.place(holding, context);
        else whole.add(holding.account);
      }
      for (const account of whole) this.#regrouper.placeAccount(account, context);
    }
    this.#isRegroupNeeded = false;
    this.#isRevalueNeeded = false;
    this.#touched.clear();
  }

  /** Accounts whose figures were held against the counter's since this was last asked. */
  takeCompared(): ReadonlySet<number> {
    const compared = this.#compared;
    if (compared.size === 0) return compared;
    this.#compared = new Set();
    return compared;
  }
}
