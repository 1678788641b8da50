/** Decides what supplying, changing or withdrawing reference rows of the desk's own means: never two of them about one thing from one day on. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { ReferenceRowEvent } from '#shared/desk/reference-rows/events';
import { type OwnRowDraft, slotAndDayOf, slotOf } from '#shared/desk/reference-rows/own-row';
import type { SavedOwnRow } from '#shared/desk/reference-rows/saved-row';
import { type Refusal, refuse } from '#shared/refusal';

export type ReferenceRowCommand =
  | { type: 'supply'; rows: readonly OwnRowDraft[]; reason: string }
  | { type: 'change'; rowId: string; baseVersion: number; row: OwnRowDraft; reason: string }
  | { type: 'withdraw'; rowId: string; baseVersion: number; reason: string };

/** Who agreed, where the command was carried out after an approval. */
export type Agreed = { approvalId: string; approvedBy: readonly string[] } | null;

/** `rows` are all that were ever supplied, withdrawn ones too. */
export function decideReferenceRow(
  rows: readonly SavedOwnRow[],
  command: ReferenceRowCommand,
  agreed: Agreed,
  context: DecisionContext,
): Decision<ReferenceRowEvent> {
  const signed = {
    reason: command.reason,
    approvedBy: [...(agreed?.approvedBy ?? [])],
    approvalId: agreed?.approvalId ?? null,
    atMs: context.nowMs,
  };
  if (command.type === 'supply') {
    const taken = takenSlots(rows, null);
    const events: ReferenceRowEvent[] = [];
    for (const [at, after] of command.rows.entries()) {
      const clash = clashOf(taken, after, `rows.${at}.item`);
      if (clash !== null) return clash;
      const rowId = context.newId();
      taken.add(slotAndDayOf(after.item));
      events.push({ type: 'reference.supplied', subject: `reference:${rowId}`, payload: { rowId, before: null, after, ...signed } });
    }
    return events;
  }
  const { rowId, baseVersion } = command;
  const saved = rows.find((row) => row.rowId === rowId);
  const newest = saved?.versions[0];
  if (saved === undefined || newest === undefined) return refuse('UNKNOWN', 'there is no such row', 'rowId');
  // Two people change one row: the second sees what the first made of it before anything is overwritten.
  if (newest.version !== baseVersion) return refuse('CONFLICT', `the row is at version ${newest.version} by now, not ${baseVersion}`, 'baseVersion');
  const base = { subject: `reference:${rowId}` };
  if (command.type === 'withdraw') {
    if (saved.withdrawn !== null) return [];
    return [{ ...base, type: 'reference.withdrawn', payload: { rowId, before: newest.draft, ...signed } }];
  }
  if (saved.withdrawn !== null) return refuse('CONFLICT', 'the row was withdrawn: supply it anew', 'rowId');
  const { row: after } = command;
  if (slotOf(after.item) !== slotOf(newest.draft.item))
    return refuse('INVALID', 'a row cannot come to be about something else: withdraw it and supply another', 'row.item.kind');
  const clash = clashOf(takenSlots(rows, rowId), after, 'row.item');
  if (clash !== null) return clash;
  if (JSON.stringify(sorted(after)) === JSON.stringify(sorted(newest.draft))) return [];
  return [{ ...base, type: 'reference.changed', payload: { rowId, before: newest.draft, after, ...signed } }];
}

function takenSlots(rows: readonly SavedOwnRow[], besides: string | null): Set<string> {
  const taken = new Set<string>();
  for (const { rowId, versions, withdrawn } of rows) {
    const newest = versions[0];
    if (newest !== undefined && withdrawn === null && rowId !== besides) taken.add(slotAndDayOf(newest.draft.item));
  }
  return taken;
}

function clashOf(taken: ReadonlySet<string>, { item }: OwnRowDraft, path: string): Refusal | null {
  if (!taken.has(slotAndDayOf(item))) return null;
  return refuse('CONFLICT', `this desk has a row about the same from ${item.effectiveFrom} on already: change that one`, `${path}.effectiveFrom`);
}

function sorted({ item, precedence }: OwnRowDraft): unknown {
  return [precedence, Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))];
}
