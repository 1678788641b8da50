/** Reads the bundled plans, which of them an alert proposes, what marks a run as clicked through, and what a run holds people and readings to; a file that does not fit is refused with the field and the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type PlanLibrary, planLibrarySchema } from '#shared/desk/plans/plan';
import { type RoteGuard, roteGuardSchema } from '#shared/desk/plans/rote-guard';
import { type RunRules, runRulesSchema } from '#shared/desk/plans/run-rules';

/** Alert kind to plan ids. */
export type PlanProposals = Readonly<Record<string, string[]>>;

export const proposalFileSchema = z.object({
  schema: z.literal('plan-proposals/1'),
  note: z.string(),
  proposals: z.array(
    z.object({
      kind: z.string().min(1).max(64),
      planIds: z.array(z.string()).min(1),
      effectiveFrom: z.string().regex(/^\d{8}$/),
      citation: z.string().min(1),
      certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
    }),
  ),
});

export type BundledPlans = { library: PlanLibrary; proposals: PlanProposals; roteGuard: RoteGuard['rules']; runRules: RunRules };

/** `folder` is resources/plans. Throws when a file is missing or does not fit: the product is then incomplete, which is no one's input error. */
export function loadPlans(folder: string): BundledPlans {
  const library = planLibrarySchema.parse(JSON.parse(readFileSync(join(folder, 'plans.json'), 'utf8')));
  const rows = proposalFileSchema.parse(JSON.parse(readFileSync(join(folder, 'proposals.json'), 'utf8'))).proposals;
  const known = new Set(library.plans.map((plan) => plan.id));
  for (const row of rows)
    for (const planId of row.planIds)
      if (!known.has(planId)) throw new Error(`proposals.json: ${row.kind} proposes ${planId}, which is not in plans.json`);
  const roteGuard = roteGuardSchema.parse(JSON.parse(readFileSync(join(folder, 'rote-guard.json'), 'utf8'))).rules;
  const runRules = runRulesSchema.parse(JSON.parse(readFileSync(join(folder, 'run-rules.json'), 'utf8')));
  return { library, roteGuard, runRules, proposals: Object.fromEntries(rows.map((row) => [row.kind, row.planIds])) };
}
