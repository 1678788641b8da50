/** The dialogs of a run: each action that needs words or a choice asks for them, and keeps them when it is refused. */
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestPayload } from '#shared/contract/requests';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { kindOf } from '#shared/desk/plans/step-kind';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';
import { attachFile } from '../emergency/paste-evidence';
import { CameraDialog } from '../evidence/camera-dialog';
import type { RunActions } from './run-actions';
import { DETAILED, DialogChoice } from './run-dialog-choices';
import { type Choices, type Pending, type RunDialog, submitDialog } from './run-dialog-commands';
import { gatesFor } from './step-actions';

type Props = { run: Run; dialog: RunDialog | null; actions: RunActions; onClose: () => void };
export function RunDialogs({ run, dialog, actions, onClose }: Props): ReactNode {
  const { t } = useTranslation('plans');
  /** A command that waits for the second person. */
  const [pending, setPending] = useState<Pending | null>(null);
  useEffect(() => {
    if (dialog?.kind === 'second') setPending({ name: 'run.completeStep', payload: { runId: run.runId, no: dialog.no } });
  }, [dialog, run.runId]);
  const close = (): void => {
    setPending(null);
    onClose();
  };
  const no = dialog !== null && 'no' in dialog ? dialog.no : null;
  const planned = run.plan.steps.find((step) => step.no === no);
  return (
    <>
      {dialog?.kind === 'photo' && <CameraDialog onClose={close} onTaken={(picture) => attachFile(run.runId, dialog.no, picture, actions.send)} />}
      {dialog !== null && dialog.kind !== 'second' && dialog.kind !== 'photo' && pending === null && (
        <RunForm key={`${dialog.kind} ${no}`} run={run} dialog={dialog} actions={actions} onClose={close} onPending={setPending} />
      )}
      <SecondPersonDialog
        command={pending as { name: 'run.completeStep'; payload: RequestPayload<'run.completeStep'> } | null}
        title={t('secondTitle', { no: no ?? '' })}
        onDone={close}
        onClose={close}
      >
        {planned !== undefined && <StepName planned={planned} />}
      </SecondPersonDialog>
    </>
  );
}

function StepName({ planned }: { planned: PlanStep }): ReactNode {
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return (
    <p>
      <strong>
        {planned.no} {isChinese ? planned.title_zh : planned.title}
      </strong>
    </p>
  );
}

type FormProps = { run: Run; dialog: RunDialog; actions: RunActions; onClose: () => void; onPending: (pending: Pending) => void };

function RunForm({ run, dialog, actions, onClose, onPending }: FormProps): ReactNode {
  const { t } = useTranslation('plans');
  const me = useStream('auth', {}).picture?.session?.personId ?? null;
  const no = 'no' in dialog ? dialog.no : null;
  const planned = run.plan.steps.find((candidate) => candidate.no === no);
  const step = run.steps.find((candidate) => candidate.no === no);
  const gates = no === null ? [] : gatesFor(run, no);
  const [choices, setChoices] = useState<Choices>({
    route: dialog.kind === 'fail' ? (planned?.on_fail?.[0]?.id ?? '') : '',
    deviation: 'notRelevant',
    detail: '',
    untilNo: String(gates.at(-1)?.no ?? ''),
    keep: '',
    label: '',
    planId: '',
  });
  const choose = (change: Partial<Choices>): void => setChoices((before) => ({ ...before, ...change }));
  const isSign = dialog.kind === 'sign';
  const isFirst = (step?.marks ?? []).every((mark) => mark.kind !== 'signed');
  const hasBranches = isSign && isFirst && planned?.branches !== undefined;
  const needsWords = isSign && isFirst && planned !== undefined && planned.branches === undefined && kindOf(planned) === 'decide';
  const isOptional =
    dialog.kind === 'finish' ||
    dialog.kind === 'beat' ||
    dialog.kind === 'signItem' ||
    dialog.kind === 'openItem' ||
    dialog.kind === 'attach' ||
    (isSign && !needsWords);
  const isReady =
    (!hasBranches || choices.route !== '') &&
    (dialog.kind !== 'defer' || choices.untilNo !== '') &&
    (dialog.kind !== 'resolve' || choices.keep !== '') &&
    (dialog.kind !== 'openItem' || choices.label.trim() !== '') &&
    (dialog.kind !== 'attach' || choices.planId !== '') &&
    ((dialog.kind !== 'skip' && dialog.kind !== 'override') || !DETAILED.has(choices.deviation) || choices.detail.trim() !== '');
  return (
    <TextDialog
      isOpen
      title={t(`dialog.${dialog.kind}`, { no: no ?? '' })}
      label={t(labelKey(dialog.kind, needsWords))}
      confirm={t(`confirm.${dialog.kind}`)}
      isRequired={!isOptional}
      isReady={isReady}
      intent={dialog.kind === 'abort' || dialog.kind === 'override' ? 'danger' : 'primary'}
      testId={`run-dialog-${isSign ? 'done' : dialog.kind}`}
      onConfirm={(text) => submitDialog({ run, dialog, actions, choices, planned, onPending, me }, text)}
      onClose={onClose}
    >
      {planned !== undefined && <StepName planned={planned} />}
      {planned !== undefined && step !== undefined && (
        <DialogChoice run={run} planned={planned} step={step} kind={dialog.kind} hasBranches={hasBranches} choices={choices} onChoose={choose} />
      )}
    </TextDialog>
  );
}

function labelKey(kind: RunDialog['kind'], needsWords: boolean): string {
  if (needsWords) return 'whatWasDecided';
  if (kind === 'answer') return 'whatYouRead';
  if (kind === 'evidence') return 'typedReading';
  return kind === 'sign' || kind === 'note' || kind === 'finish' || kind === 'beat' || kind === 'signItem' || kind === 'openItem' || kind === 'attach'
    ? 'noteLabel'
    : 'reasonLabel';
}
