/** Names the queries that took long, so that a desk that grows slow says where. */
import type { Clock } from '#engine/clock';
import type { Log } from '#engine/store/log';

export type Measure = <Result>(name: string, run: () => Result) => Result;

/** Above one frame at 20 Hz: the engine's thread also values positions. */
const SLOW_QUERY_MS = 50;

export function createSlowQueryLog(clock: Clock, log: Log, slowerThanMs = SLOW_QUERY_MS): Measure {
  return (name, run) => {
    const startedAtMs = clock.monotonicMs();
    try {
      return run();
    } finally {
      const tookMs = clock.monotonicMs() - startedAtMs;
      if (tookMs > slowerThanMs) log('warn', 'slowQuery', { name, tookMs: Math.round(tookMs) });
    }
  };
}
