/** A reporting duty of one incident: which row asks for it, where it stands, what was sent; and which duties an incident has at all. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import {
  type EventKind,
  GRADES,
  type Grade,
  type Licence,
  type ReportRule,
  type RulePack,
  reportRuleSchema,
  type StandingDuty,
} from '#shared/desk/reporting/rule-pack';

/**
 * `proposed`: the row is not verified, Compliance has to arm it (its clock runs all the same). Overdue is derived from the deadline, never
 * stored. A duty that a regrade ended stays, stood down, with everything that was sent.
 */
export const dutyStateSchema = z.enum(['proposed', 'armed', 'drafted', 'approved', 'sent', 'received', 'waived', 'stoodDown']);
export type DutyState = z.infer<typeof dutyStateSchema>;

export const submissionSchema = z.object({
  atMs: z.number(),
  recordedAtMs: z.number(),
  by: z.string(),
  channel: z.string().max(32),
  /** What proves it: a call's number and answering person, a portal's receipt, a file by its hash. */
  proof: z.string().max(2000),
  isLateByMs: z.number().nullable(),
});

export const dutySchema = z.object({
  dutyId: z.string().min(3).max(64),
  packId: z.string(),
  timeZone: z.string(),
  rule: reportRuleSchema,
  state: dutyStateSchema,
  openedAtMs: z.number(),
  armedBy: z.string().nullable(),
  draft: z.record(z.string(), z.string().max(4000)).nullable(),
  draftedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  submissions: z.array(submissionSchema),
  receipt: z.object({ atMs: z.number(), reference: z.string().max(200), person: z.string().max(200) }).nullable(),
  waiver: z.object({ reason: z.string().max(2000), by: z.string(), secondPerson: z.string() }).nullable(),
  stoodDownReason: z.string().max(400).nullable(),
});
export type Duty = z.infer<typeof dutySchema>;

/** What the firm is: asked before any event, because another licence's duty looks right and is wrong. */
export type FirmProfile = { licences: readonly Licence[]; isCriticalInfrastructure: boolean | null };

export type ReportableEvent = {
  eventKind: EventKind;
  /** Null: not graded yet, so that it may be any grade. */
  grade: Grade | null;
  isClassifiedMajor: boolean | null;
  /** The moment that decides which rows are in force. */
  atMs: number;
};

export type WantedDuty = { packId: string; timeZone: string; rule: ReportRule };

/** Every row that asks something of this firm for this event, in the packs' order. A question that nobody answered yet counts as asked for. */
export function wantedDuties(packs: readonly RulePack[], firm: FirmProfile, event: ReportableEvent): WantedDuty[] {
  return packs
    .filter((pack) => pack.licences.some((licence) => firm.licences.includes(licence)))
    .flatMap(({ packId, timeZone, rows }) => {
      const day = Temporal.Instant.fromEpochMilliseconds(event.atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
      return rows
        .filter((rule) => rule.effectiveFrom <= day && (rule.effectiveTo === null || day <= rule.effectiveTo) && isAsked(rule, firm, event))
        .map((rule) => ({ packId, timeZone, rule }));
    });
}

/** What holds for this firm beside the reports, on the day of `atMs` in each pack's zone. */
export function standingDuties(packs: readonly RulePack[], { licences }: FirmProfile, atMs: number): StandingDuty[] {
  return packs
    .filter((pack) => pack.licences.some((licence) => licences.includes(licence)))
    .flatMap(({ timeZone, standing }) => {
      const day = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
      return standing.filter(({ effectiveFrom }) => effectiveFrom <= day);
    });
}

function isAsked({ trigger }: ReportRule, firm: FirmProfile, event: ReportableEvent): boolean {
  const { kinds, minGrade, isCriticalInfrastructure, isClassifiedMajor } = trigger;
  if (kinds !== null && !kinds.includes(event.eventKind)) return false;
  if (minGrade !== null && event.grade !== null && GRADES.indexOf(event.grade) < GRADES.indexOf(minGrade)) return false;
  if (isCriticalInfrastructure !== null && firm.isCriticalInfrastructure !== null && firm.isCriticalInfrastructure !== isCriticalInfrastructure)
    return false;
  return isClassifiedMajor === null || event.isClassifiedMajor === isClassifiedMajor;
}
