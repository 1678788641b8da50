/** Rounding of money in one place, because counters and statements round in different ways and the difference shows as cents. */

/**
 * Rounds half away from zero at `digits` decimals, as settlement statements do. Binary fractions just under a half (1.005 is stored
 * as 1.00499999999999989) count as a half: the decimal text a person reads decides, not the binary rest.
 */
export function roundHalfUp(amount: number, digits = 2): number {
  if (!Number.isFinite(amount)) return amount;
  const scale = 10 ** digits;
  const scaled = Math.abs(amount) * scale;
  if (scaled > 2 ** 52) return amount;
  // One part in 2^50 covers the representation error of any amount that was decimal text at first.
  const rounded = Math.floor(scaled + 0.5 + scaled * 2 ** -50);
  return (Math.sign(amount) * rounded) / scale || 0;
}

/** Cuts toward zero at `digits` decimals (withdraw quotas); an amount that is whole up to representation error is not cut below itself. */
export function truncate(amount: number, digits = 2): number {
  if (!Number.isFinite(amount)) return amount;
  const scale = 10 ** digits;
  const scaled = Math.abs(amount) * scale;
  if (scaled > 2 ** 52) return amount;
  return (Math.sign(amount) * Math.floor(scaled + scaled * 2 ** -50)) / scale || 0;
}

/** Whole cents, for comparing two amounts of money without a fraction between them. */
export function toCents(amount: number): number {
  return Math.round(roundHalfUp(amount, 2) * 100);
}
