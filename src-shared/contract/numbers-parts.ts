/** The pieces that parameters of the numbers' streams and requests are made of. */
import { z } from 'zod';
import type { Scope } from '#shared/contract/streams';

export const key = z.string().min(1).max(64);
export const note = z.string().trim().max(2000);
export const requiredNote = note.min(1, 'a note is needed');
export const filter = z.string().max(100);
export const sort = z.object({ column: z.string().max(64), direction: z.enum(['ascending', 'descending']) }).nullable();
export const first = z.number().int().min(0).max(10_000_000);
export const count = z.number().int().min(0).max(500);
export const numbersScopeSchema = z.object({
  departmentID: z.string().optional(),
  controlGroupID: z.string().optional(),
  accountID: z.string().optional(),
  productID: z.string().optional(),
  instrumentID: z.string().optional(),
}) satisfies z.ZodType<Scope>;
