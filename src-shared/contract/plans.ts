/** What a person may ask about emergency plans and their runs: requests, streams and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { planSchema, runSchema } from '#shared/desk/plans/plan';

const id = z.uuid();
const note = z.string().trim().max(2000);
const requiredNote = note.min(1, 'a note is needed');
const name = z.string().trim().min(1).max(64);

export const PLAN_REQUESTS = {
  'plan.list': {
    payload: z.object({}),
    answer: z.object({
      roles: z.record(z.string(), z.object({ en: z.string(), zh: z.string() })),
      plans: z.array(planSchema),
      proposals: z.record(z.string(), z.array(z.string())),
    }),
  },
  'run.start': { payload: z.object({ planId: z.string().max(32), alertId: id.optional(), opId: id.optional() }), answer: runSchema },
  'run.assignRole': { payload: z.object({ runId: id, role: z.string().max(16), person: name }), answer: runSchema },
  'run.startStep': { payload: z.object({ runId: id, no: z.number().int() }), answer: runSchema },
  'run.completeStep': {
    /** `person` signs instead of the one on duty: somebody else who is present. The name is as stated; the entry says who was on duty. */
    payload: z.object({ runId: id, no: z.number().int(), note: note.optional(), person: name.optional() }),
    answer: runSchema,
  },
  'run.skipStep': { payload: z.object({ runId: id, no: z.number().int(), reason: requiredNote }), answer: runSchema },
  'run.reopenStep': { payload: z.object({ runId: id, no: z.number().int(), reason: requiredNote }), answer: runSchema },
  'run.note': { payload: z.object({ runId: id, no: z.number().int().optional(), note: requiredNote }), answer: runSchema },
  'run.finish': { payload: z.object({ runId: id, note: note.optional() }), answer: runSchema },
  'run.abort': { payload: z.object({ runId: id, reason: requiredNote }), answer: runSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const PLAN_ACCESS = {
  'plan.list': { needs: 'plan.view' },
  'run.start': { needs: 'run.act' },
  'run.assignRole': { needs: 'run.act' },
  'run.startStep': { needs: 'run.act' },
  'run.completeStep': { needs: 'run.act' },
  'run.skipStep': { needs: 'run.act' },
  'run.reopenStep': { needs: 'run.act' },
  'run.note': { needs: 'run.act' },
  'run.finish': { needs: 'run.act' },
  'run.abort': { needs: 'run.command' },
} satisfies Record<keyof typeof PLAN_REQUESTS, AccessRule>;

export const PLAN_STREAMS = {} satisfies Record<string, z.ZodType>;
export type PictureByPlanStream = Record<never, never>;
export const PLAN_STREAM_ACCESS = {} satisfies Record<keyof typeof PLAN_STREAMS, AccessRule>;
