/** A live table of any length: the engine filters and sorts, the page holds the rows it shows. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowByTable, Scope, TableName, TableParams } from '#shared/contract/streams';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { useFormat } from '../format/use-format';
import { type ColumnDefinition, isNumericKind } from './column';
import { COLUMN_SETS } from './column-sets';
import { type AnyRow, DataRow } from './data-row';
import { reasonText } from './reason-text';
import { moveInTable, nextSort, windowFor } from './table-window';
import { useColumnWidths } from './use-column-widths';
import './data-table.css';

type Sort = NonNullable<TableParams['sort']>;

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

const ROW_HEIGHT = 26;
const OVERSCAN = 6;
const NUDGE = 16;
const NO_ROWS: readonly AnyRow[] = [];

export function DataTable<Name extends TableName>(props: DataTableProps<Name>): ReactNode {
  const { table, scope, filter, name, initialSort, onOpen, onBack, compactColumns, takesFocus = false } = props;
  const { t } = useTranslation('table');
  const format = useFormat();
  const nowMs = useNow();
  const [sort, setSort] = useState<Sort | null>(initialSort ?? null);
  const [range, setRange] = useState({ first: 0, count: 60 });
  const [cursor, setCursor] = useState<{ key: string | null; row: number; column: number } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const widths = useColumnWidths(table);
  const cursorId = useId();
  const tableName: string = table;

  const params: TableParams = { table, scope, filter: filter.slice(0, 100), sort, ...range };
  const { picture, refusal, isCurrent, isConnected } = useStream('table', params);
  const shown = picture !== null && picture.table === table ? picture : null;
  const total = shown?.total ?? 0;
  const rows: readonly AnyRow[] = shown?.rows ?? NO_ROWS;
  const firstLoaded = shown?.first ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: widths.key stands for the widths; a scope hides its own columns
  const { columns, columnWidths, width } = useMemo(() => {
    const visible = (COLUMN_SETS[table] as readonly ColumnDefinition[]).filter(
      (column) => (column.hiddenWithin === undefined || scope[column.hiddenWithin] === undefined) && (compactColumns?.includes(column.id) ?? true),
    );
    const each = visible.map((column) => widths.widthOf(column.id, column.width));
    return { columns: visible, columnWidths: each, width: each.reduce((sum, one) => sum + one, 0) };
  }, [table, JSON.stringify(scope), compactColumns, widths.key]);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const firstVisible = items[0]?.index ?? 0;
  const visibleCount = items.length;

  useEffect(() => {
    const wanted = windowFor(firstVisible, visibleCount);
    setRange((before) => (before.first === wanted.first && before.count === wanted.count ? before : wanted));
  }, [firstVisible, visibleCount]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts at its top
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    setCursor(null);
  }, [table, filter, JSON.stringify(scope), sort]);

  useEffect(() => {
    if (takesFocus) scroller.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  const rowAt = (index: number): AnyRow | undefined => rows[index - firstLoaded];
  // The cursor follows its row when the order changes under it.
  const cursorRow = useMemo(() => {
    if (cursor === null) return -1;
    const at = cursor.key === null ? -1 : rows.findIndex((row) => row.key === cursor.key);
    return at < 0 ? Math.min(cursor.row, Math.max(0, total - 1)) : firstLoaded + at;
  }, [cursor, rows, firstLoaded, total]);

  const putCursor = (row: number, column: number) => {
    setCursor({ key: rows[row - firstLoaded]?.key ?? null, row, column });
    virtualizer.scrollToIndex(row, { align: 'auto' });
  };
  const openRow = (index: number) => {
    const row = rowAt(index);
    if (row !== undefined) onOpen?.(row as RowByTable[Name]);
  };
  const sortBy = (column: ColumnDefinition) => setSort((before) => nextSort(before, column.id, isNumericKind(column.kind)));

  const onKeyDown = (event: KeyboardEvent) => {
    const column = columns[cursor?.column ?? 0];
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight') && column !== undefined) {
      event.preventDefault();
      widths.setWidth(column.id, widths.widthOf(column.id, column.width) + (event.key === 'ArrowRight' ? NUDGE : -NUDGE));
      return;
    }
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Enter' && onOpen !== undefined) {
      event.preventDefault();
      openRow(Math.max(0, cursorRow));
      return;
    }
    if ((event.key === 'Backspace' || event.key === 'Escape') && onBack !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onBack();
      return;
    }
    if (event.key.toLowerCase() === 's' && !event.ctrlKey && column !== undefined) {
      event.preventDefault();
      sortBy(column);
      return;
    }
    const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const place = { row: Math.max(0, cursorRow), column: cursor?.column ?? 0 };
    const to = moveInTable(place, event.key, event.ctrlKey, { rowCount: total, columnCount: columns.length, pageRows });
    if (to === null || total === 0) return;
    event.preventDefault();
    if (cursor === null) putCursor(0, 0);
    else putCursor(to.row, to.column);
  };

  const startResize = (column: ColumnDefinition, event: { clientX: number; pointerId: number; currentTarget: HTMLElement }) => {
    const from = event.clientX;
    const before = widths.widthOf(column.id, column.width);
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => widths.setWidth(column.id, before + moved.clientX - from);
    const end = () => {
      grip.removeEventListener('pointermove', move);
      grip.removeEventListener('pointerup', end);
      grip.removeEventListener('pointercancel', end);
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', end);
    grip.addEventListener('pointercancel', end);
  };

  const qualityText = (row: AnyRow): string => {
    if (row.quality === 'stale') return t('staleRow', { time: format.dateTime(row.asOfMs) });
    if (row.quality === 'unknown') return t('unknownRow', { reason: reasonText(t, row.reason) });
    return '';
  };
  const activeRow = cursor === null ? undefined : rowAt(cursorRow);

  return (
    <div
      className="data-table"
      data-testid={`table-${table}`}
      data-total={shown === null ? '' : total}
      data-current={isCurrent}
      data-first={firstVisible}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a windowed grid places its rows absolutely, which table elements cannot */}
      <div
        ref={scroller}
        className="data-table-scroll"
        role="grid"
        tabIndex={0}
        aria-label={name}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        aria-readonly="true"
        aria-activedescendant={activeRow === undefined ? undefined : `${activeRow.key}-cursor`}
        aria-describedby={cursorId}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see the grid above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: S sorts by the cursor's column, so the heads need no focus of their own */}
        <div role="row" className="data-table-head" aria-rowindex={1} style={{ width }}>
          {columns.map((column, at) => {
            const isSorted = sort?.column === column.id;
            const label = t([`column.${tableName}.${column.id}`, `column.${column.id}`]);
            const also = t([`columnAlso.${tableName}.${column.id}`, `columnAlso.${column.id}`]);
            return (
              // biome-ignore lint/a11y/useSemanticElements: see the grid above
              // biome-ignore lint/a11y/useFocusableInteractive: see the row above
              <div
                key={column.id}
                role="columnheader"
                aria-colindex={at + 1}
                aria-sort={isSorted ? sort.direction : 'none'}
                className="data-table-heading"
                data-numeric={isNumericKind(column.kind)}
                style={{ width: columnWidths[at] }}
              >
                <button
                  type="button"
                  tabIndex={-1}
                  title={t('sortHint', { label, also })}
                  onClick={() => sortBy(column)}
                  data-testid={`sort-${column.id}`}
                >
                  {label}
                  <span aria-hidden="true">{isSorted ? (sort.direction === 'ascending' ? ' ▴' : ' ▾') : ''}</span>
                  {compactColumns !== undefined ? null : (
                    <>
                      <br />
                      <span className="muted data-table-also" lang={t('alsoLanguage')}>
                        {also}
                      </span>
                    </>
                  )}
                </button>
                <span
                  className="data-table-grip"
                  aria-hidden="true"
                  onPointerDown={(event) => startResize(column, event)}
                  onDoubleClick={() => widths.setWidth(column.id, column.width)}
                />
              </div>
            );
          })}
        </div>
        {shown !== null && total === 0 ? (
          <div className="data-table-empty">{filter === '' ? t(`empty.${tableName}`) : t('emptyFilter', { filter })}</div>
        ) : null}
        {shown === null ? (
          <div className="data-table-empty">
            {refusal !== null ? t('refused', { message: refusal.message }) : isConnected ? t('loading') : t('noEngine')}
          </div>
        ) : null}
        {/* biome-ignore lint/a11y/useSemanticElements: see the grid above */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys */}
        <div
          className="data-table-body"
          role="rowgroup"
          style={{ height: virtualizer.getTotalSize(), width }}
          onClick={(event) => {
            const cell = (event.target as HTMLElement).closest<HTMLElement>('.data-table-cell');
            const line = cell?.closest<HTMLElement>('.data-table-row');
            if (cell === null || cell === undefined || line === null || line === undefined) return;
            putCursor(Number(line.dataset.index), Number(cell.getAttribute('aria-colindex')) - 1);
          }}
          onDoubleClick={(event) => {
            const line = (event.target as HTMLElement).closest<HTMLElement>('.data-table-row');
            if (line !== null) openRow(Number(line.dataset.index));
          }}
        >
          {items.map((item) => {
            const row = rowAt(item.index);
            if (row === undefined) return null;
            return (
              <DataRow
                key={row.key}
                row={row}
                index={item.index}
                top={item.start}
                height={ROW_HEIGHT}
                width={width}
                columns={columns}
                widths={columnWidths}
                cursorColumn={cursor !== null && cursorRow === item.index ? cursor.column : -1}
                qualityText={qualityText(row)}
                nowMs={nowMs}
              />
            );
          })}
        </div>
      </div>
      <div className={compactColumns === undefined ? 'data-table-foot' : 'visually-hidden'} id={cursorId}>
        <span data-testid="table-total">{shown === null ? '' : t('total', { count: total, shown: format.number(total) })}</span>
        {sort === null ? null : (
          <span>{t('sortedBy', { label: t([`column.${tableName}.${sort.column}`, `column.${sort.column}`]), direction: t(sort.direction) })}</span>
        )}
        {isConnected ? null : <span className="unknown-figure">{t('cached')}</span>}
      </div>
    </div>
  );
}
