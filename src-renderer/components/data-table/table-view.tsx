/** The table that every live list is drawn with: a window of rows that somebody else filters and sorts, one cursor, columns of a person's own width. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TableParams } from '#shared/contract/streams';
import type { Refusal } from '#shared/refusal';
import { useMarketTimeZone, useShownNow } from '../../state/shown-market';
import { moveCursor } from '../cursor-keys';
import { useFormat } from '../format/use-format';
import { refusalWords } from '../refusal-words';
import { type ColumnDefinition, isNumericKind, type TableRow } from './column';
import { DataRow } from './data-row';
import { reasonText } from './reason-text';
import { nextSort, windowFor } from './table-window';
import { useColumnWidths } from './use-column-widths';
import './data-table.css';

export type Sort = NonNullable<TableParams['sort']>;

export type TableViewProps<Row extends TableRow> = {
  /** Names its widths, its texts and its place for tests. */
  table: string;
  columns: readonly ColumnDefinition[];
  /** Null while nothing has come yet. */
  view: { total: number; first: number; rows: readonly Row[] } | null;
  refusal: Refusal | null;
  isCurrent: boolean;
  isConnected: boolean;
  sort: Sort | null;
  onSort(sort: Sort | null): void;
  /** Which rows are looked at, aligned so that small scrolls change nothing. */
  onRange(range: { first: number; count: number }): void;
  /** Another question starts at its top. */
  question: string;
  emptyText: string;
  /** For screen readers. */
  name: string;
  /** Enter or a double click on a row. */
  onOpen?: ((row: Row) => void) | undefined;
  /** Backspace or Escape. */
  onBack?: (() => void) | undefined;
  /** One line of heads, no foot. */
  isCompact?: boolean;
  takesFocus?: boolean;
};

const ROW_HEIGHT = 26;
const OVERSCAN = 6;
const NUDGE = 16;

export function TableView<Row extends TableRow>(props: TableViewProps<Row>): ReactNode {
  const { table, columns, view, refusal, isCurrent, isConnected, sort, onSort, onRange, question } = props;
  const { emptyText, name, onOpen, onBack, isCompact = false, takesFocus = false } = props;
  const { t } = useTranslation('table');
  const format = useFormat();
  const nowMs = useShownNow();
  const timeZone = useMarketTimeZone();
  const [cursor, setCursor] = useState<{ key: string | null; row: number; column: number } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const widths = useColumnWidths(table);
  const cursorId = useId();
  const total = view?.total ?? 0;
  const rows: readonly Row[] = view?.rows ?? [];
  const firstLoaded = view?.first ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: widths.key stands for the widths
  const { columnWidths, width } = useMemo(() => {
    const each = columns.map((column) => widths.widthOf(column.id, column.width));
    return { columnWidths: each, width: each.reduce((sum, one) => sum + one, 0) };
  }, [columns, widths.key]);

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
    onRange(windowFor(firstVisible, visibleCount));
  }, [firstVisible, visibleCount, onRange]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question starts at its top
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    setCursor(null);
  }, [question, sort]);

  useEffect(() => {
    if (takesFocus) scroller.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  const labelOf = (column: ColumnDefinition) => column.label?.text ?? t([`column.${table}.${column.id}`, `column.${column.id}`]);
  const alsoOf = (column: ColumnDefinition) => column.label?.also ?? t([`columnAlso.${table}.${column.id}`, `columnAlso.${column.id}`]);
  const rowAt = (index: number): Row | undefined => rows[index - firstLoaded];
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
    if (row !== undefined) onOpen?.(row);
  };
  const sortBy = (column: ColumnDefinition) => {
    if (column.canSort !== false) onSort(nextSort(sort, column.id, isNumericKind(column.kind)));
  };

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
    const to = moveCursor(place, event.key, event.ctrlKey, {
      ...{ rowCount: total, columnCount: columns.length, pageRows },
      ...{ firstColumn: 0, hasCorners: false },
    });
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

  const qualityText = (row: Row): string => {
    if (row.quality === 'stale') return t('staleRow', { time: format.marketDateTime(row.asOfMs, timeZone) });
    if (row.quality === 'unknown') return t('unknownRow', { reason: reasonText(t, row.reason) });
    return '';
  };
  const sortedColumn = columns.find((column) => column.id === sort?.column);
  const sortedLabel = sortedColumn === undefined ? (sort?.column ?? '') : labelOf(sortedColumn);
  const activeRow = cursor === null ? undefined : rowAt(cursorRow);

  return (
    <div
      className="data-table"
      data-testid={`table-${table}`}
      data-total={view === null ? '' : total}
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
            const label = labelOf(column);
            const also = alsoOf(column);
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
                  title={column.canSort === false ? `${label} / ${also}` : t('sortHint', { label, also })}
                  onClick={() => sortBy(column)}
                  data-testid={`sort-${column.id}`}
                >
                  {label}
                  <span aria-hidden="true">{isSorted ? (sort.direction === 'ascending' ? ' ▴' : ' ▾') : ''}</span>
                  {isCompact ? null : (
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
        {view !== null && total === 0 ? <div className="data-table-empty">{isCurrent ? emptyText : t('loading')}</div> : null}
        {view === null ? (
          <div className="data-table-empty">
            {refusal !== null ? (refusalWords(t, refusal) ?? t('refused', { message: refusal.message })) : isConnected ? t('loading') : t('noEngine')}
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
                timeZone={timeZone}
              />
            );
          })}
        </div>
      </div>
      <div className={isCompact ? 'visually-hidden' : 'data-table-foot'} id={cursorId}>
        <span data-testid="table-total">{view === null ? '' : t('total', { count: total, shown: format.number(total) })}</span>
        {sort === null ? null : <span>{t('sortedBy', { label: sortedLabel, direction: t(sort.direction) })}</span>}
        {isConnected ? null : <span className="unknown-figure">{t('cached')}</span>}
      </div>
    </div>
  );
}
