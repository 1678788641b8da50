/** What a column of a stress picture is called: a scenario's name and version, or a move of everything. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { StressPicture } from '#shared/contract/numbers-stress';
import { useFormat } from '../../components/format/use-format';
import { scenarioName } from './scenario-name';

export function useColumnName(): (column: StressPicture['columns'][number]) => string {
  const { t } = useTranslation('stress');
  const format = useFormat();
  return useCallback(
    (column) => {
      if (column.percent !== null) return column.percent === 0 ? t('noMove') : `${format.signed(column.percent, 2).replace(/\.?0+$/, '')}%`;
      const name = scenarioName(column.key, column.label, t);
      return column.version === null || column.version === 1 ? name : `${name} v${column.version}`;
    },
    [t, format],
  );
}
