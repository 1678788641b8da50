/** Turns wall time into steps of market time, catches up after a late timer, and lets a long sleep of the machine go by instead of racing after it. */

export type PaceOptions = { stepMs: number; speed: number; monotonicMs: () => number; advance: (steps: number) => void };
export type Pace = { start(): void; stop(): void };

/** At most this much market time is caught up at once; more than that was a sleep, and the market simply goes on from where it was. */
const MOST_CATCH_UP_MS = 2_000;
const SHORTEST_WAIT_MS = 5;

export function createPace({ stepMs, speed, monotonicMs, advance }: PaceOptions): Pace {
  let timer: NodeJS.Timeout | null = null;
  let lastMs = 0;
  let owedMs = 0;
  const waitMs = Math.max(SHORTEST_WAIT_MS, Math.min(stepMs, stepMs / speed));

  function beat(): void {
    const nowMs = monotonicMs();
    owedMs = Math.min(owedMs + (nowMs - lastMs) * speed, MOST_CATCH_UP_MS * Math.max(1, speed));
    lastMs = nowMs;
    const steps = Math.floor(owedMs / stepMs);
    owedMs -= steps * stepMs;
    if (steps > 0) advance(steps);
    timer = setTimeout(beat, waitMs);
  }

  return {
    start: () => {
      lastMs = monotonicMs();
      timer = setTimeout(beat, waitMs);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
