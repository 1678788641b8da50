/** The run of a drill as it stood when the drill was over: what is done to it later changes no result that was told. */
import type { Recorder } from '#engine/desk/record';
import type { Drill } from '#shared/desk/drills/drill';
import { runEventSchema } from '#shared/desk/plans/events';
import { evolveRun } from '#shared/desk/plans/evolve';
import type { Run } from '#shared/desk/plans/plan';

const ENDS: ReadonlySet<string> = new Set(['drill.ended', 'drill.aborted']);

export class RunsOfDrills {
  readonly #journal: Recorder['journal'];
  /** Of drills that are over; by drill and run, since a run may be linked late. */
  readonly #atEnd = new Map<string, Run | null>();

  constructor(journal: Recorder['journal']) {
    this.#journal = journal;
  }

  /** As it is now while the drill goes on; null where there is none. */
  of({ drillId, runId, endedAtMs }: Pick<Drill, 'drillId' | 'runId' | 'endedAtMs'>): Run | null {
    if (runId === null) return null;
    if (endedAtMs === null) return this.#journal.tables.runs.get(runId);
    const key = `${drillId} ${runId}`;
    if (!this.#atEnd.has(key)) this.#atEnd.set(key, this.#foldedUntilEnd(drillId, runId));
    return this.#atEnd.get(key) ?? null;
  }

  #foldedUntilEnd(drillId: string, runId: string): Run | null {
    const end = this.#journal.entriesOf(`drill:${drillId}`).find(({ type }) => ENDS.has(type));
    let run: Run | null = null;
    for (const entry of this.#journal.entriesOf(`run:${runId}`)) {
      if (end !== undefined && entry.sequence > end.sequence) break;
      const event = runEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) });
      if (event.success) run = evolveRun(run, event.data, entry);
    }
    return run;
  }
}
