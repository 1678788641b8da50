/** A drill's report is due in working days, as the reporting clock counts them, and says what is overdue, late, or done at a time that nobody kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { loadReportingRules } from '#engine/desk/incidents/reporting-rules';
import { findResourcesFolder } from '#engine/resources';
import { DEADLINE_STAGES, type DrillWithReport, deadlinesOf } from '#shared/desk/drills/deadlines';
import { ruleInForceAt } from '#shared/desk/drills/programme';
import { dueBy } from '#shared/desk/reporting/due';
import { reportRuleSchema } from '#shared/desk/reporting/rule-pack';

const resources = findResourcesFolder();
const { calendars, packs } = loadReportingRules(resources);
const at = (text: string): number => Date.parse(`${text}+08:00`);
const NOTHING_DONE = { hotwashAtMs: null, draftedAtMs: null, signedAtMs: null };
const rule = ruleInForceAt(loadDrills(resources).reports, at('2026-09-24T10:00:00'));

function deadlines(change: Partial<DrillWithReport>, nowMs = at('2026-09-24T12:00:00')) {
  return deadlinesOf({ state: 'ended', endedAtMs: at('2026-09-24T10:00:00'), afterwards: NOTHING_DONE, ...change }, rule, calendars, nowMs);
}
const standings = (...of: Parameters<typeof deadlines>) => deadlines(...of).map(({ standing }) => standing);

describe('the report of a drill', () => {
  it('has its hot-wash the same day, its draft in three and its signature in ten working days, over holidays and shifted weekends', () => {
    // 24 September is a Thursday; the 25th and 1 to 7 October are holidays, Saturday 10 October is worked.
    expect(deadlines({}).map(({ stage, workingDays, dueAtMs, isCalendarUnknown }) => [stage, workingDays, dueAtMs, isCalendarUnknown])).toEqual([
      ['hotwash', 0, at('2026-09-25T00:00:00'), false],
      ['draft', 3, at('2026-10-01T00:00:00'), false],
      ['sign', 10, at('2026-10-16T00:00:00'), false],
    ]);
  });

  it('names the last day that is in time, wherever the machine stands', () => {
    expect(deadlines({ endedAtMs: at('2026-09-24T23:59:59') }).map(({ dueDay }) => dueDay)).toEqual(['2026-09-24', '2026-09-30', '2026-10-15']);
    expect(deadlines({ endedAtMs: at('2026-09-25T00:00:00') })[0]?.dueDay).toBe('2026-09-25');
  });

  it('says where the calendar is not known', () => {
    const known = deadlines({ endedAtMs: at('2026-12-28T10:00:00') }).map(({ isCalendarUnknown }) => isCalendarUnknown);
    expect(known).toEqual([false, false, true]);
  });

  it('owes nothing before the end, nor when it was broken off and closed without one', () => {
    expect(deadlines({ state: 'running', endedAtMs: null })).toEqual([]);
    expect(deadlines({ state: 'closed' })).toEqual([]);
    expect(standings({ state: 'aborted' })).toEqual(['open', 'open', 'open']);
  });

  it('is overdue from the first instant that is too late, late where it came after, and in time where it came before', () => {
    const draftDueMs = at('2026-10-01T00:00:00');
    expect(standings({}, draftDueMs - 1)).toEqual(['overdue', 'open', 'open']);
    expect(standings({}, draftDueMs)).toEqual(['overdue', 'overdue', 'open']);
    const hotwashAtMs = at('2026-09-24T11:00:00');
    expect(standings({ state: 'hotwash', afterwards: { ...NOTHING_DONE, hotwashAtMs } }, draftDueMs)).toEqual(['inTime', 'overdue', 'open']);
    const afterwards = { hotwashAtMs, draftedAtMs: draftDueMs, signedAtMs: at('2026-10-14T23:59:59') };
    expect(standings({ state: 'actionsOpen', afterwards }, at('2027-01-01T00:00:00'))).toEqual(['inTime', 'late', 'inTime']);
  });

  it('takes what earlier versions recorded for done, at a time that nobody kept', () => {
    expect(standings({ state: 'actionsOpen' }, at('2027-01-01T00:00:00'))).toEqual(['timeUnknown', 'timeUnknown', 'timeUnknown']);
    expect(standings({ state: 'aarDraft' }, at('2027-01-01T00:00:00'))).toEqual(['timeUnknown', 'timeUnknown', 'overdue']);
  });

  it('counts every working day as a duty to report does', () => {
    const [row] = packs.flatMap(({ rows }) => rows);
    const calendar = calendars.find(({ timeZone }) => timeZone === rule.timeZone) ?? null;
    fc.assert(
      fc.property(
        fc.integer({ min: at('2025-01-01T00:00:00'), max: at('2027-06-01T00:00:00') }),
        fc.integer({ min: 1, max: 60 }),
        (endedAtMs, days) => {
          const clocks = [{ start: { time: 'declared' }, limit: { kind: 'workingDays', days } }];
          const duty = reportRuleSchema.parse({ ...row, clocks, cadence: null, nonWorkingDayReliefUntil: null });
          const due = dueBy({ rule: duty, times: { declared: endedAtMs }, submittedAtMs: {}, timeZone: rule.timeZone, calendar });
          const [, , sign] = deadlinesOf(
            { state: 'ended', endedAtMs, afterwards: NOTHING_DONE },
            { ...rule, signWorkingDays: days },
            calendars,
            endedAtMs,
          );
          expect(sign).toMatchObject({ dueAtMs: due.dueAtMs, isCalendarUnknown: due.isCalendarUnknown });
        },
      ),
      { seed: 3, numRuns: 200 },
    );
    expect(DEADLINE_STAGES).toHaveLength(3);
  });
});
