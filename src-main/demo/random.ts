/** Seeded randomness for the demonstration broker: the same seed gives the same broker, on every machine, for ever. */

export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [from, to). */
  range(from: number, to: number): number;
  /** Whole number in [from, to], both ends included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** How many arrivals when `mean` are expected. */
  poisson(mean: number): number;
  pick<T>(list: readonly T[]): T;
  /** Index chosen in proportion to the running totals of the weights. */
  pickWeighted(cumulativeWeights: ArrayLike<number>): number;
  /** An independent generator: adding draws to one purpose must not shift the others. */
  fork(label: string): Random;
};

function hashLabel(seed: number, label: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < label.length; i += 1) {
    hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}

/** sfc32 (Chris Doty-Humphrey, PractRand, public domain), warmed up so that near seeds part at once. */
export function createRandom(seed: number): Random {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88 ^ Math.floor(seed / 2 ** 32);
  let d = 1;
  let spareNormal: number | null = null;

  function next(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  }
  for (let i = 0; i < 16; i += 1) next();

  function normal(): number {
    if (spareNormal !== null) {
      const value = spareNormal;
      spareNormal = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  function poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let product = next();
    let count = 0;
    while (product > limit) {
      product *= next();
      count += 1;
    }
    return count;
  }

  function pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(next() * list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  function pickWeighted(cumulativeWeights: ArrayLike<number>): number {
    const last = cumulativeWeights.length - 1;
    const target = next() * (cumulativeWeights[last] ?? 0);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulativeWeights[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    next,
    range: (from, to) => from + (to - from) * next(),
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    normal,
    poisson,
    pick,
    pickWeighted,
    fork: (label) => createRandom(hashLabel(seed >>> 0, label) + (seed >>> 0) * 4096),
  };
}
