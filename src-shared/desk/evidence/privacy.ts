/** Making one person's or client's data unreadable: what is written about it stays in the record for ever. */
import { z } from 'zod';

export const dataSubjectSchema = z.string().regex(/^(person|client):[^\p{Cc}]{1,64}$/u, 'must be person:ID or client:ID');

/** The subject of the entry is `key:<keyId>`, in clear: whoever verifies without any key can count what was destroyed. */
export const privacyEventSchema = z.object({
  type: z.literal('privacy.destroyed'),
  payload: z.object({ keyId: z.string(), dataSubject: dataSubjectSchema, reason: z.string(), secondPerson: z.string(), atMs: z.number() }),
});
