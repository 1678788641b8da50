/** What the engine does again and again, each in its own rhythm, on one thread: none of it may take long. */
import type { SlicedCheck } from '#engine/book/full-check';
import type { CapacityGuard } from '#engine/capacity';
import type { Clock } from '#engine/clock';
import type { ReportClock } from '#engine/desk/incidents/report-clock';
import type { Suspicions } from '#engine/desk/incidents/suspicions';
import type { JournalRiver } from '#engine/journal-river';
import type { MarketRiver } from '#engine/market-river';
import type { Reporter } from '#engine/reporter';
import type { LoopLag } from '#engine/timings';

export type RoundParts = {
  clock: Clock;
  record: JournalRiver;
  river: MarketRiver;
  capacity: CapacityGuard;
  loopLag: LoopLag;
  check: SlicedCheck;
  reporter: Reporter;
  reportClock: ReportClock;
  suspicions: Suspicions;
  numbers: { tick(nowMs: number): void };
  drills: { tick(nowMs: number): void };
  notices: { tick(nowMs: number): void };
  access: { tick(): void };
  approvals: { tick(): void };
  clockWatch: { tick(): void };
  server: { flushFrames(): void };
  framePaceMs: number;
};

const TICK_MS = 250;
/** The full check goes on all the time, a little at a time: at most one part in fifty of the engine's thread. */
const CHECK_STEP_MS = 250;
const CHECK_BUDGET_MS = 5;
const NUMBERS_TICK_MS = 1_000;
const APPROVALS_TICK_MS = 5_000;
const ACCESS_TICK_MS = 1_000;
const SHORTEST_FRAME_MS = 10;

/** Answers what ends them. */
export function startRounds(parts: RoundParts): () => void {
  const { clock, loopLag, reporter } = parts;
  const { desk } = parts.record;
  const { market, signals, rules, feeds, timings } = parts.river;
  const timers = [
    setInterval(() => {
      const exceeded = parts.capacity.exceeded(market.book.counts());
      if (exceeded !== null) feeds.stopLoudest(exceeded);
      timings.add('loopLag', loopLag.measure(clock.monotonicMs(), TICK_MS));
      market.core.tick(clock.nowMs());
      // What time brought about is written before what is due is told.
      signals.flush();
      if (desk.alerts.pendingConditionCount > 0) desk.alerts.onConditions([]);
      desk.delivery.tick();
      reporter.tick();
    }, TICK_MS),
    setInterval(() => {
      const begunMs = clock.monotonicMs();
      parts.numbers.tick(clock.nowMs());
      const duties = parts.reportClock.tick(clock.nowMs());
      if (duties.length > 0) desk.alerts.onConditions(duties);
      parts.suspicions.tick(clock.nowMs());
      rules.tick();
      parts.drills.tick(clock.nowMs());
      parts.notices.tick(clock.nowMs());
      desk.plans.tick(clock.nowMs());
      timings.add('numbersTick', clock.monotonicMs() - begunMs);
    }, NUMBERS_TICK_MS),
    setInterval(() => {
      parts.access.tick();
      parts.clockWatch.tick();
    }, ACCESS_TICK_MS),
    setInterval(() => parts.approvals.tick(), APPROVALS_TICK_MS),
    setInterval(() => parts.server.flushFrames(), Math.max(SHORTEST_FRAME_MS, parts.framePaceMs / 2)),
    setInterval(() => {
      const begunMs = clock.monotonicMs();
      parts.check.step(market.book, CHECK_BUDGET_MS, clock);
      timings.add('fullCheckSlice', clock.monotonicMs() - begunMs);
    }, CHECK_STEP_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
