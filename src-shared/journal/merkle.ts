/** The tree over a device's entry hashes (RFC 6962): one hash that stands for all of them, and short proofs about it. */

/** SHA-256 of bytes in lower-case hex; handed in, since this file runs anywhere. */
export type HashBytes = (bytes: Uint8Array) => string;

/** RFC 6962 section 2.1: leaves and inner nodes are hashed with different first bytes, so that neither can be passed off as the other. */
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const HASH_LENGTH = 32;

/** Hashes of leaves and nodes; every hash is 64 characters of lower-case hex, and a leaf's data is the 32 bytes that its hex stands for. */
export class TreeHasher {
  readonly #hash: HashBytes;
  readonly #leafBytes = new Uint8Array(1 + HASH_LENGTH);
  readonly #nodeBytes = new Uint8Array(1 + 2 * HASH_LENGTH);

  constructor(hash: HashBytes) {
    this.#hash = hash;
    this.#leafBytes[0] = LEAF_PREFIX;
    this.#nodeBytes[0] = NODE_PREFIX;
  }

  leaf(data: string): string {
    writeHex(data, this.#leafBytes, 1);
    return this.#hash(this.#leafBytes);
  }

  node(left: string, right: string): string {
    writeHex(left, this.#nodeBytes, 1);
    writeHex(right, this.#nodeBytes, 1 + HASH_LENGTH);
    return this.#hash(this.#nodeBytes);
  }

  /** The root of a tree without leaves: the hash of nothing. */
  empty(): string {
    return this.#hash(new Uint8Array(0));
  }
}

/**
 * A growing tree that keeps only what its next root needs: one hash per set bit of its size, so 20 for a million leaves. `parts[level]` is
 * the root of the full subtree of 2^level leaves, null where the size has no such bit.
 */
export class TreeFrontier {
  readonly #hasher: TreeHasher;
  #parts: (string | null)[];
  #size: number;

  constructor(hasher: TreeHasher, size = 0, parts: readonly (string | null)[] = []) {
    this.#hasher = hasher;
    this.#size = size;
    this.#parts = [...parts];
  }

  get size(): number {
    return this.#size;
  }

  get parts(): readonly (string | null)[] {
    return this.#parts;
  }

  copy(): TreeFrontier {
    return new TreeFrontier(this.#hasher, this.#size, this.#parts);
  }

  add(data: string): void {
    let carried = this.#hasher.leaf(data);
    let level = 0;
    for (let part = this.#parts[0]; part !== undefined && part !== null; part = this.#parts[level]) {
      carried = this.#hasher.node(part, carried);
      this.#parts[level] = null;
      level += 1;
    }
    this.#parts[level] = carried;
    this.#size += 1;
  }

  root(): string {
    let root: string | null = null;
    for (const part of this.#parts) {
      if (part !== null) root = root === null ? part : this.#hasher.node(part, root);
    }
    return root ?? this.#hasher.empty();
  }
}

/** Leaves `start` to `end - 1`, counted from 0. */
export type LeafRange = { start: number; end: number };

/** The largest power of two that is smaller than `count`; `count` is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** Whose subtree roots prove that leaf `index` is in the tree of `size` leaves, from the leaf upwards (RFC 6962 section 2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** Whose subtree roots prove that the tree of `first` leaves is the beginning of the one of `second` (RFC 6962 section 2.1.2). */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (!(first >= 0 && first <= second)) throw new RangeError(`a tree of ${first} is not the beginning of one of ${second}`);
  if (first === 0 || first === second) return [];
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = second;
  let isWholeFirst = true;
  while (first !== end) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
      isWholeFirst = false;
    }
  }
  // The subtree that ends where the first tree ends; when it is the whole first tree, whoever checks has its root already.
  if (!isWholeFirst) ranges.push({ start, end });
  return ranges.reverse();
}

/** The subtree roots of `ranges` in one pass over the leaves, in the order asked for. Leaves are read once, from 0 on, and none is kept. */
export function rootsOfRanges(hasher: TreeHasher, ranges: readonly LeafRange[], leaves: Iterable<string>): string[] {
  const frontiers = ranges.map(() => new TreeFrontier(hasher));
  let index = 0;
  for (const leaf of leaves) {
    ranges.forEach((range, place) => {
      if (index >= range.start && index < range.end) frontiers[place]?.add(leaf);
    });
    index += 1;
  }
  ranges.forEach((range, place) => {
    if (frontiers[place]?.size !== range.end - range.start) throw new RangeError(`leaves ${range.start} to ${range.end - 1} are not all there`);
  });
  return frontiers.map((frontier) => frontier.root());
}

/** The root that a leaf and its proof lead to, or null when the proof cannot belong to this place in a tree of this size. */
export function rootFromInclusion(hasher: TreeHasher, data: string, index: number, size: number, proof: readonly string[]): string | null {
  if (!(index >= 0 && index < size)) return null;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== proof.length) return null;
  let root = hasher.leaf(data);
  for (const [place, range] of ranges.entries()) {
    const sibling = proof[place] ?? '';
    root = range.start > index ? hasher.node(root, sibling) : hasher.node(sibling, root);
  }
  return root;
}

/** Whether the tree of `first` leaves with `firstRoot` is the beginning of the tree of `second` leaves with `secondRoot`. */
export function isConsistent(
  hasher: TreeHasher,
  first: number,
  second: number,
  firstRoot: string,
  secondRoot: string,
  proof: readonly string[],
): boolean {
  if (first < 0 || first > second) return false;
  if (first === second) return proof.length === 0 && firstRoot === secondRoot;
  if (first === 0) return proof.length === 0 && firstRoot === hasher.empty();
  const ranges = consistencyRanges(first, second);
  if (ranges.length !== proof.length) return false;
  // Both roots are built upwards from the subtree that ends where the first tree ends: what lies left of it is in both, what lies right in the second only.
  const hasOwnStart = ranges[0]?.end === first;
  let olderRoot = hasOwnStart ? (proof[0] ?? '') : firstRoot;
  let newerRoot = olderRoot;
  for (let place = hasOwnStart ? 1 : 0; place < ranges.length; place += 1) {
    const sibling = proof[place] ?? '';
    if ((ranges[place]?.start ?? 0) >= first) {
      newerRoot = hasher.node(newerRoot, sibling);
    } else {
      olderRoot = hasher.node(sibling, olderRoot);
      newerRoot = hasher.node(sibling, newerRoot);
    }
  }
  return olderRoot === firstRoot && newerRoot === secondRoot;
}

/** Without a branch per digit, which nobody can predict: a third of the time, three times per entry. Digits and `a` to `f` differ in bit 6. */
function writeHex(hex: string, into: Uint8Array, at: number): void {
  for (let place = 0; place < HASH_LENGTH; place += 1) {
    const high = hex.charCodeAt(place * 2);
    const low = hex.charCodeAt(place * 2 + 1);
    into[at + place] = (((high & 15) + (high >> 6) * 9) << 4) | ((low & 15) + (low >> 6) * 9);
  }
}
