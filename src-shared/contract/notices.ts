/** What a person may ask about notices to clients: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { MOST_DUE_MS, type Notice, type NoticeFigures, type NoticeLevel, noticeMethodSchema, noticeSchema } from '#shared/desk/notices/notice';

const accountID = z.string().min(1).max(64);

/** An account that calls for a notice that does not stand yet. */
export type NoticeCandidate = {
  accountID: string;
  accountName: string;
  departmentID: string;
  level: NoticeLevel;
  standing: NoticeLevel | null;
  figures: NoticeFigures;
};

export const NOTICE_REQUESTS = {
  /** Makes the notices these accounts call for now. Those that stand already are left as they are; `skipped` says why. Nothing is sent. */
  'notice.generate': {
    payload: z.object({
      accountIDs: z.array(accountID).min(1).max(1000),
      /** How long a margin call gives the client, by the contract; left out, what the wording's row says. */
      dueInMs: z.number().int().min(60_000).max(MOST_DUE_MS).optional(),
    }),
    answer: z.object({ notices: z.array(noticeSchema), skipped: z.array(z.object({ accountID: z.string(), reason: z.string() })) }),
  },
  'notice.follow': {
    payload: z.object({
      accountID,
      noticeId: z.uuid(),
      state: z.enum(['sent', 'failed', 'received', 'confirmed', 'withdrawn']),
      method: noticeMethodSchema.nullable().default(null),
      note: z.string().trim().max(2000).default(''),
    }),
    answer: noticeSchema,
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const NOTICE_ACCESS = {
  'notice.generate': { needs: 'notice.handle', reach: 'named' },
  'notice.follow': { needs: 'notice.handle', reach: 'named' },
} satisfies Record<keyof typeof NOTICE_REQUESTS, AccessRule>;

export const NOTICE_STREAMS = { notices: z.object({}) } satisfies Record<string, z.ZodType>;
/** `candidates` is empty while the account data is not live: nobody is called on old figures. */
export type PictureByNoticeStream = {
  notices: {
    tradingDay: string | null;
    isDataLive: boolean;
    candidates: NoticeCandidate[];
    notices: Notice[];
    /** How long a margin call made now would give, unless somebody says otherwise; null where the wording names no length. */
    dueAfterMs: number | null;
  };
};
export const NOTICE_STREAM_ACCESS = {
  notices: { needs: 'notice.handle', alsoNeeds: () => 'account.view', reach: 'filtered' },
} satisfies Record<keyof typeof NOTICE_STREAMS, AccessRule>;
