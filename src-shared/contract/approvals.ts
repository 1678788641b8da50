/** What a person may ask about approvals (maker and checker): requests, streams and what each needs. */
import { z } from 'zod';
import { type AccessRule, APPROVAL_POLICY_IDS } from '#shared/contract/access-rule';
import { pointInTimeSchema } from '#shared/contract/point-in-time';
import type { Approval, BreakGlass } from '#shared/desk/approvals/approval';
import type { ForeignApproval } from '#shared/desk/approvals/carried';
import type { ApprovalPolicy, BreakGlassRule } from '#shared/desk/approvals/policy';
import { deviceIdSchema } from '#shared/desk/devices/card';
import { letterTextSchema } from '#shared/desk/devices/letter';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const reason = z.string().trim().min(1, 'a reason is needed').max(2000);
const approvalAnswer = z.object({ approval: z.custom<Approval>() });
const fileAnswer = z.object({ file: z.string(), path: z.string(), sha256: z.string(), bytes: z.number() });
const foreignAnswer = z.object({ foreign: z.custom<ForeignApproval>() });
const breakGlassAnswer = z.object({ breakGlass: z.custom<BreakGlass>() });

export const APPROVAL_REQUESTS = {
  /** Those that wait and, after them, those that ended, the newest first. */
  'approval.list': { payload: z.object({ limit: z.number().int().min(1).max(500) }), answer: z.object({ approvals: z.array(z.custom<Approval>()) }) },
  'approval.get': { payload: z.object({ approvalId: z.uuid() }), answer: approvalAnswer },
  /**
   * Both hashes are of what the checker saw. With `confirmationId` the person decides who confirmed exactly this payload (without `confirmationId`) by
   * their own credentials, at whosever session this is; without it, the person signed in.
   */
  'approval.decide': {
    payload: z.object({
      approvalId: z.uuid(),
      decision: z.enum(['approve', 'reject']),
      payloadHash: hash,
      contextHash: hash,
      note: z.string().trim().max(2000),
      confirmationId: z.uuid().optional(),
    }),
    answer: approvalAnswer,
  },
  'approval.withdraw': { payload: z.object({ approvalId: z.uuid(), reason }), answer: approvalAnswer },
  /** Writes a file, sealed to a desk that is believed here, by which somebody there can decide about it. */
  'approval.carry': { payload: z.object({ approvalId: z.uuid(), device: deviceIdSchema }), answer: fileAnswer },
  /** A decision that was made at another desk: counted exactly as one that is made here, or refused by field and reason. */
  'approval.bringBack': { payload: z.object({ text: letterTextSchema }), answer: approvalAnswer },
  /** Another desk's file, to be decided about here. */
  'foreign.take': { payload: z.object({ text: letterTextSchema }), answer: foreignAnswer },
  /** By the secret of the person who is signed in, typed again: it goes to another desk in their name. */
  'foreign.decide': {
    payload: z.object({
      carryId: z.uuid(),
      decision: z.enum(['approve', 'reject']),
      payloadHash: hash,
      contextHash: hash,
      note: z.string().trim().max(2000),
      secret: z.string().min(1).max(256),
    }),
    answer: fileAnswer,
  },
  /** The file of my own decision once more: sticks are lost. */
  'foreign.write': { payload: z.object({ carryId: z.uuid() }), answer: fileAnswer },
  /** One person alone, for half an hour, with somebody's consent by telephone: each use is on record, and somebody else reviews all of them. */
  'breakGlass.open': {
    payload: z.object({
      reason,
      policyIds: z.array(z.enum(APPROVAL_POLICY_IDS)).min(1).max(APPROVAL_POLICY_IDS.length),
      consent: z.object({
        personId: z.string().min(1).max(64),
        /** The number that was called. */
        number: z.string().trim().min(3).max(64),
        /** What they said, and how they were recognised. */
        words: reason,
        heardAtMs: pointInTimeSchema,
      }),
    }),
    answer: breakGlassAnswer,
  },
  'breakGlass.close': { payload: z.object({ breakGlassId: z.uuid() }), answer: breakGlassAnswer },
  'breakGlass.review': {
    payload: z.object({
      breakGlassId: z.uuid(),
      finding: z.enum(['justified', 'notJustified']),
      /** The reviewer asked whoever consented. */
      isConsentConfirmed: z.boolean(),
      note: reason,
    }),
    answer: breakGlassAnswer,
  },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const APPROVAL_ACCESS = {
  'approval.list': { needs: 'signedIn' },
  'approval.get': { needs: 'signedIn' },
  // Whoever confirms on the spot decides at a session whose own person may not: the decider's function is asked for when the decision is made.
  'approval.decide': { needs: 'signedIn' },
  'approval.withdraw': { needs: 'signedIn' },
  'approval.carry': { needs: 'signedIn' },
  'approval.bringBack': { needs: 'signedIn' },
  'foreign.take': { needs: 'approval.decide' },
  'foreign.decide': { needs: 'approval.decide' },
  'foreign.write': { needs: 'approval.decide' },
  'breakGlass.open': { needs: 'breakGlass.use' },
  'breakGlass.close': { needs: 'signedIn' },
  'breakGlass.review': { needs: 'approval.decide' },
} satisfies Record<keyof typeof APPROVAL_REQUESTS, AccessRule>;

export type ApprovalsPicture = {
  approvals: Approval[];
  breakGlasses: BreakGlass[];
  /** In the last 30 days. */
  breakGlassCount: number;
  breakGlassUses: number;
  policies: ApprovalPolicy[];
  breakGlassRule: BreakGlassRule | null;
};

/** What other desks have brought here, the newest first. */
export type ForeignPicture = { foreign: ForeignApproval[] };

export const APPROVAL_STREAMS = { approvals: z.object({}), foreign: z.object({}) } satisfies Record<string, z.ZodType>;
export type PictureByApprovalStream = { approvals: ApprovalsPicture; foreign: ForeignPicture };
// Another desk's words may be about any account: only whoever decides for the whole firm reads them.
export const APPROVAL_STREAM_ACCESS = { approvals: { needs: 'signedIn' }, foreign: { needs: 'approval.decide' } } satisfies Record<
  keyof typeof APPROVAL_STREAMS,
  AccessRule
>;
