/** A reference row of the desk's own that was supplied, changed or withdrawn, as it is written in the journal: whole, before and after. */
import { z } from 'zod';
import { ownRowDraftSchema } from '#shared/desk/reference-rows/own-row';

const base = {
  rowId: z.string().min(1).max(64),
  reason: z.string().min(1).max(2000),
  /** Who agreed to it; nobody where break-glass stood in for the approval. */
  approvedBy: z.array(z.string().max(64)),
  approvalId: z.string().max(64).nullable(),
  atMs: z.number(),
};
export const referenceRowEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reference.supplied'), payload: z.object({ ...base, before: z.null(), after: ownRowDraftSchema }) }),
  z.object({ type: z.literal('reference.changed'), payload: z.object({ ...base, before: ownRowDraftSchema, after: ownRowDraftSchema }) }),
  z.object({ type: z.literal('reference.withdrawn'), payload: z.object({ ...base, before: ownRowDraftSchema }) }),
]);
export type ReferenceRowEventBody = z.infer<typeof referenceRowEventSchema>;
export type ReferenceRowEvent = ReferenceRowEventBody & { subject: string };
