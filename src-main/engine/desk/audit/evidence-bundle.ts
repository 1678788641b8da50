/**
 * Writes evidence for an inspector: chosen entries as they were hashed and as they read, every entry hash of the record, checkpoints, keys, and a verifier
 * that needs nothing but Node. Whoever has it can prove each entry against a fingerprint that was printed before, without this product.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { fileStamp } from '#engine/store/files';
import type { JournalFile } from '#engine/store/journal-file';
import { readsOf } from '#engine/store/journal-reader';
import { zipInParts } from '#engine/store/zip-in-parts';
import type { AuditFilter } from '#shared/contract/audit';
import { canonicalJson } from '#shared/journal/canonical';
import { type Checkpoint, checkpointLine } from '#shared/journal/checkpoint';
import type { StoredEntry } from '#shared/journal/entry';
import { isPublished } from '#shared/journal/keys';
import { DESTROYED_TEXT } from '#shared/journal/sealed';
import { bundleStatement, type Signed } from '#shared/journal/signature';

export type BundleParts = {
  journal: ChainedJournal;
  file: JournalFile;
  signing: SigningKeys;
  filter: AuditFilter;
  reason: string;
  by: string;
  atMs: number;
  checkpoints: readonly Checkpoint[];
  folder: string;
  bundleFolder: string;
  /** The chosen entries, by their places in the file. */
  sequences: ReadonlySet<number>;
};
export type BundleMade = { file: string; path: string; sha256: string; bytes: number; entryCount: number; fingerprint: string };

const KIND = 'floorwatch.evidence';
const SHIPPED = ['README.txt', 'verify.mjs'] as const;
const PAGE = 500;

/** Throws what the disk throws; nothing is left half written under its final name. */
export async function writeBundle(parts: BundleParts): Promise<BundleMade> {
  const { journal, signing, filter, reason, by, atMs, checkpoints } = parts;
  const head = journal.treeHead();
  const { headSequence } = journal;
  const reads = readsOf(parts.file.database);
  const devices = parts.file.rows.deviceHeads().map(({ device, deviceSeq }) => ({ device, size: device === head.device ? head.size : deviceSeq }));
  const entries = await chosenLines(parts, headSequence);
  const files: Record<string, string> = {
    'entries.jsonl': entries.lines.join('\n'),
    'checkpoints.jsonl': checkpoints.map(checkpointLine).join('\n'),
    'filter.json': canonicalJson(filter),
  };
  devices.forEach(({ device, size }, index) => {
    files[`hashes-${index + 1}.txt`] = `${[device, ...reads.entryHashesOf(device, size)].join('\n')}\n`;
  });
  for (const name of SHIPPED) files[name] = readFileSync(join(parts.bundleFolder, name), 'utf8');
  const bytesOf = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'utf8')]));
  const manifest = canonicalJson({
    kind: KIND,
    version: 1,
    madeAt: new Date(atMs).toISOString(),
    by,
    reason,
    device: head.device,
    size: head.size,
    root: head.root,
    fingerprint: `${headSequence}:${head.fingerprint}`,
    entryCount: entries.count,
    destroyedPayloads: entries.destroyed,
    files: Object.fromEntries(Object.entries(bytesOf).map(([name, bytes]) => [name, sha256Of(bytes)])),
  });
  const statement = bundleStatement(sha256Of(Buffer.from(manifest, 'utf8')));
  const signatures: { device: Signed; person: ({ personId: string } & Signed) | null } = { device: signing.signAsDevice(statement), person: null };
  const byPerson = signing.sign(by, statement);
  if (byPerson !== null) signatures.person = { personId: by, ...byPerson };
  const zippable = { ...bytesOf, 'manifest.json': Buffer.from(manifest, 'utf8'), 'signatures.json': Buffer.from(canonicalJson(signatures)) };
  const bytes = await zipInParts(zippable);
  const { file, path } = await written(parts.folder, `evidence-${fileStamp(atMs)}`, bytes);
  return { file, path, sha256: sha256Of(bytes), bytes: bytes.length, entryCount: entries.count, fingerprint: `${headSequence}:${head.fingerprint}` };
}

/** Chosen entries, and all that publish keys: each as it was hashed, and beside it as it reads where it was sealed. */
async function chosenLines({ file, sequences }: BundleParts, headSequence: number): Promise<{ lines: string[]; count: number; destroyed: number }> {
  const lines: string[] = [];
  let count = 0;
  let destroyed = 0;
  for (let after = 0; after < headSequence; after += PAGE) {
    const stored = file.rows.storedAfter(after, PAGE);
    const isWanted = (entry: StoredEntry): boolean => sequences.has(entry.sequence) || isPublished(entry.type) || entry.type.startsWith('desk.');
    if (!stored.some(isWanted)) continue;
    const opened = new Map(file.rows.after(after, PAGE).map((entry) => [entry.sequence, entry.payload]));
    for (const entry of stored) {
      if (entry.sequence > headSequence || !isWanted(entry)) continue;
      const isChosen = sequences.has(entry.sequence);
      const payload = opened.get(entry.sequence);
      const isSealed = payload !== entry.payload;
      if (isChosen) count += 1;
      if (isChosen && payload === DESTROYED_TEXT) destroyed += 1;
      // What was not asked for stays sealed.
      lines.push(canonicalJson({ chosen: isChosen, entry, opened: isChosen && isSealed && payload !== DESTROYED_TEXT ? payload : null }));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { lines, count, destroyed };
}

/** An existing file of that name is not replaced. */
async function written(folder: string, name: string, bytes: Uint8Array): Promise<{ file: string; path: string }> {
  await mkdir(folder, { recursive: true });
  let file = `${name}.zip`;
  for (let count = 2; existsSync(join(folder, file)); count += 1) file = `${name}-${count}.zip`;
  const path = join(folder, file);
  await writeFile(`${path}.part`, bytes, { mode: 0o600 });
  await rename(`${path}.part`, path);
  return { file, path };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
