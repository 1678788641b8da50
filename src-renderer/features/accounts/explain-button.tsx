/** A figure that opens its own derivation, by click or by key. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExplainedField } from '#shared/contract/numbers-account';

type Props = { field: ExplainedField; isOpen?: boolean; onExplain(field: ExplainedField): void; children: ReactNode };

export function ExplainButton({ field, isOpen = false, onExplain, children }: Props): ReactNode {
  const { t } = useTranslation('accounts');
  return (
    <button
      type="button"
      className="explain-button"
      title={t('explainFigure')}
      aria-pressed={isOpen}
      data-testid={`explain-${field}`}
      onClick={() => onExplain(field)}
    >
      {children}
    </button>
  );
}
