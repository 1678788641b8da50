/** What fields of feed items have in common: their bounds, their words, and where a dated row is from. */
import { z } from 'zod';
import { isCalendarDay } from '#shared/calendar-day';

/** Larger magnitudes are sentinels (DBL_MAX) or faults, never prices or money. */
export const SENTINEL_LIMIT = 1e15;

const SENTINEL = 'is a sentinel: leave the field out instead';
export const finite = z.number().gt(-SENTINEL_LIMIT, SENTINEL).lt(SENTINEL_LIMIT, SENTINEL);
export const nonNegative = z.number().min(0, 'must not be negative').lt(SENTINEL_LIMIT, SENTINEL);
/** Money that is never owed the other way; sums of a counter may miss zero by their noise, never by half a cent. */
export const amount = z.number().min(-0.005, 'must not be negative').lt(SENTINEL_LIMIT, SENTINEL);
export const positive = z.number().gt(0, 'must be above zero').lt(SENTINEL_LIMIT, SENTINEL);
export const lots = z.number().int('must be whole lots').min(0).max(1e9);
export const epochMs = z.number().min(0).max(8.64e15);
export const date = z
  .string()
  .regex(/^\d{8}$/, { error: 'must be YYYYMMDD', abort: true })
  .refine(isCalendarDay, 'is no day of the calendar');
export const key = z.string().min(1).max(64);
export const text = z.string().max(400);

export const exchangeIDSchema = z.string().min(1).max(16);
export const hedgeFlagSchema = z.enum(['speculation', 'arbitrage', 'hedge', 'marketMaker']);
export const posiDirectionSchema = z.enum(['long', 'short']);
export const directionSchema = z.enum(['buy', 'sell']);
export const offsetFlagSchema = z.enum(['open', 'close', 'closeToday', 'closeYesterday', 'forceClose', 'forceOff', 'localForceClose']);
export const certaintySchema = z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']);

/** Where a rate, limit or calendar row came from: every rule row carries one. */
export const sourcedFields = { effectiveFrom: date, effectiveTo: date.optional(), citation: text, certainty: certaintySchema };

export type HedgeFlag = z.infer<typeof hedgeFlagSchema>;
export type PosiDirection = z.infer<typeof posiDirectionSchema>;
export type Certainty = z.infer<typeof certaintySchema>;
