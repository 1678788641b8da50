/** What a person may ask about plans, the library and runs: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { pointInTimeSchema } from '#shared/contract/point-in-time';
import { planRecordSchema, planStandingSchema } from '#shared/desk/plans/library';
import { planSchema, runSchema } from '#shared/desk/plans/plan';
import { deviationCodeSchema, evidenceSchema, type Reading } from '#shared/desk/plans/run-parts';
import { PLAN_PROBLEMS } from '#shared/desk/plans/validate';

const id = z.uuid();
const no = z.number().int();
const note = z.string().trim().max(2000);
const requiredNote = note.min(1, 'a note is needed');
const name = z.string().trim().min(1).max(64);
const planId = z.string().trim().min(1).max(32);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const onRun = { runId: id };
const onStep = { runId: id, no };
/** Another person at this screen signed it by their own credentials (`auth.confirm`). */
const confirmationId = z.uuid();
const choice = z.string().max(32);
/** Why a step is not done as written: by its code, with the plan or the person that two of the codes name, and in words. */
const deviating = { reason: requiredNote, deviation: deviationCodeSchema.optional(), detail: z.string().trim().max(200).optional() };

const problemSchema = z.object({ code: z.enum(PLAN_PROBLEMS), no: no.nullable(), about: z.string() });
const standing = z.object({
  standing: planStandingSchema,
  /** 0 for the plan as it is bundled. */
  version: z.number().int(),
  hash,
  hasDraft: z.boolean(),
});

export const PLAN_REQUESTS = {
  'plan.list': {
    payload: z.object({}),
    answer: z.object({
      roles: z.record(z.string(), z.object({ en: z.string(), zh: z.string() })),
      /** The plans in force, those of the firm in place of the bundled ones. */
      plans: z.array(planSchema),
      proposals: z.record(z.string(), z.array(z.string())),
      /** Two roles of each that one person does not hold in a run. */
      rolePairs: z.array(z.tuple([z.string(), z.string()])),
      standings: z.record(z.string(), standing),
    }),
  },
  /** One plan with its draft, reviews and versions; `bundled` is null for a plan of the firm's own. */
  'plan.get': {
    payload: z.object({ planId }),
    answer: z.object({
      inForce: planSchema.nullable(),
      standing: standing.nullable(),
      bundled: planSchema.nullable(),
      record: planRecordSchema.nullable(),
      problems: z.array(problemSchema),
    }),
  },
  'plan.check': { payload: z.object({ plan: planSchema }), answer: z.object({ hash, problems: z.array(problemSchema) }) },
  /** A draft may have faults, which are answered; only a plan without any is published. */
  'plan.saveDraft': { payload: z.object({ plan: planSchema, note: note.optional() }), answer: z.object({ hash, problems: z.array(problemSchema) }) },
  'plan.dropDraft': { payload: z.object({ planId, reason: requiredNote }), answer: z.object({}) },
  'plan.review': { payload: z.object({ planId, hash, verdict: z.enum(['agree', 'object']), note: note.optional() }), answer: z.object({}) },
  /** `hash` of the draft, or of the bundled plan that the firm takes over as it is: with that its times and thresholds are the firm's. */
  'plan.publish': {
    payload: z.object({ planId, hash, effectiveFromMs: pointInTimeSchema, note: note.optional() }),
    answer: z.object({ version: z.number().int() }),
  },
  'plan.retire': { payload: z.object({ planId, reason: requiredNote }), answer: z.object({}) },
  /** Writes the plan into the desk's folder of exports, never over another file; the record says who took it out. */
  'plan.export': {
    payload: z.object({ planId, format: z.enum(['json', 'markdown']), which: z.enum(['inForce', 'draft', 'bundled']) }),
    answer: z.object({ fileName: z.string(), text: z.string(), path: z.string() }),
  },
  /** Becomes a draft; a file that does not fit is refused with the place. */
  'plan.import': {
    payload: z.object({ format: z.enum(['json', 'markdown']), text: z.string().min(1).max(1_000_000) }),
    answer: z.object({ planId: z.string(), hash, problems: z.array(problemSchema) }),
  },

  'run.start': {
    payload: z.object({ planId, alertId: id.optional(), incidentId: name.optional(), opId: id.optional() }),
    answer: runSchema,
  },
  /** The plan's immediate actions were done from memory. */
  'run.immediateDone': { payload: z.object({ ...onRun, note: note.optional() }), answer: runSchema },
  'run.assignRole': { payload: z.object({ ...onRun, role: z.string().max(16), person: name }), answer: runSchema },
  /** Who is here and who has gone: roles are given to people who are here. */
  'run.notePresence': { payload: z.object({ ...onRun, person: name, isPresent: z.boolean() }), answer: runSchema },
  'run.startStep': { payload: z.object(onStep), answer: runSchema },
  'run.completeStep': {
    payload: z.object({
      ...onStep,
      note: note.optional(),
      /** The branch, for a decision that has some. */
      route: choice.optional(),
      as: z.enum(['doer', 'verifier']).optional(),
      confirmationId: confirmationId.optional(),
    }),
    answer: runSchema,
  },
  'run.failStep': { payload: z.object({ ...onStep, reason: requiredNote, route: choice.optional() }), answer: runSchema },
  'run.retryStep': { payload: z.object({ ...onStep, reason: requiredNote }), answer: runSchema },
  'run.deferStep': { payload: z.object({ ...onStep, untilNo: no, reason: requiredNote }), answer: runSchema },
  'run.skipStep': {
    payload: z.object({
      ...onStep,
      ...deviating,
      confirmationId: confirmationId.optional(),
    }),
    answer: runSchema,
  },
  'run.overrideHold': { payload: z.object({ ...onStep, ...deviating, confirmationId }), answer: runSchema },
  'run.reopenStep': { payload: z.object({ ...onStep, reason: requiredNote }), answer: runSchema },
  /** `keep` is one of the marks in conflict: it and those that say the same hold. */
  'run.resolveConflict': { payload: z.object({ ...onStep, keep: z.string().max(64), reason: requiredNote }), answer: runSchema },
  /** Reads the step's sensors now and keeps what they say. */
  'run.read': { payload: z.object(onStep), answer: runSchema },
  'run.addEvidence': { payload: z.object({ ...onStep, item: evidenceSchema }), answer: runSchema },
  /** What the verifier read, before they are shown what was expected. */
  'run.answer': { payload: z.object({ ...onStep, text: requiredNote }), answer: runSchema },
  'run.beat': { payload: z.object({ ...onStep, note: note.optional() }), answer: runSchema },
  'run.openItem': { payload: z.object({ ...onRun, group: z.string().max(20), label: z.string().trim().min(1).max(200) }), answer: runSchema },
  'run.signItem': {
    payload: z.object({ ...onStep, itemId: id, note: note.optional(), confirmationId: confirmationId.optional() }),
    answer: runSchema,
  },
  /** Begins another plan as part of this run; answers with the new run. */
  'run.attachPlan': { payload: z.object({ ...onRun, no: no.optional(), planId }), answer: runSchema },
  'run.note': { payload: z.object({ ...onRun, no: no.optional(), note: requiredNote }), answer: runSchema },
  'run.finish': { payload: z.object({ ...onRun, note: note.optional() }), answer: runSchema },
  'run.abort': { payload: z.object({ ...onRun, reason: requiredNote }), answer: runSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const PLAN_ACCESS = {
  'plan.list': { needs: 'plan.view', reach: 'free' },
  'plan.get': { needs: 'plan.view', reach: 'free' },
  'plan.check': { needs: 'plan.edit' },
  'plan.saveDraft': { needs: 'plan.edit' },
  'plan.dropDraft': { needs: 'plan.edit' },
  'plan.review': { needs: 'plan.edit' },
  'plan.publish': { needs: 'plan.publish', approval: () => 'planPublication' },
  'plan.retire': { needs: 'plan.publish', approval: () => 'planPublication' },
  'plan.export': { needs: 'export.make' },
  'plan.import': { needs: 'plan.edit' },
  'run.start': { needs: 'run.act', reach: 'filtered' },
  'run.immediateDone': { needs: 'run.act', reach: 'filtered' },
  'run.assignRole': { needs: 'run.act', reach: 'filtered' },
  'run.notePresence': { needs: 'run.act', reach: 'filtered' },
  'run.startStep': { needs: 'run.act', reach: 'filtered' },
  'run.completeStep': { needs: 'run.act', reach: 'filtered' },
  'run.failStep': { needs: 'run.act', reach: 'filtered' },
  'run.retryStep': { needs: 'run.act', reach: 'filtered' },
  'run.deferStep': { needs: 'run.act', reach: 'filtered' },
  'run.skipStep': { needs: 'run.act', reach: 'filtered' },
  'run.overrideHold': { needs: 'run.command', reach: 'filtered', secondPerson: 'run.act' },
  'run.reopenStep': { needs: 'run.act', reach: 'filtered' },
  'run.resolveConflict': { needs: 'run.command', reach: 'filtered' },
  'run.read': { needs: 'run.act', reach: 'filtered' },
  'run.addEvidence': { needs: 'run.act', reach: 'filtered' },
  'run.answer': { needs: 'run.act', reach: 'filtered' },
  'run.beat': { needs: 'run.act', reach: 'filtered' },
  'run.openItem': { needs: 'run.act', reach: 'filtered' },
  'run.signItem': { needs: 'run.act', reach: 'filtered' },
  'run.attachPlan': { needs: 'run.act', reach: 'filtered' },
  'run.note': { needs: 'run.act', reach: 'filtered' },
  'run.finish': { needs: 'run.act', reach: 'filtered' },
  'run.abort': { needs: 'run.command', reach: 'filtered' },
} satisfies Record<keyof typeof PLAN_REQUESTS, AccessRule>;

export const PLAN_STREAMS = { sensors: z.object({}) } satisfies Record<string, z.ZodType>;
/** What the desk's sensors say now, for the steps that ask for them. */
export type PictureByPlanStream = { sensors: { readings: Reading[] } };
export const PLAN_STREAM_ACCESS = { sensors: { needs: 'plan.view' } } satisfies Record<keyof typeof PLAN_STREAMS, AccessRule>;
