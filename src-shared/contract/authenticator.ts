/** What engine and shell say to each other about the machine's own authenticator (fingerprint, face): the shell asks it, the engine checks what it signed. */
import { z } from 'zod';

/**
 * Chromium lets only https origins ask an authenticator. This one exists nowhere: the shell serves its one page from memory, to one window, without any
 * network (`.internal` is reserved for private use and is never delegated).
 */
export const AUTHENTICATOR_RP_ID = 'desk.floorwatch.internal';
export const AUTHENTICATOR_ORIGIN = `https://${AUTHENTICATOR_RP_ID}`;

const text = z.string().max(8192);

export const authenticatorOrderSchema = z.discriminatedUnion('kind', [
  /** Whether this machine has one that verifies who is there. */
  z.object({ kind: z.literal('probe') }),
  z.object({ kind: z.literal('create'), challenge: text, userId: text, name: text, excluded: z.array(text).max(20) }),
  z.object({ kind: z.literal('get'), challenge: text, allowed: z.array(text).max(20) }),
]);
export type AuthenticatorOrder = z.infer<typeof authenticatorOrderSchema>;

/** All binary parts as base64url, the public key (SubjectPublicKeyInfo) as base64. */
export const authenticatorAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probed'), isThere: z.boolean() }),
  z.object({
    kind: z.literal('created'),
    credentialId: text,
    publicKey: text,
    algorithm: z.number().int(),
    clientData: text,
    authenticatorData: text,
  }),
  z.object({ kind: z.literal('asserted'), credentialId: text, clientData: text, authenticatorData: text, signature: text }),
  /** The person closed the window or let the time pass, or the machine refused: nothing was proved. */
  z.object({ kind: z.literal('failed'), reason: z.enum(['cancelled', 'fault']), message: z.string().max(500) }),
]);
export type AuthenticatorAnswer = z.infer<typeof authenticatorAnswerSchema>;
