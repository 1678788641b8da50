/** A condition can end only strictly outside of where it begins: whatever the figures do, none can stand on both sides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARISONS, comparisonsOf, type Expression, evaluate, faultOf } from '#shared/desk/rules/expression';

const METRICS = ['balance', 'available', 'positionProfit'] as const;
const comparison = fc.record({ metric: fc.constantFrom(...METRICS), is: fc.constantFrom(...COMPARISONS), value: fc.integer({ min: -5, max: 5 }) });
const expression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ),
})).tree;
const place = fc
  .tuple(...METRICS.map(() => fc.double({ min: -8, max: 8, noNaN: true })))
  .map((values) => new Map(METRICS.map((name, at) => [name as string, values[at] ?? 0])));
const at = (where: Map<string, number>) => (metric: string) => where.get(metric) ?? Number.NaN;

describe('exit inside enter', () => {
  it('lets no figures begin and end a condition at once, for every pair of trees that passes the check', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(expression, expression, fc.array(place, { minLength: 20, maxLength: 20 }), (enter, exit, places) => {
        fc.pre(faultOf(enter, exit) === null);
        for (const where of places) expect(evaluate(enter, at(where)) === true && evaluate(exit, at(where)) === true).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it('leaves a distance between them: no step smaller than the gap of one figure goes from one to the other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.double({ min: -12, max: 12, noNaN: true }),
        (enter, gap, value) => {
          const on: Expression = { metric: 'balance', is: 'atLeast', value: enter };
          const off: Expression = { metric: 'balance', is: 'below', value: enter - gap };
          expect(faultOf(on, off)).toBeNull();
          const near = value - gap * 0.999;
          expect(evaluate(on, () => value) === true && evaluate(off, () => near) === true).toBe(false);
        },
      ),
    );
  });

  it('finds what may never pass', () => {
    const above = (value: number): Expression => ({ metric: 'riskDegree', is: 'atLeast', value });
    const below = (value: number): Expression => ({ metric: 'riskDegree', is: 'below', value });
    expect(faultOf(above(1), below(1))).toBe('exitNotInside');
    expect(faultOf(above(1), below(1.2))).toBe('exitNotInside');
    expect(faultOf(above(1), { metric: 'balance', is: 'above', value: 5 })).toBe('exitNotInside');
    expect(faultOf(above(0.8), below(0))).toBe('exitNever');
    expect(faultOf({ all: [above(1), below(0.5)] }, below(0.2))).toBe('enterNever');
    expect(
      faultOf(
        { any: [above(1), { metric: 'balance', is: 'below', value: 0 }] },
        { all: [below(0.9), { metric: 'balance', is: 'above', value: 10 }] },
      ),
    ).toBeNull();
    expect(faultOf({ any: [above(1), { metric: 'balance', is: 'below', value: 0 }] }, below(0.9))).toBe('exitNotInside');
    const wide: Expression = { all: Array.from({ length: 8 }, (_, no) => ({ any: [above(no), above(no + 1), above(no + 2)] })) };
    expect(faultOf(wide, below(0.1))).toBe('tooManyParts');
  });
});

describe('a figure that is not known', () => {
  it('decides nothing by itself, and hides nothing that the others decide', () => {
    fc.assert(
      fc.property(expression, place, fc.constantFrom(...METRICS), (tree, where, missing) => {
        const known = evaluate(tree, at(where));
        const blind = evaluate(tree, at(new Map([...where, [missing, Number.NaN]])));
        // What is still told must be true whatever the missing figure was.
        if (blind !== null) expect(blind).toBe(known);
        if (comparisonsOf(tree).every(({ metric }) => metric === missing)) expect(blind).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
