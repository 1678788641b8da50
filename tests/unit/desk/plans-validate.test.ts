/** The check of the library: a fault put into a sound plan is found, and a plan that passes can be carried out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { isSettled } from '#shared/desk/plans/evolve';
import { planDifferences, planFromJson, planFromMarkdown, planToMarkdown } from '#shared/desk/plans/markdown';
import { type Plan, type PlanStep, planSchema } from '#shared/desk/plans/plan';
import { type PlanProblemCode, planProblems } from '#shared/desk/plans/validate';
import { bundledPlans, confirmed, planOf, Replica } from '#tests/helpers/plan-run';
import en from '../../../src-renderer/i18n/en/reasons.json' with { type: 'json' };
import zh from '../../../src-renderer/i18n/zh-CN/reasons.json' with { type: 'json' };

const around = { roles: Object.keys(bundledPlans.library.roles), planIds: bundledPlans.library.plans.map(({ id }) => id) };

function changed(no: number, change: Partial<PlanStep>, plan = planOf('EP-01')): Plan {
  return { ...plan, steps: plan.steps.map((step) => (step.no === no ? { ...step, ...change } : step)) };
}

function codes(plan: Plan): PlanProblemCode[] {
  return planProblems(plan, around).map(({ code }) => code);
}

const branch = (id: string, skips: number[]) => ({ id, label: id, label_zh: id, skips });

describe('the check of a plan', () => {
  it.each<[string, Plan, PlanProblemCode]>([
    ['a role nobody has', changed(1, { role: 'POPE' }), 'roleUnknown'],
    ['a kind nobody knows', changed(1, { kind: 'dance' }), 'kindUnknown'],
    ['a step that waits for one that is not there', changed(4, { after: [99] }), 'afterUnknown'],
    ['a step that waits for itself', changed(4, { after: [4] }), 'afterItself'],
    ['steps that wait for each other', changed(3, { after: [5] }), 'circle'],
    ['a hold of one signature', changed(9, { signatures: 1 }), 'holdNeedsTwo'],
    ['the same number twice', { ...planOf('EP-01'), steps: [...planOf('EP-01').steps, ...planOf('EP-01').steps.slice(0, 1)] }, 'numberTwice'],
    ['two branches of one name', changed(3, { branches: [branch('a', []), branch('a', [])] }), 'branchTwice'],
    ['a branch that leaves out what came before', changed(3, { branches: [branch('a', [1]), branch('b', [])] }), 'skipsEarlier'],
    ['a branch that leaves out itself', changed(3, { branches: [branch('a', [3]), branch('b', [])] }), 'skipsItself'],
    ['a branch that leaves out nothing known', changed(3, { branches: [branch('a', [77]), branch('b', [])] }), 'skipsUnknown'],
    ['a branch on which nothing is left to end with', changed(3, { branches: [branch('a', [2, 6, 11]), branch('b', [])] }), 'deadEnd'],
    ['a step that every branch leaves out', changed(3, { branches: [branch('a', [4]), branch('b', [4, 5])] }), 'unreachable'],
    ['a failure that goes back to what lies ahead', changed(4, { on_fail: [{ ...branch('a', []), returns_to: 9 }] }), 'returnsAhead'],
    ['a failure that goes back to nothing', changed(4, { on_fail: [{ ...branch('a', []), returns_to: 98 }] }), 'returnsUnknown'],
    [
      'a branch that begins a plan nobody has',
      changed(3, { branches: [{ ...branch('a', []), starts: ['EP-77'] }, branch('b', [])] }),
      'startsUnknown',
    ],
    ['a sensor the desk does not have', changed(1, { sensors: ['weather.rain'] }), 'sensorUnknown'],
    ['a step without words', changed(1, { action: ' ' }), 'textMissing'],
  ])('finds %s', (_what, plan, code) => {
    expect(codes(plan)).toContain(code);
  });

  it('passes only plans that people can carry out to the end, whatever they choose', () => {
    const plan = fc.integer({ min: 1, max: 9 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => stepOf(index + 1, count))));
    let passed = 0;
    fc.assert(
      fc.property(plan, fc.infiniteStream(fc.nat(7)), (steps, dice) => {
        const made = planSchema.parse({ ...planOf('EP-01'), id: 'FP-01', steps });
        if (codes(made).length > 0) return;
        passed += 1;
        const desk = new Replica().start(made);
        for (let turn = 0; turn < 60; turn += 1) {
          const step = desk.run.steps.find(({ state }) => state === 'ready' || state === 'reopened');
          if (step === undefined) break;
          const branches = made.steps.find(({ no }) => no === step.no)?.branches;
          const route = branches?.[dice.next().value % branches.length]?.id;
          const decision = desk.do({ type: 'completeStep', no: step.no, note: 'so', ...(route === undefined ? {} : { route }) });
          expect(isRefusal(decision)).toBe(false);
          if (desk.step(step.no).state === 'waitSecond') desk.do({ type: 'completeStep', no: step.no, confirmed: confirmed('p-b') });
        }
        expect(desk.run.steps.every(isSettled)).toBe(true);
        expect(desk.run.steps.some((step) => step.state === 'done')).toBe(true);
        expect(isRefusal(desk.do({ type: 'finish' }))).toBe(false);
      }),
      { seed: 21, numRuns: 600 },
    );
    expect(passed).toBeGreaterThan(50);
  });
});

/** Steps that may wait for any step, themselves and later ones too, and branches that may leave out any. */
function stepOf(no: number, count: number): fc.Arbitrary<PlanStep> {
  const number = fc.integer({ min: 1, max: count });
  const later = fc.integer({ min: Math.min(no + 1, count), max: count });
  const [model] = planOf('EP-01').steps;
  if (model === undefined) throw new Error('EP-01 has no steps');
  return fc
    .record({
      after: fc.uniqueArray(no === 1 ? fc.constant(1) : fc.integer({ min: 1, max: Math.max(1, no - 1) }), { maxLength: no === 1 ? 0 : 2 }),
      stray: fc.oneof({ arbitrary: fc.constant(null), weight: 30 }, { arbitrary: number, weight: 1 }),
      kind: fc.constantFrom('do', 'decide', 'hold point', 'notify'),
      skips: fc.option(fc.uniqueArray(fc.oneof({ arbitrary: later, weight: 8 }, { arbitrary: number, weight: 1 }), { maxLength: 2 }), { freq: 2 }),
      join: fc.constantFrom('all' as const, 'any' as const, undefined),
    })
    .map(({ after, stray, kind, skips, join }) => {
      const { sensors: _sensors, ...rest } = model;
      const isHold = kind === 'hold point';
      return {
        ...rest,
        no,
        kind,
        signatures: isHold ? 2 : 1,
        after: stray === null ? after : [...after, stray],
        ...(skips === null || isHold ? {} : { branches: [branch('first', skips), branch('second', [])] }),
        ...(join === undefined ? {} : { join }),
      };
    });
}

describe('a plan as Markdown', () => {
  it.each(bundledPlans.library.plans.map((plan) => [plan.id, plan] as const))('comes back as the same plan: %s', (_id, plan) => {
    const back = planFromMarkdown(planToMarkdown(plan));
    expect(back.ok ? planDifferences(plan, back.plan) : back).toEqual([]);
    expect(back).toEqual({ ok: true, plan });
  });

  it('keeps line breaks and backslashes in its texts', () => {
    const plan = changed(1, { action: 'first\nsecond \\ third\\n' });
    expect(planFromMarkdown(planToMarkdown(plan))).toEqual({ ok: true, plan });
  });

  it('says where a text cannot be read', () => {
    const text = planToMarkdown(planOf('EP-01'));
    const [line] = text.split('\n').flatMap((each, index) => (each.startsWith('- branches:') ? [index + 1] : []));
    const faultOf = (changedText: string) => {
      const read = planFromMarkdown(changedText);
      return read.ok ? null : read.fault;
    };
    expect(faultOf(text.replace('- branches: [', '- branches: [['))).toMatchObject({ code: 'unreadable', line, about: 'branches' });
    expect(faultOf(`${text}\nstray words`)).toMatchObject({ code: 'line', about: 'stray words' });
    expect(faultOf('# EP-01 nothing else')).toEqual({ code: 'missing', line: 0, step: null, about: 'title_zh' });
    expect(faultOf(text.replace(/(## 3 .*\n\n(?:- .*\n)*?)- action: .*\n/, '$1'))).toEqual({ code: 'missing', line: 0, step: 3, about: 'action' });
    expect(faultOf(text.replace('- signatures: 1', '- signatures: 7'))).toMatchObject({ code: 'shape', step: 1, about: 'signatures' });
  });

  it('says so too of JSON, and has words for every fault in both languages', () => {
    expect(planFromJson('{"id": ')).toMatchObject({ ok: false, fault: { code: 'json' } });
    expect(planFromJson('{"plan": {}}')).toMatchObject({ ok: false, fault: { code: 'missing', about: 'id' } });
    expect(planFromJson(JSON.stringify({ plan: planOf('EP-01') }))).toEqual({ ok: true, plan: planOf('EP-01') });
    for (const texts of [en, zh])
      expect(Object.keys(texts.planImport).sort()).toEqual(['json', 'line', 'missing', 'missingOfStep', 'shape', 'shapeOfStep', 'unreadable']);
  });

  it('shows a reviewer what changed, field by field', () => {
    expect(planDifferences(planOf('EP-01'), changed(4, { target: 'T+2:00' }))).toEqual([
      { no: 4, field: 'target', before: 'T+3:00', after: 'T+2:00' },
    ]);
  });
});
