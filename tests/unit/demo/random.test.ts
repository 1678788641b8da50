import { describe, expect, it } from 'vitest';
import { createRandom } from '#demo/random';

describe('seeded randomness', () => {
  it('says the same for the same seed and something else for the next', () => {
    const draw = (seed: number): number[] => Array.from({ length: 50 }, createRandom(seed).next);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('forks into independent generators that do not shift each other', () => {
    const plain = createRandom(3);
    const forked = createRandom(3);
    const branch = forked.fork('a');
    for (let index = 0; index < 10; index += 1) branch.next();
    expect(forked.next()).toBe(plain.next());
    expect(createRandom(3).fork('a').next()).not.toBe(createRandom(3).fork('b').next());
  });

  it('draws normals, arrivals and weighted picks with the moments they promise', () => {
    const random = createRandom(11);
    const count = 20_000;
    let sum = 0;
    let squares = 0;
    let arrivals = 0;
    const hits = [0, 0, 0];
    for (let index = 0; index < count; index += 1) {
      const value = random.normal();
      sum += value;
      squares += value * value;
      arrivals += random.poisson(2.5);
      const picked = random.pickWeighted([1, 1, 4]);
      hits[picked] = (hits[picked] ?? 0) + 1;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.03);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.05);
    expect(Math.abs(arrivals / count - 2.5)).toBeLessThan(0.05);
    // The middle entry adds nothing to the running total: it must never be picked.
    expect(hits[1]).toBe(0);
    expect((hits[0] ?? 0) / count).toBeCloseTo(0.25, 1);
  });
});
