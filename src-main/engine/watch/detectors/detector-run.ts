/** Runs all detectors over what feeds say: the one place that turns intake events into facts, days and findings, in memory that does not grow with their number. */
import { type ConditionEvidence, MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import { type IntakeEvent, type ItemsEvent, rowsOf } from '#shared/feed/intake';
import type { Order, Trade } from '#shared/feed/items';
import { type QuoteRows, ROW, ROW_LENGTH } from '#shared/feed/quote-rows';
import { type DetectorDesk, Unjudged } from './detector-desk';
import type { Detector, OrderFact } from './facts';
import { fatFingerDetector } from './fat-finger';
import { type Finding, FindingBook, type FindingChange } from './finding';
import { frequentCancelDetector } from './frequent-cancel';
import { intradayOpenLimitDetector } from './intraday-open-limit';
import { largeCancelDetector } from './large-cancel';
import { limitPriceCancelDetector } from './limit-price-cancel';
import { MarketState } from './market-state';
import { markingTheCloseDetector } from './marking-the-close';
import { type MessageFeeAccrual, messageFeeDetector } from './message-fee';
import { momentumIgnitionDetector } from './momentum-ignition';
import { orderRateDetector } from './order-rate';
import { OrderTracker } from './order-tracker';
import { quoteStuffingDetector } from './quote-stuffing';
import { rampingDetector } from './ramping';
import { runawayAlgoDetector } from './runaway-algo';
import { securitiesHighFrequencyDetector } from './securities-high-frequency';
import { selfTradeDetector } from './self-trade';
import { spoofingDetector } from './spoofing';
import type { DetectorName, ThresholdRow } from './thresholds';
import { washTradeDetector } from './wash-trade';

export type DetectorCoverage = {
  tradingDays: string[];
  events: number;
  orders: number;
  trades: number;
  quotes: number;
  /** Messages that a feed lost and nobody replaced: counts may be too low by what was in them. */
  unhealedGaps: number;
  /** Messages that came a second time, and items of a trading day that was over. */
  repeatedMessages: number;
  lateItems: number;
  takenAsKnown: number;
  droppedLiveOrders: number;
  /** Cancels of which the source does not say whose they were. */
  unknownCancels: number;
  lateRegroupings: number;
  findingsLeftOut: number;
  unjudged: ReturnType<Unjudged['list']>;
};

type Position = { tradingDay: string; sequence: number };

const MOST_DAYS_NAMED = 400;
/** They note every order or trade that they count: these are their evidence, and nothing else is. */
const NAMES_ITS_ORDERS: ReadonlySet<DetectorName> = new Set([
  'selfTrade',
  'frequentCancel',
  'largeCancel',
  'limitPriceCancel',
  'intradayOpenLimit',
  'messageFee',
  'fatFinger',
]);

export class DetectorRun {
  readonly #market = new MarketState();
  readonly #tracker = new OrderTracker(this.#market);
  readonly #findings: FindingBook;
  readonly #desk: DetectorDesk;
  readonly #unjudged = new Unjudged();
  readonly #orderDetectors: Readonly<Record<OrderFact['kind'], NonNullable<Detector['onOrder']>[]>>;
  readonly #tradeDetectors: NonNullable<Detector['onTrade']>[];
  readonly #quoteDetectors: NonNullable<Detector['onQuote']>[];
  readonly #detectors: Detector[];
  readonly #messageFee: ReturnType<typeof messageFeeDetector>;
  /** By feed, then stream. */
  readonly #positions = new Map<string, Map<string, Position>>();
  readonly #sources = new Map<string, string>();
  readonly #tradingDays: string[] = [];
  readonly #facts: OrderFact[] = [];
  #tradingDay = '';
  #events = 0;
  #orders = 0;
  #trades = 0;
  #quotes = 0;
  #unhealedGaps = 0;
  #repeatedMessages = 0;
  #lateItems = 0;
  /** Since the day began: source and the earlier day that it is still on. */
  readonly #lateSources = new Set<string>();

  /** `onChange` hears each finding when it appears and when it reaches a higher rung, and nothing when it merely grows. */
  constructor(rows: readonly ThresholdRow[], onChange?: (change: FindingChange) => void) {
    this.#findings = new FindingBook(onChange);
    const desk: DetectorDesk = { rows, findings: this.#findings, unjudged: this.#unjudged, tradingDay: () => this.#tradingDay };
    this.#desk = desk;
    this.#messageFee = messageFeeDetector(desk);
    this.#detectors = [
      selfTradeDetector(desk),
      frequentCancelDetector(desk),
      largeCancelDetector(desk),
      limitPriceCancelDetector(desk),
      intradayOpenLimitDetector(desk),
      orderRateDetector(desk),
      securitiesHighFrequencyDetector(desk),
      this.#messageFee,
      spoofingDetector(desk),
      momentumIgnitionDetector(desk),
      rampingDetector(desk),
      markingTheCloseDetector(desk),
      washTradeDetector(desk),
      quoteStuffingDetector(desk),
      fatFingerDetector(desk),
      runawayAlgoDetector(desk),
    ];
    this.#orderDetectors = { insert: this.#hearing('insert'), fill: this.#hearing('fill'), cancel: this.#hearing('cancel') };
    this.#tradeDetectors = this.#detectors.flatMap((detector) => detector.onTrade ?? []);
    this.#quoteDetectors = this.#detectors.flatMap((detector) => detector.onQuote ?? []);
  }

  #hearing(kind: OrderFact['kind']): NonNullable<Detector['onOrder']>[] {
    return this.#detectors.flatMap(({ onOrder, orderKinds }) => (onOrder === undefined || orderKinds?.includes(kind) === false ? [] : onOrder));
  }

  /** Other thresholds from now on; what was counted today goes on counting. */
  setRows(rows: readonly ThresholdRow[]): void {
    this.#desk.rows = rows;
  }

  /** Of one detector, at most so many: sources whose day is over here, which no detector counts, and then what it met most often. */
  notJudgedBy(detector: DetectorName, atMost: number): ReturnType<Unjudged['of']> {
    const late = [...this.#lateSources].map((subject) => ({ reason: 'EARLIER_TRADING_DAY', subject }));
    return [...late, ...this.#unjudged.of(detector, atMost)].slice(0, atMost);
  }

  get tradingDay(): string {
    return this.#tradingDay;
  }

  /**
   * The orders, trades and ticks that made a finding, as they stand now. A count notes each thing it counted; a pattern notes what completed it, so that all the
   * customer did meanwhile is added: a layer is nothing without the small fill on the other side.
   */
  evidenceOf(finding: Finding): ConditionEvidence {
    const { exchangeID, instrumentID, orderSysIDs, tradeIDs, fromMs, toMs } = finding;
    const spell = finding.spells.at(-1);
    const doings = { accountIDs: this.accountsOf(finding), exchangeID, instrumentID, fromMs: spell?.fromMs ?? fromMs, toMs };
    const { orders, trades } = NAMES_ITS_ORDERS.has(finding.detector)
      ? { orders: this.#tracker.ordersOf(exchangeID, orderSysIDs), trades: this.#tracker.tradesOf(exchangeID, tradeIDs, orderSysIDs) }
      : this.#tracker.during(doings);
    // What is counted over all contracts shows the market of the one it happened in last.
    const last = orders.at(-1) ?? trades.at(-1);
    const about = exchangeID === null || instrumentID === null ? last : { exchangeID, instrumentID };
    return {
      orders,
      trades,
      ticks: about === undefined ? [] : this.#market.ticksOf(this.#market.instrument(about.exchangeID, about.instrumentID)),
      byAccount: finding.byAccount.slice(0, MOST_EVIDENCE),
    };
  }

  /** Every account of the customer that is known, whether it acted or not. */
  accountsOf({ customerKind, customerID, byAccount }: Finding): ReadonlySet<string> {
    const accounts = new Set(byAccount.map(({ accountID }) => accountID));
    if (customerKind === 'account') accounts.add(customerID);
    else for (const accountID of this.#market.accountsOfGroup(customerID)) accounts.add(accountID);
    return accounts;
  }

  controlGroupOf(accountID: string): string | null {
    return this.#market.controlGroupOf(accountID);
  }

  /** By the contract's master row, else by the letters it begins with; null for what is counted over many. */
  productOf({ exchangeID, instrumentID }: Finding): string | null {
    if (exchangeID === null || instrumentID === null) return null;
    return this.#market.instrument(exchangeID, instrumentID).productID ?? /^[A-Za-z]+/.exec(instrumentID)?.[0] ?? null;
  }

  onEvent(event: IntakeEvent): void {
    this.#events += 1;
    if (event.type === 'items' || event.type === 'picture') this.#onItems(event);
    else if (event.type === 'gap') this.#unhealedGaps += event.healedBy === null ? 1 : 0;
    else if (event.type === 'welcome') this.#onWelcome(event.feedId, event.source);
  }

  /** Everything found so far, in the order in which it was found; live objects that go on growing. */
  findings(): Finding[] {
    return this.#findings.findings();
  }

  /** Message-fee estimates of the trading day that runs, the dearest first. */
  messageFees(): MessageFeeAccrual[] {
    return this.#messageFee.accruals();
  }

  coverage(): DetectorCoverage {
    return {
      tradingDays: [...this.#tradingDays],
      events: this.#events,
      orders: this.#orders,
      trades: this.#trades,
      quotes: this.#quotes,
      unhealedGaps: this.#unhealedGaps,
      repeatedMessages: this.#repeatedMessages,
      lateItems: this.#lateItems,
      takenAsKnown: this.#tracker.takenAsKnown,
      droppedLiveOrders: this.#tracker.droppedLive,
      unknownCancels: this.#tracker.unknownCancels,
      lateRegroupings: this.#market.lateRegroupings,
      findingsLeftOut: this.#findings.leftOut,
      unjudged: this.#unjudged.list(),
    };
  }

  /** A source's sequence numbers are those of one run, which its name says: another name counts anew. */
  #onWelcome(feedId: string, source: string): void {
    if (this.#sources.get(feedId) === source) return;
    this.#sources.set(feedId, source);
    this.#positions.delete(feedId);
  }

  #onItems(event: ItemsEvent): void {
    if (this.#isRepeated(event)) {
      this.#repeatedMessages += 1;
      return;
    }
    if (event.stream === 'reference') {
      for (const item of event.items) this.#market.onReference(item);
      return;
    }
    // Nearly always the same day: only another one is worth finding out which comes first.
    if (event.tradingDay !== this.#tradingDay) {
      if (event.tradingDay < this.#tradingDay) {
        this.#onLate(event);
        return;
      }
      this.#startDay(event.tradingDay);
    }
    if (event.stream === 'quotes') this.#onQuotes(rowsOf(event));
    else if (event.stream === 'orders') this.#onOrders(event.items, event.type === 'picture');
    else if (event.stream === 'trades') this.#onTrades(event.items, event.type === 'picture');
    else if (event.stream === 'instrumentStatus') for (const item of event.items) this.#market.onStatus(item);
  }

  /** Counts are of one trading day, the latest that any source has begun; a source of another market may be hours behind. */
  #onLate(event: ItemsEvent): void {
    this.#lateItems += event.stream === 'quotes' ? rowsOf(event).count : event.items.length;
    this.#lateSources.add(`${event.feedId} ${event.tradingDay}`);
  }

  /**
   * A picture is looked at whatever its number: it may hold what was missed, and what it repeats is known by its ids. A day that is over has no
   * numbers any more; what comes of it is late.
   */
  #isRepeated(event: ItemsEvent): boolean {
    let ofFeed = this.#positions.get(event.feedId);
    if (ofFeed === undefined) {
      ofFeed = new Map();
      this.#positions.set(event.feedId, ofFeed);
    }
    const position = ofFeed.get(event.stream);
    if (position === undefined) {
      ofFeed.set(event.stream, { tradingDay: event.tradingDay, sequence: event.sequence });
      return false;
    }
    if (event.tradingDay !== position.tradingDay) {
      if (event.tradingDay < position.tradingDay) return false;
      position.tradingDay = event.tradingDay;
      position.sequence = event.sequence;
      return false;
    }
    if (event.sequence <= position.sequence) return event.type === 'items';
    position.sequence = event.sequence;
    return false;
  }

  #startDay(tradingDay: string): void {
    this.#tradingDay = tradingDay;
    this.#lateSources.clear();
    if (this.#tradingDays.length < MOST_DAYS_NAMED) this.#tradingDays.push(tradingDay);
    this.#findings.startDay(tradingDay);
    this.#market.startDay(tradingDay);
    this.#tracker.startDay();
    for (const detector of this.#detectors) detector.startDay?.();
  }

  #onQuotes({ numbers, count }: QuoteRows): void {
    this.#quotes += count;
    const end = count * ROW_LENGTH;
    for (let at = 0; at < end; at += ROW_LENGTH) {
      const instrument = this.#market.instrumentOf(numbers[at + ROW.contract] as number);
      const { lastPrice, marketVolume } = instrument;
      this.#market.onQuote(instrument, numbers, at);
      for (const onQuote of this.#quoteDetectors) onQuote(instrument, lastPrice, marketVolume);
    }
  }

  #onOrders(items: readonly Order[], isPicture: boolean): void {
    this.#orders += items.length;
    const facts = this.#facts;
    facts.length = 0;
    const inOrder = isPicture ? [...items].sort((a, b) => a.updateTimeMs - b.updateTimeMs) : items;
    for (const item of inOrder) this.#tracker.onOrder(item, isPicture, facts);
    // A picture tells of each order at once what happened at different times.
    if (isPicture) facts.sort((a, b) => a.atMs - b.atMs);
    for (const fact of facts) for (const onOrder of this.#orderDetectors[fact.kind]) onOrder(fact);
  }

  #onTrades(items: readonly Trade[], isPicture: boolean): void {
    this.#trades += items.length;
    const inOrder = isPicture ? [...items].sort((a, b) => a.tradeTimeMs - b.tradeTimeMs) : items;
    for (const item of inOrder) {
      const fact = this.#tracker.onTrade(item, isPicture);
      if (fact !== null) for (const onTrade of this.#tradeDetectors) onTrade(fact);
    }
  }
}
