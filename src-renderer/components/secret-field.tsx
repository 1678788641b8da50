/** The one field in which people type passwords, PINs and codes: never remembered, never completed, and bounded. */
import { FormGroup, InputGroup, type Intent } from '@blueprintjs/core';
import { type ReactNode, type Ref, useId } from 'react';

const LONGEST_SECRET = 256;
const LONGEST_PIN = 12;

type Props = {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  testId?: string;
  /** Below the field: what it is for, or what is wrong with it. */
  help?: string | undefined;
  intent?: Intent | undefined;
  isPin?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  children?: ReactNode;
};

export function SecretField({ label, value, onValueChange, testId, help, intent, isPin = false, inputRef, children, ...rest }: Props): ReactNode {
  const field = useId();
  return (
    <FormGroup label={label} labelFor={field} {...(help === undefined ? {} : { helperText: help })} {...(intent === undefined ? {} : { intent })}>
      <InputGroup
        id={field}
        type="password"
        autoComplete="off"
        maxLength={isPin ? LONGEST_PIN : LONGEST_SECRET}
        {...(isPin ? { inputMode: 'numeric' as const } : {})}
        value={value}
        data-testid={testId}
        onValueChange={onValueChange}
        {...(inputRef === undefined ? {} : { inputRef })}
        {...rest}
      />
      {children}
    </FormGroup>
  );
}
