/** The 32 bytes that are a person's own here: made once, wrapped by what their password yields, so that a new password opens the same things as the old one. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function newPersonalKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** Of the demonstration's people, whose passwords are published: protects nothing, and need not. */
export function publishedKey(personId: string): Uint8Array {
  return createHash('sha256').update(`floorwatch demonstration ${personId}`).digest();
}

/** AES-256-GCM; the person's id is authenticated with it, so that one person's wrapped key cannot stand in another's place. */
export function wrapKey(key: Uint8Array, by: Uint8Array, personId: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', by, iv);
  cipher.setAAD(Buffer.from(personId));
  const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64');
}

/** Null when this does not open it: another password, another person, or bytes that were changed. */
export function unwrapKey(wrapped: string, by: Uint8Array, personId: string): Uint8Array | null {
  const bytes = Buffer.from(wrapped, 'base64');
  if (bytes.length !== IV_BYTES + KEY_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', by, bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(personId));
  decipher.setAuthTag(bytes.subarray(IV_BYTES + KEY_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, IV_BYTES + KEY_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
