/** The market river in one place: events into the book, one evaluation per message, the watch over it, conditions out. No timers, no clock of its own. */

import type { BookReader, InstrumentTick } from '#engine/book/book-reader';
import type { Condition, ConditionSink, OpenCondition } from '#engine/watch/condition';
import { LeastTimeOn } from '#engine/watch/least-time-on';
import { isSettled, LinkClocks, type LinkReading, silenceMs } from '#engine/watch/link-clocks';
import type { MarketReadings } from '#engine/watch/readings';
import type { WatchMoment } from '#engine/watch/rule';
import { RuleLedger } from '#engine/watch/rule-ledger';
import type { RulePack } from '#engine/watch/rule-schema';
import { SourcePrices } from '#engine/watch/source-prices';
import { TradingWatch } from '#engine/watch/trading-watch';
import { Watch } from '#engine/watch/watch';
import type { NotJudged } from '#shared/contract/rules';
import type { DetectorName } from '#shared/desk/rules/threshold-row';
import type { IntakeEvent } from '#shared/feed/intake';
import type { SessionState } from '#shared/market/session-calendar';

/** What the core needs of the book beyond reading it. */
export interface MarketBook extends BookReader {
  apply(events: readonly IntakeEvent[]): void;
  /** `nowMs` is the time of receipt. */
  evaluate(nowMs: number): void;
}

export type MarketCoreParts = {
  book: MarketBook;
  rules: RulePack;
  open: readonly OpenCondition[];
  sink: ConditionSink;
  sessionOf: (tick: InstrumentTick, nowMs: number) => SessionState;
  /** False for an imported market file: silence in it is the market's, and no link is there to be judged. */
  judgesLinks?: boolean;
  /** What scanned rules read; without it only accounts, feeds and trading are watched. */
  readings?: (prices: SourcePrices) => MarketReadings;
  departmentOf?: (accountID: string) => string | null;
  /** Counts what rules say, and keeps back what those in shadow say; one that outlives this core goes on counting. */
  ledger?: RuleLedger;
};

export class MarketCore {
  readonly book: MarketBook;
  private readonly links = new LinkClocks();
  private watch: Watch;
  private readonly trading: TradingWatch;
  private readonly leastTimeOn: LeastTimeOn;
  private rules: RulePack;
  private readonly prices = new SourcePrices();
  private readonly readings: MarketReadings | undefined;
  private readonly judgesLinks: boolean;
  readonly ledger: RuleLedger;
  private readonly sink: ConditionSink;
  private readonly sessionOf: MarketCoreParts['sessionOf'];
  private dataSilenceLimitMs: number;
  messageCount = 0;
  eventCount = 0;
  evaluationCount = 0;

  constructor(parts: MarketCoreParts) {
    this.book = parts.book;
    this.judgesLinks = parts.judgesLinks ?? true;
    this.ledger = parts.ledger ?? new RuleLedger();
    this.ledger.restore(parts.open);
    this.rules = this.withoutLinks(parts.rules);
    this.watch = new Watch(this.rules, parts.open);
    this.trading = new TradingWatch(parts.rules.trading, parts.open, parts.departmentOf);
    this.leastTimeOn = new LeastTimeOn(parts.rules.endings, parts.open);
    this.readings = parts.readings?.(this.prices);
    this.sink = parts.sink;
    this.sessionOf = parts.sessionOf;
    this.dataSilenceLimitMs = this.silenceLimitOf(parts.rules);
  }

  /**
   * Other rules from now on, without a restart: what is on stays on under the new version of its rule, and what no rule that speaks watches any
   * more is over by the hand that ended the rule, which the condition says.
   */
  setRules(rules: RulePack, nowMs: number): void {
    this.dataSilenceLimitMs = this.silenceLimitOf(rules);
    const open = this.ledger.openFor(rules);
    this.rules = this.withoutLinks(rules);
    this.watch = new Watch(this.rules, open.kept, true);
    this.trading.setRules(rules.trading, open.kept);
    this.leastTimeOn.setRules(rules.endings, open.kept);
    const ended = open.ended.map((condition): Condition => endedByRule(condition, nowMs));
    this.ledger.forget(ended);
    if (ended.length > 0) this.sink.onConditions(ended);
  }

  private withoutLinks(rules: RulePack): RulePack {
    if (this.judgesLinks) return rules;
    return { ...rules, rules: rules.rules.filter((rule) => rule.entity !== 'feed'), scans: rules.scans.filter((rule) => rule.subject !== 'feed') };
  }

  private silenceLimitOf(rules: RulePack): number {
    const silence = rules.rules.flatMap((rule) => rule.thresholds.filter((rung) => rung.metric === 'silenceMs').map((rung) => rung.enter));
    if (silence.length === 0)
      throw new Error('the rule pack has no feedStale rule with a silenceMs rung: nothing would say when data is too old to judge by');
    return this.judgesLinks ? Math.min(...silence) : Number.POSITIVE_INFINITY;
  }

  /** What the detector could say nothing about, and why. */
  notJudgedBy(detector: DetectorName): NotJudged[] {
    return this.trading.notJudgedBy(detector);
  }

  expectFeed(feedId: string, nowMs: number): void {
    this.links.expect(feedId, nowMs);
  }

  setFeedPaused(feedId: string, isPaused: boolean, nowMs: number): void {
    this.links.setPaused(feedId, isPaused, nowMs);
  }

  /** The picture of before the restart, with its own times of receipt: shown with its age, never judged until the feed has confirmed it. */
  restore(events: readonly IntakeEvent[]): void {
    this.book.apply(events);
    this.book.evaluate(events.reduce((newest, event) => Math.max(newest, event.receivedAtMs), 0));
    for (const event of events) if (event.type === 'items' || event.type === 'picture') this.links.noteSeen(event.feedId, event.stream);
  }

  /** Everything one received message led to. `nowMs` is the clock of receipt. */
  onMessage(events: readonly IntakeEvent[], nowMs: number): void {
    for (const event of events) this.links.apply(event);
    this.book.apply(events);
    this.book.evaluate(nowMs);
    this.messageCount += 1;
    this.eventCount += events.length;
    this.evaluationCount += 1;
    for (const event of events) this.prices.apply(event);
    this.ledger.startDay(this.book.tradingDay, nowMs);
    const conditions: Condition[] = [];
    this.trading.onEvents(events, nowMs, conditions);
    /* Without live data the accounts stay in the book's list: they are judged with the first message that makes the data live. */
    if (this.isDataLive(nowMs)) {
      const crossed = this.book.takeCrossedAccounts();
      if (crossed.length > 0) conditions.push(...this.watch.onMessage(this.momentAt(nowMs, true), crossed));
    }
    this.speak(this.leastTimeOn.take(conditions, nowMs));
  }

  /** A step of time, 250 ms after the last: staleness and delays move although nothing arrives. */
  tick(nowMs: number): void {
    const isDataLive = this.isDataLive(nowMs);
    const conditions = this.watch.onTick(this.momentAt(nowMs, isDataLive));
    this.trading.onTick(nowMs, isDataLive, conditions);
    // What came back in this step is taken first: its end is no longer due.
    const told = this.leastTimeOn.take(conditions, nowMs);
    this.speak([...told, ...this.leastTimeOn.due(nowMs, isDataLive)]);
  }

  private speak(conditions: readonly Condition[]): void {
    if (conditions.length === 0) return;
    const live = this.ledger.take(conditions, this.rules.modes);
    if (live.length > 0) this.sink.onConditions(live);
  }

  /** Whether a feed that carries accounts is up and speaking. */
  isDataLive(nowMs: number): boolean {
    for (const link of this.links.readings()) if (this.speaks(link, nowMs)) return true;
    return false;
  }

  private speaks(link: LinkReading, nowMs: number): boolean {
    if (!link.carriesAccounts || link.isPaused || link.notUpSinceMs !== null) return false;
    return silenceMs(link, nowMs) < this.dataSilenceLimitMs && isSettled(link, nowMs);
  }

  private momentAt(nowMs: number, isDataLive: boolean): WatchMoment {
    const { book } = this;
    const links = this.links.readings();
    return {
      nowMs,
      book,
      columns: book.accountColumns(),
      links,
      isDataLive,
      readings: this.readings,
      sessionOf: (tick) => this.sessionOf(tick, nowMs),
    };
  }
}

/** The words of an end that no data brought about. */
function endedByRule({ state: _state, ...condition }: OpenCondition, nowMs: number): Condition {
  const { reason } = condition;
  const params = { ...reason.params, endedBy: 'ruleChanged' };
  return { ...condition, transition: 'cleared', atMs: nowMs, reason: { ...reason, observedAtMs: nowMs, params } };
}

const STEP_MS = 250;
const LONG_PAUSE_MS = 3_600_000;
const PAUSE_HEAD_MS = 600_000;
const PAUSE_TAIL_MS = 60_000;

/**
 * Drives a core by recorded time: fixed 250 ms steps, and one evaluation for all events of the same millisecond, so that how a file is cut
 * into chunks cannot change the answer. In a pause of over an hour only its first ten minutes and its last minute are stepped through.
 */
export class RecordedTime {
  private readonly core: MarketCore;
  private group: IntakeEvent[] = [];
  private groupMs = Number.NaN;
  private nextStepMs = Number.NaN;
  firstMs: number | null = null;
  lastMs: number | null = null;

  constructor(core: MarketCore) {
    this.core = core;
  }

  take(events: readonly IntakeEvent[]): void {
    for (const event of events) {
      const atMs = event.receivedAtMs;
      if (this.firstMs === null) {
        this.firstMs = atMs;
        this.nextStepMs = Math.ceil(atMs / STEP_MS) * STEP_MS;
      }
      if (atMs !== this.groupMs) {
        this.closeGroup();
        this.stepUpTo(atMs);
        this.groupMs = atMs;
      }
      this.group.push(event);
      this.lastMs = Math.max(this.lastMs ?? atMs, atMs);
    }
  }

  /** The recording is over: the last group is evaluated; time does not go on. */
  end(): void {
    this.closeGroup();
    if (this.lastMs !== null) this.core.tick(this.lastMs);
  }

  private closeGroup(): void {
    if (this.group.length === 0) return;
    const group = this.group;
    this.group = [];
    this.core.onMessage(group, this.groupMs);
  }

  private stepUpTo(atMs: number): void {
    if (atMs - this.nextStepMs > LONG_PAUSE_MS) {
      const headEndMs = this.nextStepMs + PAUSE_HEAD_MS;
      this.stepTo(headEndMs);
      this.nextStepMs = Math.ceil((atMs - PAUSE_TAIL_MS) / STEP_MS) * STEP_MS;
    }
    this.stepTo(atMs);
  }

  private stepTo(atMs: number): void {
    while (this.nextStepMs <= atMs) {
      this.core.tick(this.nextStepMs);
      this.nextStepMs += STEP_MS;
    }
  }
}
