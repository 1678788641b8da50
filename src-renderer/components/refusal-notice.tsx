/** A refusal as people need it: what happened, what still works, what to do. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '#shared/refusal';
import { openPanel } from '../state/navigation';
import { refusalWords } from './refusal-words';
import './refusal-notice.css';

type Props = {
  refusal: Refusal | null;
  /** What was being done, ready for the reader: "Acknowledge". */
  action?: string;
  /** What to do, where the general advice of the code does not fit. */
  advice?: string | undefined;
  onRetry?: () => void;
  /** Closes the dialog around it before another panel is shown. */
  onLeave?: () => void;
};

export function RefusalNotice({ refusal, action, advice, onRetry, onLeave }: Props): ReactNode {
  const { t } = useTranslation('app');
  if (refusal === null) return null;
  return (
    <div className="refusal-notice" role="alert" data-testid="refusal" data-code={refusal.code}>
      <strong>
        <span aria-hidden="true">! </span>
        {action === undefined ? t(`refusal.${refusal.code}.what`) : t('refusal.action', { action, what: t(`refusal.${refusal.code}.what`) })}
      </strong>
      <div>{advice ?? refusalWords(t, refusal) ?? t(`refusal.${refusal.code}.todo`)}</div>
      {refusal.reason === undefined && (
        <div className="refusal-detail mono">
          {refusal.field === undefined || refusal.field === '' ? '' : `${refusal.field}: `}
          {refusal.message}
        </div>
      )}
      {refusal.code === 'NEEDS_APPROVAL' && (
        <button
          type="button"
          className="link-button"
          data-testid="open-approvals"
          onClick={() => {
            onLeave?.();
            openPanel('approvals');
          }}
        >
          {t('openApprovals')}
        </button>
      )}
      {onRetry !== undefined && (
        <button type="button" className="link-button" onClick={onRetry}>
          {t('retry')}
        </button>
      )}
    </div>
  );
}
