/** What a person may ask about the audit record: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const AUDIT_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const AUDIT_ACCESS = {} satisfies Record<keyof typeof AUDIT_REQUESTS, AccessRule>;

export const AUDIT_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByAuditStream = Record<never, never>;
export const AUDIT_STREAM_ACCESS = {} satisfies Record<keyof typeof AUDIT_STREAMS, AccessRule>;
