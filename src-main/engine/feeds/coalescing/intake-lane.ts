/**
 * Between the socket and the core: hands each message over at once while the engine keeps up, queues when a burst takes longer than its share of the
 * turn, and merges queued quotes when the oldest has waited too long. What leaves this lane is what recordings hold, so a replay never depends
 * on how busy the machine was.
 */
import { type IntakeEvent, QuotesInRows } from '#shared/feed/intake';
import { coalesceQuotes } from './coalesce';

export type IntakeLaneOptions = {
  deliver: (events: readonly IntakeEvent[]) => void;
  monotonicMs: () => number;
  /** Runs the callback after pending input has been read (setImmediate). */
  later: (callback: () => void) => void;
  /** True when so much waits that the socket should rest; false when it may go on. */
  onPressure: (isHigh: boolean) => void;
  turnBudgetMs: number;
  behindAfterMs: number;
  /** Events in the queue above which the socket is paused. */
  maxQueuedMessages: number;
};

type Waiting = { events: readonly IntakeEvent[]; sinceMs: number };

export class IntakeLane {
  readonly #options: IntakeLaneOptions;
  #queue: Waiting[] = [];
  #spentMs = 0;
  #isScheduled = false;
  #isDelivering = false;
  #isUnderPressure = false;
  #coalescedCount = 0;

  constructor(options: IntakeLaneOptions) {
    this.#options = options;
  }

  /** Quotes left out because a newer one of the same instrument was already waiting. */
  get coalescedCount(): number {
    return this.#coalescedCount;
  }

  /** True from too much waiting until half of it is gone. */
  get isUnderPressure(): boolean {
    return this.#isUnderPressure;
  }

  get queuedMessages(): number {
    return this.#queue.length;
  }

  /** Takes what one message led to. */
  offer(events: readonly IntakeEvent[]): void {
    if (events.length === 0) return;
    if (this.#queue.length === 0 && this.#spentMs < this.#options.turnBudgetMs && !this.#isDelivering) this.#deliver(events);
    else {
      for (const event of events) if (event instanceof QuotesInRows) event.rows.keep();
      this.#queue.push({ events, sinceMs: this.#options.monotonicMs() });
      if (!this.#isUnderPressure && this.#queue.length > this.#options.maxQueuedMessages) {
        this.#isUnderPressure = true;
        this.#options.onPressure(true);
      }
    }
    this.#schedule();
  }

  /** Hands over everything that waits, now (the feed stops). */
  flush(): void {
    for (let waiting = this.#queue.shift(); waiting !== undefined; waiting = this.#queue.shift()) this.#deliver(waiting.events);
    this.#relax();
  }

  #deliver(events: readonly IntakeEvent[]): void {
    const startMs = this.#options.monotonicMs();
    this.#isDelivering = true;
    try {
      this.#options.deliver(events);
    } finally {
      this.#isDelivering = false;
      this.#spentMs += this.#options.monotonicMs() - startMs;
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.later(() => {
      this.#isScheduled = false;
      this.#spentMs = 0;
      this.#drain();
    });
  }

  #drain(): void {
    const oldest = this.#queue[0];
    if (oldest === undefined) return;
    if (this.#queue.length > 1 && this.#options.monotonicMs() - oldest.sinceMs > this.#options.behindAfterMs) this.#coalesce();
    while (this.#spentMs < this.#options.turnBudgetMs) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) break;
      this.#deliver(waiting.events);
    }
    this.#relax();
    if (this.#queue.length > 0) this.#schedule();
  }

  #coalesce(): void {
    const merged = coalesceQuotes(this.#queue.flatMap((waiting) => waiting.events));
    if (merged.dropped === 0) return;
    this.#coalescedCount += merged.dropped;
    const sinceMs = this.#options.monotonicMs();
    this.#queue = merged.events.map((event) => ({ events: [event], sinceMs }));
  }

  #relax(): void {
    if (!this.#isUnderPressure || this.#queue.length > this.#options.maxQueuedMessages / 2) return;
    this.#isUnderPressure = false;
    this.#options.onPressure(false);
  }
}
