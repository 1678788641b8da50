/** What a person may ask about incidents and the reporting clock: requests, streams and what each needs. */
import type { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';

export const INCIDENT_REQUESTS = {} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const INCIDENT_ACCESS = {} satisfies Record<keyof typeof INCIDENT_REQUESTS, AccessRule>;

export const INCIDENT_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByIncidentStream = Record<never, never>;
export const INCIDENT_STREAM_ACCESS = {} satisfies Record<keyof typeof INCIDENT_STREAMS, AccessRule>;
