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
import { draftOf, EMPTY_CASH, EMPTY_CLOSE, EMPTY_MARGIN, type ScenarioForm } from './scenario-form';

type Props = { initial: ScenarioForm; onSaved(saved: ScenarioView): void; onClose(): void };

export function ScenarioDialog({ initial, onSaved, onClose }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const [form, setForm] = useState(initial);
  const [note, setNote] = useState('');
  const { run, refusal, isWaiting } = useAction('scenario.save');
  const change = (part: Partial<ScenarioForm>): void => setForm((before) => ({ ...before, ...part }));
  const isNew = initial.scenarioId === null;
  const save = async (): Promise<void> => {
    // The button stays enabled meanwhile: losing it would lose the focus, and with it Escape.
    if (isWaiting) return;
    const saved = await run({ scenario: draftOf(form), note: note.trim() });
    if (saved !== null) onSaved(saved);
  };
  return (
    <FormDialog
      title={t(isNew ? 'form.new' : 'form.change')}
      className="scenario-dialog"
      confirm={t(isNew ? 'form.save' : 'form.saveVersion')}
      isReady={form.name.trim() !== ''}
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
      <FormRows
        title={t('form.margins')}
        hint={t('form.marginsHint')}
        testId="margins"
        rows={form.margins}
        empty={EMPTY_MARGIN}
        fields={[
          {
            id: 'layer',
            label: t('form.layer'),
            choices: (['both', 'company', 'exchange'] as const).map((value) => ({ value, label: t(`layer.${value}`) })),
          },
          { id: 'exchangeID', label: t('table:column.exchangeID'), placeholder: t('form.all') },
          { id: 'productID', label: t('table:column.productID'), placeholder: t('form.all') },
          { id: 'addedPoints', label: t('form.addedPoints'), isNumber: true },
        ]}
        onChange={(margins) => change({ margins })}
      />
      <FormRows
        title={t('form.cash')}
        hint={t('form.cashHint')}
        testId="cash"
        rows={form.cash}
        empty={EMPTY_CASH}
        fields={[
          { id: 'accountID', label: t('table:column.accountID') },
          { id: 'amount', label: t('form.amount'), isNumber: true },
        ]}
        onChange={(cash) => change({ cash })}
      />
      <FormRows
        title={t('form.closes')}
        hint={t('form.closesHint')}
        testId="closes"
        rows={form.closes}
        empty={EMPTY_CLOSE}
        fields={[
          { id: 'accountID', label: t('table:column.accountID') },
          { id: 'exchangeID', label: t('table:column.exchangeID') },
          { id: 'instrumentID', label: t('table:column.instrumentID') },
          {
            id: 'direction',
            label: t('form.side'),
            choices: (['long', 'short'] as const).map((value) => ({ value, label: t(`table:value.direction.${value}`) })),
          },
          { id: 'volume', label: t('table:column.volume'), isNumber: true },
        ]}
        onChange={(closes) => change({ closes })}
      />
      <EntryField label={t('form.note')} info={t('app:optional')} maxLength={2000} value={note} testId="scenario-note" onValueChange={setNote} />
    </FormDialog>
  );
}
