/** Whose data can be made unreadable alone; the entry about it (`privacy.destroyed`) has the destroyed key's id as its subject, for whoever verifies without any key. */
import { z } from 'zod';

export const dataSubjectSchema = z.string().regex(/^(person|client):[^\p{Cc}]{1,64}$/u, 'must be person:ID or client:ID');
