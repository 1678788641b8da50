/** The rules by which a worklist is made, each with what it means; the ones it begins with are what most desks do. */
import { Checkbox, FormGroup, HTMLSelect, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistRules } from '#shared/market/what-if/worklist';

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
  const id = useId();
  return (
    <FormGroup label={t(`rule.${name}`)} labelFor={id} helperText={t(`ruleHint.${name}`)}>
      <HTMLSelect
        id={id}
        fill
        value={value}
        data-testid={`rule-${name}`}
        onChange={(event) => {
          const chosen = values.find((each) => each === event.target.value);
          if (chosen !== undefined) onChoose(chosen);
        }}
        options={values.map((each) => ({ value: each, label: t(`${name}.${String(each)}`) }))}
      />
    </FormGroup>
  );
}

export function RulesForm({ fields, onChange }: Props): ReactNode {
  const { t } = useTranslation('worklists');
  const degreeId = useId();
  const feeId = useId();
  const offsetId = useId();
  const validId = useId();
  const change = (part: Partial<RulesFields>): void => onChange({ ...fields, ...part });
  return (
    <div className="rules-form" data-testid="rules-form">
      <RuleList name="standard" values={STANDARDS} value={fields.standard} onChoose={(standard) => change({ standard })} />
      <FormGroup label={t('rule.targetDegree')} labelFor={degreeId} helperText={t('ruleHint.targetDegree')}>
        <InputGroup
          id={degreeId}
          inputMode="decimal"
          rightElement={<span className="input-unit">%</span>}
          value={fields.targetPercent}
          data-testid="rule-targetDegree"
          onValueChange={(targetPercent) => change({ targetPercent })}
        />
      </FormGroup>
      <RuleList name="order" values={ORDERS} value={fields.order} onChoose={(order) => change({ order })} />
      <RuleList name="hedge" values={HEDGES} value={fields.hedge} onChoose={(hedge) => change({ hedge })} />
      <RuleList name="dates" values={DATES} value={fields.dates} onChoose={(dates) => change({ dates })} />
      <RuleList name="price" values={PRICES} value={fields.price} onChoose={(price) => change({ price })} />
      {fields.price === 'latest' && (
        <FormGroup label={t('rule.offsetTicks')} labelFor={offsetId} helperText={t('ruleHint.offsetTicks')}>
          <InputGroup
            id={offsetId}
            inputMode="numeric"
            value={fields.offsetTicks}
            data-testid="rule-offsetTicks"
            onValueChange={(offsetTicks) => change({ offsetTicks })}
          />
        </FormGroup>
      )}
      <FormGroup label={t('rule.feePerLot')} labelFor={feeId} helperText={t('ruleHint.feePerLot')}>
        <InputGroup
          id={feeId}
          inputMode="decimal"
          value={fields.feePerLot}
          data-testid="rule-feePerLot"
          onValueChange={(feePerLot) => change({ feePerLot })}
        />
      </FormGroup>
      <FormGroup label={t('rule.validFor')} labelFor={validId} helperText={t('ruleHint.validFor')}>
        <InputGroup
          id={validId}
          inputMode="numeric"
          value={fields.validFor}
          data-testid="rule-validFor"
          onValueChange={(validFor) => change({ validFor })}
        />
      </FormGroup>
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
