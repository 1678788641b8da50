/** A desk's card: what another desk has to know before it can believe a file from here. Signed by the desk itself; what makes it believable is the telephone. */
import { z } from 'zod';
import { displayNameSchema, personIdSchema } from '#shared/desk/people/person';
import { canonicalJson } from '#shared/journal/canonical';
import type { Sha256 } from '#shared/journal/chain';
import { keyIdOf, keyIdSchema, signatureSchema } from '#shared/journal/keys';
import type { VerifySignature } from '#shared/journal/signature';
import { type Refusal, refuse } from '#shared/refusal';

/** Raw 32 bytes in hex: Ed25519 for signatures, X25519 for sealing. */
const publicKeySchema = z.string().regex(/^[0-9a-f]{64}$/);
export const deviceIdSchema = z.string().min(1).max(64);
export const deskNameSchema = z.string().trim().min(1).max(64);
export const signedSchema = z.object({ keyId: keyIdSchema, signature: signatureSchema });

const cardPersonSchema = z.object({ personId: personIdSchema, displayName: displayNameSchema, keyId: keyIdSchema, publicKey: publicKeySchema });
export type CardPerson = z.infer<typeof cardPersonSchema>;

const cardBodySchema = z.object({
  kind: z.literal('floorwatch.deviceCard'),
  version: z.literal(1),
  device: deviceIdSchema,
  deskName: deskNameSchema,
  /** False: a desk that is nobody's, whose people's passwords are published. */
  isClaimed: z.boolean(),
  deviceKey: publicKeySchema,
  /** Files for this desk are sealed to it. */
  boxKey: publicKeySchema,
  /** Everybody who has a key at this desk, by what does not change with their login. */
  people: z.array(cardPersonSchema).max(500),
  madeAtMs: z.number(),
});
export type CardBody = z.infer<typeof cardBodySchema>;
export const cardSchema = cardBodySchema.extend({ signed: signedSchema });
export type DeviceCard = z.infer<typeof cardSchema>;

/** Digits and letters that sound and look like no other (Crockford's base 32). */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FINGERPRINT_SYMBOLS = 12;
/** Whoever would make a card of their own with the same fingerprint pays this for every try: 60 bits and 14 more. */
const STRETCHED = 16_384;

/** Twelve characters that stand for the whole card: read aloud by telephone and typed in at the other desk. */
export function cardFingerprint(body: CardBody, sha256: Sha256): string {
  let hash = sha256(cardStatement(body));
  for (let round = 0; round < STRETCHED; round += 1) hash = sha256(hash);
  let bits = BigInt(`0x${hash.slice(0, 15)}`);
  let text = '';
  for (let place = 0; place < FINGERPRINT_SYMBOLS; place += 1) {
    text = (SYMBOLS[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}

/** As somebody types what they hear: without spaces and hyphens, and with the letters that are taken for digits. */
export const heardFingerprintSchema = z
  .string()
  .max(64)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1'))
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{12}$/, 'twelve digits and letters'));

export function cardStatement(body: CardBody): string {
  const { kind, version, device, deskName, isClaimed, deviceKey, boxKey, people, madeAtMs } = body;
  return `floorwatch.deviceCard.1:${canonicalJson({ kind, version, device, deskName, isClaimed, deviceKey, boxKey, people, madeAtMs })}`;
}

/** What is wrong with a card by itself; null when it is whole. That it is the other desk's is what the telephone says. */
export function refuseCard(card: DeviceCard, parts: { verify: VerifySignature; sha256: Sha256 }): Refusal | null {
  if (card.signed.keyId !== keyIdOf(card.deviceKey, parts.sha256))
    return refuse('INVALID', 'card.signed.keyId: is not the key of this desk', 'card.signed.keyId');
  if (!parts.verify(card.deviceKey, cardStatement(card), card.signed.signature))
    return refuse('INVALID', 'card.signed: the card was changed, or is another desk’s', 'card.signed');
  const wrong = card.people.find(({ keyId, publicKey }) => keyId !== keyIdOf(publicKey, parts.sha256));
  if (wrong !== undefined) return refuse('INVALID', `card.people: the key of ${wrong.personId} is not the one it is named for`, 'card.people');
  const ids = card.people.map(({ personId }) => personId);
  return new Set(ids).size === ids.length ? null : refuse('INVALID', 'card.people: somebody is named twice', 'card.people');
}
