/** Codes that are shown once: to be printed, copied or written down now, because the desk itself keeps only what checks them. */
import { Button, Checkbox, Dialog, DialogBody, DialogFooter } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './sign-in.css';

export function OnceCodes({ title, meaning, codes, onClose }: { title: string; meaning: string; codes: string[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [isKept, setIsKept] = useState(false);
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Dialog isOpen onClose={() => undefined} title={title} isCloseButtonShown={false} canEscapeKeyClose={false} canOutsideClickClose={false}>
      <DialogBody>
        <div className="once-codes-sheet">
          <h3>{title}</h3>
          <p>{meaning}</p>
          <ol className="once-codes mono" data-testid="once-codes">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </div>
        <div className="row">
          <Button data-testid="once-codes-print" onClick={() => printCodes()}>
            {t('print')}
          </Button>
          <Button
            data-testid="once-codes-copy"
            onClick={() => {
              window.floorwatch?.copyText(codes.join('\n'));
              setIsCopied(true);
            }}
          >
            {t(isCopied ? 'copied' : 'copy')}
          </Button>
        </div>
        <Checkbox
          className="once-codes-kept"
          checked={isKept}
          label={t('codesKept')}
          data-testid="once-codes-kept"
          onChange={(event) => setIsKept(event.currentTarget.checked)}
        />
      </DialogBody>
      <DialogFooter
        actions={
          <Button intent="primary" disabled={!isKept} data-testid="once-codes-done" onClick={onClose}>
            {t('done')}
          </Button>
        }
      />
    </Dialog>
  );
}

/** Only the sheet with the codes goes to the printer, not the desk around it. */
function printCodes(): void {
  document.body.dataset.printing = 'codes';
  window.print();
  delete document.body.dataset.printing;
}
