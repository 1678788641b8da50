/** When an instrument trades and which trading day a moment belongs to: without this, silence over lunch looks like a dead feed. */
import type { Calendar, Session } from '#shared/feed/items';

export type SessionState = 'open' | 'break' | 'closed' | 'unknown';

/** `sinceMs`: start of the running section, only while open (whole local minutes; a clock change inside a section is not corrected). */
export type SessionMoment = { state: SessionState; tradingDay: string | null; sinceMs: number | null };

const MINUTES_PER_DAY = 1440;
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const NOON = 720;
/** Time zone rules change at quarter hours at the finest, so one offset serves a quarter of an hour. */
const OFFSET_SLOT_MS = 900_000;

// ---- local wall time ---------------------------------------------------------------------------------------------------

type Zone = { format: Intl.DateTimeFormat; slot: number; offsetMs: number };
const zones = new Map<string, Zone | null>();

function zoneOf(timeZone: string): Zone | null {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  let zone: Zone | null = null;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { format, slot: Number.NaN, offsetMs: 0 };
  } catch {
    zone = null;
  }
  // Zone names come from feeds: a stream of invented ones must not fill the memory.
  if (zones.size > 256) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

/** Local wall time as if it were UTC milliseconds, or null for a zone or a time that does not exist. */
function localWallMs(timeZone: string, timeMs: number): number | null {
  const zone = zoneOf(timeZone);
  if (zone === null || !Number.isFinite(timeMs) || Math.abs(timeMs) > 8.64e15) return null;
  const slot = Math.floor(timeMs / OFFSET_SLOT_MS);
  if (zone.slot !== slot) {
    const at = slot * OFFSET_SLOT_MS;
    const part: Record<string, number> = {};
    for (const { type, value } of zone.format.formatToParts(at)) part[type] = Number(value);
    const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
    zone.slot = slot;
    zone.offsetMs = wall - at;
  }
  return timeMs + zone.offsetMs;
}

/** The moment at which clocks of the zone show this wall time (as if it were UTC milliseconds); NaN for a zone nobody knows. */
export function momentOfWallTime(timeZone: string, wallMs: number): number {
  const offsetAt = (timeMs: number): number => (localWallMs(timeZone, timeMs) ?? Number.NaN) - timeMs;
  // The zone's offset may have changed between the two; asking at the moment itself settles it.
  return wallMs - offsetAt(wallMs - offsetAt(wallMs));
}

export function dayNumberOf(date: string): number {
  return Math.floor(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / MS_PER_DAY);
}

// ---- the calendar, indexed once ----------------------------------------------------------------------------------------

type CalendarIndex = { from: number; to: number; days: number[]; dates: string[]; noNight: Set<string> };
const indexes = new WeakMap<Calendar, CalendarIndex>();

function indexOf(calendar: Calendar): CalendarIndex {
  let index = indexes.get(calendar);
  if (index === undefined) {
    const dates = [...new Set(calendar.tradingDays)].filter((date) => date >= calendar.from && date <= calendar.to).sort();
    index = {
      from: dayNumberOf(calendar.from),
      to: dayNumberOf(calendar.to),
      days: dates.map(dayNumberOf),
      dates,
      noNight: new Set(calendar.noNightSession),
    };
    indexes.set(calendar, index);
  }
  return index;
}

/** Position of the first trading day on or after `day`. */
function firstAtOrAfter(index: CalendarIndex, day: number): number {
  let low = 0;
  let high = index.days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.days[middle] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---- sections of one trading day, in minutes since local 1970 ---------------------------------------------------------

type Span = { from: number; to: number };
type Block = { spans: Span[] };

function spanOf(baseDay: number, fromMinute: number, toMinute: number): Span {
  const from = baseDay * MINUTES_PER_DAY + fromMinute;
  const length = toMinute < fromMinute ? toMinute + MINUTES_PER_DAY - fromMinute : toMinute - fromMinute;
  return { from, to: from + length };
}

function dayBlock(session: Session, day: number): Block {
  return { spans: session.sections.filter((section) => !section.night).map((section) => spanOf(day, section.fromMinute, section.toMinute)) };
}

/** The night session of a trading day is held on the evening of the trading day before it; its part past midnight falls on the next date. */
function nightBlock(session: Session, eveningDay: number): Block {
  const spans = session.sections
    .filter((section) => section.night)
    .map((section) => spanOf(section.fromMinute < NOON ? eveningDay + 1 : eveningDay, section.fromMinute, section.toMinute));
  return { spans };
}

function within(block: Block, minute: number): { state: 'open' | 'break'; from: number } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const span of block.spans) {
    if (minute >= span.from && minute < span.to) return { state: 'open', from: span.from };
    if (span.from < first) first = span.from;
    if (span.to > last) last = span.to;
  }
  return minute >= first && minute < last ? { state: 'break', from: first } : null;
}

function endOf(block: Block): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const span of block.spans) if (span.to > last) last = span.to;
  return last;
}

const UNKNOWN: SessionMoment = { state: 'unknown', tradingDay: null, sinceMs: null };

/**
 * State, trading day and start of the running section at `timeMs` (epoch milliseconds). While closed, the trading day is the next one to open.
 * Dates that the calendar does not cover, a night whose trading day it does not name and unknown time zones give `unknown`, never `closed`.
 */
export function sessionMomentAt(session: Session, calendar: Calendar, timeMs: number): SessionMoment {
  const wallMs = localWallMs(session.timeZone, timeMs);
  if (wallMs === null || session.sections.length === 0) return UNKNOWN;
  const index = indexOf(calendar);
  const day = Math.floor(wallMs / MS_PER_DAY);
  if (day < index.from || day > index.to) return UNKNOWN;
  const minute = wallMs / MS_PER_MINUTE;

  // A trading day before this date may still run (past midnight), so the search starts two days back.
  for (let at = firstAtOrAfter(index, day - 2); at <= index.days.length; at += 1) {
    const tradingDay = index.dates[at] ?? null;
    const evening = index.days[at - 1];
    const hasNight = tradingDay === null || !index.noNight.has(tradingDay);
    if (hasNight && evening !== undefined) {
      const hit = within(nightBlock(session, evening), minute);
      if (hit !== null) return tradingDay === null ? UNKNOWN : momentOf(hit, tradingDay, timeMs, minute);
    } else if (hasNight && evening === undefined && tradingDay !== null) {
      // The first day of the calendar: its night session lies on an evening that the calendar does not name.
      const firstDay = index.days[at] ?? day;
      if (day < firstDay && nightMayRun(session, minute)) return UNKNOWN;
      if (day === firstDay && within(nightBlock(session, firstDay - 1), minute) !== null) return UNKNOWN;
    }
    if (tradingDay === null) break;
    const own = dayBlock(session, index.days[at] ?? day);
    const hit = within(own, minute);
    if (hit !== null) return momentOf(hit, tradingDay, timeMs, minute);
    if (minute < lastMinuteOf(session, own, evening)) return { state: 'closed', tradingDay, sinceMs: null };
  }
  return { state: 'closed', tradingDay: null, sinceMs: null };
}

/** A session that has only night sections ends with them. */
function lastMinuteOf(session: Session, own: Block, evening: number | undefined): number {
  const end = endOf(own);
  if (end !== Number.NEGATIVE_INFINITY) return end;
  return evening === undefined ? Number.NEGATIVE_INFINITY : endOf(nightBlock(session, evening));
}

function nightMayRun(session: Session, minute: number): boolean {
  const day = Math.floor(minute / MINUTES_PER_DAY);
  return within(nightBlock(session, day), minute) !== null || within(nightBlock(session, day - 1), minute) !== null;
}

function momentOf(hit: { state: 'open' | 'break'; from: number }, tradingDay: string, timeMs: number, minute: number): SessionMoment {
  return { state: hit.state, tradingDay, sinceMs: hit.state === 'open' ? timeMs - (minute - hit.from) * MS_PER_MINUTE : null };
}

/** Whether trading is on at `timeMs`: `break` lies between two sections of the same day or night, `closed` outside both. */
export function sessionStateAt(session: Session, calendar: Calendar, timeMs: number): SessionState {
  return sessionMomentAt(session, calendar, timeMs).state;
}

/** The trading day (`YYYYMMDD`) that runs at `timeMs`, or the next one to open; null where the calendar does not say. */
export function tradingDayAt(session: Session, calendar: Calendar, timeMs: number): string | null {
  return sessionMomentAt(session, calendar, timeMs).tradingDay;
}
