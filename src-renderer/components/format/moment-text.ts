/**
 * Days and moments as people type them: read in the order in which the page's language writes them (the one that `formatters.ts` shows), or refused
 * with the reason. Kept as `2026-01-31` and `2026-01-31T13:05:00`, in this machine's zone.
 */

export type MomentPrecision = 'day' | 'moment';
export type MomentFault = 'unreadable' | 'noSuchDay' | 'noSuchTime' | 'timeMissing';
export type MomentRead = { ok: true; value: string } | { ok: false; fault: MomentFault };

type Part = 'year' | 'month' | 'day';
type Day = Record<Part, number>;
type Clock = { hour: number; minute: number; second: number };

const KEPT_MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;
const KEPT_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;

/** What a field for a moment keeps of `atMs`. */
export function localInputOf(atMs: number): string {
  const date = new Date(atMs);
  return `${dayText({ year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() })}T${clockText({ hour: date.getHours(), minute: date.getMinutes(), second: date.getSeconds() })}`;
}

/** Null for an empty field and for one that holds no moment. */
export function msOfLocalInput(kept: string): number | null {
  if (!KEPT_MOMENT.test(kept)) return null;
  const atMs = new Date(kept).getTime();
  return Number.isNaN(atMs) ? null : atMs;
}

/** True for a field that holds words which are no day or moment: whoever sends the form must not take it for empty. */
export function isUnreadable(kept: string): boolean {
  return kept !== '' && !KEPT_DAY.test(kept) && msOfLocalInput(kept) === null;
}

/** `nowMs` gives the day of a time that is typed alone. */
export function readMoment(typed: string, precision: MomentPrecision, language: string, nowMs: number): MomentRead {
  const text = plainText(typed);
  const [first = '', second, ...rest] = text.split(' ');
  if (rest.length > 0) return { ok: false, fault: 'unreadable' };
  const isClockAlone = precision === 'moment' && second === undefined && CLOCK.test(first);
  const day = isClockAlone ? dayOf(localInputOf(nowMs)) : readDay(first, language);
  const clock = isClockAlone ? first : second;
  if (day === null || (precision === 'day' && clock !== undefined)) return { ok: false, fault: 'unreadable' };
  if (!exists(day)) return { ok: false, fault: 'noSuchDay' };
  if (precision === 'day') return { ok: true, value: dayText(day) };
  return clock === undefined ? { ok: false, fault: 'timeMissing' } : withClock(day, clock);
}

/** In the page's language; words that are no day or moment stay as they were typed. */
export function momentText(kept: string, language: string): string {
  const day = dayOf(kept);
  if (day === null) return kept;
  const shown = partsOf(language).map((part) => ('literal' in part ? part.literal : pad(day[part.name], part.name === 'year' ? 4 : 2)));
  const clock = KEPT_MOMENT.exec(kept);
  return clock === null ? shown.join('') : `${shown.join('')} ${clock[4]}:${clock[5]}:${clock[6] ?? '00'}`;
}

/** The order to type in: `MM/DD/YYYY HH:MM:SS`. */
export function momentPattern(precision: MomentPrecision, language: string): string {
  const letters: Record<Part, string> = { year: 'YYYY', month: 'MM', day: 'DD' };
  const day = partsOf(language).map((part) => ('literal' in part ? part.literal : letters[part.name]));
  return precision === 'day' ? day.join('') : `${day.join('')} HH:MM:SS`;
}

/** The day of what is kept, or null. */
export function dayOf(kept: string): Day | null {
  const found = KEPT_DAY.exec(kept) ?? KEPT_MOMENT.exec(kept);
  if (found === null) return null;
  return { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
}

export function dayText({ year, month, day }: Day): string {
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** Full-width digits and signs as Chinese input methods give them, and the words for year, hour and so on, as plain ones. */
function plainText(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[年月]/g, '-')
    .replace(/[日,T]/g, ' ')
    .replace(/[时時点點]/g, ':')
    .replace(/分(?=\s*\d)/g, ':')
    .replace(/[分秒]/g, '')
    .replace(/:(?=\s|$)/g, ':00')
    .trim()
    .replace(/\s+/g, ' ');
}

function readDay(text: string, language: string): Day | null {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) return { year: Number(yearFirst[1]), month: Number(yearFirst[2]), day: Number(yearFirst[3]) };
  const yearLast = YEAR_LAST.exec(text);
  if (yearLast === null) return null;
  const order = partsOf(language).flatMap((part) => ('literal' in part ? [] : [part.name]));
  // A language that writes the year first has no order of its own for the rest: guessing would swap day and month.
  if (order[2] !== 'year') return null;
  const [one, other] = [Number(yearLast[1]), Number(yearLast[2])];
  return order[0] === 'month' ? { month: one, day: other, year: Number(yearLast[3]) } : { day: one, month: other, year: Number(yearLast[3]) };
}

function exists({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function withClock(day: Day, text: string): MomentRead {
  const found = CLOCK.exec(text);
  if (found === null) return { ok: false, fault: 'unreadable' };
  const value = `${dayText(day)}T${clockText({ hour: Number(found[1]), minute: Number(found[2]), second: Number(found[3] ?? 0) })}`;
  const atMs = msOfLocalInput(value);
  // Also the hour that a change of clocks leaves out: it would come back as another one.
  return atMs !== null && localInputOf(atMs) === value ? { ok: true, value } : { ok: false, fault: 'noSuchTime' };
}

function clockText({ hour, minute, second }: Clock): string {
  return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

const known = new Map<string, ({ name: Part } | { literal: string })[]>();

/** How the language writes a day in figures. */
function partsOf(language: string): ({ name: Part } | { literal: string })[] {
  let parts = known.get(language);
  if (parts === undefined) {
    const format = new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' });
    parts = format
      .formatToParts(0)
      .map(({ type, value }) => (type === 'year' || type === 'month' || type === 'day' ? { name: type } : { literal: value }));
    known.set(language, parts);
  }
  return parts;
}
