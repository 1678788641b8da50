/** One of a list, chosen from what drops down: what comes back is always one of the values that were offered, in their own type. */
import { HTMLSelect, type HTMLSelectProps } from '@blueprintjs/core';
import type { ChangeEvent, ReactNode } from 'react';
import './select.css';
import { Labelled, type LabelProps } from './labelled';
import { chosenOf, type Option } from './options';

type SelectProps<Value extends string | number> = Pick<HTMLSelectProps, 'id' | 'fill' | 'disabled' | 'autoFocus' | 'aria-describedby'> & {
  /** For screen readers, where no label stands beside it. */
  label?: string;
  options: readonly Option<Value>[];
  value: NoInfer<Value>;
  testId?: string | undefined;
  /** As small as the buttons of a panel's bar beside it. */
  isSmall?: boolean;
  onValueChange(value: NoInfer<Value>): void;
};

export function Select<Value extends string | number>(props: SelectProps<Value>): ReactNode {
  const { label, options, value, testId, isSmall = false, fill = false, onValueChange, ...rest } = props;
  const shared = {
    'aria-label': label,
    value,
    'data-testid': testId,
    onChange: (event: ChangeEvent<HTMLSelectElement>) => {
      const chosen = chosenOf(options, event.target.value);
      if (chosen !== undefined) onValueChange(chosen);
    },
    ...rest,
  };
  if (!isSmall) return <HTMLSelect fill={fill} options={options} {...shared} />;
  return (
    <select className="plain-select" {...shared}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

type FieldProps<Value extends string | number> = LabelProps & Omit<SelectProps<Value>, 'id' | 'label'>;

export function SelectField<Value extends string | number>({ label, info, help, isInline = false, intent, ...rest }: FieldProps<Value>): ReactNode {
  return (
    <Labelled label={label} info={info} help={help} isInline={isInline} intent={intent}>
      {(id, helpId) => <Select id={id} aria-describedby={helpId} {...rest} />}
    </Labelled>
  );
}
