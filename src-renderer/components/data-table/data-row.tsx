/** One row of a live table; drawn again only when something it shows has changed. */
import type { TFunction } from 'i18next';
import { memo, type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RiskLevel } from '#shared/contract/streams';
import { Unknown } from '../format/figure';
import { isKnown } from '../format/formatters';
import { useFormat } from '../format/use-format';
import { cellText } from './cell-text';
import { type ColumnDefinition, fieldOf, isNumericKind, LEVEL_SIGNS, type TableRow } from './column';
import { reasonText } from './reason-text';
import { movement } from './table-window';

const FLASH_MS = 500;
/** Asked for once: it says by itself when the person changes it. */
let stillness: MediaQueryList | null = null;

/** A short tint in the direction of the move, in three steps so that it costs three paints; none where the person asked for no motion. */
function flash(element: HTMLElement, direction: 'up' | 'down'): void {
  // A row of a panel that was just hidden is in no document, and has no colours.
  if (!element.isConnected) return;
  stillness ??= window.matchMedia('(prefers-reduced-motion: reduce)');
  if (stillness.matches) return;
  // The browser resolves the colour when it paints: asking for it here would have the whole page's styles computed once per cell.
  const colour = direction === 'up' ? 'var(--price-up)' : 'var(--price-down)';
  const tint = (share: string) => `color-mix(in srgb, ${colour} ${share}, transparent)`;
  element.animate([{ backgroundColor: tint('25%') }, { backgroundColor: tint('0%') }], { duration: FLASH_MS, easing: 'steps(3, start)' });
}

type CellProps = {
  column: ColumnDefinition;
  value: unknown;
  /** Null where the value is not known. */
  text: string | null;
  /** Why it is not known, where that has to be said; of a level, why it has none. */
  reason: string | null;
  /** Of a level that is only the least it can be: why; null of every other. */
  leastText: string | null;
  /** Of a column that draws itself, else null. */
  drawn: TableRow | null;
  width: number;
  columnIndex: number;
  cursorId: string | undefined;
};

/** Everything it shows comes as plain values: of a row with one new price, the other cells are not drawn again. */
const DataCell = memo(function DataCell({ column, value, text, reason, leastText, drawn, width, columnIndex, cursorId }: CellProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const before = useRef({ value, text });
  useLayoutEffect(() => {
    const direction = column.isLive === true && before.current.text !== text ? movement(before.current.value, value) : null;
    before.current = { value, text };
    if (direction !== null && element.current !== null) flash(element.current, direction);
  }, [column, value, text]);

  const isNumeric = isNumericKind(column.kind);
  const isSigned = column.kind === 'signedMoney' || column.kind === 'signedPrice' || column.kind === 'signedPercent';
  const sign = isSigned && isKnown(value as number | null) ? Math.sign(value as number) : 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a windowed grid places its rows absolutely, which table elements cannot
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid, which names the active cell
    <div
      ref={element}
      role="gridcell"
      id={cursorId}
      aria-colindex={columnIndex + 1}
      className={`data-table-cell${sign > 0 ? ' up' : sign < 0 ? ' down' : ''}`}
      data-numeric={isNumeric}
      data-figure={isNumeric}
      data-column={column.id}
      data-cursor={cursorId !== undefined}
      style={{ width }}
      title={(column.kind === 'text' || isNumeric) && text !== null ? text : undefined}
    >
      {column.draw !== undefined && drawn !== null ? (
        column.draw(drawn)
      ) : column.kind === 'level' ? (
        <span className="data-table-level" data-level={value as RiskLevel} data-least={leastText !== null} title={leastText ?? reason ?? undefined}>
          <span aria-hidden="true">{LEVEL_SIGNS[value as RiskLevel]} </span>
          {text}
        </span>
      ) : text !== null ? (
        text
      ) : reason !== null ? (
        <Unknown reason={reason} />
      ) : null}
    </div>
  );
});

/** A degree that cannot exist (no equity left) says so; anything else unknown carries the row's reason. */
function unknownReason(column: ColumnDefinition, row: TableRow): string | null {
  if (row.reason !== null) return row.reason;
  if (row.level === 'negative' && column.kind === 'share') return 'negativeEquity';
  if (column.id === 'limitPrice') return 'marketOrder';
  return 'notReported';
}

function leastTextOf({ levelReason }: TableRow, t: TFunction): string | null {
  return typeof levelReason === 'string' ? t('table:levelHidden', { reason: reasonText(t, levelReason) }) : null;
}

export type DataRowProps = {
  row: TableRow;
  index: number;
  top: number;
  height: number;
  width: number;
  columns: readonly ColumnDefinition[];
  widths: readonly number[];
  /** Column of the cursor when it is on this row, else -1. */
  cursorColumn: number;
  qualityText: string;
  nowMs: number;
  timeZone: string | null;
};

function isSame(before: DataRowProps, after: DataRowProps): boolean {
  if (
    before.index !== after.index ||
    before.top !== after.top ||
    before.height !== after.height ||
    before.width !== after.width ||
    before.columns !== after.columns ||
    before.widths !== after.widths ||
    before.cursorColumn !== after.cursorColumn ||
    before.qualityText !== after.qualityText ||
    before.timeZone !== after.timeZone ||
    before.row.quality !== after.row.quality ||
    before.row.reason !== after.row.reason ||
    before.row.levelReason !== after.row.levelReason
  ) {
    return false;
  }
  const hasAge = after.columns.some((column) => column.kind === 'age');
  if (hasAge && before.nowMs !== after.nowMs) return false;
  return after.columns.every((column) => fieldOf(before.row, column.id) === fieldOf(after.row, column.id));
}

export const DataRow = memo(function DataRow(props: DataRowProps): ReactNode {
  const { row, index, top, height, width, columns, widths, cursorColumn, qualityText, nowMs, timeZone } = props;
  const { t } = useTranslation('table');
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a windowed grid places its rows absolutely, which table elements cannot
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid, which names the active cell
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={cursorColumn >= 0}
      className="data-table-row"
      data-quality={row.quality}
      data-key={row.key}
      data-index={index}
      style={{ transform: `translateY(${top}px)`, height, width, lineHeight: `${height - 1}px` }}
      title={qualityText === '' ? undefined : qualityText}
    >
      {columns.map((column, at) => {
        const value: unknown = fieldOf(row, column.id);
        const text = cellText(value, column.kind, row, format, (word) => t(`value.${column.id}.${word}`, { defaultValue: word }), nowMs, timeZone);
        const leastText = column.kind === 'level' ? leastTextOf(row, t) : null;
        const isUnexplained = column.kind === 'level' ? value === 'unknown' : text === null && isNumericKind(column.kind) && row.quality !== 'none';
        return (
          <DataCell
            key={column.id}
            column={column}
            value={value}
            text={leastText === null ? text : t('atLeast', { level: text })}
            reason={isUnexplained ? reasonText(t, column.kind === 'level' ? row.reason : unknownReason(column, row)) : null}
            leastText={leastText}
            drawn={column.draw === undefined ? null : row}
            width={widths[at] ?? column.width}
            columnIndex={at}
            cursorId={cursorColumn === at ? `${row.key}-cursor` : undefined}
          />
        );
      })}
    </div>
  );
}, isSame);
