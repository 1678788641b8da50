/** The dialogs of a run: each action that needs words asks for them, and keeps them when it is refused. */
import { FormGroup, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import type { Refusal } from '#shared/refusal';
import { TextDialog } from '../../components/text-dialog';
import { usePreferences } from '../../state/preferences';
import type { RunActions } from './run-actions';
import { hasSigned } from './run-step';
import { usePlanText } from './use-plan-text';

export type RunDialog =
  | { kind: 'done' | 'signAs' | 'skip' | 'reopen'; no: number }
  | { kind: 'note'; no: number | null }
  | { kind: 'finish' | 'abort' };

type Props = { run: Run; dialog: RunDialog | null; actions: RunActions; onClose: () => void };

export function RunDialogs({ run, dialog, actions, onClose }: Props): ReactNode {
  const { t } = useTranslation('plans');
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const texts = usePlanText();
  const personField = useId();
  const [person, setPerson] = useState('');
  if (dialog === null) return null;
  const no = 'no' in dialog ? dialog.no : null;
  const planned = run.plan.steps.find((step) => step.no === no);
  const step = run.steps.find((candidate) => candidate.no === no);
  const needsDecision = (planned?.decision ?? null) !== null && (step?.signedBy.length ?? 0) === 0;
  const isRequired =
    dialog.kind === 'skip' ||
    dialog.kind === 'reopen' ||
    dialog.kind === 'note' ||
    dialog.kind === 'abort' ||
    (dialog.kind === 'done' && needsDecision);
  const confirm = (text: string): Promise<Refusal | null> => {
    switch (dialog.kind) {
      case 'done':
        return actions.completeStep(dialog.no, text);
      case 'signAs':
        return actions.signAs(person.trim(), dialog.no, text);
      case 'skip':
        return actions.skipStep(dialog.no, text);
      case 'reopen':
        return actions.reopenStep(dialog.no, text);
      case 'note':
        return actions.note(dialog.no, text);
      case 'finish':
        return actions.finish(text);
      case 'abort':
        return actions.abort(text);
    }
  };
  const isSamePerson = step !== undefined && hasSigned(step, person);
  const labelKey =
    dialog.kind === 'done' && needsDecision
      ? 'whatWasDecided'
      : dialog.kind === 'done' || dialog.kind === 'signAs' || dialog.kind === 'note' || dialog.kind === 'finish'
        ? 'noteLabel'
        : 'reasonLabel';
  return (
    <TextDialog
      key={`${dialog.kind} ${no}`}
      isOpen
      title={t(`dialog.${dialog.kind}`, { no: no ?? '' })}
      label={t(labelKey)}
      confirm={t(`confirm.${dialog.kind}`)}
      isRequired={isRequired}
      isReady={dialog.kind !== 'signAs' || (person.trim() !== '' && !isSamePerson)}
      intent={dialog.kind === 'abort' ? 'danger' : 'primary'}
      testId={`run-dialog-${dialog.kind}`}
      onConfirm={confirm}
      onClose={onClose}
    >
      {planned !== undefined && (
        <p>
          <strong>
            {planned.no} {isChinese ? planned.title_zh : planned.title}
          </strong>
        </p>
      )}
      {needsDecision && planned !== undefined && <p lang={texts.ofStep(planned, 'decision').lang}>{texts.ofStep(planned, 'decision').text}</p>}
      {dialog.kind === 'signAs' && (
        <FormGroup
          label={t('secondPerson')}
          labelFor={personField}
          helperText={t(isSamePerson ? 'secondPersonSame' : 'secondPersonMeaning')}
          intent={isSamePerson ? 'warning' : 'none'}
        >
          <InputGroup id={personField} maxLength={64} value={person} onValueChange={setPerson} data-testid="run-sign-person" />
        </FormGroup>
      )}
    </TextDialog>
  );
}
