/** For how long something may be silenced: what is offered, and what is asked for when a person wants longer than that. */
const MINUTE_MS = 60_000;
const LENGTHS_MS: readonly number[] = [15, 30, 60, 240, 480, 1440].map((minutes) => minutes * MINUTE_MS);
export const SHORTEST_SILENCE_MS = 15 * MINUTE_MS;
export const SUPPRESSION_REASONS = ['knownCause', 'plannedWork', 'testing', 'duplicate', 'sourceFaulty', 'other'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export function silenceLengths(atMostMs: number): number[] {
  return LENGTHS_MS.filter((each) => each <= atMostMs);
}

/** The longest length on offer that is no longer than what is wanted, so that what is sent is what is shown; null where even the shortest is too long. */
export function silenceLength(wantedMs: number, atMostMs: number): number | null {
  const lengths = silenceLengths(atMostMs);
  return lengths.findLast((each) => each <= wantedMs) ?? lengths[0] ?? null;
}
