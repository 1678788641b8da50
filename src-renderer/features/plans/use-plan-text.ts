/** Gives a plan's texts in the page's language; a switch of language shows at once. */
import type { Plan, PlanStep } from '#shared/desk/plans/plan';
import { usePreferences } from '../../state/preferences';
import { isPartlyEnglish, type PlanField, planText, type ShownText, type StepField, stepText } from './plan-text';

export type PlanTexts = {
  ofPlan(plan: Plan, field: PlanField): ShownText;
  ofStep(step: PlanStep, field: StepField): ShownText;
  /** True only on a Chinese page: the reader is then told why some of it is English. */
  needsEnglishNotice(plan: Plan): boolean;
};

export function usePlanText(): PlanTexts {
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return {
    ofPlan: (plan, field) => planText(plan, field, isChinese),
    ofStep: (step, field) => stepText(step, field, isChinese),
    needsEnglishNotice: (plan) => isChinese && isPartlyEnglish(plan),
  };
}
