/** What each dialog of a run asks of the engine once its words and choices are there; some of it waits for a second person first. */
import type { RequestPayload } from '#shared/contract/requests';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import type { DeviationCode } from '#shared/desk/plans/run-parts';
import { needsSecondName } from '#shared/desk/plans/step-kind';
import type { Refusal } from '#shared/refusal';
import type { RunActions } from './run-actions';
import { hasSigned } from './step-actions';

const STEP_DIALOGS = [
  'sign',
  'second',
  'fail',
  'retry',
  'defer',
  'skip',
  'reopen',
  'resolve',
  'override',
  'answer',
  'evidence',
  'beat',
  'openItem',
  'attach',
  'photo',
] as const;
type StepDialogKind = (typeof STEP_DIALOGS)[number];
export type RunDialog =
  | { kind: StepDialogKind; no: number }
  | { kind: 'signItem'; no: number; itemId: string }
  | { kind: 'note'; no: number | null }
  | { kind: 'finish' | 'abort' };

type Confirmable = 'run.completeStep' | 'run.skipStep' | 'run.overrideHold' | 'run.signItem';
export type Pending = { [Name in Confirmable]: { name: Name; payload: RequestPayload<Name> } }[Confirmable];

/** What is chosen beside the words; each dialog uses the part it shows. */
export type Choices = { route: string; deviation: DeviationCode; detail: string; untilNo: string; keep: string; label: string; planId: string };

type Submission = {
  run: Run;
  dialog: RunDialog;
  actions: RunActions;
  onPending: (pending: Pending) => void;
  choices: Choices;
  planned: PlanStep | undefined;
  me: string | null;
};

/** Whether this person has signed the item, which then waits for another. */
function isSignedItem(run: Run, { no, itemId }: { no: number; itemId: string }, me: string | null): boolean {
  const item = run.steps.find((step) => step.no === no)?.items.find((each) => each.itemId === itemId);
  return me !== null && item !== undefined && hasSigned({ signedBy: item.marks.map(({ by }) => by) }, me);
}

export async function submitDialog({ run, dialog, actions, choices, planned, onPending, me }: Submission, text: string): Promise<Refusal | null> {
  const { runId } = run;
  const note = text === '' ? {} : { note: text };
  const { ask } = actions;
  switch (dialog.kind) {
    case 'sign':
      return ask('run.completeStep', { runId, no: dialog.no, ...note, ...(choices.route === '' ? {} : { route: choices.route }) });
    case 'fail':
      return ask('run.failStep', { runId, no: dialog.no, reason: text, ...(choices.route === '' ? {} : { route: choices.route }) });
    case 'retry':
      return ask('run.retryStep', { runId, no: dialog.no, reason: text });
    case 'defer':
      return ask('run.deferStep', { runId, no: dialog.no, untilNo: Number(choices.untilNo), reason: text });
    case 'skip': {
      const payload = { runId, no: dialog.no, ...deviationOf(choices, text) };
      if (planned === undefined || !needsSecondName(planned)) return ask('run.skipStep', payload);
      onPending({ name: 'run.skipStep', payload });
      return STAYS;
    }
    case 'override':
      onPending({ name: 'run.overrideHold', payload: { runId, no: dialog.no, ...deviationOf(choices, text) } as RequestPayload<'run.overrideHold'> });
      return STAYS;
    case 'reopen':
      return ask('run.reopenStep', { runId, no: dialog.no, reason: text });
    case 'resolve':
      return ask('run.resolveConflict', { runId, no: dialog.no, keep: choices.keep, reason: text });
    case 'answer':
      return ask('run.answer', { runId, no: dialog.no, text });
    case 'evidence':
      return ask('run.addEvidence', { runId, no: dialog.no, item: { kind: 'typed', label: '', text } });
    case 'beat':
      return ask('run.beat', { runId, no: dialog.no, ...note });
    case 'openItem':
      return ask('run.openItem', { runId, group: planned?.per_item?.group ?? '', label: choices.label.trim() });
    case 'signItem': {
      const payload = { runId, no: dialog.no, itemId: dialog.itemId, ...note };
      // Whoever has signed it already hands the keyboard to the second person.
      if (!isSignedItem(run, dialog, me)) return ask('run.signItem', payload);
      onPending({ name: 'run.signItem', payload });
      return STAYS;
    }
    case 'attach':
      return ask('run.attachPlan', { runId, no: dialog.no, planId: choices.planId });
    case 'note':
      return ask('run.note', { runId, note: text, ...(dialog.no === null ? {} : { no: dialog.no }) });
    case 'finish':
      return ask('run.finish', { runId, ...note });
    case 'abort':
      return ask('run.abort', { runId, reason: text });
    case 'second':
    case 'photo':
      return null;
  }
}

function deviationOf({ deviation, detail: said }: Choices, reason: string): Pick<RequestPayload<'run.skipStep'>, 'reason' | 'deviation' | 'detail'> {
  const detail = said.trim();
  return { reason, deviation, ...(detail === '' ? {} : { detail }) };
}

/** The form gives way to the second person's dialog and must not close the whole. */
const STAYS: Refusal = { ok: false, code: 'UNAVAILABLE', message: 'waits for the second person' };
