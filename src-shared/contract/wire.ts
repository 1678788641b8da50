/**
 * What crosses the MessagePort between a page and the engine. Three lanes share it: requests with answers; one conflated frame at a time,
 * paid for by credit; and the alert lane, which is never conflated and resumes from a sequence.
 */
import { z } from 'zod';
import type { Outcome } from '#shared/refusal';

/** Page to engine. Every message is parsed with this before anything else happens. */
export const pageMessageSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('request'), id: z.number().int().min(0), name: z.string().max(64), payload: z.unknown() }),
  z.object({ t: z.literal('subscribe'), id: z.number().int().min(0), stream: z.string().max(64), params: z.unknown() }),
  z.object({ t: z.literal('unsubscribe'), id: z.number().int().min(0) }),
  /** The page has drawn frame `frame` and can take one more. */
  z.object({ t: z.literal('credit'), frame: z.number().int().min(0) }),
  /** The page has taken the alert lane up to and with `sequence`; the next batch may follow. */
  z.object({ t: z.literal('laneCredit'), sequence: z.number().int().min(0) }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** Engine to page. */
export type EngineMessage =
  | { t: 'ready'; engineId: string; startedAtMs: number }
  | { t: 'answer'; id: number; outcome: Outcome<unknown> }
  /** The newest picture of every changed subscription, by subscription id. `refused` names subscriptions that cannot be served. */
  | { t: 'frame'; frame: number; builtAtMs: number; parts: Record<number, unknown> }
  | { t: 'subscriptionRefused'; id: number; outcome: Outcome<never> }
  /** Alerts in order of journal sequence. `snapshot` begins anew: the page drops what it had. */
  | { t: 'lane'; snapshot: boolean; sequence: number; alerts: unknown[] };
