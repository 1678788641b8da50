/** The emergency plan as it is bundled and stored (schema emergency-plan/1), and a run of it as people see it. */
import { z } from 'zod';
import { noteSchema, roteFlagSchema, runStepSchema, stampSchema } from '#shared/desk/plans/run-parts';
import { modeSchema } from '#shared/journal/entry';

export type { StepState } from '#shared/desk/plans/run-parts';

/** The Chinese of a text is optional here: runs keep the plan they began with, and plans of earlier versions had none. */
const stepTextZh = {
  target_zh: z.string().min(1).max(60),
  action_zh: z.string().min(1).max(4000),
  evidence_zh: z.string().max(2000),
  decision_zh: z.string().min(1).max(2000).nullable(),
};

const planTextZh = {
  scope_zh: z.string().min(1).max(2000),
  triggers_zh: z.string().min(1).max(4000),
  immediate_actions_zh: z.string().min(1).max(4000),
  exit_criteria_zh: z.string().min(1).max(4000),
  reporting_note_zh: z.string().min(1).max(4000),
};

const stepNumber = z.number().int().min(1);
/** A choice that a step offers: exactly one is taken. `skips` are later steps that it makes needless; `starts` are plans to begin with it. */
const choice = {
  id: z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'a short word in Latin letters and digits'),
  label: z.string().min(1).max(200),
  label_zh: z.string().min(1).max(200),
  skips: z.array(stepNumber).max(200).optional(),
  starts: z.array(z.string().min(1).max(32)).max(5).optional(),
};
const branchSchema = z.strictObject(choice);
/** The way out when a step fails: back to an earlier step, or on without it. */
const failureRouteSchema = z.strictObject({ ...choice, returns_to: stepNumber.optional() });
export type FailureRoute = z.infer<typeof failureRouteSchema>;

/** How a step works, for the desk; plans of earlier versions had only the words. */
const stepWiring = {
  /** Whether all steps of `after` must have ended, or any one of them. */
  join: z.enum(['all', 'any']).optional(),
  /** Of a decision. */
  branches: z.array(branchSchema).min(2).max(8).optional(),
  on_fail: z.array(failureRouteSchema).min(1).max(6).optional(),
  /** Readings that the desk takes by itself (sensors.ts). */
  sensors: z.array(z.string().max(64)).max(10).optional(),
  /** What a verifier should find: shown only after they have typed what they read. */
  expects: z.string().min(1).max(500).optional(),
  expects_zh: z.string().min(1).max(500).optional(),
  /** Done once for each call, client or order; steps of the same group share the items. */
  per_item: z
    .strictObject({ group: z.string().regex(/^[a-z]{1,20}$/), label: z.string().min(1).max(60), label_zh: z.string().min(1).max(60) })
    .optional(),
  /** Leaving it out could do harm: a skip needs a second name even where one signature does it. */
  killer: z.boolean().optional(),
  /** Puts right what is broken, and may destroy what its cause could be found from: it waits until the scene of the run's incident is kept. */
  repairs: z.boolean().optional(),
};

export const planStepSchema = z.object({
  no: z.number().int().min(1),
  kind: z.string().min(1).max(40),
  role: z.string().min(1).max(16),
  after: z.array(z.number().int().min(1)),
  /** Times are read from this text (target.ts), in whichever language it is shown. */
  target: z.string().max(60),
  signatures: z.number().int().min(1).max(2),
  title: z.string().min(1).max(200),
  title_zh: z.string().min(1).max(200),
  action: z.string().min(1).max(4000),
  evidence: z.string().max(2000),
  decision: z.string().max(2000).nullable(),
  ...stepWiring,
  ...z.object(stepTextZh).partial().shape,
});
export type PlanStep = z.infer<typeof planStepSchema>;

export const planSchema = z.object({
  id: z.string().min(1).max(32),
  title: z.string().min(1).max(200),
  title_zh: z.string().min(1).max(200),
  default_severity: z.string().max(8),
  scope: z.string().max(2000),
  steps: z.array(planStepSchema).min(1).max(200),
  triggers: z.string().max(4000),
  immediate_actions: z.string().max(4000),
  exit_criteria: z.string().max(4000),
  reporting_note: z.string().max(4000),
  ...z.object(planTextZh).partial().shape,
});
export type Plan = z.infer<typeof planSchema>;

/** A bundled plan speaks both languages throughout, and has no field that nobody reads. */
const bundledPlanSchema = z.strictObject({
  ...planSchema.shape,
  ...planTextZh,
  steps: z
    .array(
      z
        .strictObject({ ...planStepSchema.shape, ...stepTextZh })
        .refine((step) => (step.decision === null) === (step.decision_zh === null), {
          path: ['decision_zh'],
          message: 'a decision is in both languages or in neither',
        })
        .refine((step) => (step.expects === undefined) === (step.expects_zh === undefined), {
          path: ['expects_zh'],
          message: 'what is expected is in both languages or in neither',
        })
        .refine((step) => (step.evidence === '') === (step.evidence_zh === ''), {
          path: ['evidence_zh'],
          message: 'evidence is in both languages or in neither',
        }),
    )
    .min(1)
    .max(200),
});

export const planLibrarySchema = z.object({
  schema: z.literal('emergency-plan/1'),
  roles: z.record(z.string(), z.object({ en: z.string(), zh: z.string() })),
  plans: z.array(bundledPlanSchema).min(1),
});
export type PlanLibrary = z.infer<typeof planLibrarySchema>;

export const runSchema = z.object({
  runId: z.uuid(),
  mode: modeSchema,
  planId: z.string(),
  /** SHA-256 of the plan's canonical JSON: the run stays with the text it began with. */
  planHash: z.string().regex(/^[0-9a-f]{64}$/),
  planTitle: z.string(),
  planTitleZh: z.string(),
  /** The plan as it was when the run began: steps are read from here, never from a library that may have changed since. */
  plan: planSchema,
  alertId: z.string().nullable(),
  incidentId: z.string().nullable(),
  /** `amended`: something done at another desk came to light after the end; the closing has to be signed again. */
  state: z.enum(['running', 'finished', 'aborted', 'amended']),
  startedAtMs: z.number(),
  startedBy: z.string(),
  endedAtMs: z.number().nullable(),
  endReason: z.string().nullable(),
  /** The plan's immediate actions, done from memory before anybody read them. */
  immediate: z.object({ atMs: z.number(), by: z.string(), note: z.string().nullable() }).nullable(),
  roles: z.record(z.string(), z.string()),
  /** Everyone who holds a role by their own desk's knowledge; more than one only after two desks met. The first stays in `roles`. */
  roleClaims: z.array(z.object({ ...stampSchema.shape, role: z.string(), person: z.string(), atMs: z.number() })),
  /** Who was said to be at the desk, or gone. */
  presence: z.array(z.object({ ...stampSchema.shape, person: z.string(), isPresent: z.boolean(), by: z.string(), atMs: z.number() })),
  steps: z.array(runStepSchema),
  /** Calls, clients or orders that per-item steps go through, in the order in which they came up. */
  items: z.array(z.object({ itemId: z.string(), group: z.string(), label: z.string(), openedBy: z.string(), atMs: z.number() })),
  notes: z.array(noteSchema),
  /** Entries signed by a key that turned out to be withdrawn. */
  disputed: z.array(z.string()),
  flags: z.array(roteFlagSchema),
  /** The run that this one was attached to, and the runs attached to this one. */
  parent: z.object({ runId: z.string(), no: z.number().int().nullable() }).nullable(),
  children: z.array(z.object({ runId: z.string(), planId: z.string(), no: z.number().int().nullable(), atMs: z.number(), by: z.string() })),
  /** Runs of the same matter that cannot be merged with this one, because their plan is another version. */
  siblings: z.array(z.string()),
  /** What became known only after the end, oldest first. */
  annex: z.array(z.object({ ...stampSchema.shape, type: z.string(), no: z.number().int().nullable(), by: z.string(), atMs: z.number() })),
  sequence: z.number().int().min(0),
});
export type Run = z.infer<typeof runSchema>;
