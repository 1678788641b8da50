/** Chooses between a plan's two languages and knows where only English exists: runs keep the plan they began with, and early plans had no Chinese. */
import type { Plan, PlanStep } from '#shared/desk/plans/plan';

const PLAN_FIELDS = ['scope', 'triggers', 'immediate_actions', 'exit_criteria', 'reporting_note'] as const;
const STEP_FIELDS = ['target', 'action', 'evidence', 'decision'] as const;
export type PlanField = (typeof PLAN_FIELDS)[number];
export type StepField = (typeof STEP_FIELDS)[number];
export type ShownText = { text: string; lang: 'zh-CN' | 'en' };

export function planText(plan: Plan, field: PlanField, isChinese: boolean): ShownText {
  return chosen(plan[field], plan[`${field}_zh`], isChinese);
}

/** Empty where the step has no such text. */
export function stepText(step: PlanStep, field: StepField, isChinese: boolean): ShownText {
  return chosen(step[field], step[`${field}_zh`], isChinese);
}

/** Whether any text of the plan lacks its Chinese. A decision that a step does not have lacks nothing. */
export function isPartlyEnglish(plan: Plan): boolean {
  return (
    PLAN_FIELDS.some((field) => plan[`${field}_zh`] === undefined) ||
    plan.steps.some((step) => STEP_FIELDS.some((field) => step[field] !== null && (step[`${field}_zh`] ?? null) === null))
  );
}

/** `lang` says which language it became: a text without Chinese stays English on a Chinese page. */
function chosen(english: string | null, chinese: string | null | undefined, isChinese: boolean): ShownText {
  return isChinese && chinese !== undefined && chinese !== null ? { text: chinese, lang: 'zh-CN' } : { text: english ?? '', lang: 'en' };
}
