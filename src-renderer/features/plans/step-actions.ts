/** What can be done to a step now, by whom sits here: one answer for the run page and for emergency mode. */
import { isOwnWork } from '#shared/desk/plans/decide-step';
import { openPredecessors } from '#shared/desk/plans/derive';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import type { RunStep } from '#shared/desk/plans/run-parts';
import { personKey } from '#shared/desk/plans/signatures';
import { kindOf } from '#shared/desk/plans/step-kind';

export const STEP_ACTIONS = [
  'resolve',
  'answer',
  'sign',
  'second',
  'start',
  'beat',
  'openItem',
  'read',
  'evidence',
  'photo',
  'note',
  'attach',
  'fail',
  'retry',
  'defer',
  'skip',
  'reopen',
  'override',
] as const;
export type StepAction = (typeof STEP_ACTIONS)[number];

export function hasSigned(step: Pick<RunStep, 'signedBy'>, personId: string | null): boolean {
  return personId !== null && step.signedBy.some((person) => personKey(person) === personKey(personId));
}

/** In the order in which people need them; the first of them is the one to do next. */
export function stepActions(run: Run, planned: PlanStep, step: RunStep, personId: string | null): StepAction[] {
  const after: StepAction[] = ['evidence', 'photo', 'note'];
  if (run.state !== 'running' && run.state !== 'amended') return after;
  const kind = kindOf(planned);
  const hasSensors = (planned.sensors?.length ?? 0) > 0;
  switch (step.state) {
    case 'locked':
      return [...(hasSensors ? (['read'] as const) : []), ...after, 'defer', 'skip'];
    case 'conflict':
      return ['resolve', ...after];
    case 'failed':
      return step.isPassed ? [...after, 'reopen'] : ['retry', ...after, 'skip', ...(kind === 'hold' ? (['override'] as const) : [])];
    case 'done':
    case 'skipped':
    case 'overridden':
      return [...after, 'reopen'];
    case 'notApplicable':
      return after;
    case 'deferred':
      return [...(openPredecessors(run, step.no).length === 0 ? (['start'] as const) : []), ...after, 'skip'];
    case 'ready':
    case 'reopened':
    case 'running':
    case 'waitSecond': {
      const needsAnswer = kind === 'verify' && planned.expects !== undefined && step.answers.length === 0;
      const mine = hasSigned(step, personId);
      const isMine = personId !== null && isOwnWork(run, planned, personId);
      const isWaiting = step.state === 'waitSecond';
      return [
        ...(needsAnswer ? (['answer'] as const) : []),
        ...(mine || needsAnswer || isMine ? [] : (['sign'] as const)),
        ...(needsAnswer || (!isWaiting && kind !== 'verify') ? [] : (['second'] as const)),
        ...(isStartable(step) ? (['start'] as const) : []),
        ...(kind === 'repeat' ? (['beat'] as const) : []),
        ...(planned.per_item === undefined ? [] : (['openItem'] as const)),
        ...(hasSensors ? (['read'] as const) : []),
        ...after,
        'attach',
        ...(isWaiting ? [] : (['fail', 'defer'] as const)),
        'skip',
        ...(kind === 'hold' ? (['override'] as const) : []),
        ...(isWaiting ? (['reopen'] as const) : []),
      ];
    }
  }
}

function isStartable(step: RunStep): boolean {
  return step.state === 'ready' || step.state === 'reopened';
}

/** Open steps, the most urgent first: late ones by how late, then by target, then in the order of the plan. */
export function nextSteps(run: Run): RunStep[] {
  const isOpen = (step: RunStep): boolean =>
    step.state === 'ready' ||
    step.state === 'reopened' ||
    step.state === 'running' ||
    step.state === 'waitSecond' ||
    step.state === 'conflict' ||
    (step.state === 'failed' && !step.isPassed);
  return run.steps.filter(isOpen).sort((a, b) => (a.dueAtMs ?? Number.MAX_SAFE_INTEGER) - (b.dueAtMs ?? Number.MAX_SAFE_INTEGER) || a.no - b.no);
}

/** Where a step may be put off to: an open step that does not come before it. */
export function gatesFor(run: Run, no: number): RunStep[] {
  const before = new Set<number>();
  const open = [no];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const each of run.plan.steps.find((step) => step.no === at)?.after ?? [])
      if (!before.has(each)) {
        before.add(each);
        open.push(each);
      }
  return run.steps.filter((step) => step.no !== no && !before.has(step.no) && step.endedAtMs === null);
}
