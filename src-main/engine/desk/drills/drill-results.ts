/** What the firm's own desk keeps of its drills: the closed form that the drill desk tells it, each change an entry; nothing here can act on anything. */
import type { Recorder } from '#engine/desk/record';
import { MOST_DRILL_RESULTS } from '#shared/contract/shell';
import type { DrillResultEvent } from '#shared/desk/drills/events';
import { type DrillResult, drillResultSchema } from '#shared/desk/drills/result';
import { canonicalJson } from '#shared/journal/canonical';

export class DrillResults {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** Records what is new or has changed. What the drill desk no longer tells of stays as it was. A drill desk takes none. */
  take(results: readonly DrillResult[]): void {
    const { mode, journal } = this.#recorder;
    if (mode !== 'live') return;
    const { nowMs } = this.#recorder.context('engine');
    const events = results.flatMap((result): DrillResultEvent[] => {
      const known = journal.tables.documents.get('drillResult', result.drillId);
      if (known !== undefined && canonicalJson(known) === canonicalJson(result)) return [];
      return [{ type: 'drillResult.received', subject: `drillResult:${result.drillId}`, payload: { atMs: nowMs, result } }];
    });
    if (events.length > 0) this.#recorder.record('drillResult.received', events, { actor: 'engine' });
  }

  /** Newest first. */
  list(): DrillResult[] {
    const kept = this.#recorder.journal.tables.documents.newest('drillResult', MOST_DRILL_RESULTS);
    // One that an earlier or later build wrote differently must not take the others, and the programme, off the screen.
    const read = kept.flatMap(({ body }) => drillResultSchema.safeParse(body).data ?? []);
    return read.sort((a, b) => timeOf(b) - timeOf(a));
  }
}

function timeOf({ endedAtMs, startedAtMs, plannedAtMs, createdAtMs }: DrillResult): number {
  return endedAtMs ?? startedAtMs ?? plannedAtMs ?? createdAtMs;
}
