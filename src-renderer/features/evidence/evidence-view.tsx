/** One piece of evidence, shown so that nothing in it can run: a picture as an image, a text as characters; anything else only by taking it out. */
import { Button, Dialog, DialogBody, DialogFooter } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceAbout, EvidenceFile } from '#shared/desk/evidence/evidence';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction, useRequest } from '../../state/use-stream';

type Props = { file: EvidenceFile; about: EvidenceAbout; onClose: () => void };

export function EvidenceView({ file, about, onClose }: Props): ReactNode {
  const { t } = useTranslation('evidence');
  const opened = useRequest('evidence.get', { sha256: file.sha256 });
  const exporting = useAction('evidence.export');
  const [reason, setReason] = useState('');
  const [path, setPath] = useState<string | null>(null);
  const view = opened.answer?.view ?? null;
  const name = file.uses[0]?.name ?? file.sha256.slice(0, 12);
  async function takeOut(): Promise<void> {
    const made = await exporting.run({ sha256: file.sha256, about: { kind: about.kind, id: about.id }, reason });
    if (made !== null) setPath(made.path);
  }
  return (
    <Dialog isOpen title={name} onClose={onClose} className="evidence-dialog">
      <DialogBody>
        <RefusalNotice refusal={opened.refusal} action={t('view')} />
        {view?.kind === 'picture' && (
          <img className="evidence-picture" alt={name} data-testid="evidence-picture" src={`data:${file.mediaType};base64,${view.data}`} />
        )}
        {view?.kind === 'text' && (
          <pre className="evidence-text" data-testid="evidence-text">
            {view.text}
            {view.isCut ? `\n… ${t('cut')}` : ''}
          </pre>
        )}
        {view?.kind === 'none' && <p data-testid="evidence-not-shown">{t('notShown')}</p>}
        <RefusalNotice refusal={exporting.refusal} action={t('export')} />
        {path !== null && (
          <output className="mono" data-testid="evidence-exported">
            {t('exported', { path })}
          </output>
        )}
      </DialogBody>
      <DialogFooter
        actions={
          <>
            <input
              className="bp6-input"
              aria-label={t('reason')}
              placeholder={t('reason')}
              maxLength={2000}
              value={reason}
              data-testid="evidence-reason"
              onChange={(event) => setReason(event.target.value)}
            />
            <Button
              data-testid="evidence-export"
              loading={exporting.isWaiting}
              disabled={reason.trim() === '' || opened.answer === null}
              onClick={() => void takeOut()}
            >
              {t('export')}
            </Button>
            <Button intent="primary" data-testid="evidence-close" onClick={onClose}>
              {t('close')}
            </Button>
          </>
        }
      >
        {t('leaves')}
      </DialogFooter>
    </Dialog>
  );
}
