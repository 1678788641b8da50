/** What became of writing a file: where it lies and that the journal knows of it, or why it was refused. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { RefusalNotice } from './refusal-notice';
import './made-file.css';

/** `proof` is what the file can be recognised by later, beside its hash. */
type Made = { path: string; sha256: string; proof?: string };
type Props = { made: Made | null; headline: string; refusal: Refusal | null; action: string; testId: string; onClose: () => void };

export function MadeFile({ made, headline, refusal, action, testId, onClose }: Props): ReactNode {
  const { t } = useTranslation('app');
  if (made === null && refusal === null) return null;
  const close = (
    <Button size="small" onClick={onClose}>
      {t('close')}
    </Button>
  );
  if (made === null)
    return (
      <div className="made-file">
        <RefusalNotice refusal={refusal} action={action} />
        {close}
      </div>
    );
  return (
    <output className="made-file" data-testid={testId} data-path={made.path} data-sha256={made.sha256}>
      <div>
        <strong>{headline}</strong>
        <div className="mono made-file-path">{made.path}</div>
        <div className="secondary">
          {t('journalled')}{' '}
          <span className="mono made-file-path">
            SHA-256 {made.sha256.slice(0, 16)}…{made.proof !== undefined && ` · ${made.proof}`}
          </span>
        </div>
      </div>
      {close}
    </output>
  );
}
