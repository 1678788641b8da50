/** The firm's own versions of a plan: drafts, reviews, publication by two people, retirement; and which version holds at a moment. */
import { z } from 'zod';
import type { Decision, DecisionContext, Recorded } from '#shared/desk/decision';
import { type Plan, planSchema } from '#shared/desk/plans/plan';
import { personKey } from '#shared/desk/plans/signatures';
import { refuse } from '#shared/refusal';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const base = { planId: z.string().min(1).max(32), atMs: z.number() };
const text = z.string().max(2000);

const versionSchema = z.object({
  version: z.number().int(),
  hash,
  plan: planSchema,
  publishedAtMs: z.number(),
  publishedBy: z.string(),
  effectiveFromMs: z.number(),
  note: z.string().nullable(),
});
const retiredSchema = z.object({ atMs: z.number(), by: z.string(), reason: z.string(), fromMs: z.number() });

export const planEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('plan.draftSaved'),
    payload: z.object({ ...base, plan: planSchema, hash, basedOn: hash.nullable(), note: text.nullable() }),
  }),
  z.object({ type: z.literal('plan.draftDropped'), payload: z.object({ ...base, hash, reason: text }) }),
  z.object({ type: z.literal('plan.reviewed'), payload: z.object({ ...base, hash, verdict: z.enum(['agree', 'object']), note: text.nullable() }) }),
  z.object({
    type: z.literal('plan.published'),
    payload: z.object({ ...base, plan: planSchema, hash, version: z.number().int().min(1), effectiveFromMs: z.number(), note: text.nullable() }),
  }),
  z.object({ type: z.literal('plan.retired'), payload: z.object({ ...base, reason: text, fromMs: z.number() }) }),
  /** On a drill desk: the plan as it stands at the live one. */
  z.object({ type: z.literal('plan.copied'), payload: z.object({ ...base, versions: z.array(versionSchema), retired: retiredSchema.nullable() }) }),
]);
type PlanEventBody = z.infer<typeof planEventSchema>;
export type PlanEvent = PlanEventBody & { subject: string };

export const planRecordSchema = z.object({
  planId: z.string(),
  draft: z.object({ plan: planSchema, hash, basedOn: hash.nullable(), by: z.string(), atMs: z.number(), note: z.string().nullable() }).nullable(),
  /** Of drafts, and of the bundled plan that is to be taken over as it is. */
  reviews: z.array(z.object({ hash, by: z.string(), atMs: z.number(), verdict: z.enum(['agree', 'object']), note: z.string().nullable() })),
  /** Oldest first. */
  versions: z.array(versionSchema),
  retired: retiredSchema.nullable(),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

/**
 * `unconfirmed`: shipped with the product, and the firm has not published it as its own, so that its times and thresholds are proposals;
 * `confirmed`: a version that the firm published holds; `scheduled`: the firm's first version holds later; `retired`: not to be started any more.
 */
export const planStandingSchema = z.enum(['unconfirmed', 'scheduled', 'confirmed', 'retired']);
export type PlanStanding = z.infer<typeof planStandingSchema>;

/** The plan that a run begun at `nowMs` follows, and where it stands. Null when there is none: a draft that was never published. */
export function planInForce(
  record: PlanRecord | null,
  bundled: Plan | null,
  nowMs: number,
): { plan: Plan; version: number; standing: PlanStanding } | null {
  const published = record?.versions ?? [];
  const inForce = published.filter((each) => each.effectiveFromMs <= nowMs).at(-1);
  const plan = inForce?.plan ?? bundled ?? published[0]?.plan;
  if (plan === undefined || plan === null) return null;
  const isRetired = record?.retired !== null && record?.retired !== undefined && record.retired.fromMs <= nowMs;
  const standing = isRetired ? 'retired' : inForce !== undefined ? 'confirmed' : published.length > 0 ? 'scheduled' : 'unconfirmed';
  return { plan, version: inForce?.version ?? 0, standing };
}

export type PlanCommand =
  | { type: 'saveDraft'; plan: Plan; hash: string; basedOn: string | null; note?: string | undefined }
  | { type: 'dropDraft'; reason: string }
  | { type: 'review'; hash: string; verdict: 'agree' | 'object'; note?: string | undefined }
  /** `plan` is the draft, or the bundled plan taken over as it is. `problems`: how many faults the check of the library found in it. */
  | { type: 'publish'; hash: string; plan: Plan; problems: readonly string[]; effectiveFromMs: number; note?: string | undefined }
  | { type: 'retire'; reason: string; fromMs: number };

/** `bundledHash` is that of the plan the product ships under this id, null for one of the firm's own. */
export function decidePlan(
  planId: string,
  record: PlanRecord | null,
  bundledHash: string | null,
  command: PlanCommand,
  context: DecisionContext,
): Decision<PlanEvent> {
  const base = { planId, atMs: context.nowMs };
  switch (command.type) {
    case 'saveDraft':
      if (command.plan.id !== planId) return refuse('INVALID', `the plan says it is ${command.plan.id}`, 'plan.id');
      if (record?.draft?.hash === command.hash) return [];
      return [
        about({
          type: 'plan.draftSaved',
          payload: { ...base, plan: command.plan, hash: command.hash, basedOn: command.basedOn, note: textOrNull(command.note) },
        }),
      ];
    case 'dropDraft': {
      const draft = record?.draft ?? null;
      if (draft === null) return refuse('UNKNOWN', `${planId} has no draft`, 'planId');
      return [about({ type: 'plan.draftDropped', payload: { ...base, hash: draft.hash, reason: command.reason } })];
    }
    case 'review': {
      if (!isOffered(record, bundledHash, command.hash)) return refuse('CONFLICT', 'this text is not the one under review any more', 'hash');
      if (isAuthor(record, command.hash, context.actor)) return refuse('FORBIDDEN', 'whoever wrote the draft does not review it');
      if (command.verdict === 'object' && textOrNull(command.note) === null) return refuse('INVALID', 'say what is wrong', 'note');
      return [about({ type: 'plan.reviewed', payload: { ...base, hash: command.hash, verdict: command.verdict, note: textOrNull(command.note) } })];
    }
    case 'publish':
      return publish(base, record, bundledHash, command, context);
    case 'retire':
      if (record?.retired !== null && record?.retired !== undefined) return refuse('CONFLICT', `${planId} is retired already`);
      return [about({ type: 'plan.retired', payload: { ...base, reason: command.reason, fromMs: command.fromMs } })];
  }
}

function publish(
  base: { planId: string; atMs: number },
  record: PlanRecord | null,
  bundledHash: string | null,
  command: Extract<PlanCommand, { type: 'publish' }>,
  context: DecisionContext,
): Decision<PlanEvent> {
  if (!isOffered(record, bundledHash, command.hash)) return refuse('CONFLICT', 'this text is not the one under review any more', 'hash');
  if (command.problems.length > 0) return refuse('INVALID', `the plan has faults: ${command.problems.join(', ')}`, 'plan');
  const last = record?.versions.at(-1);
  if (last?.hash === command.hash && record?.retired === null) return refuse('CONFLICT', `this text is version ${last.version} already`);
  // The newest word of each reviewer counts.
  const verdicts = new Map((record?.reviews ?? []).filter((review) => review.hash === command.hash).map((review) => [personKey(review.by), review]));
  const objection = [...verdicts.values()].find((review) => review.verdict === 'object');
  if (objection !== undefined) return refuse('CONFLICT', `${objection.by} objects: ${objection.note ?? ''}`);
  const others = [...verdicts.values()].filter((review) => !isAuthor(record, command.hash, review.by));
  // Two people at least: the author or publisher, and a reviewer who is neither.
  if (!others.some((review) => personKey(review.by) !== personKey(context.actor) || record?.draft?.hash === command.hash))
    return refuse('CONFLICT', 'nobody else has reviewed this text');
  const version = (last?.version ?? 0) + 1;
  const { plan, hash, effectiveFromMs } = command;
  return [about({ type: 'plan.published', payload: { ...base, plan, hash, version, effectiveFromMs, note: textOrNull(command.note) } })];
}

function isOffered(record: PlanRecord | null, bundledHash: string | null, wanted: string): boolean {
  if (record?.draft !== null && record?.draft !== undefined) return record.draft.hash === wanted;
  return bundledHash === wanted;
}

function isAuthor(record: PlanRecord | null, wanted: string, person: string): boolean {
  return record?.draft?.hash === wanted && personKey(record.draft.by) === personKey(person);
}

export function evolvePlan(record: PlanRecord | null, event: PlanEventBody, recorded: Pick<Recorded, 'actor'>): PlanRecord {
  const { planId, atMs } = event.payload;
  const known = record ?? { planId, draft: null, reviews: [], versions: [], retired: null };
  const by = recorded.actor;
  switch (event.type) {
    case 'plan.draftSaved': {
      const { plan, hash: own, basedOn, note } = event.payload;
      return { ...known, draft: { plan, hash: own, basedOn, by, atMs, note } };
    }
    case 'plan.draftDropped':
      return { ...known, draft: null };
    case 'plan.reviewed': {
      const { hash: of, verdict, note } = event.payload;
      return { ...known, reviews: [...known.reviews, { hash: of, by, atMs, verdict, note }] };
    }
    case 'plan.published': {
      const { plan, hash: own, version, effectiveFromMs, note } = event.payload;
      const published = { version, hash: own, plan, publishedAtMs: atMs, publishedBy: by, effectiveFromMs, note };
      // Publishing again is also how a retired plan comes back.
      return { ...known, draft: known.draft?.hash === own ? null : known.draft, versions: [...known.versions, published], retired: null };
    }
    case 'plan.retired': {
      const { reason, fromMs } = event.payload;
      return { ...known, retired: { atMs, by, reason, fromMs } };
    }
    case 'plan.copied':
      return { ...known, versions: event.payload.versions, retired: event.payload.retired };
  }
}

function about(event: PlanEventBody): PlanEvent {
  return { ...event, subject: `plan:${event.payload.planId}` };
}

function textOrNull(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
