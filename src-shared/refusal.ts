/** The one shape in which any boundary says no: expected, readable, logged, never thrown across a process. */
import { z } from 'zod';

export const refusalCodeSchema = z.enum([
  'INVALID', // the request does not fit its schema
  'UNKNOWN', // what it names does not exist
  'CONFLICT', // it exists, but its state does not allow this
  'FORBIDDEN', // this person or page may not
  'NEEDS_APPROVAL', // recorded and waiting for other people to approve it; the message names the approval
  'UNAVAILABLE', // the part that would answer is not running
  'FAILED', // it was tried and did not work (disk full, file unreadable)
]);
export type RefusalCode = z.infer<typeof refusalCodeSchema>;

/** `field` is a dotted path into the payload, when one field is to blame. */
export const refusalSchema = z.object({
  ok: z.literal(false),
  code: refusalCodeSchema,
  message: z.string(),
  field: z.string().optional(),
  /** Where the message alone would leave a reader without words of their own: a key of the page's `reasons` texts, with what it names. */
  reason: z.object({ code: z.string().max(64), params: z.record(z.string(), z.union([z.string(), z.number()])) }).optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

export type Outcome<Value> = { ok: true; value: Value } | Refusal;

export function accept<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return field === undefined ? { ok: false, code, message } : { ok: false, code, message, field };
}

/** Turns the first schema issue into a refusal that names the field and the reason. */
export function refuseSchemaIssue(error: z.ZodError): Refusal {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  return refuse('INVALID', `${field === '' ? 'value' : field}: ${issue?.message ?? 'does not fit the schema'}`, field);
}
