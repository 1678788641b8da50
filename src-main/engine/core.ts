/** The market river in one place: events into the book, one evaluation per message, the watch over it, conditions out. No timers, no clock of its own. */

import type { BookReader, InstrumentTick } from '#engine/book/book-reader';
import type { ConditionSink, OpenCondition } from '#engine/watch/condition';
import { isSettled, LinkClocks, type LinkReading, silenceMs } from '#engine/watch/link-clocks';
import type { WatchMoment } from '#engine/watch/rule';
import type { RulePack } from '#engine/watch/rule-schema';
import { Watch } from '#engine/watch/watch';
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
};

export class MarketCore {
  readonly book: MarketBook;
  private readonly links = new LinkClocks();
  private readonly watch: Watch;
  private readonly sink: ConditionSink;
  private readonly sessionOf: MarketCoreParts['sessionOf'];
  private readonly dataSilenceLimitMs: number;
  messageCount = 0;
  eventCount = 0;
  evaluationCount = 0;

  constructor(parts: MarketCoreParts) {
    this.book = parts.book;
    const judgesLinks = parts.judgesLinks ?? true;
    const rules = judgesLinks ? parts.rules.rules : parts.rules.rules.filter((rule) => rule.entity !== 'feed');
    this.watch = new Watch({ ...parts.rules, rules }, parts.open);
    this.sink = parts.sink;
    this.sessionOf = parts.sessionOf;
    const silence = parts.rules.rules.find((rule) => rule.kind === 'feedStale')?.thresholds.find((rung) => rung.metric === 'silenceMs');
    if (silence === undefined)
      throw new Error('the rule pack has no feedStale rule with a silenceMs rung: nothing would say when data is too old to judge by');
    this.dataSilenceLimitMs = judgesLinks ? silence.enter : Number.POSITIVE_INFINITY;
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
    /* Without live data the accounts stay in the book's list: they are judged with the first message that makes the data live. */
    if (!this.isDataLive(nowMs)) return;
    const crossed = this.book.takeCrossedAccounts();
    if (crossed.length === 0) return;
    const conditions = this.watch.onMessage(this.momentAt(nowMs, true), crossed);
    if (conditions.length > 0) this.sink.onConditions(conditions);
  }

  /** A step of time, 250 ms after the last: staleness and delays move although nothing arrives. */
  tick(nowMs: number): void {
    const conditions = this.watch.onTick(this.momentAt(nowMs, this.isDataLive(nowMs)));
    if (conditions.length > 0) this.sink.onConditions(conditions);
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
    return { nowMs, book, columns: book.accountColumns(), links, isDataLive, sessionOf: (tick) => this.sessionOf(tick, nowMs) };
  }
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
