/** Whether this machine's clock may be believed: what it did, since when it is doubted, and who accepted it again. */
import { z } from 'zod';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { JournalEvent } from '#shared/journal/entry';
import { refuse } from '#shared/refusal';

const atMs = z.number();

export const CLOCK_SUBJECT = 'clock';

export const clockEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('clock.jumped'),
    payload: z.object({
      /** `running`: while the desk ran, against its own running time. `start`: behind the last entry when the desk started. */
      cause: z.enum(['running', 'start']),
      expectedAtMs: z.number(),
      foundAtMs: z.number(),
      atMs,
    }),
  }),
  z.object({
    type: z.literal('clock.accepted'),
    payload: z.object({
      /** Entries from here to this one carry times that nobody vouched for. */
      firstSequence: z.number().int().min(1),
      expectedAtMs: z.number(),
      acceptedAtMs: z.number(),
      reason: z.string().max(2000),
      atMs,
    }),
  }),
]);
export type ClockEventBody = z.infer<typeof clockEventSchema>;
export type ClockEvent = ClockEventBody & JournalEvent;

/** A clock that is doubted. The difference is the sum of its jumps; positive is ahead of where it should be. */
export type ClockDoubt = { sinceMs: number; firstSequence: number; differenceMs: number; jumps: number; cause: 'running' | 'start' };

/** Null: the clock is believed. */
export function evolveClock(before: ClockDoubt | null, event: ClockEventBody, sequence: number): ClockDoubt | null {
  if (event.type === 'clock.accepted') return null;
  const { expectedAtMs, foundAtMs, cause } = event.payload;
  const differenceMs = foundAtMs - expectedAtMs;
  if (before === null) return { sinceMs: foundAtMs, firstSequence: sequence, differenceMs, jumps: 1, cause };
  return { ...before, differenceMs: before.differenceMs + differenceMs, jumps: before.jumps + 1 };
}

/** `firstSequence`: the jump that the person was shown; after another one they accept nothing unseen. */
export function decideAcceptClock(
  doubt: ClockDoubt | null,
  order: { firstSequence: number; reason: string },
  context: DecisionContext,
): Decision<ClockEvent> {
  const { nowMs } = context;
  if (doubt === null) return refuse('CONFLICT', 'the clock is believed');
  if (order.firstSequence !== doubt.firstSequence) return refuse('CONFLICT', 'firstSequence: is about another jump', 'firstSequence');
  const payload = {
    firstSequence: doubt.firstSequence,
    expectedAtMs: nowMs - doubt.differenceMs,
    acceptedAtMs: nowMs,
    reason: order.reason,
    atMs: nowMs,
  };
  return [{ type: 'clock.accepted', subject: CLOCK_SUBJECT, payload }];
}
