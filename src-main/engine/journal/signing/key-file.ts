/** The private keys of this device in a file of their own: the device's, and people's, each wrapped so that only its person's sign-in opens it. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { newSeed } from '#engine/journal/signing/ed25519';
import { fileStamp, replaceFile } from '#engine/store/files';

const KEY_FILE = 'signing-keys.json';

const hex = z.string().regex(/^([0-9a-f]{2})+$/);
const wrappedSchema = z.object({ keyId: z.string().max(64), nonce: hex, sealed: hex });
const fileSchema = z.object({
  kind: z.literal('floorwatch.signingKeys'),
  version: z.literal(1),
  /** The installation whose record these keys sign; another installation gets others. */
  device: z.string().max(64),
  deviceSeed: hex.length(64),
  people: z.record(z.string(), wrappedSchema),
});
type KeyFileBody = z.infer<typeof fileSchema>;
type Wrapped = z.infer<typeof wrappedSchema>;

export class KeyFile {
  readonly #path: string;
  #body: KeyFileBody;

  /** A file that cannot be read, or is another installation's, is kept under another name and a new one begun. */
  constructor(journalPath: string, device: string, nowMs: number) {
    this.#path = join(dirname(journalPath), KEY_FILE);
    const body = readBody(this.#path);
    if (body !== null && body.device === device) {
      this.#body = body;
      return;
    }
    if (existsSync(this.#path)) renameSync(this.#path, join(dirname(journalPath), `signing-keys.set-aside-${fileStamp(nowMs)}.json`));
    this.#body = { kind: 'floorwatch.signingKeys', version: 1, device, deviceSeed: newSeed().toString('hex'), people: {} };
    this.#write(this.#body);
  }

  get deviceSeed(): Buffer {
    return Buffer.from(this.#body.deviceSeed, 'hex');
  }

  keyIdOf(personId: string): string | null {
    return this.#entryOf(personId)?.keyId ?? null;
  }

  /** Null when the person has none here, or this secret does not open it. */
  unwrap(personId: string, personSecret: Uint8Array): Buffer | null {
    const entry = this.#entryOf(personId);
    if (entry === null) return null;
    const sealed = Buffer.from(entry.sealed, 'hex');
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey(personSecret), Buffer.from(entry.nonce, 'hex'));
    decipher.setAAD(Buffer.from(`${this.#body.device}:${personId}:${entry.keyId}`, 'utf8'));
    try {
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    } catch {
      return null;
    }
  }

  wrap(personId: string, keyId: string, seed: Uint8Array, personSecret: Uint8Array): void {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', wrappingKey(personSecret), nonce);
    cipher.setAAD(Buffer.from(`${this.#body.device}:${personId}:${keyId}`, 'utf8'));
    const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
    const entry: Wrapped = { keyId, nonce: nonce.toString('hex'), sealed: sealed.toString('hex') };
    this.#write({ ...this.#body, people: { ...this.#body.people, [personId]: entry } });
  }

  remove(personId: string): void {
    const { [personId]: removed, ...people } = this.#body.people;
    if (removed !== undefined) this.#write({ ...this.#body, people });
  }

  #entryOf(personId: string): Wrapped | null {
    return Object.hasOwn(this.#body.people, personId) ? (this.#body.people[personId] ?? null) : null;
  }

  #write(body: KeyFileBody): void {
    replaceFile(this.#path, JSON.stringify(body));
    this.#body = body;
  }
}

function wrappingKey(personSecret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', personSecret, Buffer.alloc(0), 'floorwatch.signing.1', 32));
}

function readBody(path: string): KeyFileBody | null {
  if (!existsSync(path)) return null;
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
