/** The headings of a table in the page's language, for a file that is read elsewhere. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TableName } from '#shared/contract/streams';
import { COLUMN_SETS } from './data-table/column-sets';

export function useTableHeadings(table: TableName): Record<string, string> {
  const { t } = useTranslation('table');
  return useMemo(() => Object.fromEntries(COLUMN_SETS[table].map(({ id }) => [id, t([`column.${table}.${id}`, `column.${id}`])])), [t, table]);
}
