/** What a person may ask about notices to clients: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const NOTICE_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const NOTICE_ACCESS = {} satisfies Record<keyof typeof NOTICE_REQUESTS, AccessRule>;

export const NOTICE_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByNoticeStream = Record<never, never>;
export const NOTICE_STREAM_ACCESS = {} satisfies Record<keyof typeof NOTICE_STREAMS, AccessRule>;
