/** Asks for the reason, writes the evidence, and says where it lies and which fingerprint belongs to it. */
import { Button, Dialog, DialogBody, DialogFooter } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '#shared/contract/audit';
import type { RequestAnswer } from '#shared/contract/requests';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { useAction } from '../../state/use-stream';

const TIMEOUT_MS = 300_000;

export function ExportDialog({ filter, onClose }: { filter: AuditFilter; onClose(): void }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const [reason, setReason] = useState('');
  const [made, setMade] = useState<RequestAnswer<'audit.export'> | null>(null);
  const exporting = useAction('audit.export');
  const parts = Object.entries(filter).map(([name, value]) => `${t(`filter.${name}`, { defaultValue: name })}: ${String(value)}`);
  return (
    <Dialog isOpen onClose={onClose} title={t('export.button')} canOutsideClickClose={false}>
      <form
        data-testid="audit-export-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void exporting.run({ filter, reason }, TIMEOUT_MS).then(setMade);
        }}
      >
        <DialogBody>
          <p>{t('export.meaning')}</p>
          <p className="secondary">{parts.length === 0 ? t('export.everything') : parts.join(' · ')}</p>
          {made === null ? (
            <TextField label={t('export.reason')} autoFocus value={reason} testId="audit-export-reason" onValueChange={setReason} />
          ) : (
            <output className="stack" data-testid="audit-export-made" data-fingerprint={made.fingerprint}>
              <strong>{t('export.made', { count: made.entryCount, size: format.number(made.bytes / 1024, 0) })}</strong>
              <span className="mono audit-path">{made.path}</span>
              <span>
                {t('export.fingerprint')} <span className="mono">{made.fingerprint}</span>
              </span>
              <span className="mono audit-path secondary">SHA-256 {made.sha256}</span>
            </output>
          )}
          <RefusalNotice refusal={exporting.refusal} action={t('export.button')} onLeave={onClose} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button data-testid="audit-export-close" onClick={onClose}>
                {t(made === null ? 'app:cancel' : 'app:close')}
              </Button>
              {made === null && (
                <Button
                  type="submit"
                  intent="primary"
                  disabled={reason.trim() === ''}
                  loading={exporting.isWaiting}
                  data-testid="audit-export-confirm"
                >
                  {t('export.write')}
                </Button>
              )}
            </>
          }
        />
      </form>
    </Dialog>
  );
}
