/** What a step asks of people, read from the word that plans write. */
import type { PlanStep } from '#shared/desk/plans/plan';

export type StepKind = 'sense' | 'do' | 'verify' | 'decide' | 'hold' | 'notify' | 'repeat' | 'perItem';

const KINDS: Readonly<Record<string, StepKind>> = {
  'sense/confirm': 'sense',
  sense: 'sense',
  do: 'do',
  verify: 'verify',
  decide: 'decide',
  'hold point': 'hold',
  hold: 'hold',
  notify: 'notify',
  repeat: 'repeat',
  'per item': 'perItem',
};

/** Null for a word that this version does not know: such a step is run like `do`, and the checks of the library name it. */
export function knownKind(kind: string): StepKind | null {
  return KINDS[kind] ?? null;
}

export function kindOf(step: Pick<PlanStep, 'kind'>): StepKind {
  return knownKind(step.kind) ?? 'do';
}

/** Steps that cannot be left out on one person's word: those of two signatures, holds, and those whose absence could do harm. */
export function needsSecondName(step: Pick<PlanStep, 'kind' | 'signatures' | 'killer'>): boolean {
  return step.signatures > 1 || step.killer === true || kindOf(step) === 'hold';
}
