/** A saved or removed workspace layout as it is written in the journal. */
import { z } from 'zod';

const name = z.string().min(1).max(64);

export const layoutEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('layout.saved'), payload: z.object({ name, layout: z.string().max(500_000), atMs: z.number() }) }),
  z.object({ type: z.literal('layout.removed'), payload: z.object({ name, atMs: z.number() }) }),
]);
export type LayoutEvent = z.infer<typeof layoutEventSchema> & { subject: string };
