/** On an account's page: that its figures stand on rows the desk supplied itself, and how many of them instead of the feed's. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnRowBehind } from '#shared/contract/streams';
import { openPanel } from '../../state/navigation';
import './reference.css';

export function OwnRowsBehind({ rows }: { rows: readonly OwnRowBehind[] }): ReactNode {
  const { t } = useTranslation('reference');
  if (rows.length === 0) return null;
  const overriding = rows.filter(({ precedence }) => precedence === 'insteadOf').length;
  return (
    <button
      type="button"
      className="link-button reference-behind"
      data-testid="account-own-rows"
      data-count={rows.length}
      data-overriding={overriding}
      title={rows.map(({ about, precedence }) => `${about}: ${t(`value.precedence.${precedence}`)}`).join('\n')}
      onClick={() => openPanel('reference')}
    >
      <span aria-hidden="true">◆ </span>
      {t('standsOn', { count: rows.length })}
      {overriding > 0 && ` · ${t('standsOnInstead', { count: overriding })}`}
    </button>
  );
}
