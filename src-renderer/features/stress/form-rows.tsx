/** Rows of a form that can be added and removed: moves, margin rises, cash, closes. */
import { Button, InputGroup } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '../../components/select';

type Field<Row> = {
  id: Extract<keyof Row, string>;
  label: string;
  placeholder?: string;
  isNumber?: boolean;
  choices?: { value: string; label: string }[];
};

type Props<Row> = {
  title: string;
  hint: string;
  testId: string;
  rows: Row[];
  empty: Row;
  fields: Field<Row>[];
  onChange(rows: Row[]): void;
};

export function FormRows<Row extends Record<string, string>>({ title, hint, testId, rows, empty, fields, onChange }: Props<Row>): ReactNode {
  const { t } = useTranslation('stress');
  const put = (index: number, id: string, value: string): void => onChange(rows.map((row, at) => (at === index ? { ...row, [id]: value } : row)));
  return (
    <fieldset className="form-part" data-testid={`rows-${testId}`}>
      <legend>{title}</legend>
      <div className="secondary">{hint}</div>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of a form is its place; it has no other identity until it is saved
        <div key={index} className="form-row">
          {fields.map((field) =>
            field.choices === undefined ? (
              <InputGroup
                key={field.id}
                size="small"
                placeholder={field.placeholder === undefined ? field.label : `${field.label}: ${field.placeholder}`}
                aria-label={`${title} ${index + 1}: ${field.label}`}
                title={field.label}
                {...(field.isNumber === true ? { inputMode: 'decimal' as const } : {})}
                maxLength={64}
                value={row[field.id] ?? ''}
                data-testid={`${testId}-${index}-${field.id}`}
                onValueChange={(value) => put(index, field.id, value)}
              />
            ) : (
              <Select
                key={field.id}
                label={`${title} ${index + 1}: ${field.label}`}
                options={field.choices}
                value={row[field.id] ?? ''}
                testId={`${testId}-${index}-${field.id}`}
                onValueChange={(value) => put(index, field.id, value)}
              />
            ),
          )}
          <Button
            size="small"
            variant="minimal"
            aria-label={t('form.removeRow', { title, no: index + 1 })}
            title={t('form.removeRow', { title, no: index + 1 })}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => onChange([...rows, { ...empty }])} data-testid={`${testId}-add`}>
          + {t('form.addRow')}
        </Button>
      </div>
    </fieldset>
  );
}
