/** The rules by which a worklist is made, each with what it means; the ones it begins with are what most desks do. */
import { Checkbox, FormGroup } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistRules } from '#shared/market/what-if/worklist';
import { EntryField } from '../../components/entry-field';
import { optionsOf } from '../../components/options';
import { SelectField } from '../../components/select';

const STANDARDS = ['broker', 'exchange'] as const;
const ORDERS = ['largeMarginFirst', 'largestLossFirst', 'smallMarginFirst', 'longFirst', 'shortFirst'] as const;
const HEDGES = ['last', 'never', 'alike'] as const;
const DATES = ['historyFirst', 'todayFirst'] as const;
const PRICES = ['latest', 'limit'] as const;

export type RulesFields = Omit<WorklistRules, 'targetDegree' | 'offsetTicks'> & {
  targetPercent: string;
  feePerLot: string;
  offsetTicks: string;
  validFor: string;
};

type Props = { fields: RulesFields; onChange(fields: RulesFields): void };

type ListProps<Value extends string> = { name: string; values: readonly Value[]; value: Value; onChoose(value: Value): void };

function RuleList<Value extends string>({ name, values, value, onChoose }: ListProps<Value>): ReactNode {
  const { t } = useTranslation('worklists');
  return (
    <SelectField
      label={t(`rule.${name}`)}
      help={t(`ruleHint.${name}`)}
      fill
      options={optionsOf(values, (each) => t(`${name}.${String(each)}`))}
      value={value}
      testId={`rule-${name}`}
      onValueChange={onChoose}
    />
  );
}

export function RulesForm({ fields, onChange }: Props): ReactNode {
  const { t } = useTranslation('worklists');
  const change = (part: Partial<RulesFields>): void => onChange({ ...fields, ...part });
  return (
    <div className="rules-form" data-testid="rules-form">
      <RuleList name="standard" values={STANDARDS} value={fields.standard} onChoose={(standard) => change({ standard })} />
      <EntryField
        label={t('rule.targetDegree')}
        help={t('ruleHint.targetDegree')}
        inputMode="decimal"
        unit="%"
        value={fields.targetPercent}
        testId="rule-targetDegree"
        onValueChange={(targetPercent) => change({ targetPercent })}
      />
      <RuleList name="order" values={ORDERS} value={fields.order} onChoose={(order) => change({ order })} />
      <RuleList name="hedge" values={HEDGES} value={fields.hedge} onChoose={(hedge) => change({ hedge })} />
      <RuleList name="dates" values={DATES} value={fields.dates} onChoose={(dates) => change({ dates })} />
      <RuleList name="price" values={PRICES} value={fields.price} onChoose={(price) => change({ price })} />
      {fields.price === 'latest' && (
        <EntryField
          label={t('rule.offsetTicks')}
          help={t('ruleHint.offsetTicks')}
          inputMode="numeric"
          value={fields.offsetTicks}
          testId="rule-offsetTicks"
          onValueChange={(offsetTicks) => change({ offsetTicks })}
        />
      )}
      <EntryField
        label={t('rule.feePerLot')}
        help={t('ruleHint.feePerLot')}
        inputMode="decimal"
        placeholder={t('feeOfRates')}
        value={fields.feePerLot}
        testId="rule-feePerLot"
        onValueChange={(feePerLot) => change({ feePerLot })}
      />
      <EntryField
        label={t('rule.validFor')}
        help={t('ruleHint.validFor')}
        inputMode="numeric"
        value={fields.validFor}
        testId="rule-validFor"
        onValueChange={(validFor) => change({ validFor })}
      />
      <FormGroup helperText={t('ruleHint.skipLocked')}>
        <Checkbox
          checked={fields.skipLocked}
          label={t('rule.skipLocked')}
          data-testid="rule-skipLocked"
          onChange={(event) => change({ skipLocked: event.currentTarget.checked })}
        />
      </FormGroup>
    </div>
  );
}
