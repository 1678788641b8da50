/** What a person may ask about drills: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const DRILL_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const DRILL_ACCESS = {} satisfies Record<keyof typeof DRILL_REQUESTS, AccessRule>;

export const DRILL_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByDrillStream = Record<never, never>;
export const DRILL_STREAM_ACCESS = {} satisfies Record<keyof typeof DRILL_STREAMS, AccessRule>;
