/** The third staleness clock: a counter's money can be older than the prices beside it; then the two must not be read as one picture. */

export type AccountFreshness = { state: 'together' | 'behind' | 'unknown'; skewMs: number | null };

/** `skewMs` is how far the account lies behind the market, in source time; never negative. */
export function accountFreshness(accountAsOfMs: number | null, marketAsOfMs: number | null, maxSkewMs: number): AccountFreshness {
  if (accountAsOfMs === null || marketAsOfMs === null) return { state: 'unknown', skewMs: null };
  const skewMs = Math.max(0, marketAsOfMs - accountAsOfMs);
  return { state: skewMs > maxSkewMs ? 'behind' : 'together', skewMs };
}
