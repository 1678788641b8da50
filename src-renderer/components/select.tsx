/** One of a list, chosen from what drops down: what comes back is always one of the values that were offered, in their own type. */
import { HTMLSelect, type HTMLSelectProps } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { Labelled, type LabelProps } from './labelled';

export type Option<Value extends string | number> = { value: Value; label: string; disabled?: boolean };

type SelectProps<Value extends string | number> = Pick<HTMLSelectProps, 'id' | 'fill' | 'disabled' | 'autoFocus' | 'className' | 'title'> & {
  /** For screen readers, where no label stands beside it. */
  label?: string;
  options: readonly Option<Value>[];
  value: NoInfer<Value>;
  testId?: string | undefined;
  onValueChange(value: NoInfer<Value>): void;
};

export function Select<Value extends string | number>({ label, options, value, testId, onValueChange, ...rest }: SelectProps<Value>): ReactNode {
  return (
    <HTMLSelect
      aria-label={label}
      options={options}
      value={value}
      data-testid={testId}
      onChange={(event) => {
        const chosen = options.find((option) => String(option.value) === event.target.value);
        if (chosen !== undefined) onValueChange(chosen.value);
      }}
      {...rest}
    />
  );
}

type FieldProps<Value extends string | number> = LabelProps & Omit<SelectProps<Value>, 'id' | 'label'>;

export function SelectField<Value extends string | number>({ label, info, help, isInline = false, intent, ...rest }: FieldProps<Value>): ReactNode {
  return (
    <Labelled label={label} info={info} help={help} isInline={isInline} intent={intent}>
      {(id) => <Select id={id} {...rest} />}
    </Labelled>
  );
}

/** The values in their order, each in the words that people read. */
export function optionsOf<Value extends string | number>(values: readonly Value[], text: (value: Value) => string): Option<Value>[] {
  return values.map((value) => ({ value, label: text(value) }));
}
