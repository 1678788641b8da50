/** The one field for a word, a name or a number on a single line: labelled, and its unit inside it. */
import { InputGroup, type InputGroupProps } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { Labelled, type LabelProps } from './labelled';
import './entry-field.css';

type Passed = 'autoComplete' | 'autoFocus' | 'className' | 'disabled' | 'inputMode' | 'maxLength' | 'placeholder' | 'size' | 'spellCheck' | 'style';

type Props = LabelProps &
  Pick<InputGroupProps, Passed> & {
    value: string;
    /** At the right end, inside the field. */
    unit?: string;
    testId?: string;
    onValueChange(value: string): void;
  };

export function EntryField({ label, info, help, isInline = false, intent, unit, testId, ...rest }: Props): ReactNode {
  return (
    <Labelled label={label} info={info} help={help} isInline={isInline} intent={intent}>
      {(id, helpId) => (
        <InputGroup
          id={id}
          aria-describedby={helpId}
          data-testid={testId}
          {...(unit === undefined ? {} : { rightElement: <span className="input-unit">{unit}</span> })}
          {...rest}
        />
      )}
    </Labelled>
  );
}
