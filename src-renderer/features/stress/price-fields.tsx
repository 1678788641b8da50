/** The prices of a scenario as a person types them: the type, and what it needs besides. */
import { InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../components/choice';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import { FormRows } from './form-rows';
import { LockedLimitTable } from './locked-limit-table';
import { PRICE_TYPES, type ScenarioForm, WIDENINGS } from './scenario-form';

type FieldsProps = { form: ScenarioForm; onChange(part: Partial<ScenarioForm>): void };

/** Which prices the scenario looks at; also used for a question about a single account. */
export function PriceFields({ form, onChange }: FieldsProps): ReactNode {
  const { t } = useTranslation('stress');
  const percentId = useId();
  return (
    <div className="stack">
      <div className="row">
        <Select
          label={t('form.priceType')}
          options={optionsOf(PRICE_TYPES, (value) => t(`price.${value}`))}
          value={form.priceType}
          testId="scenario-price-type"
          onValueChange={(priceType) => onChange({ priceType })}
        />
        {form.priceType === 'percent' && (
          <>
            <label htmlFor={percentId}>{t('form.percent')}</label>
            <InputGroup
              id={percentId}
              className="number-input"
              inputMode="decimal"
              value={form.percent}
              data-testid="scenario-percent"
              onValueChange={(percent) => onChange({ percent })}
            />
          </>
        )}
        {form.priceType === 'lockedLimit' && (
          <>
            <Choice
              label={t('form.lockedDirection')}
              name="locked"
              values={['down', 'up'] as const}
              chosen={form.lockedDirection}
              text={(each) => t(`direction.${each}`)}
              onChoose={(lockedDirection) => onChange({ lockedDirection })}
            />
            <Choice
              label={t('form.lockedDays')}
              name="locked-days"
              values={['1', '2', '3', '4'] as const}
              chosen={form.lockedDays}
              text={(each) => t('form.days', { count: Number(each) })}
              onChoose={(lockedDays) => onChange({ lockedDays })}
            />
          </>
        )}
      </div>
      <div className="secondary">{t(`priceHint.${form.priceType}`)}</div>
      {form.priceType === 'lockedLimit' && <WideningFields form={form} onChange={onChange} />}
      {form.priceType === 'custom' && <FormRows part="moves" form={form} onChange={onChange} />}
    </div>
  );
}

function WideningFields({ form, onChange }: FieldsProps): ReactNode {
  const { t } = useTranslation('stress');
  return (
    <>
      <div className="row">
        <Choice
          label={t('widening.label')}
          name="widening"
          values={WIDENINGS}
          chosen={form.widening}
          text={(each) => t(`widening.${each}`)}
          onChoose={(widening) => onChange({ widening })}
        />
      </div>
      {form.widening === 'own' ? (
        <FormRows part="ownDays" form={form} onChange={onChange} />
      ) : (
        <div className="secondary">{t(`widening.hint.${form.widening}`)}</div>
      )}
      {form.widening === 'exchange' && <LockedLimitTable />}
    </>
  );
}
