/** Answers whether a fingerprint that was printed on a sheet or an export is one of this record's, and at which entry. */
import { sha256Bytes } from '#engine/store/hash';
import type { JournalReads } from '#engine/store/journal-reader';
import { fingerprintOf } from '#shared/journal/checkpoint';
import { TreeFrontier, TreeHasher } from '#shared/journal/merkle';

/** `holds`: the record up to that entry is the one that was printed. `differs`: it is another. `beyond`: the record has fewer entries. */
export type FoundFingerprint = { verdict: 'holds' | 'differs' | 'beyond'; sequence: number; wallTime: string | null; ours: string | null };

/** `printed`: the entries beside it and at least twelve hex digits. Null when the record is too long to be added up at the desk. */
export function findFingerprint(reader: JournalReads, printed: { sequence: number; prefix: string }, longestSize: number): FoundFingerprint | null {
  const { sequence, prefix } = printed;
  const last = reader.deviceSeqOf(sequence);
  const row = last === null ? null : reader.entryAt(sequence);
  if (last === null || row === null) return { verdict: 'beyond', sequence, wallTime: null, ours: null };
  if (last.deviceSeq > longestSize) return null;
  const tree = new TreeFrontier(new TreeHasher(sha256Bytes));
  for (const hash of reader.entryHashesOf(last.device, last.deviceSeq)) tree.add(hash);
  const root = tree.root();
  return { verdict: root.startsWith(prefix) ? 'holds' : 'differs', sequence, wallTime: row.wallTime, ours: `${sequence}:${fingerprintOf(root)}` };
}
