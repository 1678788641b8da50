/** What the firm is: its licences and whether it operates critical infrastructure. Compliance states it, with a reason; every open incident follows at once. */
import { Checkbox, FormGroup } from '@blueprintjs/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { licenceSchema } from '#shared/desk/reporting/rule-pack';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction, useRequest } from '../../state/use-stream';
import { AnswerField } from './answer-field';

export function FirmDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const stated = useRequest('firm.get', isOpen ? {} : null);
  const state = useAction('firm.state');
  // What somebody has changed here stands until the dialog closes: an answer that comes late, or again from a new engine, does not undo it.
  const [changed, setChanged] = useState<RequestAnswer<'firm.get'> | null>(null);
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (isOpen) return;
    setChanged(null);
    setReason('');
  }, [isOpen]);
  const shown = changed ?? stated.answer;
  const licences = shown?.licences ?? [];
  const change = (part: Partial<RequestAnswer<'firm.get'>>): void => {
    if (shown !== null) setChanged({ ...shown, ...part });
  };
  const submit = async (): Promise<void> => {
    if (shown === null) return;
    if ((await state.run({ ...shown, reason })) !== null) onClose();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={t('firm.title')}
      confirm={t('firm.state')}
      isReady={shown !== null && reason.trim() !== ''}
      isWaiting={state.isWaiting}
      testId="firm"
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t('firm.meaning')}</p>
      <FormGroup label={t('firm.licences')}>
        {licenceSchema.options.map((licence) => (
          <Checkbox
            key={licence}
            data-testid={`firm-${licence}`}
            label={t(`licence.${licence}`)}
            checked={licences.includes(licence)}
            disabled={shown === null}
            onChange={() => change({ licences: licences.includes(licence) ? licences.filter((each) => each !== licence) : [...licences, licence] })}
          />
        ))}
      </FormGroup>
      <AnswerField
        label={t('firm.critical')}
        value={shown?.isCriticalInfrastructure ?? null}
        disabled={shown === null}
        onValueChange={(isCriticalInfrastructure) => change({ isCriticalInfrastructure })}
      />
      <EntryField label={t('reason')} info={t('app:required')} maxLength={400} value={reason} testId="firm-reason" onValueChange={setReason} />
      <RefusalNotice refusal={stated.refusal ?? state.refusal} action={t('firm.title')} onLeave={onClose} />
    </FormDialog>
  );
}
