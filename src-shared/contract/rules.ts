/** What a person may ask about watch rules: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const RULE_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const RULE_ACCESS = {} satisfies Record<keyof typeof RULE_REQUESTS, AccessRule>;

export const RULE_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByRuleStream = Record<never, never>;
export const RULE_STREAM_ACCESS = {} satisfies Record<keyof typeof RULE_STREAMS, AccessRule>;
