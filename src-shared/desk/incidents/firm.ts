/** What the firm is, as Compliance stated it: asked before any event, because the duties of another licence look right and are wrong. */
import { z } from 'zod';
import { licenceSchema } from '#shared/desk/reporting/rule-pack';

export const firmEventSchema = z.object({
  type: z.literal('firm.profileStated'),
  payload: z.object({
    licences: z.array(licenceSchema),
    isCriticalInfrastructure: z.boolean().nullable(),
    reason: z.string().max(4000),
    atMs: z.number(),
  }),
});
/** Subject `firm`. */
export type FirmEvent = z.infer<typeof firmEventSchema> & { subject: string };
