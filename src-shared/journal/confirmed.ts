/** The signatures that stand inside payloads: a second person's, who signed on the spot while somebody else was signed in. */
import { z } from 'zod';
import { canonicalJson } from '#shared/journal/canonical';
import type { Sha256 } from '#shared/journal/chain';
import { keyIdSchema, type PublishedKeys, signatureSchema } from '#shared/journal/keys';
import { confirmationStatement } from '#shared/journal/signature';

const signed = { keyId: keyIdSchema, signature: signatureSchema };
const confirmedSchema = z.object({ personId: z.string(), confirmationId: z.string(), request: z.string(), payloadHash: z.string(), ...signed });
const decisionSchema = z.object({
  approvalId: z.string(),
  personId: z.string(),
  payloadHash: z.string(),
  contextHash: z.string(),
  note: z.string(),
  signedBy: z.object({ how: z.literal('confirmation'), confirmationId: z.string(), ...signed }),
});

/** What the second person's signature in this payload is worth; null when there is none. `payload` as it reads when it is opened. */
export function markOfConfirmation(type: string, payload: string, keys: PublishedKeys, sha256: Sha256): ReturnType<PublishedKeys['judge']> | null {
  const confirmed = confirmedIn(type, JSON.parse(payload), sha256);
  return confirmed === null ? null : keys.judge(confirmed, confirmationStatement(confirmed), confirmed.personId);
}

function confirmedIn(type: string, payload: unknown, sha256: Sha256): z.infer<typeof confirmedSchema> | null {
  if (type === 'session.confirmed') {
    const parsed = confirmedSchema.safeParse(payload);
    return parsed.success ? parsed.data : null;
  }
  if (type !== 'approval.approved' && type !== 'approval.rejected') return null;
  const parsed = decisionSchema.safeParse(payload);
  if (!parsed.success) return null;
  const { approvalId, personId, payloadHash, contextHash, note, signedBy } = parsed.data;
  const decision = type === 'approval.approved' ? 'approve' : 'reject';
  const decided = { approvalId, decision, payloadHash, contextHash, note };
  return { ...signedBy, personId, request: 'approval.decide', payloadHash: sha256(canonicalJson(decided)) };
}
