/** Notices steps that were clicked through rather than done: a mark on the record for the review, never a refusal. */
import { z } from 'zod';
import type { Run } from '#shared/desk/plans/plan';
import type { RoteFlag } from '#shared/desk/plans/run-parts';
import { personKey } from '#shared/desk/plans/signatures';

const dated = {
  effectiveFrom: z.string().regex(/^\d{8}$/),
  citation: z.string().min(1),
  certainty: z.enum(['verified', 'secondary', 'unconfirmed', 'demonstration']),
};

export const roteGuardSchema = z.object({
  schema: z.literal('rote-guard/1'),
  note: z.string(),
  rules: z.array(
    z.discriminatedUnion('kind', [
      /** Signed sooner after it could be done than anyone could do it. */
      z.object({ kind: z.literal('tooFast'), underMs: z.number().positive(), ...dated }),
      /** More steps than this by one person within the time. */
      z.object({ kind: z.literal('burst'), moreThan: z.number().int().positive(), withinMs: z.number().positive(), ...dated }),
      /** The same words under this many steps. */
      z.object({ kind: z.literal('sameText'), times: z.number().int().min(2), ...dated }),
    ]),
  ),
});
export type RoteGuard = z.infer<typeof roteGuardSchema>;

export const NO_ROTE_GUARD: RoteGuard['rules'] = [];

type Signature = { no: number; by: string; atMs: number; note: string | null };

/** The marks that a signature on step `no` would earn. Rows that begin later than the day of `atMs` (in UTC) do not count yet. */
export function roteFlags(rules: RoteGuard['rules'], run: Run, signature: Signature): RoteFlag[] {
  const day = new Date(signature.atMs).toISOString().slice(0, 10).replaceAll('-', '');
  return rules
    .filter((rule) => rule.effectiveFrom <= day)
    .flatMap((rule) => {
      const found = measured(rule, run, signature);
      const { no, by, atMs } = signature;
      return found === null ? [] : [{ kind: rule.kind, no, by, atMs, ruleFrom: rule.effectiveFrom, ...found }];
    });
}

/** Null when the signature is within what the rule allows. */
function measured(rule: RoteGuard['rules'][number], run: Run, { no, by, atMs, note }: Signature): { measured: number; limit: number } | null {
  if (rule.kind === 'tooFast') {
    const step = run.steps.find((candidate) => candidate.no === no);
    const sinceMs = Math.max(step?.startedAtMs ?? 0, step?.readyAtMs ?? 0);
    const tookMs = atMs - sinceMs;
    return sinceMs > 0 && tookMs >= 0 && tookMs < rule.underMs ? { measured: tookMs, limit: rule.underMs } : null;
  }
  if (rule.kind === 'burst') {
    const count = 1 + signaturesOf(run, by).filter((mark) => atMs - mark.atMs <= rule.withinMs).length;
    return count > rule.moreThan ? { measured: count, limit: rule.moreThan } : null;
  }
  if (note === null) return null;
  const text = wordsOf(note);
  const same = run.steps.flatMap((step) => step.notes.filter((other) => personKey(other.by) === personKey(by) && wordsOf(other.text) === text));
  return same.length + 1 >= rule.times ? { measured: same.length + 1, limit: rule.times } : null;
}

function signaturesOf(run: Run, by: string): { atMs: number }[] {
  return run.steps.flatMap((step) => step.marks.filter((mark) => mark.kind === 'signed' && personKey(mark.by) === personKey(by)));
}

function wordsOf(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().replaceAll(/\s+/g, ' ');
}
