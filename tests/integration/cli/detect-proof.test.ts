/** A small sample of `npm run prove detectors`, on a seed that no threshold was tuned on. */
import { describe, expect, it } from 'vitest';
import { proveDetectors } from '#tests/prove/detectors';

describe('on a generated day nobody tuned them on', () => {
  it('detectors find what was played, accuse nobody else, and count as a plain recount does', () => {
    const proof = proveDetectors([301], 12, () => undefined);
    expect(proof.recountDifferences).toEqual([]);
    expect(proof.shortOfAim).toEqual([]);
    const expected = proof.scores.filter((score) => score.expected > 0).map((score) => score.detector);
    expect(expected).toEqual(
      expect.arrayContaining(['selfTrade', 'frequentCancel', 'largeCancel', 'spoofing', 'layering', 'ramping', 'washTrade', 'markingTheClose']),
    );
  }, 120_000);
});
