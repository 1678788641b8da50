/** A notice to a client (margin call 追保, forced liquidation 强平) that people deliver: generated from figures frozen at that moment, followed until the client has confirmed it. */
import { z } from 'zod';
import { certaintySchema } from '#shared/feed/items';

/** In rising order: a higher one stands, a lower one after it would contradict it. */
export const NOTICE_LEVELS = ['marginCall', 'forceLiquidation'] as const;
export const noticeLevelSchema = z.enum(NOTICE_LEVELS);
export type NoticeLevel = z.infer<typeof noticeLevelSchema>;

export const noticeStateSchema = z.enum(['generated', 'sent', 'failed', 'received', 'confirmed', 'withdrawn']);
export type NoticeState = z.infer<typeof noticeStateSchema>;

export const NOTICE_METHODS = ['phone', 'sms', 'email', 'clientApp', 'counterSystem', 'letter'] as const;
export const noticeMethodSchema = z.enum(NOTICE_METHODS);

const text = z.string().max(4000);
/** Contracts ask for money before the next open at the latest: a longer deadline is a slip of the finger. */
export const MOST_DUE_MS = 4 * 86_400_000;

/** As they stood when the notice was made; null is not known and is written so. */
export const noticeFiguresSchema = z.object({
  riskDegree: z.number().nullable(),
  balance: z.number().nullable(),
  currMargin: z.number().nullable(),
  available: z.number().nullable(),
  /** What brings the account back to the company's margin. */
  marginCall: z.number().nullable(),
  currencyID: z.string().max(8),
  asOfMs: z.number().nullable(),
});
export type NoticeFigures = z.infer<typeof noticeFiguresSchema>;

export const noticeDraftSchema = z.object({
  noticeId: z.uuid(),
  accountID: z.string().min(1).max(64),
  accountName: z.string().max(200),
  tradingDay: z.string().max(8),
  level: noticeLevelSchema,
  figures: noticeFiguresSchema,
  templateId: z.string().max(64),
  templateVersion: z.number().int().min(1),
  text: z.object({ en: text, zh: text }),
  /** By when the client has to have answered, on the clock of the figures; null where none was given. */
  dueAtMs: z.number().nullable().default(null),
});
export type NoticeDraft = z.infer<typeof noticeDraftSchema>;

export const noticeSchema = noticeDraftSchema.extend({
  state: noticeStateSchema,
  generatedBy: z.string(),
  generatedAtMs: z.number(),
  /** Everything that was tried and came of it, oldest first. */
  steps: z.array(z.object({ state: noticeStateSchema, atMs: z.number(), by: z.string(), method: noticeMethodSchema.nullable(), note: text })),
  /** When the account was seen to be back below what it was called for: the call is over, whoever confirmed it. Null while it is owed. */
  answered: z.object({ atMs: z.number(), figures: noticeFiguresSchema }).nullable().default(null),
  sequence: z.number().int().min(0),
});
export type Notice = z.infer<typeof noticeSchema>;

/** What may follow what: a failed delivery is tried again. */
export const NEXT_NOTICE_STATES: Readonly<Record<NoticeState, readonly NoticeState[]>> = {
  generated: ['sent', 'failed', 'withdrawn'],
  sent: ['received', 'confirmed', 'failed', 'sent', 'withdrawn'],
  failed: ['sent', 'failed', 'withdrawn'],
  received: ['confirmed', 'withdrawn'],
  // That the client has it is not that the money is there: the firm may still give it up, or give more time with another.
  confirmed: ['withdrawn'],
  withdrawn: [],
};

export const noticeTemplatesSchema = z.object({
  about: z.string(),
  templates: z
    .array(
      z.object({
        templateId: z.string().min(1).max(64),
        version: z.number().int().min(1),
        level: noticeLevelSchema,
        text: z.object({ en: text.min(1), zh: text.min(1) }),
        effectiveFrom: z.string().regex(/^\d{8}$/),
        /** How long the client has, unless whoever makes the notice says otherwise. */
        dueAfterMs: z.number().int().min(60_000).max(MOST_DUE_MS).optional(),
        /** The call is answered once the company's degree has been below this for so long, on live figures: one favourable tick pays nothing. */
        answered: z.object({ belowDegree: z.number().gt(0), forMs: z.number().int().min(0), citation: z.string().min(1).max(400) }).optional(),
        citation: z.string().min(1).max(400),
        certainty: certaintySchema,
      }),
    )
    .min(2),
});
export type NoticeTemplate = z.infer<typeof noticeTemplatesSchema>['templates'][number];
