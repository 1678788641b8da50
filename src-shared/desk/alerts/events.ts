/** What can happen to an alert, as it is written in the journal. */
import { z } from 'zod';
import { alertReasonSchema, severitySchema } from '#shared/desk/alerts/alert';

const base = { alertId: z.uuid(), atMs: z.number() };
const note = z.string().max(2000);

export const dispositionSchema = z.enum(['handled', 'falsePositive', 'expected', 'duplicate', 'other']);
export type Disposition = z.infer<typeof dispositionSchema>;

export const alertEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('alert.raised'),
    payload: z.object({
      ...base,
      dedupKey: z.string().regex(/^[0-9a-f]{32}$/),
      ruleId: z.string(),
      kind: z.string(),
      entity: z.string(),
      dimensions: z.record(z.string(), z.string()),
      severity: severitySchema,
      reason: alertReasonSchema,
      planIds: z.array(z.string()),
    }),
  }),
  z.object({
    type: z.literal('alert.severityChanged'),
    payload: z.object({ ...base, before: severitySchema, after: severitySchema, reason: alertReasonSchema }),
  }),
  z.object({ type: z.literal('alert.cleared'), payload: z.object({ ...base, reason: alertReasonSchema }) }),
  /** The condition was on and its data stopped. */
  z.object({ type: z.literal('alert.dataLost'), payload: z.object({ ...base, reason: alertReasonSchema }) }),
  /** Good data is back and the condition is still on: the same episode goes on. */
  z.object({ type: z.literal('alert.dataRestored'), payload: z.object({ ...base, severity: severitySchema, reason: alertReasonSchema }) }),
  /** It was over and came back before the alert was closed: a new episode of the same alert. */
  z.object({ type: z.literal('alert.reraised'), payload: z.object({ ...base, severity: severitySchema, reason: alertReasonSchema }) }),
  z.object({ type: z.literal('alert.acknowledged'), payload: z.object({ ...base, note }) }),
  z.object({ type: z.literal('alert.noted'), payload: z.object({ ...base, note }) }),
  z.object({ type: z.literal('alert.runLinked'), payload: z.object({ ...base, runId: z.uuid() }) }),
  z.object({ type: z.literal('alert.closed'), payload: z.object({ ...base, disposition: dispositionSchema, note }) }),
]);

/** The journal's event: type and payload as above, subject `alert:<alertId>`. */
export type AlertEventBody = z.infer<typeof alertEventSchema>;
export type AlertEvent = AlertEventBody & { subject: string };
