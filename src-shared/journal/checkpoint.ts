/** A checkpoint: what a device's record was at a size. Whoever keeps a copy of one is a witness: no later change of the record can agree with it. */
import { z } from 'zod';
import { canonicalJson } from '#shared/journal/canonical';
import type { Sha256 } from '#shared/journal/chain';
import { readSignature } from '#shared/journal/signature';

/** SHA-256 in lower-case hex. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

const statedSchema = z.object({
  device: z.string().min(1).max(64),
  /** How many entries of this device it covers: the first `size` by `deviceSeq`. */
  size: z.number().int().min(1),
  /** RFC 6962 tree hash over the entry hashes of those entries. */
  root: hashSchema,
  /** Entry hash of the last of them. */
  head: hashSchema,
  /** The wall clock when it was made, ISO 8601 UTC. */
  time: z.string().max(40),
});
const checkpointSchema = statedSchema.extend({
  /** SHA-256 of the canonical JSON of the other fields: tells a damaged line from a statement that contradicts the record. It proves no maker. */
  sum: hashSchema,
  /** By the device that made it, over `sum`; null or left out before the device had a key. */
  signature: z
    .string()
    .refine((text) => readSignature(text) !== null, 'is no signature')
    .nullish(),
});
export type Checkpoint = CheckpointStatement & { sum: string; signature?: string };
export type CheckpointStatement = z.infer<typeof statedSchema>;

/** A checkpoint is made when this many entries are not covered by one. Source: docs/audit.md. */
export const CHECKPOINT_ENTRIES = 256;
/** With activity, one is made at least this often. */
export const CHECKPOINT_EVERY_MS = 60_000;

export function sealCheckpoint({ device, size, root, head, time }: CheckpointStatement, sha256: Sha256): Checkpoint {
  return { device, size, root, head, time, sum: sha256(canonicalJson({ device, size, root, head, time })) };
}

/** A line of the witness file. */
export function checkpointLine(checkpoint: Checkpoint): string {
  return canonicalJson(checkpoint);
}

/** The checkpoint, or null when its fields do not fit or its sum is another: damaged, and therefore no statement. */
export function readCheckpoint(value: unknown, sha256: Sha256): Checkpoint | null {
  const parsed = checkpointSchema.safeParse(value);
  if (!parsed.success) return null;
  const { signature, ...stated } = parsed.data;
  const sealed = sealCheckpoint(stated, sha256);
  if (sealed.sum !== stated.sum) return null;
  return typeof signature === 'string' ? { ...sealed, signature } : sealed;
}

export function readCheckpointLine(line: string, sha256: Sha256): Checkpoint | null {
  try {
    return readCheckpoint(JSON.parse(line), sha256);
  } catch {
    return null;
  }
}

/** How many characters of a root people read and copy. 48 bits: enough against mistakes and quiet changes; the witness file has all 256. */
export const FINGERPRINT_LENGTH = 12;

export function fingerprintOf(root: string): string {
  return root.slice(0, FINGERPRINT_LENGTH);
}
