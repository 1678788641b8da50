/** A rule that nobody can answer, or that flaps on its own threshold, must not get into the product. */
import { describe, expect, it } from 'vitest';
import { BUNDLED_LEVELS } from '#engine/book/bundled-levels';
import { bundledRules, readRules } from '#engine/watch/bundled-rules';
import { bundledRulePack } from '#engine/watch/watch';
import type { FigureRule } from '#shared/desk/rules/rule';

function rule(): FigureRule {
  const [first] = bundledRules();
  if (first?.watches !== 'figures') throw new Error('the first bundled rule watches figures');
  return structuredClone(first);
}
const pack = (...rules: unknown[]) => ({ schema: 'floorwatch-rules/2', rules });

describe('a rule pack', () => {
  it('that is bundled passes its own schema, with a response in both languages for each rule', () => {
    expect(bundledRulePack().rules.map((one) => one.kind)).toContain('riskLevel');
    for (const { response } of bundledRules()) expect([response['zh-CN'].length > 10, response.en.length > 10]).toEqual([true, true]);
  });

  it('says the limit of a difference from the counter in Chinese as in English: two cents', () => {
    const citations = bundledRules()
      .filter(({ ruleId }) => ruleId === 'counter-residual')
      .flatMap((one) => ('rungs' in one ? one.rungs : []))
      .map(({ citation, citationZh }) => [/two cents/.test(citation), /两分（0\.02）/.test(citationZh ?? '')]);
    expect(citations).toEqual([[true, true]]);
  });

  it('is refused when a rule has no response for a person', () => {
    expect(() => readRules(pack({ ...rule(), response: { 'zh-CN': '看', en: ' ' } }))).toThrow(/response/);
  });

  it('is refused when exit is not strictly inside enter', () => {
    const flapping = rule();
    for (const rung of flapping.rungs) if ('metric' in rung.enter && 'metric' in rung.exit) rung.exit.value = rung.enter.value;
    expect(() => readRules(pack(flapping))).toThrow(/strictly inside/);
  });

  it('is refused when a critical alert could be held back', () => {
    expect(() => readRules(pack({ ...rule(), onDelayMs: 6000 }))).toThrow(/critical/);
  });

  it('is refused when a figure does not belong to what it watches, or lacks a number it needs', () => {
    const wrong = rule();
    wrong.rungs = wrong.rungs.slice(0, 1).map((rung) => ({
      ...rung,
      enter: { metric: 'limitNearness', is: 'atLeast', value: 0.9 },
      exit: { metric: 'limitNearness', is: 'below', value: 0.8 },
    }));
    expect(() => readRules(pack(wrong))).toThrow(/no figure of account is called limitNearness/);
    const incomplete = rule();
    incomplete.rungs = incomplete.rungs.slice(0, 1).map((rung) => ({
      ...rung,
      enter: { metric: 'fundsOutShare', is: 'atLeast', value: 0.9 },
      exit: { metric: 'fundsOutShare', is: 'below', value: 0.8 },
    }));
    expect(() => readRules(pack(incomplete))).toThrow(/is needed for fundsOutShare/);
  });

  it('is refused when a higher rung does not lie beyond the one before it, or a version ends before it begins', () => {
    const falling = rule();
    falling.rungs = [falling.rungs[1], falling.rungs[0]].flatMap((one) => one ?? []);
    expect(() => readRules(pack(falling))).toThrow(/beyond the rung before/);
    expect(() => readRules(pack({ ...rule(), effectiveFrom: '20260102', effectiveTo: '20260101' }))).toThrow(/effectiveTo/);
  });

  it('raises at the same degrees at which the screen shows the level', () => {
    const rungs =
      bundledRulePack()
        .rules.find((one) => one.kind === 'riskLevel')
        ?.thresholds.filter((rung) => rung.metric !== 'balance') ?? [];
    expect(rungs.map((rung) => [rung.name, rung.enter])).toEqual(BUNDLED_LEVELS.map((row) => [row.level, row.enterDegree]));
  });
});
