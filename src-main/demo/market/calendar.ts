/** The demonstration's market time: trading days, night sessions that belong to the next day, and the jump over hours in which nothing trades. */
import { HOLIDAYS, SESSIONS, type Section } from './market-data';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** China has kept UTC+8 without daylight saving since 1991. */
const OFFSET_MS = 8 * 3_600_000;
const NIGHT_WRAPS_BEFORE_MINUTE = 12 * 60;

/** Midnight of a `YYYYMMDD` date in the market's time zone, epoch milliseconds. */
export function midnightMs(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) - OFFSET_MS;
}

/** The market-local date of an instant, `YYYYMMDD`. */
export function dateOf(timeMs: number): string {
  return new Date(timeMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

export function isTradingDay(date: string): boolean {
  const weekday = new Date(midnightMs(date) + OFFSET_MS).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.includes(date.slice(4));
}

/** The trading day `steps` after `date` (before it, when negative). */
export function shiftTradingDay(date: string, steps: number): string {
  const direction = steps < 0 ? -1 : 1;
  let timeMs = midnightMs(date);
  for (let left = Math.abs(steps); left > 0; ) {
    timeMs += direction * DAY_MS;
    if (isTradingDay(dateOf(timeMs))) left -= 1;
  }
  return dateOf(timeMs);
}

export function nearestTradingDay(date: string): string {
  return isTradingDay(date) ? date : shiftTradingDay(date, 1);
}

/** Exchanges hold no night session on the eve of a holiday: only a plain night or weekend may lie between the two days. */
export function hasNightSession(tradingDay: string): boolean {
  const previous = shiftTradingDay(tradingDay, -1);
  const gapDays = Math.round((midnightMs(tradingDay) - midnightMs(previous)) / DAY_MS);
  const weekday = new Date(midnightMs(tradingDay) + OFFSET_MS).getUTCDay();
  return gapDays === (weekday === 1 ? 3 : 1);
}

export type OpenInterval = { fromMs: number; toMs: number; isLast: boolean };

/** One session's open intervals on a trading day, in time order; the night section starts on the evening of the day before. */
function openIntervals(sections: readonly Section[], tradingDay: string): OpenInterval[] {
  const dayMs = midnightMs(tradingDay);
  const eveMs = midnightMs(shiftTradingDay(tradingDay, -1));
  const intervals: OpenInterval[] = [];
  for (const section of sections) {
    if (section.night && !hasNightSession(tradingDay)) continue;
    const baseMs = section.night ? eveMs : dayMs;
    const wraps = section.night && section.toMinute < NIGHT_WRAPS_BEFORE_MINUTE;
    intervals.push({
      fromMs: baseMs + section.fromMinute * MINUTE_MS,
      toMs: baseMs + section.toMinute * MINUTE_MS + (wraps ? DAY_MS : 0),
      isLast: false,
    });
  }
  const last = intervals.at(-1);
  if (last !== undefined) last.isLast = true;
  return intervals;
}

export function openIntervalsBySession(tradingDay: string): Map<string, OpenInterval[]> {
  return new Map(SESSIONS.map((session) => [session.sessionID, openIntervals(session.sections, tradingDay)]));
}
