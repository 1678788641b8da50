/** The one field in which people type a reason or a note over several lines: labelled, bounded, and as wide as what it stands in. */
import { TextArea, type TextAreaProps } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { Labelled, type LabelProps } from './labelled';

/** What the contract takes of a reason. */
const LONGEST_TEXT = 2000;

type Passed = 'autoFocus' | 'autoResize' | 'className' | 'disabled' | 'inputRef' | 'onKeyDown' | 'placeholder' | 'rows';

type Props = LabelProps &
  Pick<TextAreaProps, Passed> & {
    value: string;
    onValueChange: (value: string) => void;
    testId?: string;
    /** Null where whole files are pasted. */
    maxLength?: number | null;
    /** Only screen readers say the label: what stands around the field says it to all others. */
    isLabelHidden?: boolean;
  };

export function TextField({ label, info, help, isInline = false, intent, isLabelHidden = false, ...area }: Props): ReactNode {
  if (isLabelHidden) return <Area label={label} {...area} />;
  return (
    <Labelled label={label} info={info} help={help} isInline={isInline} intent={intent}>
      {(id, helpId) => <Area id={id} aria-describedby={helpId} {...area} />}
    </Labelled>
  );
}

type AreaProps = Omit<Props, keyof LabelProps | 'isLabelHidden'> & { id?: string; label?: string; 'aria-describedby'?: string | undefined };

function Area({ label, onValueChange, testId, rows = 2, maxLength = LONGEST_TEXT, ...rest }: AreaProps): ReactNode {
  return (
    <TextArea
      aria-label={label}
      fill
      rows={rows}
      {...(maxLength === null ? {} : { maxLength })}
      data-testid={testId}
      onChange={(event) => onValueChange(event.target.value)}
      {...rest}
    />
  );
}
