/** The waves in which a plan's steps are shown: nothing before what it waits for, nothing lost, circles survived. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLibrarySchema } from '#shared/desk/plans/plan';
import { stepWaves } from '../../../../src-renderer/features/plans/step-order';

const library = planLibrarySchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../../resources/plans/plans.json'), 'utf8')));

function expectOrdered(steps: { no: number; after: number[] }[]): void {
  const waves = stepWaves(steps);
  expect(
    waves
      .flat()
      .map((step) => step.no)
      .sort((a, b) => a - b),
  ).toEqual(steps.map((step) => step.no).sort((a, b) => a - b));
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map((step) => [step.no, index] as const)));
  for (const step of steps) for (const before of step.after) expect(waveOf.get(before) ?? -1).toBeLessThan(waveOf.get(step.no) ?? -1);
}

describe('stepWaves', () => {
  it.each(library.plans.map((plan) => [plan.id, plan] as const))('orders %s', (_, plan) => {
    expectOrdered(plan.steps);
  });

  it('orders any plan without circles', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { maxLength: 20 }), (afters) => {
        expectOrdered(
          afters.map((after, index) => ({ no: index + 1, after: [...new Set(after.map((each) => each + 1).filter((each) => each <= index))] })),
        );
      }),
    );
  });

  it('shows every step even of a plan that goes in a circle', () => {
    const waves = stepWaves([
      { no: 1, after: [2] },
      { no: 2, after: [1] },
    ]);
    expect(waves.flat()).toHaveLength(2);
  });
});
