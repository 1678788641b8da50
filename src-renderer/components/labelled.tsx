/** A label over a control, and below it what helps to fill it or what is wrong: both always belong to the control, for the eye and for a screen reader. */
import { FormGroup, type Intent } from '@blueprintjs/core';
import { type ReactNode, useId } from 'react';

export type LabelProps = {
  label: string;
  /** Beside the label: whether it is required. */
  info?: string | undefined;
  /** Below the control: what to put in, or what is wrong with it. */
  help?: string | undefined;
  /** The label stands to the left of the control. */
  isInline?: boolean;
  intent?: Intent | undefined;
};

export function Labelled({
  label,
  info,
  help,
  isInline = false,
  intent,
  className,
  children,
}: LabelProps & { className?: string; children(id: string, helpId: string | undefined): ReactNode }): ReactNode {
  const id = useId();
  const helpId = help === undefined ? undefined : `${id}-help`;
  return (
    <FormGroup
      label={label}
      labelFor={id}
      labelInfo={info}
      helperText={help === undefined ? undefined : <span id={helpId}>{help}</span>}
      inline={isInline}
      {...(intent === undefined ? {} : { intent })}
      {...(className === undefined ? {} : { className })}
    >
      {children(id, helpId)}
    </FormGroup>
  );
}
