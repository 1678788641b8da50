/**
 * The bytes of evidence on disk: each file sealed, under a name that says nothing to whoever has only the disk, the same bytes kept once; and a copy of each,
 * sealed as it is, with the back-ups of the journal.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { moveDurably } from '#engine/store/files';
import { sha256Bytes } from '#engine/store/hash';
import { openBytes, type Sealer, type SealingKey, sealBytes } from '#engine/store/sealing';
import { storeErrorFrom } from '#engine/store/store-error';

const MAGIC = Buffer.from('FWEVID1\n');
/** The longest key id there is, padded with spaces. */
const KEY_ID_BYTES = 24;
const HEAD_BYTES = MAGIC.length + KEY_ID_BYTES;

/** `destroyed`: its key was destroyed. `damaged`: it is there and is not what was kept. */
export type KeptBytes = { kind: 'bytes'; bytes: Buffer } | { kind: 'missing' | 'destroyed' | 'damaged' };

export class EvidenceFiles {
  readonly #folder: string;
  /** One for all back-ups: a file never changes, so that each is copied once. */
  readonly #copies: string;
  readonly #sealer: Sealer;

  constructor(folder: string, sealer: Sealer) {
    this.#folder = join(folder, 'evidence');
    this.#copies = join(folder, 'backups', 'evidence');
    this.#sealer = sealer;
  }

  /** Keeps bytes and answers their SHA-256; they are on disk when this returns. Throws a StoreError. */
  put(bytes: Uint8Array, dataSubject: string | undefined): string {
    const sha256 = sha256Bytes(bytes);
    const path = this.#pathOf(sha256);
    // Known bytes are not written again, unless what lies there can no longer be read.
    if (existsSync(path) && this.isWhole(sha256)) return sha256;
    const key = dataSubject === undefined ? this.#sealer.own : (this.#sealer.keyOfSubject(dataSubject) ?? this.#sealer.own);
    try {
      store(path, Buffer.concat([headOf(key), sealBytes(key.key, bytes, placeOf(sha256))]));
    } catch (error) {
      throw storeErrorFrom(error, 'the evidence cannot be kept');
    }
    return sha256;
  }

  /** What is missing or damaged is taken from the copy with the back-ups, and put back. */
  get(sha256: string): KeptBytes {
    const kept = this.#read(this.#pathOf(sha256), sha256);
    if (kept.kind === 'bytes' || kept.kind === 'destroyed') return kept;
    const path = join(this.#copies, this.#placeOf(sha256));
    const copy = this.#read(path, sha256);
    if (copy.kind !== 'bytes') return kept;
    try {
      store(this.#pathOf(sha256), readFileSync(path));
    } catch {
      // It can be read all the same, and is put back another time.
    }
    return copy;
  }

  /** Whether what lies here itself, without the copy, is whole. */
  isWhole(sha256: string): boolean {
    return this.#read(this.#pathOf(sha256), sha256).kind === 'bytes';
  }

  /** Copies what the back-ups have not got yet, and reads each copy back. Answers how many there are. Rejects with what the disk says. */
  async backUp(): Promise<number> {
    const places = this.#placesIn(this.#folder);
    for (const place of places) {
      const copy = join(this.#copies, place);
      const bytes = await readFile(join(this.#folder, place));
      // A file is written anew only where it could not be read: then the copy is the good one.
      if (existsSync(copy) || !hasHead(bytes)) continue;
      store(copy, bytes);
      if (!readFileSync(copy).equals(bytes)) throw new Error(`the copy of ${basename(place)} is not what was copied`);
    }
    return places.length;
  }

  #read(path: string, sha256: string): KeptBytes {
    if (!existsSync(path) || !statSync(path).isFile()) return { kind: 'missing' };
    const stored = readFileSync(path);
    if (!hasHead(stored)) return { kind: 'damaged' };
    const key = this.#sealer.keyOf(stored.toString('latin1', MAGIC.length, HEAD_BYTES).trimEnd());
    if (key === null) return { kind: 'destroyed' };
    const bytes = openBytes(key.key, stored.subarray(HEAD_BYTES), placeOf(sha256));
    return bytes === null || sha256Bytes(bytes) !== sha256 ? { kind: 'damaged' } : { kind: 'bytes', bytes };
  }

  #placesIn(folder: string): string[] {
    if (!existsSync(folder)) return [];
    const parts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return parts.flatMap(({ name }) => readdirSync(join(folder, name)).flatMap((file) => (file.endsWith('.sealed') ? [join(name, file)] : [])));
  }

  /** A digest of the hash under the desk's key: whoever holds a copy of a document cannot find out on the disk whether it is in here. */
  fileIdOf(sha256: string): string {
    return Buffer.from(this.#sealer.digest(`evidence ${sha256}`), 'base64url').toString('hex');
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, this.#placeOf(sha256));
  }

  #placeOf(sha256: string): string {
    const name = this.fileIdOf(sha256);
    return join(name.slice(0, 2), `${name}.sealed`);
  }
}

function hasHead(stored: Buffer): boolean {
  return stored.subarray(0, MAGIC.length).equals(MAGIC);
}

function store(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeThrough(`${path}.part`, bytes);
  moveDurably(`${path}.part`, path);
}

function headOf({ keyId }: SealingKey): Buffer {
  return Buffer.concat([MAGIC, Buffer.from(keyId.padEnd(KEY_ID_BYTES), 'latin1')]);
}

function placeOf(sha256: string): string {
  return `evidence ${sha256}`;
}

function writeThrough(path: string, bytes: Buffer): void {
  const handle = openSync(path, 'w', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
