/** What a person may ask about people, sign-in and roles: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const PEOPLE_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const PEOPLE_ACCESS = {} satisfies Record<keyof typeof PEOPLE_REQUESTS, AccessRule>;

export const PEOPLE_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByPeopleStream = Record<never, never>;
export const PEOPLE_STREAM_ACCESS = {} satisfies Record<keyof typeof PEOPLE_STREAMS, AccessRule>;
