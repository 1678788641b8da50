/** Makes the proof of one entry from a journal file, in the tree of the witness that is worth most. */
import { sha256, sha256Bytes } from '#engine/store/hash';
import type { JournalReads, RawEntryRow } from '#engine/store/journal-reader';
import { entryOfRow } from '#engine/store/journal-rows';
import { ENTRY_PROOF_KIND, type EntryProof, faultOfProof } from '#shared/journal/entry-proof';
import { inclusionRanges, rootsOfRanges, TreeFrontier, TreeHasher } from '#shared/journal/merkle';
import type { WitnessBook, WitnessKind } from '#shared/journal/witness';

/**
 * Null when there is no such entry, or when its proof does not hold (the file is damaged: verify it). Reads the device's entry hashes once; memory
 * does not grow with them.
 */
export function proveEntry(reader: JournalReads, sequence: number, book: WitnessBook): EntryProof | null {
  const row = reader.entryAt(sequence);
  if (row === null) return null;
  const size = provedSize(reader, row, book);
  const ranges = inclusionRanges(row.deviceSeq - 1, size);
  const hasher = new TreeHasher(sha256Bytes);
  const tree = new TreeFrontier(hasher);
  const path = rootsOfRanges(hasher, ranges, addingTo(tree, reader.entryHashesOf(row.device, size)));
  const treeSequence = reader.sequenceOf(row.device, size);
  const proof: EntryProof = { kind: ENTRY_PROOF_KIND, version: 1, entry: entryOfRow(row), size, root: tree.root(), treeSequence, path };
  return faultOfProof(proof, sha256, sha256Bytes) === null ? proof : null;
}

function* addingTo(tree: TreeFrontier, hashes: Iterable<string>): Generator<string> {
  for (const hash of hashes) {
    tree.add(hash);
    yield hash;
  }
}

/** The first size after the entry that somebody outside vouches for, else the witness file, else the journal itself, else all there is. */
function provedSize(reader: JournalReads, row: RawEntryRow, book: WitnessBook): number {
  const held = reader.countOf(row.device);
  const fits = (size: number): boolean => size >= row.deviceSeq && size <= held;
  const printed = book.allFingerprints().flatMap(({ sequence }) => {
    const last = reader.deviceSeqOf(sequence);
    return last !== null && last.device === row.device && fits(last.deviceSeq) ? [last.deviceSeq] : [];
  });
  const stated = (kind: WitnessKind): number[] =>
    book.sizesOf(row.device).filter((size) => {
      if (!fits(size)) return false;
      return book.statementsAt(row.device, size).some(({ witnesses }) => witnesses.some((witness) => witness.kind === kind));
    });
  const byWorth = [[...printed, ...stated('outside')], stated('beside'), stated('file')];
  return smallestOf(byWorth.find((sizes) => sizes.length > 0) ?? [held]);
}

function smallestOf(sizes: readonly number[]): number {
  return sizes.reduce((smallest, size) => Math.min(smallest, size));
}
