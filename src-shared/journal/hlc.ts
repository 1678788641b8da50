/** A hybrid logical clock: orders entries by wall time where clocks agree, and never runs backwards where they do not. */

/** `<wall ms, 15 digits>-<counter, 6 digits>-<device>`; sorts as text. */
export function formatHlc(wallMs: number, counter: number, device: string): string {
  return `${String(wallMs).padStart(15, '0')}-${String(counter).padStart(6, '0')}-${device}`;
}

export function parseHlc(hlc: string): { wallMs: number; counter: number } {
  return { wallMs: Number(hlc.slice(0, 15)), counter: Number(hlc.slice(16, 22)) };
}

const COUNTER_LIMIT = 999_999;

/** The next reading after `last`: the wall clock when it is ahead, else `last` and one more, so that a clock set back changes no order. */
export function nextHlc(last: string | null, nowMs: number, device: string): string {
  const wallMs = Number.isFinite(nowMs) && nowMs > 0 ? Math.floor(nowMs) : 0;
  if (last === null) return formatHlc(wallMs, 0, device);
  const previous = parseHlc(last);
  if (wallMs > previous.wallMs) return formatHlc(wallMs, 0, device);
  if (previous.counter < COUNTER_LIMIT) return formatHlc(previous.wallMs, previous.counter + 1, device);
  return formatHlc(previous.wallMs + 1, 0, device);
}
