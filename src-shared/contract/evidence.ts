/** What a person may ask about evidence files: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const EVIDENCE_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const EVIDENCE_ACCESS = {} satisfies Record<keyof typeof EVIDENCE_REQUESTS, AccessRule>;

export const EVIDENCE_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByEvidenceStream = Record<never, never>;
export const EVIDENCE_STREAM_ACCESS = {} satisfies Record<keyof typeof EVIDENCE_STREAMS, AccessRule>;
