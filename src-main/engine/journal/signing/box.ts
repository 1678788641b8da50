/** Seals bytes to another desk's public key, so that whoever finds the file on its way has nothing: X25519 with a key made for this one file, HKDF-SHA256, AES-256-GCM. */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** RFC 8410: what stands before the 32 bytes of an X25519 key in its DER form. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type BoxKey = { publicKey: string; key: KeyObject };

/** From the device's own seed, so that there is one secret of a device to keep and not two. */
export function boxKeyOf(deviceSeed: Uint8Array): BoxKey {
  const seed = Buffer.from(hkdfSync('sha256', deviceSeed, Buffer.alloc(0), 'floorwatch.box.1', 32));
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  return { publicKey: publicHexOf(createPublicKey(key)), key };
}

/** A key for one letter: made before the head is written, since the head names it. */
export function newBoxKey(): BoxKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicHexOf(publicKey), key: privateKey };
}

/** `head` is authenticated with it. Throws where `to` is no key. */
export function sealTo(to: string, ephemeral: BoxKey, head: string, body: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sharedKey(ephemeral.key, to, ephemeral.publicKey, to), nonce);
  cipher.setAAD(Buffer.from(head, 'utf8'));
  return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

/** Null for what was not sealed to this key with this head. */
export function openSealed(own: BoxKey, ephemeralKey: string, head: string, sealed: Uint8Array): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const key = sharedKey(own.key, ephemeralKey, ephemeralKey, own.publicKey);
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(head, 'utf8'));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

function sharedKey(privateKey: KeyObject, otherKey: string, ephemeralKey: string, receiverKey: string): Buffer {
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, Buffer.from(otherKey, 'hex')]), format: 'der', type: 'spki' });
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', secret, Buffer.from(ephemeralKey + receiverKey, 'hex'), 'floorwatch.letter.1', 32));
}

function publicHexOf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length).toString('hex');
}
