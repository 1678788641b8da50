/** The live book with its watch. When a feed leaves the settings both are built anew without it: two sources' accounts must never stand side by side as one desk's. */
import { Book } from '#engine/book/book';
import type { Clock } from '#engine/clock';
import { MarketCore } from '#engine/core';
import { BookReadings } from '#engine/market-readings';
import { sessionOfTick } from '#engine/session-of';
import type { ConditionSink, OpenCondition } from '#engine/watch/condition';
import { RuleLedger } from '#engine/watch/rule-ledger';
import type { RulePack } from '#engine/watch/rule-schema';
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';

export type LiveMarketParts = {
  clock: Clock;
  /** Those in force; asked for whenever the watch is built. */
  rules: () => RulePack;
  sink: ConditionSink;
  /** What is still on in the journal: asked for whenever the watch is built. */
  openConditions: () => readonly OpenCondition[];
  isFeedLive: (feedId: string) => boolean;
  /** The desk's own reference rows, which every book stands on from its beginning; null while there are none. */
  ownRows?: () => IntakeEvent | null;
  /** By when an account's margin call of the day has to be answered. */
  callDueAtMs?: (accountID: string) => number | null;
};

export class LiveMarket {
  private readonly parts: LiveMarketParts;
  private readonly feedIds = new Set<string>();
  /** Counts go on when the book is built anew. */
  readonly ledger = new RuleLedger();
  book: Book;
  core: MarketCore;

  constructor(parts: LiveMarketParts) {
    this.parts = parts;
    ({ book: this.book, core: this.core } = this.build());
  }

  expectFeed(feedId: string): void {
    this.feedIds.add(feedId);
    this.core.expectFeed(feedId, this.parts.clock.nowMs());
  }

  /** Takes the feed out of everything; answers the events that take it out of a cache as well. */
  forgetFeed(feedId: string): IntakeEvent[] {
    const nowMs = this.parts.clock.nowMs();
    this.feedIds.delete(feedId);
    const pictures = this.book.exportPicture();
    ({ book: this.book, core: this.core } = this.build());
    for (const known of this.feedIds) this.core.expectFeed(known, nowMs);
    this.core.restore(pictures.filter((event) => event.feedId !== feedId));
    return pictures.filter((event) => event.feedId === feedId).map((event) => ({ ...event, items: [] }) as ItemsEvent);
  }

  /** Other rules from now on: the screen's levels and the alerts' thresholds change in the same moment. */
  applyRules(rules: RulePack): void {
    this.book.setRiskLevels(rules.levels);
    this.core.setRules(rules, this.parts.clock.nowMs());
  }

  private build(): { book: Book; core: MarketCore } {
    const { clock, sink, isFeedLive } = this.parts;
    const rules = this.parts.rules();
    const book = new Book({ nowMs: () => clock.nowMs(), isFeedLive, riskLevels: rules.levels });
    const core = new MarketCore({
      book,
      rules,
      open: this.parts.openConditions(),
      sink,
      sessionOf: sessionOfTick(book),
      readings: (prices) => new BookReadings({ book, prices, callDueAtMs: this.parts.callDueAtMs }),
      departmentOf: (accountID) => book.reference.masters.get(accountID)?.departmentID ?? null,
      ledger: this.ledger,
    });
    const ownRows = this.parts.ownRows?.() ?? null;
    if (ownRows !== null) book.apply(ownRows);
    return { book, core };
  }
}
