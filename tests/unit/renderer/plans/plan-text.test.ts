/** What a Chinese and an English page show of a plan, also of one from before plans had Chinese texts. */
import { describe, expect, it } from 'vitest';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { type Plan, planSchema } from '#shared/desk/plans/plan';
import { RESOURCES } from '#tests/integration/journal/helpers';
import { isPartlyEnglish, planText, stepText } from '../../../../src-renderer/features/plans/plan-text';

const plans: readonly Plan[] = loadPlans(RESOURCES).library.plans;

/** The plan as an earlier version wrote it into a run: titles in both languages, everything else in English. */
function olderPlan(plan: Plan): Plan {
  const older = structuredClone(plan) as Record<string, unknown> & { steps: Record<string, unknown>[] };
  for (const source of [older, ...older.steps])
    for (const key of Object.keys(source)) if (key.endsWith('_zh') && key !== 'title_zh') delete source[key];
  return planSchema.parse(older);
}

describe("a plan's text", () => {
  it.each(plans.map((plan) => [plan.id, plan] as const))(
    '%s is wholly Chinese on a Chinese page and wholly English on an English one',
    (_id, plan) => {
      expect(isPartlyEnglish(plan)).toBe(false);
      for (const field of ['scope', 'triggers', 'immediate_actions', 'exit_criteria', 'reporting_note'] as const) {
        expect(planText(plan, field, true)).toEqual({ text: plan[`${field}_zh`], lang: 'zh-CN' });
        expect(planText(plan, field, false)).toEqual({ text: plan[field], lang: 'en' });
      }
      for (const step of plan.steps)
        for (const field of ['target', 'action', 'evidence', 'decision'] as const) {
          expect(stepText(step, field, true).text).toBe(step[`${field}_zh`] ?? '');
          expect(stepText(step, field, false).text).toBe(step[field] ?? '');
          if (step[field] !== null) expect(stepText(step, field, true).lang).toBe('zh-CN');
        }
    },
  );

  it.each(plans.map((plan) => [plan.id, plan] as const))('%s of an earlier version stays readable in English and says so', (_id, plan) => {
    const older = olderPlan(plan);
    expect(isPartlyEnglish(older)).toBe(true);
    expect(planText(older, 'scope', true)).toEqual({ text: plan.scope, lang: 'en' });
    for (const step of older.steps) expect(stepText(step, 'action', true)).toEqual({ text: step.action, lang: 'en' });
  });

  it('is called partly English for a single missing text, not for a decision that a step does not have', () => {
    const plan = plans[0] as Plan;
    const [first, ...rest] = plan.steps;
    expect(first?.decision).toBeNull();
    const { evidence_zh, ...withoutEvidence } = first as Plan['steps'][number];
    expect(evidence_zh).not.toBe('');
    expect(isPartlyEnglish({ ...plan, steps: [withoutEvidence, ...rest] })).toBe(true);
  });
});
