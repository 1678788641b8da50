import { describe, expect, it } from 'vitest';
import { cutSignatures } from '#tests/faults/sign-kills';

describe('a crash between any two writes of signing a step', () => {
  it('leaves the step wholly signed or not signed', async () => {
    const outcome = await cutSignatures(30, 3);
    expect(outcome.faults).toEqual([]);
    // Both ends were met, or the sample showed nothing.
    expect(outcome.signed).toBeGreaterThan(2);
    expect(outcome.notSigned).toBeGreaterThan(5);
  }, 120_000);
});
