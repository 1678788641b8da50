/** What a person may ask about the hand-over of a shift: requests, stream and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import type { FrozenItem, Handover, HandoverMark } from '#shared/desk/handovers/handover';
import { type ItemFacts, itemLevelSchema } from '#shared/desk/handovers/item';

const handoverId = z.uuid();
const reason = z.string().trim().min(1, 'a reason is needed').max(2000);

/** An item of now. `isPressing`: it has to be marked, or marked anew, before the shift can go over. */
export type HandoverItem = { itemKey: string; facts: ItemFacts; mark: HandoverMark | null; isPressing: boolean };

/** `items` as they were offered; what was destroyed since is no longer among them, and `lostCount` says how many. */
export type HandoverView = { handover: Handover; items: FrozenItem[]; lostCount: number };

export const HANDOVER_REQUESTS = {
  /** How an open item stands; stays with it until it is over. Watch and act ask for what to do if it turns. */
  'handover.mark': {
    payload: z.object({ itemKey: z.string().min(1).max(220), level: itemLevelSchema, ifThen: z.string().trim().max(1000).default('') }),
    answer: z.object({}),
  },
  /** An operational note: handed from shift to shift until somebody strikes it. */
  'handover.note': { payload: z.object({ text: z.string().trim().min(1).max(1000) }), answer: z.object({ noteId: z.uuid() }) },
  'handover.strike': { payload: z.object({ noteId: z.uuid() }), answer: z.object({}) },
  /** Freezes the sheet; everything stays with whoever offers until somebody else has accepted. */
  'handover.offer': { payload: z.object({ remarks: z.string().trim().max(4000).default('') }), answer: z.object({ handoverId }) },
  'handover.withdraw': { payload: z.object({ handoverId, reason }), answer: z.object({}) },
  /** By another person: with their confirmation at the outgoing officer's screen, or signed in themselves. `readBack`: the items they read back. */
  'handover.accept': {
    payload: z.object({
      handoverId,
      readBack: z.array(z.string().min(1).max(220)).max(2000),
      words: z.string().trim().max(2000).default(''),
      confirmationId: z.uuid().optional(),
    }),
    answer: z.object({ handoverId, movedAlertCount: z.number() }),
  },
  'handover.get': { payload: z.object({ handoverId }), answer: z.custom<HandoverView>() },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

/** The sheet names every client with something open: it is for people who work with the whole firm. */
export const HANDOVER_ACCESS = {
  'handover.mark': { needs: 'handover.make' },
  'handover.note': { needs: 'handover.make' },
  'handover.strike': { needs: 'handover.make' },
  'handover.offer': { needs: 'handover.make' },
  'handover.withdraw': { needs: 'handover.make' },
  'handover.accept': { needs: 'handover.make' },
  'handover.get': { needs: 'handover.make' },
} satisfies Record<keyof typeof HANDOVER_REQUESTS, AccessRule>;

export const HANDOVER_STREAMS = { handovers: z.object({}) } satisfies Record<string, z.ZodType>;
export type PictureByHandoverStream = {
  handovers: {
    items: HandoverItem[];
    /** What waits to be accepted, and the keys of what came up since it was offered. */
    offered: (HandoverView & { sinceKeys: string[] }) | null;
    /** Newest first. */
    past: Handover[];
  };
};
export const HANDOVER_STREAM_ACCESS = { handovers: { needs: 'handover.make' } } satisfies Record<keyof typeof HANDOVER_STREAMS, AccessRule>;
