/** The public keys that the record itself publishes, and what a signature in it is worth: valid, disputed, by nobody known, or none. */
import { z } from 'zod';
import type { Sha256 } from '#shared/journal/chain';
import { enrolmentStatement, entryStatement, isSignedType, readSignature, type Signed, type VerifySignature } from '#shared/journal/signature';

export const keyIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
export const signatureSchema = z.string().regex(/^[0-9a-f]{128}$/);
const personId = z.string().min(1).max(64);
const atMs = z.number();
export const KEY_REVOCATIONS = ['deactivated', 'secretReset', 'deviceLost', 'compromised'] as const;

export const keyEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('key.enrolled'),
    payload: z.object({
      keyId: keyIdSchema,
      /** Ed25519, 32 bytes in hex. */
      publicKey: z.string().regex(/^[0-9a-f]{64}$/),
      /** Null for the device's own key. */
      personId: personId.nullable(),
      device: z.string().min(1).max(64),
      /** By the new key: whoever enrols it holds it. */
      possession: signatureSchema,
      /** By the device's key, which lies outside the database: rows written into the database alone publish no key. */
      countersigned: z.object({ keyId: keyIdSchema, signature: signatureSchema }).nullable(),
      atMs,
    }),
  }),
  /** From here to `key.closed` (or the desk's next start) this person signs what they answer for at this device. */
  z.object({ type: z.literal('key.opened'), payload: z.object({ keyId: keyIdSchema, personId, atMs }) }),
  z.object({ type: z.literal('key.closed'), payload: z.object({ keyId: keyIdSchema, personId, atMs }) }),
  z.object({ type: z.literal('key.revoked'), payload: z.object({ keyId: keyIdSchema, personId, reason: z.enum(KEY_REVOCATIONS), atMs }) }),
  /** What these sealed can never be read again, on purpose. In clear, so that a verifier can say how much that is; whose they were is not said here. */
  z.object({ type: z.literal('key.destroyed'), payload: z.object({ keyIds: z.array(z.string().max(32)).max(1_000), atMs }) }),
]);
export type KeyEventBody = z.infer<typeof keyEventSchema>;
export type KeyEvent = KeyEventBody & { subject: string };

/** Entries that are stored in clear although others are sealed: public keys, by which whoever may read nothing else can verify signatures. */
export function isPublished(type: string): boolean {
  return type.startsWith('key.');
}

/** The subject of enrolments and revocations: they can be read at start without reading the record. */
export const KEYS_SUBJECT = 'keys';

export type PublishedKey = {
  keyId: string;
  publicKey: string;
  personId: string | null;
  device: string;
  enrolledAt: number;
  /** The entry that revoked it. */
  revokedAt: number | null;
  revocation: (typeof KEY_REVOCATIONS)[number] | null;
};

/**
 * `revoked`: true, but made after the key was revoked: disputed. `missing`: the person's key was open, so that there was a signature once.
 * `unsigned`: an entry that is signed where a key is open, and none was. `none`: an entry that nobody signs.
 */
export type SignatureMark = 'valid' | 'revoked' | 'unknownKey' | 'bad' | 'missing' | 'unsigned' | 'none';

/** An entry as far as keys and signatures look at it. */
export type SignedRow = {
  sequence: number;
  device: string;
  actor: string;
  type: string;
  payload: string;
  entryHash: string;
  signature: string | null;
};

export class PublishedKeys {
  readonly #verify: VerifySignature;
  readonly #sha256: Sha256;
  readonly #keys = new Map<string, PublishedKey>();
  /** The first device key of each device: later ones need its word. */
  readonly #deviceKeys = new Map<string, string>();
  readonly #open = new Map<string, string>();
  /** Ids of the keys that were destroyed, and with them whatever they had sealed. */
  readonly destroyed = new Set<string>();

  constructor(parts: { verify: VerifySignature; sha256: Sha256 }) {
    this.#verify = parts.verify;
    this.#sha256 = parts.sha256;
  }

  all(): PublishedKey[] {
    return [...this.#keys.values()];
  }

  find(keyId: string): PublishedKey | null {
    return this.#keys.get(keyId) ?? null;
  }

  /** Keys of this person that still hold, on every device. */
  ofPerson(person: string): PublishedKey[] {
    return this.all().filter((key) => key.personId === person && key.revokedAt === null);
  }

  deviceKeyOf(device: string): PublishedKey | null {
    return this.find(this.#deviceKeys.get(device) ?? '');
  }

  /** Takes an entry that tells of keys or of the desk's start; all others change nothing. */
  take(row: Pick<SignedRow, 'sequence' | 'device' | 'type' | 'payload'>): void {
    if (row.type === 'desk.opened' || row.type === 'desk.closed') {
      const place = `${row.device}\n`;
      for (const key of this.#open.keys()) if (key.startsWith(place)) this.#open.delete(key);
      return;
    }
    if (!row.type.startsWith('key.')) return;
    const event = readKeyEvent(row);
    if (event === null) return;
    if (event.type === 'key.enrolled') this.#enrol(event.payload, row);
    else if (event.type === 'key.opened') this.#open.set(`${row.device}\n${event.payload.personId}`, event.payload.keyId);
    else if (event.type === 'key.closed') this.#open.delete(`${row.device}\n${event.payload.personId}`);
    else if (event.type === 'key.destroyed') for (const keyId of event.payload.keyIds) this.destroyed.add(keyId);
    else {
      const key = this.#keys.get(event.payload.keyId);
      if (key !== undefined && key.revokedAt === null) Object.assign(key, { revokedAt: row.sequence, revocation: event.payload.reason });
    }
  }

  /** What this entry's signature is worth, given the entries taken before it. */
  markOf(row: SignedRow): SignatureMark {
    if (row.signature === null) {
      if (!isSignedType(row.type)) return 'none';
      return this.#open.has(`${row.device}\n${row.actor}`) ? 'missing' : 'unsigned';
    }
    const signed = readSignature(row.signature);
    return signed === null ? 'bad' : this.judge(signed, entryStatement(row.entryHash), row.actor);
  }

  /** The same for a signature over any statement that this person is said to have signed. */
  judge(signed: Signed, statement: string, person: string): 'valid' | 'revoked' | 'unknownKey' | 'bad' {
    const key = this.#keys.get(signed.keyId);
    if (key === undefined) return 'unknownKey';
    if (key.personId !== person || !this.#verify(key.publicKey, statement, signed.signature)) return 'bad';
    return key.revokedAt === null ? 'valid' : 'revoked';
  }

  /** A checkpoint's signature by the device that made it. */
  judgeDevice(signed: Signed, statement: string, device: string): 'valid' | 'unknownKey' | 'bad' {
    const key = this.#keys.get(signed.keyId);
    if (key === undefined) return 'unknownKey';
    return key.personId === null && key.device === device && this.#verify(key.publicKey, statement, signed.signature) ? 'valid' : 'bad';
  }

  #enrol(payload: Extract<KeyEventBody, { type: 'key.enrolled' }>['payload'], row: Pick<SignedRow, 'sequence' | 'device'>): void {
    const { keyId, publicKey, personId: person, device, possession, countersigned } = payload;
    if (this.#keys.has(keyId) || device !== row.device || keyId !== keyIdOf(publicKey, this.#sha256)) return;
    const statement = enrolmentStatement({ keyId, publicKey, device, personId: person });
    if (!this.#verify(publicKey, statement, possession)) return;
    const deviceKey = this.deviceKeyOf(device);
    if (deviceKey === null ? person !== null : !isBy(deviceKey, countersigned, statement, this.#verify)) return;
    this.#keys.set(keyId, { keyId, publicKey, personId: person, device, enrolledAt: row.sequence, revokedAt: null, revocation: null });
    if (deviceKey === null) this.#deviceKeys.set(device, keyId);
  }
}

/** A key is named by its hash: nobody can put another in its place. */
export function keyIdOf(publicKey: string, sha256: Sha256): string {
  return sha256(publicKey).slice(0, 32);
}

function isBy(key: PublishedKey, signed: Signed | null, statement: string, verify: VerifySignature): boolean {
  return signed !== null && signed.keyId === key.keyId && verify(key.publicKey, statement, signed.signature);
}

function readKeyEvent(row: Pick<SignedRow, 'type' | 'payload'>): KeyEventBody | null {
  let payload: unknown;
  try {
    payload = JSON.parse(row.payload);
  } catch {
    return null;
  }
  const parsed = keyEventSchema.safeParse({ type: row.type, payload });
  return parsed.success ? parsed.data : null;
}
