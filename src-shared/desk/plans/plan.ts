/** The emergency plan as it is bundled and stored (schema emergency-plan/1), and a run of it as people see it. */
import { z } from 'zod';
import { modeSchema } from '#shared/journal/entry';

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

export const stepStateSchema = z.enum(['locked', 'ready', 'running', 'done', 'skipped', 'notApplicable']);
export type StepState = z.infer<typeof stepStateSchema>;

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
  state: z.enum(['running', 'finished', 'aborted']),
  startedAtMs: z.number(),
  startedBy: z.string(),
  endedAtMs: z.number().nullable(),
  endReason: z.string().nullable(),
  roles: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({
      no: z.number().int(),
      state: stepStateSchema,
      startedAtMs: z.number().nullable(),
      startedBy: z.string().nullable(),
      endedAtMs: z.number().nullable(),
      endedBy: z.string().nullable(),
      skipReason: z.string().nullable(),
      /** How many different people must sign; the step is done when `signedBy` has as many. With fewer it stays `running` and shows as 1 of 2. */
      signaturesRequired: z.number().int().min(1),
      signedBy: z.array(z.string()),
      /** When its target time falls due, where the plan's target is a time from the start (`T+1:30`); null for targets such as `on recovery`. */
      dueAtMs: z.number().nullable(),
      notes: z.array(z.object({ atMs: z.number(), by: z.string(), text: z.string() })),
    }),
  ),
  notes: z.array(z.object({ atMs: z.number(), by: z.string(), text: z.string() })),
  sequence: z.number().int().min(0),
});
export type Run = z.infer<typeof runSchema>;
