/** What can happen to a notice, as it is written in the journal. */
import { z } from 'zod';
import { noticeDraftSchema, noticeFiguresSchema, noticeMethodSchema, noticeStateSchema } from '#shared/desk/notices/notice';

export const noticeEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('notice.generated'), payload: z.object({ notice: noticeDraftSchema, atMs: z.number() }) }),
  z.object({
    type: z.literal('notice.followed'),
    payload: z.object({
      noticeId: z.uuid(),
      state: noticeStateSchema.exclude(['generated']),
      method: noticeMethodSchema.nullable(),
      note: z.string().max(4000),
      atMs: z.number(),
    }),
  }),
  /** The engine's: the account was seen below the degree that ends the call, for as long as the wording's row asks. */
  z.object({ type: z.literal('notice.answered'), payload: z.object({ noticeId: z.uuid(), figures: noticeFiguresSchema, atMs: z.number() }) }),
]);
export type NoticeEventBody = z.infer<typeof noticeEventSchema>;
/** Subject `notice:<noticeId>`. */
export type NoticeEvent = NoticeEventBody & { subject: string };
