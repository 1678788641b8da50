/** By when a drill has its hot-wash, its report in draft and its report signed: dated rows in working days, counted as the reporting clock counts them. */
import { z } from 'zod';
import type { DrillResult } from '#shared/desk/drills/result';
import { endOfWorkingDay } from '#shared/desk/reporting/due';
import type { WorkingCalendar } from '#shared/desk/reporting/rule-pack';
import { certaintySchema } from '#shared/feed/items';

/** 0: by the end of the day of the drill itself. */
const workingDays = z.number().int().min(0).max(60);
export const deadlineRuleSchema = z.object({
  effectiveFrom: z.string().regex(/^\d{8}$/),
  citation: z.string().min(1).max(600),
  citationZh: z.string().min(1).max(600),
  certainty: certaintySchema,
  timeZone: z.string().min(1).max(60),
  hotwashWorkingDays: workingDays,
  draftWorkingDays: workingDays,
  signWorkingDays: workingDays,
});
export type DeadlineRule = z.infer<typeof deadlineRuleSchema>;

export const DEADLINE_STAGES = ['hotwash', 'draft', 'sign'] as const;
type DeadlineStage = (typeof DEADLINE_STAGES)[number];

export type Deadline = {
  stage: DeadlineStage;
  workingDays: number;
  /** The first instant that is too late. */
  dueAtMs: number;
  /** The last day that is not, in the rule's zone: `2026-01-31`. */
  dueDay: string;
  /** Null: not yet, or done at a time that nobody kept. */
  doneAtMs: number | null;
  standing: 'open' | 'overdue' | 'inTime' | 'late' | 'timeUnknown';
  /** Working days were counted past the calendar: holidays and shifted weekends there are not known. */
  isCalendarUnknown: boolean;
};

export type DrillWithReport = Pick<DrillResult, 'state' | 'endedAtMs' | 'afterwards'>;

const AFTER_HOTWASH = new Set<DrillResult['state']>(['hotwash', 'aarDraft', 'aarSigned', 'actionsOpen', 'closed']);
const AFTER_DRAFT = new Set<DrillResult['state']>(['aarDraft', 'aarSigned', 'actionsOpen', 'closed']);
const AFTER_SIGN = new Set<DrillResult['state']>(['aarSigned', 'actionsOpen', 'closed']);

/** None before the end, and none for a drill that was broken off and closed without a report. */
export function deadlinesOf(drill: DrillWithReport, rule: DeadlineRule, calendars: readonly WorkingCalendar[], nowMs: number): Deadline[] {
  const { state, endedAtMs, afterwards } = drill;
  if (endedAtMs === null || (state === 'closed' && afterwards.signedAtMs === null && afterwards.hotwashAtMs === null)) return [];
  const calendar = calendars.find(({ timeZone }) => timeZone === rule.timeZone) ?? null;
  const stages = [
    { stage: 'hotwash', days: rule.hotwashWorkingDays, doneAtMs: afterwards.hotwashAtMs, isDone: AFTER_HOTWASH.has(state) },
    { stage: 'draft', days: rule.draftWorkingDays, doneAtMs: afterwards.draftedAtMs, isDone: AFTER_DRAFT.has(state) },
    { stage: 'sign', days: rule.signWorkingDays, doneAtMs: afterwards.signedAtMs, isDone: AFTER_SIGN.has(state) },
  ] as const;
  return stages.map(({ stage, days, doneAtMs, isDone }) => {
    const due = endOfWorkingDay(endedAtMs, days, rule.timeZone, calendar);
    return { stage, workingDays: days, ...due, doneAtMs, standing: standingOf(doneAtMs, isDone, due.dueAtMs, nowMs) };
  });
}

function standingOf(doneAtMs: number | null, isDone: boolean, dueAtMs: number, nowMs: number): Deadline['standing'] {
  if (doneAtMs !== null) return doneAtMs < dueAtMs ? 'inTime' : 'late';
  if (isDone) return 'timeUnknown';
  return nowMs < dueAtMs ? 'open' : 'overdue';
}
