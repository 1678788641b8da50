/** Who has to agree to what, as dated rows: which row holds on a day, and when a review is due. */
import { z } from 'zod';
import { APPROVAL_POLICY_IDS, type ApprovalPolicyId } from '#shared/contract/access-rule';
import { functionNameSchema } from '#shared/desk/people/functions';

const effectiveFrom = z.string().regex(/^\d{8}$/);
const sourced = { effectiveFrom, citation: z.string().min(1), certainty: z.enum(['verified', 'secondary', 'proposal', 'unconfirmed']) };

const stageSchema = z.object({
  stageId: z.string().regex(/^[a-zA-Z]{1,32}$/),
  /** Different humans, of whom none has agreed in an earlier stage. */
  needed: z.number().int().min(1).max(9),
  /** A checker of this stage has all of them. */
  functions: z.array(functionNameSchema).min(1).max(8),
});
export const policySchema = z.object({
  policyId: z.enum(APPROVAL_POLICY_IDS),
  version: z.number().int().min(1),
  stages: z.array(stageSchema).min(1).max(5),
  lifeMinutes: z.number().int().min(1),
  /** Only what hands out at least so many rows at once; left out, everything that names the policy. */
  fromRows: z.number().int().min(1).optional(),
  canBreakGlass: z.boolean(),
  ...sourced,
});
export type ApprovalPolicy = z.infer<typeof policySchema>;
export type ApprovalStage = z.infer<typeof stageSchema>;

const breakGlassRuleSchema = z.object({
  version: z.number().int().min(1),
  lifeMinutes: z.number().int().min(1),
  /** The review is due this many business days later, at `reviewHour` local time. */
  reviewBusinessDays: z.number().int().min(1),
  /** Days of the week on which nobody reviews; 0 is Sunday. */
  restDays: z.array(z.number().int().min(0).max(6)).max(6),
  reviewHour: z.number().int().min(0).max(23),
  ...sourced,
});
export type BreakGlassRule = z.infer<typeof breakGlassRuleSchema>;

export const policyBookSchema = z.object({
  note: z.string(),
  policies: z.array(policySchema),
  breakGlass: z.array(breakGlassRuleSchema).min(1),
});
export type PolicyBook = z.infer<typeof policyBookSchema>;

/** The row in force at this time, by the desk's own day; null when none is: then nothing may pass. */
export function policyAt(book: PolicyBook, policyId: ApprovalPolicyId, atMs: number): ApprovalPolicy | null {
  return (
    newestBy(
      book.policies.filter((row) => row.policyId === policyId),
      atMs,
    ) ?? null
  );
}

export function breakGlassRuleAt(book: PolicyBook, atMs: number): BreakGlassRule | null {
  return newestBy(book.breakGlass, atMs) ?? null;
}

/** When a review of what happened now is due, in epoch milliseconds; local time, as people read it. */
export function reviewDueAtMs(rule: BreakGlassRule, atMs: number): number {
  const due = new Date(atMs);
  for (let left = rule.reviewBusinessDays; left > 0; ) {
    due.setDate(due.getDate() + 1);
    if (!rule.restDays.includes(due.getDay())) left -= 1;
  }
  due.setHours(rule.reviewHour, 0, 0, 0);
  return due.getTime();
}

function newestBy<Row extends { effectiveFrom: string; version: number }>(rows: readonly Row[], atMs: number): Row | undefined {
  const day = localDay(atMs);
  return rows
    .filter((row) => row.effectiveFrom <= day)
    .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom) || a.version - b.version)
    .at(-1);
}

function localDay(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}${String(date.getMonth() + 1).padStart(2, '0')}${String(date.getDate()).padStart(2, '0')}`;
}
