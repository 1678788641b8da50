/** Folds a worklist's events into what people see of it. */
import type { WorklistView } from '#shared/contract/numbers-desk';
import type { Recorded } from '#shared/desk/decision';
import type { WorklistBasis, WorklistEventBody } from '#shared/desk/worklists/events';

export type FoldedWorklist = WorklistView & { basis: WorklistBasis };

export function evolveWorklist(before: FoldedWorklist | null, event: WorklistEventBody, entry: Recorded): FoldedWorklist | null {
  const { atMs } = event.payload;
  if (event.type === 'worklist.made') {
    const { worklist, note, confirmedBy } = event.payload;
    return {
      ...worklist,
      state: 'made',
      madeBy: entry.actor,
      confirmedBy: confirmedBy?.personId ?? null,
      madeAtMs: atMs,
      note,
      reopened: null,
      exported: null,
      withdrawn: null,
    };
  }
  if (before === null) return null;
  switch (event.type) {
    case 'worklist.reopened':
      return { ...before, state: 'reopened', reopened: { atMs, cause: event.payload.cause, detail: event.payload.detail } };
    case 'worklist.exported':
      return { ...before, state: 'exported', exported: { atMs, by: entry.actor, file: event.payload.file, sha256: event.payload.sha256 } };
    case 'worklist.withdrawn':
      return { ...before, state: 'withdrawn', withdrawn: { atMs, by: entry.actor, reason: event.payload.reason } };
  }
}
