/** The first staleness clock: does the source still speak? Counts monotonic time since the last frame of any kind against its promised heartbeat. */

export type LinkHealth = 'live' | 'stale' | 'dead';

export type LinkClockOptions = {
  /** Heartbeats missed before the link is called stale, and before it is given up. */
  staleAfterBeats: number;
  deadAfterBeats: number;
};

export const DEFAULT_LINK_CLOCK: LinkClockOptions = { staleAfterBeats: 2, deadAfterBeats: 4 };

/** All times monotonic milliseconds: a wall clock that jumps must not cut a link. */
export function linkHealth(
  lastHeardMs: number,
  nowMs: number,
  heartbeatIntervalMs: number,
  options: LinkClockOptions = DEFAULT_LINK_CLOCK,
): LinkHealth {
  const silentMs = nowMs - lastHeardMs;
  if (silentMs > heartbeatIntervalMs * options.deadAfterBeats) return 'dead';
  return silentMs > heartbeatIntervalMs * options.staleAfterBeats ? 'stale' : 'live';
}
