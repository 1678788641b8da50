/** Deadlines against a slow second way of counting (the platform's own clock, day by day): zones, clock changes, holidays, shifted weekends, reliefs. */
import { describe, expect, it } from 'vitest';
import { dueBy } from '#shared/desk/reporting/due';
import { type ReportLimit, type ReportRule, rulePacksFileSchema, type WorkingCalendar } from '#shared/desk/reporting/rule-pack';
import rulePacks from '../../../../resources/reporting/rule-packs.json' with { type: 'json' };

const file = rulePacksFileSchema.parse(rulePacks);
const anyRule = file.packs[0]?.rows[0];
if (anyRule === undefined) throw new Error('the packs are empty');

function ruleOf(limit: ReportLimit, nonWorkingDayReliefUntil: string | null = null, cadence: ReportRule['cadence'] = null): ReportRule {
  return { ...(anyRule as ReportRule), rowId: 'test-row', clocks: [{ start: { time: 'aware' }, limit }], nonWorkingDayReliefUntil, cadence };
}

// ---- the second way: wall time by Intl, instants by search ---------------------------------------------------------------

const formats = new Map<string, Intl.DateTimeFormat>();

function wallOf(timeZone: string, atMs: number): { date: string; time: string } {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  const text = format.format(atMs);
  return { date: text.slice(0, 10), time: text.slice(11) };
}

/** The first instant at which the wall shows this; where it never does (spring), as long after the jump as was asked for after its start. */
function instantOf(timeZone: string, date: string, time: string): number {
  const asUtc = Date.parse(`${date}T${time}Z`);
  for (let atMs = asUtc - 15 * 3_600_000; atMs <= asUtc + 15 * 3_600_000; atMs += 900_000) {
    const wall = wallOf(timeZone, atMs);
    if (wall.date === date && wall.time === time) return atMs;
  }
  // In the gap the offset of before the jump still counts.
  const offsetMs = Date.parse(`${wallOf(timeZone, asUtc - 86_400_000).date}T${wallOf(timeZone, asUtc - 86_400_000).time}Z`) - (asUtc - 86_400_000);
  return asUtc - offsetMs;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function worksOn(date: string, calendar: WorkingCalendar | null): boolean {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  if (calendar === null || date < calendar.from || date > calendar.to) return !isWeekend;
  return isWeekend ? calendar.workingWeekends.includes(date) : !calendar.holidays.includes(date);
}

function expectedEnd(limit: ReportLimit, startMs: number, timeZone: string, relief: string | null, calendar: WorkingCalendar | null): number {
  const { date, time } = wallOf(timeZone, startMs);
  let endMs = startMs;
  if (limit.kind === 'hours') endMs = startMs + limit.hours * 3_600_000;
  if (limit.kind === 'calendarDays') {
    let day = date;
    for (let counted = 0; counted < limit.days; counted += 1) day = dayAfter(day);
    endMs = instantOf(timeZone, day, time);
  }
  if (limit.kind === 'months') {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    const index = month - 1 + limit.months;
    const lastDay = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
    const target = new Date(Date.UTC(year, index, Math.min(day, lastDay)));
    endMs = instantOf(timeZone, target.toISOString().slice(0, 10), time);
  }
  if (limit.kind === 'workingDays') {
    let day = date;
    for (let counted = 0; counted < limit.days; ) {
      day = dayAfter(day);
      if (worksOn(day, calendar)) counted += 1;
    }
    endMs = instantOf(timeZone, dayAfter(day), '00:00:00');
  }
  if (relief === null) return endMs;
  let day = wallOf(timeZone, endMs).date;
  if (worksOn(day, calendar)) return endMs;
  while (!worksOn(day, calendar)) day = dayAfter(day);
  return instantOf(timeZone, day, `${relief}:00`);
}

// ---- the table -----------------------------------------------------------------------------------------------------------

const zones = ['Asia/Shanghai', 'Asia/Singapore', 'Asia/Hong_Kong', 'Europe/Brussels', 'Europe/London', 'America/New_York'];
/** Quiet days, the nights of both clock changes, month ends, leap days, the eve of long holidays, a working Saturday, the year's end. */
const starts = [
  '2025-11-12T03:15:00Z',
  '2026-03-29T00:45:00Z',
  '2026-03-08T06:30:00Z',
  '2026-10-25T00:30:00Z',
  '2026-11-01T05:30:00Z',
  '2026-01-31T09:00:00Z',
  '2028-01-29T22:15:00Z',
  '2026-02-13T08:00:00Z',
  '2026-02-14T02:00:00Z',
  '2026-09-30T15:45:00Z',
  '2026-12-31T15:59:00Z',
];
const limits: ReportLimit[] = [
  { kind: 'immediately' },
  { kind: 'hours', hours: 0.5 },
  { kind: 'hours', hours: 4 },
  { kind: 'hours', hours: 24 },
  { kind: 'hours', hours: 72 },
  { kind: 'workingDays', days: 1 },
  { kind: 'workingDays', days: 5 },
  { kind: 'workingDays', days: 15 },
  { kind: 'calendarDays', days: 14 },
  { kind: 'calendarDays', days: 30 },
  { kind: 'months', months: 1 },
];
const cases = zones.flatMap((timeZone) =>
  starts.flatMap((start) => limits.flatMap((limit) => [null, '12:00'].map((relief) => ({ timeZone, start, limit, relief })))),
);

describe('when a report is due', () => {
  it('agrees with counting on the wall clock in every case of the table', () => {
    expect(cases.length).toBeGreaterThanOrEqual(500);
    const wrong = cases.filter(({ timeZone, start, limit, relief }) => {
      const calendar = file.calendars.find((known) => known.timeZone === timeZone) ?? null;
      const aware = Date.parse(start);
      const due = dueBy({ rule: ruleOf(limit, relief), times: { aware }, submittedAtMs: {}, timeZone, calendar });
      return due.dueAtMs !== expectedEnd(limit, aware, timeZone, relief, calendar);
    });
    expect(wrong).toEqual([]);
  });

  it('is unknown while nothing that starts the clock has happened', () => {
    const rule = ruleOf({ kind: 'hours', hours: 4 });
    expect(dueBy({ rule, times: { detected: 1 }, submittedAtMs: {}, timeZone: 'Asia/Shanghai', calendar: null }).dueAtMs).toBeNull();
  });

  it('is the earliest of a duty’s clocks, and names the one that decides', () => {
    const rule: ReportRule = {
      ...ruleOf({ kind: 'hours', hours: 24 }),
      clocks: [
        { start: { time: 'classified' }, limit: { kind: 'hours', hours: 4 } },
        { start: { time: 'aware' }, limit: { kind: 'hours', hours: 24 } },
      ],
    };
    const hour = 3_600_000;
    const of = (times: { aware: number; classified?: number }) =>
      dueBy({ rule, times, submittedAtMs: {}, timeZone: 'Europe/Brussels', calendar: null });
    expect(of({ aware: 0 })).toMatchObject({ dueAtMs: 24 * hour, start: { time: 'aware' } });
    expect(of({ aware: 0, classified: 2 * hour })).toMatchObject({ dueAtMs: 6 * hour, start: { time: 'classified' } });
    expect(of({ aware: 0, classified: 22 * hour })).toMatchObject({ dueAtMs: 24 * hour, start: { time: 'aware' } });
  });

  it('comes round again after each update until recovery is known', () => {
    const rule = ruleOf({ kind: 'immediately' }, null, { everyMinutes: 30, until: 'recovered' });
    const of = (times: { aware: number; recovered?: number }, last: number) =>
      dueBy({ rule, times, submittedAtMs: { 'test-row': last }, timeZone: 'Asia/Shanghai', calendar: null }).dueAtMs;
    expect(of({ aware: 0 }, 60_000)).toBe(60_000 + 30 * 60_000);
    expect(of({ aware: 0, recovered: 90_000 }, 60_000)).toBeNull();
  });

  it('says when holidays are not known for the days it counted', () => {
    const rule = ruleOf({ kind: 'workingDays', days: 5 });
    const calendar = file.calendars.find(({ timeZone }) => timeZone === 'Asia/Shanghai') ?? null;
    const of = (start: string) =>
      dueBy({ rule, times: { aware: Date.parse(start) }, submittedAtMs: {}, timeZone: 'Asia/Shanghai', calendar }).isCalendarUnknown;
    expect(of('2026-05-20T00:00:00Z')).toBe(false);
    expect(of('2026-12-30T00:00:00Z')).toBe(true);
  });
});
