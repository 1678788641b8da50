/** One entry with the few hashes that tie it to a tree head: it proves itself to whoever trusts that head, without the rest of the record. */
import { z } from 'zod';
import { canonicalEntry, canonicalVersionVector } from '#shared/journal/canonical';
import type { ChainFault, Sha256 } from '#shared/journal/chain';
import { hashSchema } from '#shared/journal/checkpoint';
import { journalEntrySchema } from '#shared/journal/entry';
import { type HashBytes, rootFromInclusion, TreeHasher } from '#shared/journal/merkle';

export const ENTRY_PROOF_KIND = 'floorwatch.entryProof';

export const entryProofSchema = z.object({
  kind: z.literal(ENTRY_PROOF_KIND),
  version: z.literal(1),
  entry: journalEntrySchema.extend({ sequence: z.number().int().min(1) }),
  /** The tree it is proved in: of `entry.device`, over its first `size` entries. The entry is leaf `deviceSeq - 1`. */
  size: z.number().int().min(1),
  root: hashSchema,
  /** How many entries the journal had when the tree had this size: what stands before a printed fingerprint. */
  treeSequence: z.number().int().min(1),
  /** From the entry upwards (RFC 6962 section 2.1.1). */
  path: z.array(hashSchema).max(64),
});
export type EntryProof = z.infer<typeof entryProofSchema>;

/** Null when the entry is what its hashes say and they lead to the root; `path` when they lead elsewhere. Whether the root is to be believed is another question. */
export function faultOfProof(proof: EntryProof, sha256: Sha256, hashBytes: HashBytes): ChainFault | 'path' | null {
  const { entry, size, root, path } = proof;
  if (entry.payloadHash !== sha256(entry.payload)) return 'payloadHash';
  if (entry.entryHash !== sha256(canonicalEntry(entry, canonicalVersionVector(entry.versionVector)))) return 'entryHash';
  return rootFromInclusion(new TreeHasher(hashBytes), entry.entryHash, entry.deviceSeq - 1, size, path) === root ? null : 'path';
}
