/** A moment that a page may name: one that a calendar has. Any larger number would be recorded for ever and could be shown nowhere. */
import { z } from 'zod';

/** ECMA-262, 21.4.1.1: a time value beyond 100,000,000 days from the epoch is no time. */
export const LAST_TIME_MS = 8.64e15;

/** Milliseconds since 1970-01-01 UTC, whole, none before it. */
export const pointInTimeSchema = z.number().int().min(0).max(LAST_TIME_MS);
