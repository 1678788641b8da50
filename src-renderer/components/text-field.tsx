/** The one field in which people type a reason or a note over several lines: labelled, bounded, and as wide as what it stands in. */
import { FormGroup, TextArea } from '@blueprintjs/core';
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react';

/** What the contract takes of a reason. */
const LONGEST_TEXT = 2000;

type Props = {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  testId: string;
  /** Beside the label: whether it is required. */
  info?: string;
  rows?: number;
  maxLength?: number;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLTextAreaElement>;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
};

export function TextField({ label, value, onValueChange, testId, info, rows = 2, maxLength = LONGEST_TEXT, ...rest }: Props): ReactNode {
  const field = useId();
  return (
    <FormGroup label={label} labelFor={field} {...(info === undefined ? {} : { labelInfo: info })}>
      <TextArea
        id={field}
        fill
        rows={rows}
        maxLength={maxLength}
        value={value}
        data-testid={testId}
        onChange={(event) => onValueChange(event.target.value)}
        {...rest}
      />
    </FormGroup>
  );
}
