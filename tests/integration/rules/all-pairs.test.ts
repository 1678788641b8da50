/**
 * A part of the proof in tests/prove/rule-pairs.ts: whatever is set together, a rule is refused by a field that it names, or says on which days it holds,
 * or raises an alert that is told. None is accepted and then silent.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { endTrials, isSilence, pairTrials, tryOut } from '#tests/helpers/rule-pairs';

afterAll(endTrials);

describe('pairs of settings of a rule on figures', () => {
  it('end in an alert that is told, in a refusal that names its field, or in words that say when it holds', { timeout: 240_000 }, async () => {
    const { any, inForce } = pairTrials(1, 20);
    const sample = [...any.filter((_, at) => at % 20 === 0), ...inForce.filter((_, at) => at % 8 === 0)];
    const answers = new Map<string, number>();
    const faults: unknown[] = [];
    for (const [no, settings] of sample.entries()) {
      const { answer, why } = await tryOut(settings, no);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      if (isSilence(answer)) faults.push({ answer, why, ...settings });
    }
    expect(faults).toEqual([]);
    // The sample reaches what it is to show.
    expect(answers.get('told')).toBeGreaterThan(5);
    expect(answers.get('toldAfterSuppression')).toBeGreaterThan(2);
    expect(answers.get('refused')).toBeGreaterThan(5);
  });
});
