/** Severity as a letter in a filled badge: the letter and the order carry it, the colour only helps. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '#shared/desk/alerts/alert';
import './severity.css';

export const SEVERITIES: Severity[] = ['critical', 'high', 'medium', 'low'];

export function SeverityBadge({ severity, count }: { severity: Severity; count?: number }): ReactNode {
  const { t } = useTranslation('app');
  const name = t(`severity.${severity}.name`);
  return (
    <span className="severity-badge" data-severity={severity} data-empty={count === 0} title={count === undefined ? name : `${name}: ${count}`}>
      <span aria-hidden="true">
        {t(`severity.${severity}.letter`)}
        {count === undefined ? '' : ` ${count}`}
      </span>
      <span className="visually-hidden">{count === undefined ? name : `${name} ${count}`}</span>
    </span>
  );
}
