/** Which clock ages are counted on: the wall for a real source, the source's own newest time for a demonstration or a replay. */
import type { IntakeEvent } from '#shared/feed/intake';

export class SourceClock {
  #isSimulated = false;
  #newestSourceTimeMs: number | null = null;

  /** Learns from every event of one feed. A source that restarts its clock says so with a new welcome. */
  observe(event: IntakeEvent): void {
    if (event.type === 'welcome') {
      this.#isSimulated = event.simulated;
      this.#newestSourceTimeMs = event.sourceTimeMs;
    } else if (event.type === 'heartbeat' || event.type === 'items' || event.type === 'picture') {
      this.#newestSourceTimeMs = Math.max(this.#newestSourceTimeMs ?? event.sourceTimeMs, event.sourceTimeMs);
    }
  }

  get isSimulated(): boolean {
    return this.#isSimulated;
  }

  get newestSourceTimeMs(): number | null {
    return this.#newestSourceTimeMs;
  }

  /** "Now" for ages: null when a simulated source has not yet said what time it is. */
  nowMs(wallNowMs: number): number | null {
    return this.#isSimulated ? this.#newestSourceTimeMs : wallNowMs;
  }

  /** The time of a tick on the same clock as `nowMs`. */
  tickMs(tick: { receivedAtMs: number; sourceTimeMs: number }): number {
    return this.#isSimulated ? tick.sourceTimeMs : tick.receivedAtMs;
  }
}
