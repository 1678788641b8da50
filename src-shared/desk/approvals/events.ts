/** What is recorded about approvals and break-glass: who asked for what, who agreed to exactly that, and what became of it. */
import { z } from 'zod';
import { APPROVAL_POLICY_IDS } from '#shared/contract/access-rule';
import { policySchema } from '#shared/desk/approvals/policy';
import { keyIdSchema, signatureSchema } from '#shared/journal/keys';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const personId = z.string().min(1).max(64);
const sessionId = z.string().min(1).max(64);
const approvalId = z.uuid();
const atMs = z.number();
const text = z.string().max(2000);

/** A decision from another desk: which file it came back in, which desk, and who they are there. */
const carriedSchema = z.object({ carryId: z.uuid(), device: z.string().min(1).max(64), personId, decidedAtMs: z.number() });

/**
 * How a checker signed. `carried`: at another desk, over `carriedDecisionStatement`. `session`: signed in, over `decisionStatement`. `confirmation`: on the spot at somebody else's session, over
 * `confirmationStatement` of this decision.
 */
const signedBySchema = z.object({
  how: z.enum(['session', 'confirmation', 'carried']),
  confirmationId: z.uuid().nullable(),
  keyId: keyIdSchema,
  signature: signatureSchema,
  carried: carriedSchema.optional(),
});
export type SignedBy = z.infer<typeof signedBySchema>;

const decisionSchema = z.object({
  approvalId,
  personId,
  /** The human behind the person's record: one human counts once, whatever records, keys and sessions they have. */
  human: personId,
  sessionId,
  /** What the checker saw; an approval of anything else is none. */
  payloadHash: hash,
  contextHash: hash,
  note: text,
  signedBy: signedBySchema,
  atMs,
});

export const VOID_CAUSES = [
  'payloadChanged',
  'contextChanged',
  'makerLostFunction',
  'approverLostFunction',
  'approverIsMaker',
  'signatureRevoked',
  'tooFew',
  'policyGone',
] as const;

export const approvalEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('approval.asked'),
    payload: z.object({
      approvalId,
      request: z.string().min(1).max(80),
      /** The command's payload as its schema parsed it. */
      payload: z.unknown(),
      payloadHash: hash,
      /** What the command would change, as it was when asked; null where it replaces nothing. */
      before: z.unknown(),
      contextHash: hash,
      policy: policySchema,
      makerHuman: personId,
      makerSessionId: sessionId,
      /** Humans who worked on what this is about before: they may not check it either. */
      workedOnBy: z.array(personId).max(200),
      expiresAtMs: z.number(),
      atMs,
    }),
  }),
  z.object({ type: z.literal('approval.approved'), payload: decisionSchema.extend({ stageId: z.string().max(32) }) }),
  z.object({ type: z.literal('approval.rejected'), payload: decisionSchema }),
  /** A file left for another desk. */
  z.object({
    type: z.literal('approval.carried'),
    payload: z.object({
      ...{ approvalId, carryId: z.uuid(), device: z.string().min(1).max(64), deskName: z.string().max(64) },
      ...{ stageId: z.string().max(32), atMs },
    }),
  }),
  z.object({ type: z.literal('approval.withdrawn'), payload: z.object({ approvalId, reason: text, atMs }) }),
  z.object({ type: z.literal('approval.expired'), payload: z.object({ approvalId, atMs }) }),
  z.object({ type: z.literal('approval.voided'), payload: z.object({ approvalId, cause: z.enum(VOID_CAUSES), detail: text, atMs }) }),
  /** Written before the command is carried out: after this it is never carried out again. */
  z.object({ type: z.literal('approval.begun'), payload: z.object({ approvalId, approvedBy: z.array(personId), atMs }) }),
  z.object({ type: z.literal('approval.done'), payload: z.object({ approvalId, atMs }) }),
  z.object({
    type: z.literal('approval.failed'),
    payload: z.object({
      approvalId,
      code: z.string().max(32),
      message: text,
      /** Whether what it would change has changed; null where that cannot be seen. */ hasChanged: z.boolean().nullable(),
      atMs,
    }),
  }),
]);
export type ApprovalEventBody = z.infer<typeof approvalEventSchema>;
export type ApprovalEvent = ApprovalEventBody & { subject: string };

const breakGlassId = z.uuid();
export const breakGlassEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('breakGlass.opened'),
    payload: z.object({
      breakGlassId,
      human: personId,
      sessionId,
      reason: text,
      policyIds: z.array(z.enum(APPROVAL_POLICY_IDS)).min(1),
      /** Who agreed by telephone, and how they were recognised; stated by the one who asked, checked in the review. */
      consent: z.object({ personId, number: z.string().max(64), words: text, heardAtMs: z.number() }),
      expiresAtMs: z.number(),
      reviewDueAtMs: z.number(),
      atMs,
    }),
  }),
  z.object({
    type: z.literal('breakGlass.used'),
    payload: z.object({
      breakGlassId,
      policyId: z.enum(APPROVAL_POLICY_IDS),
      request: z.string().max(80),
      payload: z.unknown(),
      payloadHash: hash,
      atMs,
    }),
  }),
  z.object({ type: z.literal('breakGlass.closed'), payload: z.object({ breakGlassId, cause: z.enum(['person', 'expired']), atMs }) }),
  z.object({
    type: z.literal('breakGlass.reviewed'),
    payload: z.object({
      breakGlassId,
      human: personId,
      finding: z.enum(['justified', 'notJustified']),
      isConsentConfirmed: z.boolean(),
      note: text,
      atMs,
    }),
  }),
]);
export type BreakGlassEventBody = z.infer<typeof breakGlassEventSchema>;
export type BreakGlassEvent = BreakGlassEventBody & { subject: string };
