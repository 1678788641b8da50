/** Ed25519 as this product writes it: raw keys and signatures in lower-case hex, over UTF-8 text. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from '#engine/store/hash';
import { keyIdOf } from '#shared/journal/keys';
import type { Signed, VerifySignature } from '#shared/journal/signature';

/** RFC 8410: what stands before the 32 bytes of a key in its DER form. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export type SigningKey = { keyId: string; publicKey: string; key: KeyObject };

/** `seed`: the 32 bytes that are the private key. */
export function signingKeyOf(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length).toString('hex');
  return { keyId: keyIdOf(publicKey, sha256), publicKey, key };
}

export function newSeed(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_PREFIX.length);
}

export function signText({ keyId, key }: SigningKey, text: string): Signed {
  return { keyId, signature: sign(null, Buffer.from(text, 'utf8'), key).toString('hex') };
}

const RECENT_KEYS = 64;
const recentKeys = new Map<string, KeyObject>();

/** What is no key or no signature verifies nothing. */
export const verifyText: VerifySignature = (publicKey, text, signature) => {
  try {
    return verify(null, Buffer.from(text, 'utf8'), publicKeyOf(publicKey), Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
};

/** Reading a key takes as long as verifying with it, and a record has few keys. */
function publicKeyOf(publicKey: string): KeyObject {
  const known = recentKeys.get(publicKey);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, Buffer.from(publicKey, 'hex')]), format: 'der', type: 'spki' });
  if (recentKeys.size >= RECENT_KEYS) recentKeys.clear();
  recentKeys.set(publicKey, key);
  return key;
}
