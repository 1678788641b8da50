/** What a person may ask about approvals (maker and checker): requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const APPROVAL_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const APPROVAL_ACCESS = {} satisfies Record<keyof typeof APPROVAL_REQUESTS, AccessRule>;

export const APPROVAL_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByApprovalStream = Record<never, never>;
export const APPROVAL_STREAM_ACCESS = {} satisfies Record<keyof typeof APPROVAL_STREAMS, AccessRule>;
