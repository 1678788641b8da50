/** How long things take, kept as the last thousand samples of each: enough for a p95 that people can act on, bounded whatever happens. */
import type { HealthPicture } from '#shared/contract/streams';

const KEPT_SAMPLES = 1024;

type Series = { count: number; samples: Float64Array };

export class Timings {
  private readonly series = new Map<string, Series>();

  add(name: string, durationMs: number): void {
    let series = this.series.get(name);
    if (series === undefined) {
      series = { count: 0, samples: new Float64Array(KEPT_SAMPLES) };
      this.series.set(name, series);
    }
    series.samples[series.count % KEPT_SAMPLES] = durationMs;
    series.count += 1;
  }

  pictures(): HealthPicture['timings'] {
    return [...this.series].map(([name, { count, samples }]) => {
      const sorted = samples.slice(0, Math.min(count, KEPT_SAMPLES)).sort();
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { name, count, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: sorted.at(-1) ?? 0 };
    });
  }
}

/** How late a timer comes: what the event loop was busy with for so long. Newest value, and its own series in the timings. */
export class LoopLag {
  private expectedMs: number | null = null;
  lagMs: number | null = null;

  /** Called by a timer of `intervalMs`, on the monotonic clock. */
  measure(monotonicMs: number, intervalMs: number): number {
    const lag = this.expectedMs === null ? 0 : Math.max(0, monotonicMs - this.expectedMs);
    this.expectedMs = monotonicMs + intervalMs;
    this.lagMs = lag;
    return lag;
  }
}
