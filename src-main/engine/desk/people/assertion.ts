/** Checks what an authenticator signed (WebAuthn level 2, sections 7.1 and 7.2), as far as it can be known without trusting the page that asked for it. */
import { createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { z } from 'zod';
import { sha256Bytes } from '#engine/store/hash';
import { AUTHENTICATOR_ORIGIN, AUTHENTICATOR_RP_ID } from '#shared/contract/authenticator';

/** What is kept of an authenticator's key: enough to check it, nothing that could be used in its place. */
export const authenticatorSchema = z.object({
  /** base64url, as the authenticator names it. */
  credentialId: z.string(),
  /** SubjectPublicKeyInfo, base64. */
  publicKey: z.string(),
  /** COSE: -7 ES256, -8 EdDSA, -257 RS256. */
  algorithm: z.number(),
  /** The signature counter, where the authenticator has one: a copy of it counts apart. */
  counter: z.number(),
  addedAtMs: z.number(),
});
export type Authenticator = z.infer<typeof authenticatorSchema>;

const clientDataSchema = z.object({ type: z.string(), challenge: z.string(), origin: z.string(), crossOrigin: z.boolean().optional() });

const RP_ID_BYTES = 32;
const COUNTER_AT = 33;
const HEAD_BYTES = 37;
const ID_LENGTH_AT = 53;
const ID_AT = 55;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export type Created = { credentialId: string; publicKey: string; algorithm: number; clientData: string; authenticatorData: string };
export type Asserted = { credentialId: string; clientData: string; authenticatorData: string; signature: string };

/** What is wrong with a new credential; null when nothing is. `challenge` is base64url, as it was sent. */
export function faultOfCreated(created: Created, challenge: string): string | null {
  const fault = faultOfClientData(created.clientData, 'webauthn.create', challenge);
  if (fault !== null) return fault;
  const data = Buffer.from(created.authenticatorData, 'base64url');
  const dataFault = faultOfData(data);
  if (dataFault !== null) return dataFault;
  if (((data[RP_ID_BYTES] ?? 0) & HAS_CREDENTIAL) === 0 || data.length < ID_AT) return 'there is no credential in it';
  const id = data.subarray(ID_AT, ID_AT + data.readUInt16BE(ID_LENGTH_AT));
  if (id.toString('base64url') !== created.credentialId) return 'it is about another credential';
  return keyOf(created.publicKey, created.algorithm) === null ? 'its key is of no kind that is taken' : null;
}

/** What is wrong with a signature; the counter to keep when nothing is. */
export function checkAssertion(asserted: Asserted, kept: Authenticator, challenge: string): { fault: string } | { counter: number } {
  if (asserted.credentialId !== kept.credentialId) return { fault: 'it is of another credential' };
  const fault = faultOfClientData(asserted.clientData, 'webauthn.get', challenge);
  if (fault !== null) return { fault };
  const data = Buffer.from(asserted.authenticatorData, 'base64url');
  const dataFault = faultOfData(data);
  if (dataFault !== null) return { fault: dataFault };
  const key = keyOf(kept.publicKey, kept.algorithm);
  const signed = Buffer.concat([data, Buffer.from(sha256Bytes(Buffer.from(asserted.clientData, 'base64url')), 'hex')]);
  const digest = kept.algorithm === -8 ? null : 'sha256';
  if (key === null || !verify(digest, signed, key, Buffer.from(asserted.signature, 'base64url'))) return { fault: 'the signature is not its own' };
  const counter = data.readUInt32BE(COUNTER_AT);
  // One that counts never counts backwards; a copy of it would.
  if ((counter !== 0 || kept.counter !== 0) && counter <= kept.counter) return { fault: 'its counter went back: there may be a copy of it' };
  return { counter };
}

export function counterOf(authenticatorData: string): number {
  return Buffer.from(authenticatorData, 'base64url').readUInt32BE(COUNTER_AT);
}

function faultOfClientData(text: string, type: string, challenge: string): string | null {
  let data: z.infer<typeof clientDataSchema>;
  try {
    data = clientDataSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return 'it cannot be read';
  }
  if (data.type !== type) return 'it was made for something else';
  if (!isEqual(data.challenge, challenge)) return 'it answers another question';
  return data.origin !== AUTHENTICATOR_ORIGIN || data.crossOrigin === true ? 'it was made for another page' : null;
}

/** For our own page, with a person there, and verified by the device: presence alone would let anybody at the desk in. */
function faultOfData(data: Buffer): string | null {
  if (data.length < HEAD_BYTES) return 'it is cut off';
  if (data.toString('hex', 0, RP_ID_BYTES) !== sha256Bytes(Buffer.from(AUTHENTICATOR_RP_ID))) return 'it was made for another page';
  const flags = data[RP_ID_BYTES] ?? 0;
  return (flags & USER_PRESENT) === 0 || (flags & USER_VERIFIED) === 0 ? 'the device did not verify who was there' : null;
}

function keyOf(publicKey: string, algorithm: number): ReturnType<typeof createPublicKey> | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
    if (algorithm === -7) return type === 'ec' && details?.namedCurve === 'prime256v1' ? key : null;
    if (algorithm === -257) return type === 'rsa' && (details?.modulusLength ?? 0) >= 2048 ? key : null;
    return algorithm === -8 && type === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function isEqual(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
