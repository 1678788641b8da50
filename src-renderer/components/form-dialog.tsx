/** A form in a window of its own: it is sent once, by its button or by Enter, and only when it is whole; a click beside it loses nothing that was typed. */
import { Button, Dialog, DialogBody, DialogFooter, type Intent } from '@blueprintjs/core';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  isOpen?: boolean;
  title: string;
  /** What the button says that sends it. */
  confirm: ReactNode;
  isReady: boolean;
  isWaiting?: boolean;
  intent?: Intent;
  testId: string;
  confirmTestId?: string;
  className?: string;
  /** True where nothing is typed yet, or ever. */
  canOutsideClickClose?: boolean;
  /** Beside the buttons: what happens to it, or why it was refused. */
  footer?: ReactNode;
  children: ReactNode;
  onSubmit(): void | Promise<void>;
  onClose(): void;
};

export function FormDialog(props: Props): ReactNode {
  const { isOpen = true, title, confirm, isReady, isWaiting = false, intent = 'primary', testId, footer, children, onSubmit, onClose } = props;
  const { confirmTestId = `${testId}-confirm`, className = '', canOutsideClickClose = false } = props;
  const { t } = useTranslation('app');
  const form = useRef<HTMLFormElement>(null);
  useFocusKept(form, isOpen && isWaiting);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} canOutsideClickClose={canOutsideClickClose} className={className}>
      <form
        ref={form}
        data-testid={testId}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isWaiting) void onSubmit();
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t('cancel')}</Button>
              <Button type="submit" intent={intent} disabled={!isReady} loading={isWaiting} data-testid={confirmTestId}>
                {confirm}
              </Button>
            </>
          }
        >
          {footer}
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** The button that was pressed cannot keep the focus while it waits: without any inside, Escape would not close the window, and Tab would begin behind it. */
function useFocusKept(form: RefObject<HTMLFormElement | null>, isWaiting: boolean): void {
  const hasWaited = useRef(false);
  useEffect(() => {
    if (isWaiting) {
      hasWaited.current = true;
      return;
    }
    if (!hasWaited.current) return;
    hasWaited.current = false;
    if (form.current?.contains(document.activeElement) === false) {
      form.current.querySelector<HTMLElement>(':is(input, select, textarea, button):not(:disabled)')?.focus();
    }
  }, [form, isWaiting]);
}
