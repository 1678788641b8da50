/** When a report is due: the earliest of a duty's clocks, counted in the regulator's own zone and working days. */
import { Temporal } from 'temporal-polyfill';
import type { ClockStart, IncidentTimeName, ReportLimit, ReportRule, WorkingCalendar } from '#shared/desk/reporting/rule-pack';

export type IncidentTimes = Readonly<Partial<Record<IncidentTimeName, number>>>;

export type DueBy = {
  /** UTC milliseconds; null while no clock of the duty has started. */
  dueAtMs: number | null;
  /** The clock that decides, for the screen; null while none has started. */
  start: ClockStart | null;
  startedAtMs: number | null;
  /** True when working days were counted outside the days that the calendar covers: holidays and shifted weekends there are not known. */
  isCalendarUnknown: boolean;
};

export type DueInput = {
  rule: ReportRule;
  times: IncidentTimes;
  /** When each duty of the incident was last submitted, by rowId. */
  submittedAtMs: Readonly<Record<string, number>>;
  timeZone: string;
  /** Null: only weekends are known. */
  calendar: WorkingCalendar | null;
};

const NOT_STARTED: DueBy = { dueAtMs: null, start: null, startedAtMs: null, isCalendarUnknown: false };

/**
 * The deadline of the duty's next submission. For a duty with a cadence that has been submitted once, the next is due one interval after the
 * last, until the time that ends the cadence is known; then, and for any other duty already submitted, nothing is due.
 */
export function dueBy(input: DueInput): DueBy {
  const { rule, times, submittedAtMs } = input;
  const lastMs = submittedAtMs[rule.rowId];
  if (lastMs !== undefined) {
    if (rule.cadence === null || times[rule.cadence.until] !== undefined) return NOT_STARTED;
    const dueAtMs = lastMs + rule.cadence.everyMinutes * 60_000;
    return { dueAtMs, start: { submissionOf: rule.rowId }, startedAtMs: lastMs, isCalendarUnknown: false };
  }
  let earliest = NOT_STARTED;
  for (const { start, limit } of rule.clocks) {
    const startedAtMs = 'time' in start ? times[start.time] : submittedAtMs[start.submissionOf];
    if (startedAtMs === undefined) continue;
    const end = endOf(limit, startedAtMs, input);
    if (earliest.dueAtMs === null || end.dueAtMs < earliest.dueAtMs) earliest = { ...end, start, startedAtMs };
  }
  return earliest;
}

/** `dueDay`: the last day that is still in time, `2026-01-31`, on the wall of the zone. */
type LastDay = End & { dueDay: string };
type End = { dueAtMs: number; isCalendarUnknown: boolean };

function endOf(limit: ReportLimit, startedAtMs: number, { rule, timeZone, calendar }: DueInput): End {
  const days = new WorkingDays(calendar);
  const started = Temporal.Instant.fromEpochMilliseconds(startedAtMs).toZonedDateTimeISO(timeZone);
  const end = plainEndOf(limit, started, days);
  const relieved = rule.nonWorkingDayReliefUntil === null ? end : relief(end, rule.nonWorkingDayReliefUntil, days);
  return { dueAtMs: relieved.epochMilliseconds, isCalendarUnknown: days.wentOutside };
}

/** Hours are elapsed time whatever the clocks on the wall do; days and months are counted on the wall. */
function plainEndOf(limit: ReportLimit, started: Temporal.ZonedDateTime, days: WorkingDays): Temporal.ZonedDateTime {
  switch (limit.kind) {
    case 'immediately':
      return started;
    case 'hours':
      return started.add({ seconds: Math.round(limit.hours * 3600) });
    case 'calendarDays':
      return started.add({ days: limit.days });
    case 'months':
      return started.add({ months: limit.months });
    case 'workingDays':
      return afterWorkingDays(started, limit.days, days);
  }
}

/**
 * The first instant after `days` working days in `timeZone`, counted from the day of `fromMs`: the whole of the last day is still in time. 0 days: the
 * end of that day itself, whatever day it is.
 */
export function endOfWorkingDay(fromMs: number, days: number, timeZone: string, calendar: WorkingCalendar | null): LastDay {
  const working = new WorkingDays(calendar);
  const from = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  const end = afterWorkingDays(from, days, working);
  return { dueAtMs: end.epochMilliseconds, dueDay: end.subtract({ days: 1 }).toPlainDate().toString(), isCalendarUnknown: working.wentOutside };
}

function afterWorkingDays(from: Temporal.ZonedDateTime, days: number, working: WorkingDays): Temporal.ZonedDateTime {
  let day = from.toPlainDate();
  for (let counted = 0; counted < days; counted += 1) day = working.nextWorkingDay(day);
  // The whole of the last day is still in time: the deadline is the first instant of the day after it.
  return day.add({ days: 1 }).toZonedDateTime(from.timeZoneId);
}

function relief(end: Temporal.ZonedDateTime, untilTime: string, days: WorkingDays): Temporal.ZonedDateTime {
  if (days.isWorkingDay(end.toPlainDate())) return end;
  return days.nextWorkingDay(end.toPlainDate()).toZonedDateTime({ timeZone: end.timeZoneId, plainTime: untilTime });
}

class WorkingDays {
  wentOutside = false;
  readonly #calendar: WorkingCalendar | null;
  readonly #holidays: ReadonlySet<string>;
  readonly #workingWeekends: ReadonlySet<string>;

  constructor(calendar: WorkingCalendar | null) {
    this.#calendar = calendar;
    this.#holidays = new Set(calendar?.holidays);
    this.#workingWeekends = new Set(calendar?.workingWeekends);
  }

  isWorkingDay(day: Temporal.PlainDate): boolean {
    const name = day.toString();
    const isWeekend = day.dayOfWeek >= 6;
    if (this.#calendar === null || name < this.#calendar.from || name > this.#calendar.to) {
      this.wentOutside = true;
      return !isWeekend;
    }
    return isWeekend ? this.#workingWeekends.has(name) : !this.#holidays.has(name);
  }

  nextWorkingDay(day: Temporal.PlainDate): Temporal.PlainDate {
    let next = day.add({ days: 1 });
    while (!this.isWorkingDay(next)) next = next.add({ days: 1 });
    return next;
  }
}
