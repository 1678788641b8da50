import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyRanges, inclusionRanges, isConsistent, rootFromInclusion, rootsOfRanges, TreeFrontier, TreeHasher } from '#shared/journal/merkle';

const hashBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hasher = new TreeHasher(hashBytes);
const leafOf = (number: number): string => hashBytes(new TextEncoder().encode(String(number)));
const leaves = Array.from({ length: 200 }, (_, index) => leafOf(index));

/** Word for word from RFC 6962 section 2.1, on bytes and without any of the code under test. */
function naiveRoot(data: readonly string[]): string {
  if (data.length === 0) return hashBytes(new Uint8Array(0));
  const [only] = data;
  if (data.length === 1) return hashBytes(Buffer.concat([Buffer.from([0]), Buffer.from(only ?? '', 'hex')]));
  let split = 1;
  while (split * 2 < data.length) split *= 2;
  const left = Buffer.from(naiveRoot(data.slice(0, split)), 'hex');
  const right = Buffer.from(naiveRoot(data.slice(split)), 'hex');
  return hashBytes(Buffer.concat([Buffer.from([1]), left, right]));
}

/** RFC 6962 section 2.1.1, PATH(m, D[n]). */
function naivePath(index: number, data: readonly string[]): string[] {
  if (data.length === 1) return [];
  let split = 1;
  while (split * 2 < data.length) split *= 2;
  return index < split
    ? [...naivePath(index, data.slice(0, split)), naiveRoot(data.slice(split))]
    : [...naivePath(index - split, data.slice(split)), naiveRoot(data.slice(0, split))];
}

/** RFC 6962 section 2.1.2, SUBPROOF(m, D[n], b). */
function naiveSubproof(first: number, data: readonly string[], isWhole: boolean): string[] {
  if (first === data.length) return isWhole ? [] : [naiveRoot(data)];
  let split = 1;
  while (split * 2 < data.length) split *= 2;
  return first <= split
    ? [...naiveSubproof(first, data.slice(0, split), isWhole), naiveRoot(data.slice(split))]
    : [...naiveSubproof(first - split, data.slice(split), false), naiveRoot(data.slice(0, split))];
}

const frontierOf = (size: number): TreeFrontier => {
  const frontier = new TreeFrontier(hasher);
  for (const leaf of leaves.slice(0, size)) frontier.add(leaf);
  return frontier;
};
const size = fc.integer({ min: 1, max: leaves.length });
const flipped = (hash: string, bit: number): string => {
  const bytes = Buffer.from(hash, 'hex');
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytes.toString('hex');
};

describe('the tree over entry hashes', () => {
  it('has the root that RFC 6962 defines, at every size up to 200', () => {
    const frontier = new TreeFrontier(hasher);
    expect(frontier.root()).toBe(naiveRoot([]));
    for (const [index, leaf] of leaves.entries()) {
      frontier.add(leaf);
      expect(frontier.size).toBe(index + 1);
      expect(frontier.root()).toBe(naiveRoot(leaves.slice(0, index + 1)));
    }
  });

  it('has the roots that can be reckoned by hand', () => {
    // Leaf data of 32 zero bytes: SHA-256(0x00 || data), and of two such leaves SHA-256(0x01 || leaf || leaf).
    const zero = '00'.repeat(32);
    const leaf = createHash('sha256').update(Buffer.alloc(33)).digest();
    const frontier = new TreeFrontier(hasher);
    frontier.add(zero);
    expect(frontier.root()).toBe(leaf.toString('hex'));
    frontier.add(zero);
    expect(frontier.root()).toBe(
      createHash('sha256')
        .update(Buffer.concat([Buffer.from([1]), leaf, leaf]))
        .digest('hex'),
    );
    expect(new TreeFrontier(hasher).root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('goes on from what was kept of it as if it had never stopped', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const kept = frontierOf(first);
        const continued = new TreeFrontier(hasher, kept.size, JSON.parse(JSON.stringify(kept.parts)) as (string | null)[]);
        for (const leaf of leaves.slice(first, second)) continued.add(leaf);
        expect(continued.root()).toBe(frontierOf(second).root());
      }),
      { seed: 6962, numRuns: 60 },
    );
  });
});

describe('the proof that an entry is in the record', () => {
  it('is the one of RFC 6962 and leads to the root, for any leaf of any tree', () => {
    fc.assert(
      fc.property(size, fc.nat(), (count, pick) => {
        const index = pick % count;
        const tree = leaves.slice(0, count);
        const proof = rootsOfRanges(hasher, inclusionRanges(index, count), tree);
        expect(proof).toEqual(naivePath(index, tree));
        expect(rootFromInclusion(hasher, leaves[index] ?? '', index, count, proof)).toBe(naiveRoot(tree));
      }),
      { seed: 6962, numRuns: 100 },
    );
  });

  it('leads elsewhere with another entry, another place, another length or any bit changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), fc.nat(), (count, pick, other, bit) => {
        const index = pick % count;
        const tree = leaves.slice(0, count);
        const root = naiveRoot(tree);
        const leaf = leaves[index] ?? '';
        const proof = rootsOfRanges(hasher, inclusionRanges(index, count), tree);
        const elsewhere = other % count;
        if (elsewhere !== index) {
          expect(rootFromInclusion(hasher, leaves[elsewhere] ?? '', index, count, proof)).not.toBe(root);
          expect(rootFromInclusion(hasher, leaf, elsewhere, count, proof)).not.toBe(root);
        }
        const place = other % proof.length;
        const forged = proof.map((hash, at) => (at === place ? flipped(hash, bit % 256) : hash));
        expect(rootFromInclusion(hasher, leaf, index, count, forged)).not.toBe(root);
        expect(rootFromInclusion(hasher, leaf, index, count, proof.slice(1))).toBeNull();
        expect(rootFromInclusion(hasher, leaf, count, count, proof)).toBeNull();
      }),
      { seed: 6962, numRuns: 100 },
    );
  });
});

describe('the proof that a record only grew', () => {
  it('is the one of RFC 6962 and holds between any two sizes', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const proof = rootsOfRanges(hasher, consistencyRanges(first, second), leaves.slice(0, second));
        expect(proof).toEqual(naiveSubproof(first, leaves.slice(0, second), true));
        expect(isConsistent(hasher, first, second, naiveRoot(leaves.slice(0, first)), naiveRoot(leaves.slice(0, second)), proof)).toBe(true);
      }),
      { seed: 6962, numRuns: 150 },
    );
    expect(isConsistent(hasher, 0, 5, naiveRoot([]), naiveRoot(leaves.slice(0, 5)), [])).toBe(true);
  });

  it('does not hold when what was there before was changed, or when a bit of the proof was', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), (a, b, at, bit) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const rewritten = leaves.slice(0, second);
        rewritten[at % first] = flipped(rewritten[at % first] ?? '', bit % 256);
        const firstRoot = naiveRoot(leaves.slice(0, first));
        const proof = rootsOfRanges(hasher, consistencyRanges(first, second), rewritten);
        expect(isConsistent(hasher, first, second, firstRoot, naiveRoot(rewritten), proof)).toBe(false);
        const honest = rootsOfRanges(hasher, consistencyRanges(first, second), leaves.slice(0, second));
        if (honest.length === 0) return;
        const place = at % honest.length;
        const forged = honest.map((hash, index) => (index === place ? flipped(hash, bit % 256) : hash));
        expect(isConsistent(hasher, first, second, firstRoot, naiveRoot(leaves.slice(0, second)), forged)).toBe(false);
        expect(isConsistent(hasher, first, second, firstRoot, naiveRoot(leaves.slice(0, second)), honest.slice(1))).toBe(false);
      }),
      { seed: 6962, numRuns: 60 },
    );
    expect(isConsistent(hasher, 5, 4, naiveRoot([]), naiveRoot([]), [])).toBe(false);
  });

  it('says so when leaves are missing, instead of making up a root', () => {
    expect(() => rootsOfRanges(hasher, inclusionRanges(3, 10), leaves.slice(0, 9))).toThrow(RangeError);
    expect(() => inclusionRanges(10, 10)).toThrow(RangeError);
    expect(() => consistencyRanges(11, 10)).toThrow(RangeError);
  });
});
