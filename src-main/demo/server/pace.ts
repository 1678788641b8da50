/** Turns wall time into steps of market time, catches up after a late timer, and lets a long sleep of the machine go by instead of racing after it. */

type PaceOptions = { stepMs: number; speed: number; monotonicMs: () => number; advance: (steps: number) => void };
type Pace = { start(): void; stop(): void };

/** At most this much wall time is caught up; more than that was a sleep, and the market simply goes on from where it was. */
const MOST_CATCH_UP_MS = 2_000;
const SHORTEST_WAIT_MS = 5;
/** Catching up must not starve the sockets: after this long they have their turn. */
const TURN_BUDGET_MS = 30;

export function createPace({ stepMs, speed, monotonicMs, advance }: PaceOptions): Pace {
  let timer: NodeJS.Timeout | null = null;
  let lastMs = 0;
  let owedMs = 0;
  let isRunning = false;
  const waitMs = Math.max(SHORTEST_WAIT_MS, Math.min(stepMs, stepMs / speed));

  function beat(): void {
    const nowMs = monotonicMs();
    owedMs = Math.min(owedMs + (nowMs - lastMs) * speed, MOST_CATCH_UP_MS * Math.max(1, speed));
    lastMs = nowMs;
    while (owedMs >= stepMs) {
      owedMs -= stepMs;
      advance(1);
      if (monotonicMs() - nowMs > TURN_BUDGET_MS) break;
    }
    if (isRunning) timer = setTimeout(beat, owedMs >= stepMs ? 0 : waitMs);
  }

  return {
    start: () => {
      isRunning = true;
      lastMs = monotonicMs();
      timer = setTimeout(beat, waitMs);
    },
    stop: () => {
      isRunning = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
