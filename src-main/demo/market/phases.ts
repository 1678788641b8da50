/** Which phase the market is in: the timetable's, or the one somebody asked for. */
import { type PhaseName, TIMETABLE } from './market-data';
import type { MarketPrices } from './prices';

type Phases = {
  /** The phase at this much traded time; shocks begin and end here. */
  at(elapsedMs: number): PhaseName;
  set(phase: PhaseName | 'auto'): void;
};

/** A violent phase held by hand goes on in waves, or it would be over with its first shock. */
const WAVE_MS = 60_000;

export function createPhases(first: PhaseName | 'auto', market: MarketPrices): Phases {
  let chosen = first;
  let current: PhaseName = 'calm';
  let waveSinceMs = 0;
  const cycleMs = TIMETABLE.reduce((sum, row) => sum + row.seconds * 1000, 0);

  function scheduled(elapsedMs: number): PhaseName {
    let left = elapsedMs % cycleMs;
    for (const row of TIMETABLE) {
      if (left < row.seconds * 1000) return row.phase;
      left -= row.seconds * 1000;
    }
    return 'calm';
  }

  return {
    at: (elapsedMs) => {
      const next = chosen === 'auto' ? scheduled(elapsedMs) : chosen;
      if (next === 'violent' && (current !== 'violent' || elapsedMs - waveSinceMs >= WAVE_MS)) {
        if (current === 'violent') market.relieve();
        market.shock();
        waveSinceMs = elapsedMs;
      } else if (next !== 'violent' && current === 'violent') {
        market.relieve();
      }
      current = next;
      return next;
    },
    set: (phase) => {
      chosen = phase;
    },
  };
}
