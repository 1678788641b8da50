/** A button that lets a person choose one file: the machine's own chooser speaks the machine's language, and this one the page's. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useRef } from 'react';

type Props = {
  text: string;
  /** As the file input takes it: `.json,.md`. */
  accept: string;
  testId: string;
  inputTestId: string;
  isWaiting?: boolean;
  onFile(file: File): void;
};

export function FileChoice({ text, accept, testId, inputTestId, isWaiting = false, onFile }: Props): ReactNode {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="small" variant="outlined" loading={isWaiting} data-testid={testId} onClick={() => chooser.current?.click()}>
        {text}
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={accept}
        aria-label={text}
        data-testid={inputTestId}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file again is another try.
          event.target.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </>
  );
}
