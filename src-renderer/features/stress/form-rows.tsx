/** The parts of a scenario that are rows, which can be added and removed: moves, margin rises, cash, closes, days of limits. */
import { Button, InputGroup } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import { EMPTY_CASH, EMPTY_CLOSE, EMPTY_LOCKED_DAY, EMPTY_MARGIN, EMPTY_MOVE, type ScenarioForm } from './scenario-form';

type Field = {
  id: string;
  /** Where its name stands in the language files. */
  label: string;
  /** Left empty it means all there are. */
  canBeAll?: true;
  isNumber?: true;
  /** A few values, and where their words stand. */
  choices?: { values: readonly string[]; words: string };
};

type Row = Record<string, string>;
type RowPart = { title: string; hint: string; testId: string; empty: Row; fields: readonly Field[] };

const EXCHANGE: Field = { id: 'exchangeID', label: 'table:column.exchangeID' };
const PRODUCT: Field = { id: 'productID', label: 'table:column.productID' };
const CONTRACT: Field = { id: 'instrumentID', label: 'table:column.instrumentID' };
const ACCOUNT: Field = { id: 'accountID', label: 'table:column.accountID' };

const anyOf = (field: Field): Field => ({ ...field, canBeAll: true });
const figure = (id: string, label: string): Field => ({ id, label, isNumber: true });
const oneOf = (id: string, label: string, values: readonly string[], words: string): Field => ({ id, label, choices: { values, words } });
const part = (name: string, empty: Row, fields: readonly Field[]): RowPart => ({
  title: `form.${name}`,
  hint: `form.${name}Hint`,
  testId: name,
  empty,
  fields,
});

const PARTS = {
  moves: part('moves', EMPTY_MOVE, [anyOf(EXCHANGE), anyOf(PRODUCT), anyOf(CONTRACT), figure('percent', 'form.percent')]),
  margins: part('margins', EMPTY_MARGIN, [
    oneOf('layer', 'form.layer', ['both', 'company', 'exchange'], 'layer'),
    anyOf(EXCHANGE),
    anyOf(PRODUCT),
    figure('addedPoints', 'form.addedPoints'),
  ]),
  cash: part('cash', EMPTY_CASH, [ACCOUNT, figure('amount', 'form.amount')]),
  closes: part('closes', EMPTY_CLOSE, [
    ...[ACCOUNT, EXCHANGE, CONTRACT],
    oneOf('direction', 'form.side', ['long', 'short'], 'table:value.direction'),
    figure('volume', 'table:column.volume'),
  ]),
  ownDays: {
    title: 'widening.days',
    hint: 'widening.hint.own',
    testId: 'widening',
    empty: EMPTY_LOCKED_DAY,
    fields: [figure('limitAdded', 'widening.limitAdded'), figure('marginAdded', 'widening.marginAdded')],
  },
} satisfies Partial<Record<keyof ScenarioForm, RowPart>>;

type Props = { part: keyof typeof PARTS; form: ScenarioForm; onChange(part: Partial<ScenarioForm>): void };

export function FormRows({ part: name, form, onChange }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const { testId, empty, fields, ...words } = PARTS[name] as RowPart;
  const title = t(words.title);
  const rows: readonly Row[] = form[name];
  const putRows = (after: readonly Row[]): void => onChange({ [name]: after } as Partial<ScenarioForm>);
  const put = (index: number, id: string, value: string): void => putRows(rows.map((row, at) => (at === index ? { ...row, [id]: value } : row)));
  return (
    <fieldset className="form-part" data-testid={`rows-${testId}`}>
      <legend>{title}</legend>
      <div className="secondary">{t(words.hint)}</div>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of a form is its place; it has no other identity until it is saved
        <div key={index} className="form-row">
          {fields.map((field) => (
            <RowField
              key={field.id}
              field={field}
              name={`${title} ${index + 1}`}
              testId={`${testId}-${index}-${field.id}`}
              value={row[field.id] ?? ''}
              onValueChange={(value) => put(index, field.id, value)}
            />
          ))}
          <Button
            size="small"
            variant="minimal"
            aria-label={t('form.removeRow', { title, no: index + 1 })}
            title={t('form.removeRow', { title, no: index + 1 })}
            onClick={() => putRows(rows.filter((_, at) => at !== index))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => putRows([...rows, { ...empty }])} data-testid={`${testId}-add`}>
          + {t('form.addRow')}
        </Button>
      </div>
    </fieldset>
  );
}

type FieldProps = { field: Field; name: string; testId: string; value: string; onValueChange(value: string): void };

function RowField({ field, name, testId, value, onValueChange }: FieldProps): ReactNode {
  const { t } = useTranslation('stress');
  const label = t(field.label);
  const { choices } = field;
  if (choices !== undefined) {
    const options = optionsOf(choices.values, (each) => t(`${choices.words}.${each}`));
    return <Select label={`${name}: ${label}`} options={options} value={value} testId={testId} onValueChange={onValueChange} />;
  }
  return (
    <InputGroup
      size="small"
      placeholder={field.canBeAll === true ? `${label}: ${t('form.all')}` : label}
      aria-label={`${name}: ${label}`}
      title={label}
      {...(field.isNumber === true ? { inputMode: 'decimal' as const } : {})}
      maxLength={64}
      value={value}
      data-testid={testId}
      onValueChange={onValueChange}
    />
  );
}
