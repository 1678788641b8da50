/** The parts of a run that its steps are made of: who signed what having seen what, what was read, what was attached. */
import { z } from 'zod';

export const STEP_STATES = [
  'locked',
  'ready',
  'running',
  'waitSecond',
  'done',
  'failed',
  'deferred',
  'notApplicable',
  'skipped',
  'overridden',
  'reopened',
  'conflict',
] as const;
export const stepStateSchema = z.enum(STEP_STATES);
export type StepState = z.infer<typeof stepStateSchema>;

/** Why a step was not done as written. `supersededByPlan` names the plan, `toldByAuthority` the person of the authority. */
export const DEVIATION_CODES = ['notRelevant', 'unsafe', 'resourceMissing', 'supersededByPlan', 'toldByAuthority', 'cannotVerify'] as const;
export const deviationCodeSchema = z.enum(DEVIATION_CODES);
export type DeviationCode = z.infer<typeof deviationCodeSchema>;
export const deviationSchema = z.object({ code: deviationCodeSchema, detail: z.string().trim().max(200).nullable() });
export type Deviation = z.infer<typeof deviationSchema>;

/** Proof that the person named signed by their own credentials at this screen. */
export const confirmationSchema = z.object({ sessionId: z.string(), keyId: z.string(), signature: z.string() });

/** What one sensor said at one moment. `value` is null when it is not known, and `reason` then says why. */
export const readingSchema = z.object({
  sensor: z.string().max(64),
  atMs: z.number(),
  value: z.union([z.number(), z.string().max(200)]).nullable(),
  unit: z.enum(['count', 'ms', 'state', 'time']),
  quality: z.enum(['good', 'bad', 'unknown']),
  reason: z.string().max(200).nullable(),
  /** What the reading is made of: one line per feed, level or contract. */
  detail: z.array(z.object({ name: z.string().max(100), value: z.string().max(200) })).max(50),
});
export type Reading = z.infer<typeof readingSchema>;

/** Something that shows a step was done: a file kept by its hash, or what a person typed. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    name: z.string().trim().min(1).max(200),
    type: z.string().max(100),
  }),
  z.object({ kind: z.literal('typed'), label: z.string().trim().max(100), text: z.string().trim().min(1).max(2000) }),
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** An entry's place among the entries of all desks. */
export const stampSchema = z.object({ opId: z.string(), device: z.string(), deviceSeq: z.number().int() });
export type Stamp = z.infer<typeof stampSchema>;

/** One thing that somebody decided about a step. `saw`: the marks of this step, by opId, that its author's desk knew. */
export const markSchema = z.object({
  ...stampSchema.shape,
  kind: z.enum(['signed', 'skipped', 'failed', 'overridden']),
  by: z.string(),
  atMs: z.number(),
  saw: z.array(z.string()),
  as: z.enum(['doer', 'verifier']).nullable(),
  /** The branch that a decision chose, or the way out that a failure took. */
  route: z.string().nullable(),
  reason: z.string().nullable(),
  deviation: deviationSchema.nullable(),
  /** The second name under a skip or an override. */
  second: z.string().nullable(),
  /** A failure whose way out leads on without the step. */
  isPassed: z.boolean(),
  isDisputed: z.boolean(),
});
export type Mark = z.infer<typeof markSchema>;

export const noteSchema = z.object({ atMs: z.number(), by: z.string(), text: z.string() });

export const runStepSchema = z.object({
  no: z.number().int(),
  state: stepStateSchema,
  /** When nothing before it was open any more; null while it is locked. */
  readyAtMs: z.number().nullable(),
  startedAtMs: z.number().nullable(),
  startedBy: z.string().nullable(),
  endedAtMs: z.number().nullable(),
  endedBy: z.string().nullable(),
  skipReason: z.string().nullable(),
  deviation: deviationSchema.nullable(),
  /** The chosen branch of a decision, or the way out of a failure. */
  route: z.string().nullable(),
  /** A failed step whose way out leads on: later steps need not wait for it. */
  isPassed: z.boolean(),
  /** How many different people must sign; with fewer signatures the step is `waitSecond`. */
  signaturesRequired: z.number().int().min(1),
  signedBy: z.array(z.string()),
  /** When its target time falls due, where the plan's target is a time from the start (`T+1:30`); null for targets such as `on recovery`. */
  dueAtMs: z.number().nullable(),
  notes: z.array(noteSchema),
  marks: z.array(markSchema),
  /** Everyone who began it; the earliest counts. */
  starts: z.array(z.object({ ...stampSchema.shape, by: z.string(), atMs: z.number() })),
  deferrals: z.array(z.object({ ...stampSchema.shape, by: z.string(), atMs: z.number(), untilNo: z.number().int(), reason: z.string() })),
  reopenedCount: z.number().int(),
  reopenedAtMs: z.number().nullable(),
  readings: z.array(z.object({ ...readingSchema.shape, takenBy: z.string() })),
  evidence: z.array(z.object({ atMs: z.number(), by: z.string(), item: evidenceSchema })),
  /** What the verifier typed before the expected value was shown. */
  answers: z.array(z.object({ atMs: z.number(), by: z.string(), text: z.string() })),
  beats: z.array(z.object({ atMs: z.number(), by: z.string(), note: z.string().nullable(), readings: z.array(readingSchema) })),
  /** Readings it was signed on that have turned bad since, until somebody who knows of it signs again. */
  reversions: z.array(z.object({ ...stampSchema.shape, atMs: z.number() })),
  /** Signatures by item, for a step that is done once for each call, client or order. */
  items: z.array(z.object({ itemId: z.string(), marks: z.array(markSchema), isDone: z.boolean() })),
  /** dupActor: one person on two desks; beforeConflict: done before an earlier step fell into conflict; offBranch: done, but the chosen branch leaves it out; disputed: a signature by a withdrawn key; reverted: a reading it was signed on has turned bad. */
  flags: z.array(z.enum(['dupActor', 'beforeConflict', 'offBranch', 'disputed', 'reverted'])),
});
export type RunStep = z.infer<typeof runStepSchema>;

export const ROTE_KINDS = ['tooFast', 'burst', 'sameText'] as const;
export const roteFlagSchema = z.object({
  kind: z.enum(ROTE_KINDS),
  no: z.number().int(),
  by: z.string(),
  atMs: z.number(),
  /** Milliseconds for tooFast, a count for the others. */
  measured: z.number(),
  limit: z.number(),
  /** The date of the rule that saw it (resources/plans/rote-guard.json). */
  ruleFrom: z.string(),
});
export type RoteFlag = z.infer<typeof roteFlagSchema>;
