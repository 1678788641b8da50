/** Records made by hand, honest and forged, for tests of those who judge them. */
import { createHash } from 'node:crypto';
import { type AuditReport, type AuditRow, RecordAudit } from '#shared/journal/audit';
import { canonicalEntry, canonicalJson } from '#shared/journal/canonical';
import { type Checkpoint, sealCheckpoint } from '#shared/journal/checkpoint';
import { GENESIS_HASH } from '#shared/journal/entry';
import { nextHlc } from '#shared/journal/hlc';
import { TreeFrontier, TreeHasher } from '#shared/journal/merkle';
import { WitnessBook, type WitnessKind } from '#shared/journal/witness';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
export const hashBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a forger can choose of an entry; everything else follows from its place. */
export type Content = { text: string; device?: string; wallMs?: number };

/** Gives each content its number, its time and its hashes, as a journal would: also what a forger does who knows how. */
export function chained(contents: readonly Content[]): AuditRow[] {
  const heads = new Map<string, { deviceSeq: number; entryHash: string }>();
  return contents.map(({ text, device = 'desk-1', wallMs }, index) => {
    const before = heads.get(device);
    const deviceSeq = (before?.deviceSeq ?? 0) + 1;
    const payload = canonicalJson({ text });
    const counts = Object.fromEntries([...heads].map(([name, head]) => [name, head.deviceSeq]));
    const versionVector = canonicalJson({ ...counts, [device]: deviceSeq });
    const atMs = wallMs ?? 1_790_000_000_000 + index * 1_000;
    const unhashed = {
      sequence: index + 1,
      opId: `01996b1c-0000-7000-8000-${sha256(`${text}:${index}`).slice(0, 12)}`,
      batchOpId: null,
      device,
      deviceSeq,
      actor: 'li.wei',
      session: 's',
      mode: 'live' as const,
      type: 'desk.test',
      subject: 'desk',
      payload,
      payloadHash: sha256(payload),
      versionVector,
      hlc: nextHlc(null, atMs, device),
      wallTime: new Date(atMs).toISOString(),
      prevHash: before?.entryHash ?? GENESIS_HASH,
      signature: null,
    };
    const entryHash = sha256(canonicalEntry(unhashed, versionVector));
    heads.set(device, { deviceSeq, entryHash });
    return { ...unhashed, entryHash };
  });
}

export const contents = (count: number, from = 1): Content[] => Array.from({ length: count }, (_, index) => ({ text: `entry ${from + index}` }));

/** What an honest desk would have stated at these sizes of one device's record. */
export function checkpointsOf(rows: readonly AuditRow[], sizes: readonly number[], device = 'desk-1'): Checkpoint[] {
  const tree = new TreeFrontier(new TreeHasher(hashBytes));
  const made: Checkpoint[] = [];
  for (const row of rows.filter((each) => each.device === device)) {
    tree.add(row.entryHash);
    if (sizes.includes(tree.size))
      made.push(sealCheckpoint({ device, size: tree.size, root: tree.root(), head: row.entryHash, time: row.wallTime }, sha256));
  }
  return made;
}

export type GivenWitness = { kind: WitnessKind; checkpoints: readonly (Checkpoint | null)[] };

export function judge(
  rows: readonly AuditRow[],
  witnesses: readonly GivenWitness[] = [],
  more: { fingerprints?: readonly { sequence: number; prefix: string }[]; asOf?: string } = {},
): AuditReport {
  const book = new WitnessBook();
  for (const [index, { kind, checkpoints }] of witnesses.entries()) {
    const witness = book.open(`witness ${index + 1}`, kind);
    for (const checkpoint of checkpoints) book.add(witness, checkpoint);
  }
  for (const { sequence, prefix } of more.fingerprints ?? []) book.addFingerprint(sequence, prefix);
  const audit = new RecordAudit({ sha256, hashBytes, verify: () => false, book, asOf: more.asOf ?? null });
  for (const row of rows) if (!audit.take(row)) break;
  return audit.report();
}

export const renumbered = (rows: readonly AuditRow[]): AuditRow[] => rows.map((row, index) => ({ ...row, sequence: index + 1 }));
