/** What a person may take out of the desk on paper, as a file with a journal entry: plans, runs, incidents, reports to regulators, drills, hand-overs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import type { FunctionName } from '#shared/desk/people/functions';

export const PAPER_FORMATS = ['pdf', 'docx'] as const;
export const PAPER_LANGUAGES = ['zh-CN', 'en'] as const;

/** `id` is that of the plan, run, incident, drill or hand-over; `dutyId` names one of the incident's duties. */
export const paperOfSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), id: z.string().min(1).max(32) }),
  z.object({ kind: z.literal('run'), id: z.uuid() }),
  z.object({ kind: z.literal('incident'), id: z.uuid() }),
  z.object({ kind: z.literal('duty'), id: z.uuid(), dutyId: z.string().min(1).max(64) }),
  z.object({ kind: z.literal('drill'), id: z.uuid() }),
  z.object({ kind: z.literal('handover'), id: z.uuid() }),
]);
export type PaperOf = z.infer<typeof paperOfSchema>;

const paperPayloadSchema = z.object({ of: paperOfSchema, format: z.enum(PAPER_FORMATS), language: z.enum(PAPER_LANGUAGES) });

const paperMadeSchema = z.object({ file: z.string(), path: z.string(), sha256: z.string(), bytes: z.number(), fingerprint: z.string() });
export type PaperMade = z.infer<typeof paperMadeSchema>;

export const PAPER_REQUESTS = {
  /** A PDF needs the app with its screen; without one it is refused, and the Word document works. */
  'paper.make': { payload: paperPayloadSchema, answer: paperMadeSchema },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

const SEEN_BY: Readonly<Record<PaperOf['kind'], FunctionName>> = {
  plan: 'plan.view',
  run: 'plan.view',
  incident: 'incident.declare',
  duty: 'report.handle',
  drill: 'plan.view',
  handover: 'handover.make',
};

export const PAPER_ACCESS = {
  'paper.make': {
    needs: 'export.make',
    alsoNeeds: ({ of }: z.infer<typeof paperPayloadSchema>) => SEEN_BY[of.kind],
    reach: 'filtered',
    // Its sheet names every client with something open.
    firmOnly: ({ of }: z.infer<typeof paperPayloadSchema>) => of.kind === 'handover',
  },
} satisfies Record<keyof typeof PAPER_REQUESTS, AccessRule<z.infer<typeof paperPayloadSchema>>>;
