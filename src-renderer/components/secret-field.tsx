/** The one field in which people type passwords, PINs and codes: never remembered, never completed, and bounded. */
import { InputGroup } from '@blueprintjs/core';
import type { ReactNode, Ref } from 'react';
import { Labelled, type LabelProps } from './labelled';

const LONGEST_SECRET = 256;
const LONGEST_PIN = 12;

type Props = LabelProps & {
  value: string;
  onValueChange: (value: string) => void;
  testId?: string;
  isPin?: boolean;
  maxLength?: number;
  autoFocus?: boolean;
  disabled?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  children?: ReactNode;
};

export function SecretField({ label, info, help, isInline = false, intent, testId, isPin = false, children, ...rest }: Props): ReactNode {
  return (
    <Labelled label={label} info={info} help={help} isInline={isInline} intent={intent}>
      {(id, helpId) => (
        <>
          <InputGroup
            id={id}
            aria-describedby={helpId}
            type="password"
            autoComplete="off"
            maxLength={isPin ? LONGEST_PIN : LONGEST_SECRET}
            {...(isPin ? { inputMode: 'numeric' as const } : {})}
            data-testid={testId}
            {...rest}
          />
          {children}
        </>
      )}
    </Labelled>
  );
}
