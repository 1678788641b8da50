/** A live table of any length: the engine filters and sorts, the page holds the rows it shows. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowByTable, Scope, TableName, TableParams } from '#shared/contract/streams';
import { useStream } from '../../state/use-stream';
import type { ColumnDefinition } from './column';
import { COLUMN_SETS } from './column-sets';
import { type Sort, TableView } from './table-view';

export type DataTableProps<Name extends TableName> = {
  table: Name;
  scope: Scope;
  filter: string;
  /** For screen readers. */
  name: string;
  initialSort?: Sort;
  /** Enter or a double click on a row. */
  onOpen?: (row: RowByTable[Name]) => void;
  /** Backspace or Escape. */
  onBack?: () => void;
  /** A small card: these columns only, one line of heads, no foot. */
  compactColumns?: readonly string[];
  takesFocus?: boolean;
};

export type TableRange = { first: number; count: number };

/** The rows now looked at; stays the same object while they do. */
export function useTableRange(): [TableRange, (range: TableRange) => void] {
  const [range, setRange] = useState<TableRange>({ first: 0, count: 60 });
  const onRange = useCallback(
    (wanted: TableRange) => setRange((before) => (before.first === wanted.first && before.count === wanted.count ? before : wanted)),
    [],
  );
  return [range, onRange];
}

export function DataTable<Name extends TableName>(props: DataTableProps<Name>): ReactNode {
  const { table, scope, filter, name, initialSort, onOpen, onBack, compactColumns, takesFocus = false } = props;
  const { t } = useTranslation('table');
  const [sort, setSort] = useState<Sort | null>(initialSort ?? null);
  const [range, onRange] = useTableRange();
  const tableName: string = table;
  const scopeKey = JSON.stringify(scope);
  const params: TableParams = { table, scope, filter: filter.slice(0, 100), sort, ...range };
  const { picture, refusal, isCurrent, isConnected } = useStream('table', params);
  const shown = picture !== null && picture.table === table ? picture : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a scope hides its own columns
  const columns = useMemo(
    () =>
      (COLUMN_SETS[table] as readonly ColumnDefinition[]).filter(
        (column) => (column.hiddenWithin === undefined || scope[column.hiddenWithin] === undefined) && (compactColumns?.includes(column.id) ?? true),
      ),
    [table, scopeKey, compactColumns],
  );
  return (
    <TableView
      table={tableName}
      columns={columns}
      view={shown as { total: number; first: number; rows: RowByTable[Name][] } | null}
      refusal={refusal}
      isCurrent={isCurrent}
      isConnected={isConnected}
      sort={sort}
      onSort={setSort}
      onRange={onRange}
      question={`${tableName} ${filter} ${scopeKey}`}
      emptyText={filter === '' ? t(`empty.${tableName}`) : t('emptyFilter', { filter })}
      name={name}
      onOpen={onOpen}
      onBack={onBack}
      isCompact={compactColumns !== undefined}
      takesFocus={takesFocus}
    />
  );
}
