/** Makes checkpoints of the record as it grows: in the journal, in the transaction that reached them, and in the witness file beside it. */
import { WitnessLog } from '#engine/journal/witness-log';
import { sha256, sha256Bytes } from '#engine/store/hash';
import type { JournalFile } from '#engine/store/journal-file';
import type { SqliteStatement } from '#engine/store/sqlite-module';
import { CHECKPOINT_ENTRIES, type Checkpoint, fingerprintOf, readCheckpoint, sealCheckpoint } from '#shared/journal/checkpoint';
import { TreeFrontier, TreeHasher } from '#shared/journal/merkle';

/** The tree over everything a device has written: its root stands for all of it. */
export type TreeHead = { device: string; size: number; root: string; fingerprint: string };

/** A checkpoint and the tree it was made of, until both are on disk. */
export type DueCheckpoint = { checkpoint: Checkpoint; tree: TreeFrontier };

type SavedTree = { device: string; size: number; parts: (string | null)[] };
const SAVED_TREE = 'checkpointTree';

export class Checkpoints {
  readonly #file: JournalFile;
  readonly #device: string;
  readonly #wallTime: () => string;
  readonly #hasher = new TreeHasher(sha256Bytes);
  readonly #insert: SqliteStatement;
  readonly #log: WitnessLog;
  #tree: TreeFrontier;
  /** Entry hashes that the tree has yet to take: taken together, when a root is asked for, so that recording does not wait for it. */
  #pending: string[] = [];
  #head: string;
  #coveredSize: number;
  #sign: ((sum: string) => string) | null = null;

  /** `head`: the device's newest entry hash. `wallTime`: ISO 8601 UTC. */
  constructor(parts: { file: JournalFile; device: string; head: string; wallTime: () => string }) {
    this.#file = parts.file;
    this.#device = parts.device;
    this.#head = parts.head;
    this.#wallTime = parts.wallTime;
    const { database, path } = parts.file;
    this.#insert = database.prepare(
      'INSERT OR IGNORE INTO checkpoints (device, size, root, head, time, sum, signature) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#log = new WitnessLog(path);
    this.#tree = this.#savedTree();
    this.#takeFromFile(this.#tree, parts.device);
    this.#coveredSize = this.#newestSizeOf(parts.device);
    this.#writeMissedLine();
    this.#coverOthers();
  }

  treeHead(): TreeHead {
    for (const hash of this.#pending) this.#tree.add(hash);
    this.#pending = [];
    const root = this.#tree.root();
    return { device: this.#device, size: this.#tree.size, root, fingerprint: fingerprintOf(root) };
  }

  signWith(sign: (sum: string) => string): void {
    this.#sign = sign;
  }

  /** The checkpoint that has to go with these new entry hashes, inside their transaction; null nearly always. */
  dueWith(hashes: readonly string[]): DueCheckpoint | null {
    const size = this.#tree.size + this.#pending.length + hashes.length;
    return size - this.#coveredSize >= CHECKPOINT_ENTRIES ? this.#madeWith(hashes) : null;
  }

  /** Call it inside the transaction. */
  store({ checkpoint, tree }: DueCheckpoint): void {
    this.#insertRow(checkpoint);
    const saved: SavedTree = { device: this.#device, size: tree.size, parts: [...tree.parts] };
    this.#file.setMeta(SAVED_TREE, JSON.stringify(saved));
  }

  /** The entries are on disk, and with them the checkpoint where one was due. */
  onStored(hashes: readonly string[], due: DueCheckpoint | null): void {
    this.#head = hashes.at(-1) ?? this.#head;
    if (due === null) {
      for (const hash of hashes) this.#pending.push(hash);
      return;
    }
    this.#pending = [];
    this.#tree = due.tree;
    this.#coveredSize = due.checkpoint.size;
    this.#log.write(due.checkpoint);
  }

  /** Covers what no checkpoint covers yet; nothing when there is nothing. Throws a StoreError when it cannot be written. */
  make(): void {
    if (this.#tree.size + this.#pending.length === this.#coveredSize) return;
    const due = this.#madeWith([]);
    this.#file.transaction('checkpoint', () => this.store(due));
    this.onStored([], due);
  }

  #madeWith(hashes: readonly string[]): DueCheckpoint {
    const tree = this.#tree.copy();
    for (const hash of this.#pending) tree.add(hash);
    for (const hash of hashes) tree.add(hash);
    const head = hashes.at(-1) ?? this.#head;
    const checkpoint = sealCheckpoint({ device: this.#device, size: tree.size, root: tree.root(), head, time: this.#wallTime() }, sha256);
    if (this.#sign !== null) checkpoint.signature = this.#sign(checkpoint.sum);
    return { checkpoint, tree };
  }

  #insertRow({ device, size, root, head, time, sum, signature }: Checkpoint): void {
    this.#insert.run(device, size, root, head, time, sum, signature ?? null);
  }

  /** What was kept of the tree with the last checkpoint, so that a start need not read the whole record; when in doubt it is read. */
  #savedTree(): TreeFrontier {
    const text = this.#file.meta(SAVED_TREE);
    if (text === null) return new TreeFrontier(this.#hasher);
    try {
      const { device, size, parts } = JSON.parse(text) as SavedTree;
      const saved = new TreeFrontier(this.#hasher, size, parts);
      const stated = this.#file.database.prepare('SELECT root FROM checkpoints WHERE device = ? AND size = ?').pluck().get(device, size);
      if (device === this.#device && stated === saved.root()) return saved;
    } catch {
      // Not what was written: the record itself has everything.
    }
    return new TreeFrontier(this.#hasher);
  }

  #takeFromFile(tree: TreeFrontier, device: string): void {
    const hashes = this.#file.database.prepare('SELECT entryHash FROM entries WHERE device = ? AND deviceSeq > ? ORDER BY deviceSeq').pluck();
    for (const hash of hashes.iterate(device, tree.size)) tree.add(String(hash));
  }

  #newestSizeOf(device: string): number {
    return Number(this.#file.database.prepare('SELECT MAX(size) FROM checkpoints WHERE device = ?').pluck().get(device) ?? 0);
  }

  /** A process that ended between its last commit and the line about it. */
  #writeMissedLine(): void {
    const row = this.#file.database
      .prepare('SELECT device, size, root, head, time, sum, signature FROM checkpoints ORDER BY place DESC LIMIT 1')
      .get();
    const newest = row === undefined ? null : readCheckpoint(row, sha256);
    const { newest: written } = this.#log;
    if (newest !== null && (written?.device !== newest.device || written.size < newest.size)) this.#log.write(newest);
  }

  /** Entries of an earlier device, carried over from a damaged file, that no checkpoint covers: this desk vouches for what it found. */
  #coverOthers(): void {
    for (const { device, deviceSeq, entryHash } of this.#file.rows.deviceHeads()) {
      if (device === this.#device || this.#newestSizeOf(device) >= deviceSeq) continue;
      const tree = new TreeFrontier(this.#hasher);
      this.#takeFromFile(tree, device);
      const found = sealCheckpoint({ device, size: tree.size, root: tree.root(), head: entryHash, time: this.#wallTime() }, sha256);
      this.#file.transaction('checkpoint', () => this.#insertRow(found));
      this.#log.write(found);
    }
  }
}
