/** The heat map on the page: ECharts around, our cells inside, one cursor for mouse, keyboard and screen reader. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { usePreferences } from '../../state/preferences';
import { moveCursor } from '../cursor-keys';
import { hideTooltip, showTooltip } from './axes';
import { CellLayer } from './cell-layer';
import { packPixel } from './colour-scale';
import { countQualities } from './count-qualities';
import { type CellPlace, firstForScroll, placeAt, scrollToShow } from './grid-geometry';
import { readHeatTheme } from './heat-theme';
import type { HeatmapProps } from './heatmap-props';
import { tooltipElement } from './tooltip-element';
import { useHeatAxes } from './use-heat-axes';
import { LEGEND_HEIGHT, SCROLLBAR, TOTALS_WIDTH, useHeatLayout } from './use-heat-layout';
import { useHeatScales } from './use-heat-scales';
import './heatmap.css';

type Cursor = { rowKey: string; columnKey: string | null };
export function Heatmap({
  picture,
  layout,
  measure,
  areRowsAccounts,
  isCurrent,
  texts,
  onDrill,
  onDrillColumn,
  onBack,
  takesFocus,
  negativeCells = null,
}: HeatmapProps): ReactNode {
  const theme = usePreferences((state) => state.theme);
  const priceColours = usePreferences((state) => state.priceColours);
  const root = useRef<HTMLDivElement>(null);
  const axesElement = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const cellCanvas = useRef<HTMLCanvasElement>(null);
  const labelCanvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<CellLayer | null>(null);
  const hover = useRef<CellPlace | null>(null);
  const frames = useRef(0);
  const [scroll, setScroll] = useState({ row: 0, column: 0 });
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const cursorId = useId();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the theme attribute
  const colours = useMemo(() => readHeatTheme(priceColours === 'redUp'), [theme, priceColours]);
  const indexOf = useMemo(
    () => ({
      row: new Map(layout.rows.map((row, index) => [row.key, index])),
      column: new Map(layout.columns.map((column, index) => [column.key, index])),
    }),
    [layout],
  );
  const places = useHeatLayout(root, layout, texts);
  const { left, top, geometry } = places;
  const firstRow = geometry === null ? 0 : Math.max(0, Math.min(scroll.row, geometry.rowCount - geometry.visibleRows));
  const firstColumn = geometry === null ? 0 : Math.max(0, Math.min(scroll.column, geometry.columnCount - geometry.visibleColumns));

  const cursorPlace = useMemo<CellPlace | null>(() => {
    if (cursor === null) return null;
    const row = indexOf.row.get(cursor.rowKey);
    const column = cursor.columnKey === null ? -1 : indexOf.column.get(cursor.columnKey);
    return row === undefined || column === undefined ? null : { row, column };
  }, [cursor, indexOf]);

  useEffect(
    () => () => {
      layer.current = null;
    },
    [],
  );

  useEffect(() => {
    if (takesFocus) root.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  const { scale, reach } = useHeatScales(measure, picture, colours);
  const legend = useMemo(() => texts.legend(reach), [texts, reach]);
  const chart = useHeatAxes(axesElement, { places, firstRow, firstColumn, totalsLabel: texts.totalsLabel, scale: scale.cells, legend, colours });

  const draw = () => {
    if (geometry === null || cellCanvas.current === null || labelCanvas.current === null) return;
    if (layer.current === null) layer.current = new CellLayer(cellCanvas.current, labelCanvas.current, colours.cells);
    const levelInks =
      measure === 'riskDegree' && areRowsAccounts
        ? Uint32Array.from(picture.rowLevels, (level) =>
            level === 'normal' || level === 'unknown' ? 0 : packPixel(colours.cells.palette.levels[level]),
          )
        : null;
    layer.current.draw({
      geometry,
      firstRow,
      firstColumn,
      cells: { values: picture.values, qualities: picture.qualities, columnTotal: layout.columns.length, negativeCells },
      totals: { values: picture.rowValues, qualities: picture.rowQualities, columnTotal: 1, rowInks: levelInks },
      negativeRows: measure === 'riskDegree' ? picture.rowHasNoEquity : null,
      scale: scale.cells,
      totalsScale: scale.totals,
      label: texts.cellLabel,
      totalLabel: texts.totalLabel,
      cursor: cursorPlace,
      hover: hover.current,
    });
    if (root.current !== null) {
      frames.current += 1;
      root.current.dataset.frames = String(frames.current);
    }
  };
  const latestDraw = useRef(draw);
  latestDraw.current = draw;

  useLayoutEffect(() => {
    layer.current?.setTheme(colours.cells);
  }, [colours]);
  // Every render is a reason to paint: a new picture, a scroll, the cursor, the theme.
  useLayoutEffect(() => {
    latestDraw.current();
  });

  const pointTooltip = (place: CellPlace | null, x: number, y: number) => {
    if (chart.current === null) return;
    if (place === null) hideTooltip(chart.current);
    else showTooltip(chart.current, x, y, tooltipElement(texts.explain(place)));
  };

  const pointOf = (event: { clientX: number; clientY: number }) => {
    const box = root.current?.getBoundingClientRect();
    return box === undefined ? { x: -1, y: -1 } : { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const placeOf = (point: { x: number; y: number }): CellPlace | null => {
    if (geometry === null) return null;
    // The row's label belongs to the row as its total does.
    const x = point.x < left ? 0 : point.x - left;
    return placeAt(geometry, firstRow, firstColumn, point.x < 4 ? -1 : x, point.y - top);
  };

  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    const point = pointOf(event);
    const place = placeOf(point);
    const hasMoved = place?.row !== hover.current?.row || place?.column !== hover.current?.column;
    hover.current = place;
    if (root.current !== null) root.current.style.cursor = place === null ? '' : 'pointer';
    if (hasMoved) latestDraw.current();
    pointTooltip(place, point.x, point.y);
  };
  const onPointerLeave = () => {
    if (hover.current === null) return;
    hover.current = null;
    pointTooltip(null, 0, 0);
    latestDraw.current();
  };

  const drillAt = (place: CellPlace) => {
    const row = layout.rows[place.row];
    if (row === undefined || !isCurrent) return;
    hover.current = null;
    pointTooltip(null, 0, 0);
    onDrill(row, place.column < 0 ? null : (layout.columns[place.column] ?? null));
  };
  const onClick = (event: { clientX: number; clientY: number }) => {
    const point = pointOf(event);
    const place = placeOf(point);
    if (place !== null) {
      drillAt(place);
      return;
    }
    if (geometry === null || onDrillColumn === null || point.y >= top || point.y < LEGEND_HEIGHT) return;
    const column = placeAt(geometry, firstRow, firstColumn, point.x - left, 0)?.column ?? -1;
    const target = layout.columns[column];
    if (target !== undefined && isCurrent) onDrillColumn(target);
  };

  const putCursor = (place: CellPlace) => {
    const row = layout.rows[place.row];
    if (row === undefined || geometry === null) return;
    setCursor({ rowKey: row.key, columnKey: place.column < 0 ? null : (layout.columns[place.column]?.key ?? null) });
    const scrollTop = scrollToShow(place.row, firstRow, geometry.visibleRows, geometry.cellHeight, geometry.ratio);
    const scrollLeft = place.column < 0 ? null : scrollToShow(place.column, firstColumn, geometry.visibleColumns, geometry.cellWidth, geometry.ratio);
    if (scroller.current === null) return;
    if (scrollTop !== null) scroller.current.scrollTop = scrollTop;
    if (scrollLeft !== null) scroller.current.scrollLeft = scrollLeft;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (geometry === null || event.altKey || event.metaKey) return;
    if (event.key === 'Backspace' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onBack();
      return;
    }
    const from = cursorPlace ?? { row: firstRow, column: -1 };
    if (event.key === 'Enter') {
      event.preventDefault();
      drillAt(from);
      return;
    }
    const { rowCount, columnCount, visibleRows: pageRows } = geometry;
    const to = moveCursor(from, event.key, event.ctrlKey, { rowCount, columnCount, pageRows, firstColumn: -1, hasCorners: true });
    if (to === null) return;
    event.preventDefault();
    putCursor(cursorPlace === null ? from : to);
  };
  const onFocus = () => {
    if (cursorPlace === null && layout.rows.length > 0) putCursor({ row: firstRow, column: -1 });
  };
  // Focus may come before there is a layout to point into.
  const hasGeometry = geometry !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when a layout appears or is replaced, not on every move
  useEffect(() => {
    if (hasGeometry && document.activeElement === root.current) onFocus();
  }, [hasGeometry, layout]);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null || geometry === null) return;
    const row = firstForScroll(element.scrollTop, geometry.cellHeight, geometry.ratio, geometry.rowCount, geometry.visibleRows);
    const column = firstForScroll(element.scrollLeft, geometry.cellWidth, geometry.ratio, geometry.columnCount, geometry.visibleColumns);
    setScroll((before) => (before.row === row && before.column === column ? before : { row, column }));
  };
  // The axes lie outside the scroller; a wheel turned over them should move the same map.
  const onWheel = (event: { target: EventTarget; deltaX: number; deltaY: number }) => {
    if (scroller.current === null || scroller.current.contains(event.target as Node)) return;
    scroller.current.scrollBy(event.deltaX, event.deltaY);
  };

  const css = (devicePixels: number) => (geometry === null ? 0 : devicePixels / geometry.ratio);
  const hasMoreRows = geometry !== null && geometry.visibleRows < geometry.rowCount;
  const hasMoreColumns = geometry !== null && geometry.visibleColumns < geometry.columnCount;
  const counts = useMemo(() => countQualities(picture, negativeCells), [picture, negativeCells]);
  const described = cursorPlace === null ? null : texts.explain(cursorPlace);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a painted grid has no table elements to be made of; the active cell below is what a screen reader reads
    <div
      ref={root}
      className="heatmap"
      role="grid"
      tabIndex={0}
      aria-label={texts.name}
      aria-rowcount={layout.rows.length}
      aria-colcount={layout.columns.length + 1}
      aria-activedescendant={described === null ? undefined : cursorId}
      data-testid="heatmap"
      data-rows={layout.rows.length}
      data-columns={layout.columns.length}
      data-current={isCurrent}
      data-unknown={counts.unknown}
      data-stale={counts.stale}
      data-left={left}
      data-top={top}
      data-totals-width={TOTALS_WIDTH}
      data-cell-width={css(geometry?.cellWidth ?? 0)}
      data-cell-height={css(geometry?.cellHeight ?? 0)}
      data-cells-left={left + css(geometry?.cellsLeft ?? 0)}
      data-visible-rows={geometry?.visibleRows ?? 0}
      data-first-row={firstRow}
      data-cursor={cursor === null ? '' : `${cursor.rowKey}|${cursor.columnKey ?? ''}`}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
      onClick={onClick}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onWheel={onWheel}
    >
      <div ref={axesElement} className="heatmap-axes" aria-hidden="true" />
      <div
        ref={scroller}
        className="heatmap-scroller"
        tabIndex={-1}
        style={{
          left,
          top,
          width: css(geometry?.width ?? 0) + (hasMoreRows ? SCROLLBAR : 0),
          height: css(geometry?.height ?? 0) + (hasMoreColumns ? SCROLLBAR : 0),
        }}
        onScroll={onScroll}
        aria-hidden="true"
      >
        <div className="heatmap-viewport">
          <canvas ref={cellCanvas} />
          <canvas ref={labelCanvas} />
        </div>
        <div
          style={{
            height: css((geometry?.cellHeight ?? 0) * layout.rows.length),
            width: hasMoreColumns ? css((geometry?.cellsLeft ?? 0) + (geometry?.cellWidth ?? 0) * layout.columns.length) : 1,
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see the grid above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid, which names this row's cell as active */}
      <div role="row" className="visually-hidden" aria-rowindex={(cursorPlace?.row ?? 0) + 1}>
        {/* biome-ignore lint/a11y/useSemanticElements: see the grid above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid, which names this cell as active */}
        <span role="gridcell" id={cursorId} aria-colindex={(cursorPlace?.column ?? -1) + 2} data-testid="heatmap-cursor">
          {described === null ? '' : [described.title, ...described.facts.map(([term, text]) => `${term} ${text}`), described.note].join(', ')}
        </span>
      </div>
      <p className="visually-hidden" data-testid="heatmap-summary">
        {texts.summary(counts)}
      </p>
    </div>
  );
}
