/** Makes or changes a scenario: prices, margin rates, cash and closes. Saving makes a version; a refusal leaves every field as typed. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioView } from '#shared/contract/numbers-stress';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { FormRows } from './form-rows';
import { PriceFields } from './price-fields';
import { draftOf, type ScenarioForm } from './scenario-form';

type Props = { initial: ScenarioForm; onSaved(saved: ScenarioView): void; onClose(): void };

export function ScenarioDialog({ initial, onSaved, onClose }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const [form, setForm] = useState(initial);
  const [note, setNote] = useState('');
  const { run, refusal, isWaiting } = useAction('scenario.save');
  const change = (part: Partial<ScenarioForm>): void => setForm((before) => ({ ...before, ...part }));
  const isNew = initial.scenarioId === null;
  const save = async (): Promise<void> => {
    const saved = await run({ scenario: draftOf(form), note: note.trim() });
    if (saved !== null) onSaved(saved);
  };
  return (
    <FormDialog
      title={t(isNew ? 'form.new' : 'form.change')}
      className="scenario-dialog"
      confirm={t(isNew ? 'form.save' : 'form.saveVersion')}
      isReady={form.name.trim() !== ''}
      isWaiting={isWaiting}
      testId="scenario-form"
      confirmTestId="scenario-save"
      footer={
        refusal === null ? (
          <span className="secondary">{t('form.journalled')}</span>
        ) : (
          <RefusalNotice refusal={refusal} action={t('form.save')} onLeave={onClose} />
        )
      }
      onSubmit={save}
      onClose={onClose}
    >
      <EntryField
        label={t('form.name')}
        info={t('app:required')}
        autoFocus
        maxLength={80}
        value={form.name}
        testId="scenario-name"
        onValueChange={(name) => change({ name })}
      />
      <fieldset className="form-part">
        <legend>{t('form.prices')}</legend>
        <PriceFields form={form} onChange={change} />
      </fieldset>
      {(['margins', 'cash', 'closes'] as const).map((part) => (
        <FormRows key={part} part={part} form={form} onChange={change} />
      ))}
      <EntryField label={t('form.note')} info={t('app:optional')} maxLength={2000} value={note} testId="scenario-note" onValueChange={setNote} />
    </FormDialog>
  );
}
