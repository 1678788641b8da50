/** One of a few, as a row of buttons: what is chosen shows by itself, and each is one click or one key away. */
import type { ReactNode } from 'react';

type Props<Value extends string> = {
  label: string;
  /** Test ids are `name-value`. */
  name: string;
  values: readonly Value[];
  chosen: NoInfer<Value> | null;
  text(value: NoInfer<Value>): string;
  onChoose(value: NoInfer<Value>): void;
};

export function Choice<Value extends string>({ label, name, values, chosen, text, onChoose }: Props<Value>): ReactNode {
  return (
    <fieldset className="segmented choice" aria-label={label} title={label}>
      {values.map((value) => (
        <button key={value} type="button" aria-pressed={value === chosen} data-testid={`${name}-${value}`} onClick={() => onChoose(value)}>
          {text(value)}
        </button>
      ))}
    </fieldset>
  );
}
