/** The bytes of evidence on disk: each file sealed, under a name that says nothing to whoever has only the disk, the same bytes kept once. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  readonly #sealer: Sealer;

  constructor(folder: string, sealer: Sealer) {
    this.#folder = join(folder, 'evidence');
    this.#sealer = sealer;
  }

  /** Keeps bytes and answers their SHA-256; they are on disk when this returns. Throws a StoreError. */
  put(bytes: Uint8Array, dataSubject: string | undefined): string {
    const sha256 = sha256Bytes(bytes);
    const path = this.#pathOf(sha256);
    // Known bytes are not written again, unless what lies there can no longer be read.
    if (existsSync(path) && this.get(sha256).kind === 'bytes') return sha256;
    const key = dataSubject === undefined ? this.#sealer.own : (this.#sealer.keyOfSubject(dataSubject) ?? this.#sealer.own);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeThrough(`${path}.part`, Buffer.concat([headOf(key), sealBytes(key.key, bytes, placeOf(sha256))]));
      moveDurably(`${path}.part`, path);
    } catch (error) {
      throw storeErrorFrom(error, 'the evidence cannot be kept');
    }
    return sha256;
  }

  get(sha256: string): KeptBytes {
    const path = this.#pathOf(sha256);
    if (!existsSync(path) || !statSync(path).isFile()) return { kind: 'missing' };
    const stored = readFileSync(path);
    if (!stored.subarray(0, MAGIC.length).equals(MAGIC)) return { kind: 'damaged' };
    const key = this.#sealer.keyOf(stored.toString('latin1', MAGIC.length, HEAD_BYTES).trimEnd());
    if (key === null) return { kind: 'destroyed' };
    const bytes = openBytes(key.key, stored.subarray(HEAD_BYTES), placeOf(sha256));
    return bytes === null || sha256Bytes(bytes) !== sha256 ? { kind: 'damaged' } : { kind: 'bytes', bytes };
  }

  /** A digest of the hash under the desk's key: whoever holds a copy of a document cannot find out on the disk whether it is in here. */
  fileIdOf(sha256: string): string {
    return Buffer.from(this.#sealer.digest(`evidence ${sha256}`), 'base64url').toString('hex');
  }

  #pathOf(sha256: string): string {
    const name = this.fileIdOf(sha256);
    return join(this.#folder, name.slice(0, 2), `${name}.sealed`);
  }
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
