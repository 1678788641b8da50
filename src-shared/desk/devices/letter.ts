/** A file that goes from one desk to another by hand: sealed to the one it is for, signed by the one it is from, and of no use to whoever finds it. */
import { z } from 'zod';
import { deviceIdSchema, signedSchema } from '#shared/desk/devices/card';
import { canonicalJson } from '#shared/journal/canonical';
import type { Sha256 } from '#shared/journal/chain';
import { modeSchema } from '#shared/journal/entry';

/** As text: what a page may hand over, and what a desk writes. A file that would be longer is not written. */
export const LARGEST_LETTER_CHARACTERS = 1_500_000;
export const letterTextSchema = z.string().min(1).max(LARGEST_LETTER_CHARACTERS);

const letterHeadSchema = z.object({
  kind: z.literal('floorwatch.letter'),
  version: z.literal(1),
  what: z.enum(['pendingApproval', 'decision']),
  mode: modeSchema,
  letterId: z.uuid(),
  from: deviceIdSchema,
  to: deviceIdSchema,
  madeAtMs: z.number(),
  /** X25519, made for this one letter. */
  ephemeralKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LetterHead = z.infer<typeof letterHeadSchema>;

export const letterSchema = letterHeadSchema.extend({
  /** AES-256-GCM over the gzipped JSON of the body: nonce, ciphertext, tag. */
  sealed: z.base64().max(LARGEST_LETTER_CHARACTERS),
  signed: signedSchema,
});
export type Letter = z.infer<typeof letterSchema>;

/** What is authenticated with the sealed body: no head can be put before another body. */
export function letterHead(letter: LetterHead): string {
  const { kind, version, what, mode, letterId, from, to, madeAtMs, ephemeralKey } = letter;
  return canonicalJson({ kind, version, what, mode, letterId, from, to, madeAtMs, ephemeralKey });
}

export function letterStatement(letter: LetterHead, sealed: string, sha256: Sha256): string {
  return `floorwatch.letter.1:${sha256(sealed)}:${letterHead(letter)}`;
}
