/** An approval that is decided at another desk: what travels there and back in a file, what the other desk records, and what a decision from there is worth here. */
import { z } from 'zod';
import { policySchema } from '#shared/desk/approvals/policy';
import type { Decision, DecisionContext, Recorded } from '#shared/desk/decision';
import { deviceIdSchema } from '#shared/desk/devices/card';
import { displayNameSchema, personIdSchema } from '#shared/desk/people/person';
import { canonicalJson } from '#shared/journal/canonical';
import type { JournalEvent } from '#shared/journal/entry';
import { keyIdSchema, signatureSchema } from '#shared/journal/keys';
import { type Refusal, refuse } from '#shared/refusal';

const MS_PER_MINUTE = 60_000;
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const atMs = z.number();
const text = z.string().max(2000);
const stageId = z.string().regex(/^[a-zA-Z]{1,32}$/);
const whoSchema = z.object({ personId: personIdSchema, displayName: displayNameSchema });

/** How far that desk's record had grown: in the other desk's record it is a witness of it. */
const treeHeadSchema = z.object({ size: z.number().int().min(0), root: hash });

/** What goes out: as much as the checker must see to answer for it. */
export const carriedRequestSchema = z.object({
  carryId: z.uuid(),
  approvalId: z.uuid(),
  request: z.string().min(1).max(80),
  payload: z.unknown(),
  payloadHash: hash,
  before: z.unknown(),
  contextHash: hash,
  policy: policySchema,
  stageId,
  maker: whoSchema,
  earlier: z.array(whoSchema).max(50),
  askedAtMs: atMs,
  expiresAtMs: atMs,
  carriedAtMs: atMs,
  treeHead: treeHeadSchema,
});
export type CarriedRequest = z.infer<typeof carriedRequestSchema>;

/** What comes back. */
export const carriedDecisionSchema = z.object({
  carryId: z.uuid(),
  approvalId: z.uuid(),
  stageId,
  decision: z.enum(['approve', 'reject']),
  payloadHash: hash,
  contextHash: hash,
  note: text,
  /** As that desk names them; who they are here was said when its card was taken in. */
  personId: personIdSchema,
  keyId: keyIdSchema,
  signature: signatureSchema,
  decidedAtMs: atMs,
  treeHead: treeHeadSchema,
});
export type CarriedDecision = z.infer<typeof carriedDecisionSchema>;

type Stated = Omit<CarriedDecision, 'keyId' | 'signature' | 'treeHead'> & { device: string; forDevice: string };

/** What a checker signs at another desk: this decision, of this stage, for that desk and no other. */
export function carriedDecisionStatement(about: Stated): string {
  const { carryId, approvalId, stageId: stage, decision, payloadHash, contextHash, note, personId, decidedAtMs, device, forDevice } = about;
  const stated = { carryId, approvalId, stageId: stage, decision, payloadHash, contextHash, note, personId, decidedAtMs, device, forDevice };
  return `floorwatch.carriedDecision.1:${canonicalJson(stated)}`;
}

// ---- at the other desk ----------------------------------------------------------------------------------------------------

const foreignDecisionSchema = carriedDecisionSchema.omit({ treeHead: true }).extend({ human: z.string().min(1).max(64), atMs });

export const foreignEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('foreign.taken'),
    payload: carriedRequestSchema.extend({ device: deviceIdSchema, deskName: z.string().max(64), atMs }),
  }),
  z.object({ type: z.literal('foreign.decided'), payload: foreignDecisionSchema }),
]);
export type ForeignEventBody = z.infer<typeof foreignEventSchema>;
export type ForeignEvent = ForeignEventBody & JournalEvent;
export type ForeignDecision = z.infer<typeof foreignDecisionSchema>;

/** Another desk's approval as this one has it. */
export type ForeignApproval = CarriedRequest & {
  device: string;
  deskName: string;
  takenAtMs: number;
  takenBy: string;
  decisions: ForeignDecision[];
  sequence: number;
};

export function foreignSubject(carryId: string): string {
  return `foreign:${carryId}`;
}

export function evolveForeign(before: ForeignApproval | null, event: ForeignEventBody, entry: Recorded): ForeignApproval | null {
  const { actor, sequence } = entry;
  if (event.type === 'foreign.taken') {
    const { atMs: takenAtMs, payload, before: was, ...taken } = event.payload;
    return before ?? { ...taken, payload: payload ?? null, before: was ?? null, takenAtMs, takenBy: actor, decisions: [], sequence };
  }
  return before === null ? null : { ...before, decisions: [...before.decisions, event.payload], sequence };
}

/** Somebody at this desk who decides about another desk's approval. `makerHuman`: who the maker is here, null where nobody said. */
export type ForeignChecker = { personId: string; human: string; may: (needed: string) => boolean; makerHuman: string | null };

/** What this desk can know; the one that asked asks everything again, by its own people and roles. */
export function refuseForeign(
  foreign: ForeignApproval,
  checker: ForeignChecker,
  given: { decision: 'approve' | 'reject'; payloadHash: string; contextHash: string; note: string },
  nowMs: number,
): Refusal | null {
  if (nowMs >= foreign.expiresAtMs) return refuse('CONFLICT', 'carryId: the approval has expired', 'carryId');
  if (checker.human === checker.makerHuman || checker.personId === foreign.maker.personId)
    return refuse('FORBIDDEN', 'whoever asked for it cannot decide about it, at whatever desk');
  const stage = foreign.policy.stages.find((each) => each.stageId === foreign.stageId);
  const missing = ['approval.decide', ...(stage?.functions ?? [])].find((needed) => !checker.may(needed));
  if (missing !== undefined) return refuse('FORBIDDEN', `this stage needs the function ${missing}`);
  if (given.payloadHash !== foreign.payloadHash) return refuse('CONFLICT', 'payloadHash: this is not what was asked for', 'payloadHash');
  if (given.contextHash !== foreign.contextHash) return refuse('CONFLICT', 'contextHash: this is not what it would change', 'contextHash');
  if (foreign.decisions.some(({ human }) => human === checker.human)) return refuse('CONFLICT', 'this person has decided already');
  return given.decision === 'reject' && given.note === '' ? refuse('INVALID', 'note: a reason is needed to reject', 'note') : null;
}

export function decideForeignTaken(
  carried: CarriedRequest,
  from: { device: string; deskName: string },
  known: ForeignApproval | null,
  context: DecisionContext,
): Decision<ForeignEvent> {
  if (known !== null) return refuse('CONFLICT', 'carryId: this file has been taken in', 'carryId');
  if (!carried.policy.stages.some((stage) => stage.stageId === carried.stageId))
    return refuse('INVALID', 'stageId: is no stage of this approval', 'stageId');
  if (context.nowMs >= carried.expiresAtMs) return refuse('CONFLICT', 'expiresAtMs: the approval has expired', 'expiresAtMs');
  return [{ type: 'foreign.taken', subject: foreignSubject(carried.carryId), payload: { ...carried, ...from, atMs: context.nowMs } }];
}

// ---- back home ------------------------------------------------------------------------------------------------------------

/** That an approval left for another desk, as the approval itself records it. */
export type CarriedAway = { carryId: string; device: string; deskName: string; stageId: string; atMs: number };

/** A time that cannot be: before the file left, or after now, by more than two desks' clocks may differ. */
export function refuseTime(decidedAtMs: number, carriedAtMs: number, nowMs: number, toleranceMinutes: number): Refusal | null {
  const tolerance = toleranceMinutes * MS_PER_MINUTE;
  if (decidedAtMs < carriedAtMs - tolerance) return refuse('CONFLICT', 'decidedAtMs: was decided before the file left this desk', 'decidedAtMs');
  return decidedAtMs > nowMs + tolerance ? refuse('CONFLICT', 'decidedAtMs: was decided at a time that has not come', 'decidedAtMs') : null;
}
