/** Asks for a note or a reason before an action. A refusal is shown inside and the text stays: nothing typed is ever lost. */
import { Button, type Intent } from '@blueprintjs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { FormDialog } from './form-dialog';
import { RefusalNotice } from './refusal-notice';
import { TextField } from './text-field';

type Props = {
  isOpen: boolean;
  title: string;
  /** What the text is: "Note", "Reason". */
  label: string;
  confirm: string;
  isRequired: boolean;
  intent?: Intent;
  /** Texts that can be put in with one click. */
  suggestions?: string[];
  /** What is shown above the field: what the action is about. */
  children?: ReactNode;
  /** True where a field of `children` takes the focus: a long form would begin at its end. */
  beginsAbove?: boolean;
  /** False keeps the confirm button off for reasons of the surrounding form. */
  isReady?: boolean;
  testId: string;
  /** What came of it: a refusal keeps the dialog open; null where there was nothing to ask the engine. */
  onConfirm(text: string): Promise<{ ok: true } | Refusal | null>;
  onClose(): void;
};

export function TextDialog(props: Props): ReactNode {
  const {
    isOpen,
    title,
    label,
    confirm,
    isRequired,
    intent = 'primary',
    suggestions = [],
    children,
    beginsAbove = false,
    isReady = true,
    testId,
    onConfirm,
    onClose,
  } = props;
  const { t } = useTranslation('app');
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) setRefusal(null);
  }, [isOpen]);
  useEffect(() => {
    // A long form would hide it below its fold.
    if (refusal !== null) end.current?.scrollIntoView({ block: 'nearest' });
  }, [refusal]);
  const trimmed = text.trim();
  const canConfirm = isReady && !isWaiting && (!isRequired || trimmed !== '');
  const submit = async (): Promise<void> => {
    if (!canConfirm) return;
    setIsWaiting(true);
    const answer = await onConfirm(trimmed);
    const refused = answer === null || answer.ok ? null : answer;
    setIsWaiting(false);
    setRefusal(refused);
    if (refused !== null) {
      // The button that was pressed could not keep the focus while it waited: without one inside, no key would close the dialog.
      field.current?.focus();
      return;
    }
    setText('');
    onClose();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={title}
      canOutsideClickClose={trimmed === ''}
      confirm={
        <>
          {confirm} <kbd className="emergency-only">{t('confirmKey')}</kbd>
        </>
      }
      intent={intent}
      isReady={canConfirm}
      isWaiting={isWaiting}
      testId={testId}
      confirmTestId={`${testId}-confirm`}
      onSubmit={submit}
      onClose={onClose}
    >
      {children}
      <TextField
        label={label}
        info={isRequired ? t('required') : t('optional')}
        inputRef={field}
        autoFocus={!beginsAbove}
        rows={3}
        value={text}
        testId={`${testId}-text`}
        onValueChange={setText}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
        }}
      />
      {suggestions.length > 0 && (
        <div className="row">
          {suggestions.map((suggestion) => (
            <Button key={suggestion} size="small" variant="outlined" onClick={() => setText(suggestion)}>
              {suggestion}
            </Button>
          ))}
        </div>
      )}
      <div ref={end}>
        <RefusalNotice refusal={refusal} action={confirm} onLeave={onClose} />
      </div>
    </FormDialog>
  );
}
