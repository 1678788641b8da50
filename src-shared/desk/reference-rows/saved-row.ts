/** A reference row of the desk's own with its versions, as folded from the journal. */
import { z } from 'zod';
import type { Recorded } from '#shared/desk/decision';
import type { ReferenceRowEventBody } from '#shared/desk/reference-rows/events';
import { type OwnRow, ownRowDraftSchema } from '#shared/desk/reference-rows/own-row';

const who = { by: z.string(), approvedBy: z.array(z.string()), approvalId: z.string().nullable(), atMs: z.number(), reason: z.string() };
const versionSchema = z.object({ version: z.number(), draft: ownRowDraftSchema, ...who, sequence: z.number() });
export type OwnRowVersion = z.infer<typeof versionSchema>;

/** Newest version first. A withdrawn row is kept, so that what a figure stood on can be read years later. */
export const savedOwnRowSchema = z.object({ rowId: z.string(), versions: z.array(versionSchema).min(1), withdrawn: z.object(who).nullable() });
export type SavedOwnRow = z.infer<typeof savedOwnRowSchema>;

/** Null for a change of a row that nobody supplied. */
export function evolveOwnRow(saved: SavedOwnRow | null, event: ReferenceRowEventBody, { actor, sequence }: Recorded): SavedOwnRow | null {
  const { rowId, approvedBy, approvalId, atMs, reason } = event.payload;
  const signed = { by: actor, approvedBy, approvalId, atMs, reason };
  if (event.type === 'reference.withdrawn') return saved === null ? null : { ...saved, withdrawn: signed };
  const versions = saved?.versions ?? [];
  return {
    rowId,
    versions: [{ version: (versions[0]?.version ?? 0) + 1, draft: event.payload.after, ...signed, sequence }, ...versions],
    withdrawn: null,
  };
}

/** What the book is given of it; null once it was withdrawn. */
export function rowForBook({ rowId, versions, withdrawn }: SavedOwnRow): OwnRow | null {
  const newest = versions[0];
  if (newest === undefined || withdrawn !== null) return null;
  const { version, draft, by, approvedBy, atMs } = newest;
  return { ...draft, rowId, version, suppliedBy: by, approvedBy, suppliedAtMs: atMs };
}
