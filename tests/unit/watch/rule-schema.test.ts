/** A rule that nobody can answer, or that flaps on its own threshold, must not get into the product. */
import { describe, expect, it } from 'vitest';
import { bundledRulePack, readRulePack } from '#engine/watch/watch';
import riskLevels from '../../../resources/risk-levels.json' with { type: 'json' };

const rule = () => structuredClone(bundledRulePack().rules[0]);

describe('a rule pack', () => {
  it('that is bundled passes its own schema', () => {
    expect(bundledRulePack().rules.map((one) => one.kind)).toContain('riskLevel');
  });

  it('is refused when a rule has no response for a person', () => {
    expect(() => readRulePack({ schema: 'floorwatch-rules/1', rules: [{ ...rule(), response: '' }] })).toThrow(/without a response/);
  });

  it('is refused when exit is not strictly inside enter', () => {
    const flapping = rule();
    const first = flapping?.thresholds[0];
    if (flapping === undefined || first === undefined) throw new Error('the bundled rule has no rung');
    first.exit = first.enter;
    expect(() => readRulePack({ schema: 'floorwatch-rules/1', rules: [flapping] })).toThrow(/strictly inside/);
  });

  it('is refused when a critical alert could be held back', () => {
    expect(() => readRulePack({ schema: 'floorwatch-rules/1', rules: [{ ...rule(), onDelayMs: 6000 }] })).toThrow(/critical/);
  });

  it('raises at the same degrees at which the screen shows the level', () => {
    const basis = { riskDegree: 'company', exchangeRiskDegree: 'exchange' } as Record<string, string>;
    const rungs =
      bundledRulePack()
        .rules.find((one) => one.kind === 'riskLevel')
        ?.thresholds.filter((rung) => rung.metric !== 'balance') ?? [];
    const shown = riskLevels.rows.map((row) => [row.level, row.basis, row.enterDegree]);
    expect(rungs.map((rung) => [rung.name, basis[rung.metric], rung.enter])).toEqual(shown);
  });
});
