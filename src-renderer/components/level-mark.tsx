/** A risk level as sign and word; unknown says why. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RiskLevel } from '#shared/contract/streams';
import { LEVEL_SIGNS } from './data-table/column';
import { reasonText } from './data-table/reason-text';
import './data-table/data-table.css';

export function LevelMark({ level, reason = null }: { level: RiskLevel; reason?: string | null }): ReactNode {
  const { t } = useTranslation('table');
  return (
    <span className="data-table-level" data-level={level} title={level === 'unknown' ? reasonText(t, reason) : undefined}>
      <span aria-hidden="true">{LEVEL_SIGNS[level]} </span>
      {t(`value.level.${level}`)}
    </span>
  );
}
