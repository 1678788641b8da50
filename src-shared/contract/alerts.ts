/** What a person may ask about alerts: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { alertSchema } from '#shared/desk/alerts/alert';
import { dispositionSchema } from '#shared/desk/alerts/events';

const id = z.uuid();
const requiredNote = z.string().trim().min(1, 'a note is needed').max(2000);

const alertHistoryEntrySchema = z.object({
  sequence: z.number(),
  atMs: z.number(),
  actor: z.string(),
  type: z.string(),
  payload: z.unknown(),
  entryHash: z.string(),
});

export const ALERT_REQUESTS = {
  'alert.get': { payload: z.object({ alertId: id }), answer: z.object({ alert: alertSchema, history: z.array(alertHistoryEntrySchema) }) },
  'alert.acknowledge': {
    payload: z.object({ alertIds: z.array(id).min(1).max(500), note: requiredNote }),
    answer: z.object({ alerts: z.array(alertSchema) }),
  },
  'alert.note': { payload: z.object({ alertId: id, note: requiredNote }), answer: alertSchema },
  'alert.close': {
    payload: z.object({ alertId: id, disposition: dispositionSchema, note: requiredNote, confirmationId: z.uuid().optional() }),
    answer: alertSchema,
  },
  /** To a colleague, who is responsible from then on. */
  'alert.handOver': { payload: z.object({ alertId: id, to: z.string().trim().min(1).max(64), note: requiredNote }), answer: alertSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const ALERT_ACCESS = {
  'alert.get': { needs: 'alert.view' },
  'alert.acknowledge': { needs: 'alert.handle' },
  'alert.note': { needs: 'alert.handle' },
  'alert.close': { needs: 'alert.handle' },
  'alert.handOver': { needs: 'alert.handle' },
} satisfies Record<keyof typeof ALERT_REQUESTS, AccessRule>;

export const ALERT_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByAlertStream = Record<never, never>;
export const ALERT_STREAM_ACCESS = {} satisfies Record<keyof typeof ALERT_STREAMS, AccessRule>;
