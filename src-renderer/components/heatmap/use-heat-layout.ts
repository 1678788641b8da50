/** Where everything of a heat map lies: its size on this screen, the room its labels take, its grid of cells. */
import { type RefObject, useEffect, useMemo, useState } from 'react';
import { columnHeadOf, type GridGeometry, layOutGrid } from './grid-geometry';
import type { HeatmapLayout, HeatmapTexts } from './heatmap-props';

export const TOTALS_WIDTH = 64;
export const SCROLLBAR = 12;
export const LEGEND_HEIGHT = 22;
const TOTALS_GAP = 4;
const MINIMUM_CELL_WIDTH = 15;
const MAXIMUM_CELL_WIDTH = 72;
const MINIMUM_CELL_HEIGHT = 17;
const MAXIMUM_CELL_HEIGHT = 36;

type Size = { width: number; height: number; ratio: number };

export type HeatPlaces = {
  /** CSS pixels, and device pixels to one of them; null before it was measured, as `geometry` is. */
  size: Size | null;
  labels: { rows: string[]; columns: string[] };
  columnHead: ReturnType<typeof columnHeadOf>;
  /** CSS pixels from the map's edge to its first cell. */
  left: number;
  top: number;
  geometry: GridGeometry | null;
};

export function useHeatLayout(root: RefObject<HTMLElement | null>, layout: HeatmapLayout, texts: HeatmapTexts): HeatPlaces {
  const size = useSize(root);
  const labels = useMemo(
    () => ({ rows: layout.rows.map((row) => texts.rowLabel(row)), columns: layout.columns.map((column) => column.label) }),
    [layout, texts],
  );

  const left = useMemo(() => {
    const widest = labels.rows.reduce((width, label) => Math.max(width, textUnits(label)), 6) * 6.6 + 16;
    return Math.round(Math.min(widest, Math.max(70, (size?.width ?? 800) * 0.24), 220));
  }, [labels, size]);
  const columnHead = useMemo(() => {
    const longest = labels.columns.reduce((width, label) => Math.max(width, textUnits(label)), 1);
    const available = ((size?.width ?? 800) - left - TOTALS_WIDTH - TOTALS_GAP - SCROLLBAR) / Math.max(1, layout.columns.length);
    return columnHeadOf(longest, Math.max(MINIMUM_CELL_WIDTH, Math.min(MAXIMUM_CELL_WIDTH, available)));
  }, [labels, layout, left, size]);
  const top = LEGEND_HEIGHT + columnHead.height;

  const geometry = useMemo<GridGeometry | null>(() => {
    if (size === null) return null;
    return layOutGrid({
      width: size.width - left - SCROLLBAR,
      height: size.height - top - SCROLLBAR,
      devicePixelRatio: size.ratio,
      rowCount: layout.rows.length,
      columnCount: layout.columns.length,
      totalsWidth: TOTALS_WIDTH,
      totalsGap: TOTALS_GAP,
      minimumCellWidth: MINIMUM_CELL_WIDTH,
      maximumCellWidth: MAXIMUM_CELL_WIDTH,
      minimumCellHeight: MINIMUM_CELL_HEIGHT,
      maximumCellHeight: MAXIMUM_CELL_HEIGHT,
    });
  }, [size, left, top, layout]);
  return { size, labels, columnHead, left, top, geometry };
}

/** Size and device pixel ratio: a window dragged to another screen changes the second alone. */
function useSize(root: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const read = () => {
      const next = { width: element.clientWidth, height: element.clientHeight, ratio: window.devicePixelRatio };
      setSize((before) => (before?.width === next.width && before.height === next.height && before.ratio === next.ratio ? before : next));
    };
    const observer = new ResizeObserver(read);
    observer.observe(element);
    window.addEventListener('resize', read);
    read();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', read);
    };
  }, [root]);
  return size;
}

/** Width of a text in an 11 px label: CJK letters are twice as wide. */
function textUnits(text: string): number {
  let units = 0;
  for (const letter of text) units += letter > '\u2e80' ? 1.75 : 1;
  return units;
}
