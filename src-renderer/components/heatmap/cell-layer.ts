/** The live cells on two canvases of our own: colours blitted whole every frame, labels redrawn only where their text changed. */
import { type CellInks, type CellSource, type CellWindow, isUnknownCell, overlayRuns, paintCells } from './cell-painter';
import { type ColourScale, cssColour, type HeatPalette, inkOn, mix, packPixel, unpackPixel } from './colour-scale';
import { type CellPlace, type GridGeometry, LABEL_MINIMUM_WIDTH, rectangleOf } from './grid-geometry';

/** What one frame shows. Totals are a picture one column wide with a scale of their own. */
export type CellFrame = {
  geometry: GridGeometry;
  firstRow: number;
  firstColumn: number;
  cells: CellSource;
  totals: CellSource | null;
  negativeRows: Uint8Array | null;
  scale: ColourScale;
  totalsScale: ColourScale;
  /** Short text of a cell; called only for cells wide enough to carry one. */
  label: ((value: number) => string) | null;
  totalLabel: ((row: number, value: number) => string) | null;
  cursor: CellPlace | null;
  hover: CellPlace | null;
};

export type CellTheme = { palette: HeatPalette; focus: string; fontFamily: string };

const HATCH_SPACING = 6;

/** A square tile of diagonal strokes (unknown) or level lines (stale), to fill rectangles with. */
function makeTile(kind: 'hatch' | 'lines', ratio: number, stroke: string): HTMLCanvasElement {
  const size = Math.max(4, Math.round(HATCH_SPACING * ratio));
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = kind === 'hatch' ? size : Math.max(4, Math.round(6 * ratio));
  const context = tile.getContext('2d');
  if (context === null) return tile;
  context.strokeStyle = stroke;
  context.lineWidth = Math.max(1, Math.round(ratio));
  context.beginPath();
  if (kind === 'hatch') {
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift, size);
      context.lineTo(shift + size, 0);
    }
  } else {
    context.moveTo(0, 0.5);
    context.lineTo(size, 0.5);
  }
  context.stroke();
  return tile;
}

type PatternSet = { ratio: number; stroke: string; hatch: CanvasPattern | null; lines: CanvasPattern | null };
type Block = { left: number; cellWidth: number; source: CellSource; scale: ColourScale; window: CellWindow };

export class CellLayer {
  readonly cells: HTMLCanvasElement;
  readonly labels: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly labelContext: CanvasRenderingContext2D;
  private readonly small: HTMLCanvasElement;
  private readonly smallContext: CanvasRenderingContext2D;
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);
  private patterns: PatternSet | null = null;
  private theme: CellTheme;
  private inks: CellInks;
  /** What stands in each visible cell, so that an unchanged text is not drawn again. Empty after anything moved. */
  private drawnLabels: string[] = [];
  private labelFrame = '';
  private readonly onePixel = new Uint32Array(1);
  /** Grows to the scales' steps at most; emptied with the theme. */
  private readonly inkByPixel = new Map<number, string>();

  constructor(cells: HTMLCanvasElement, labels: HTMLCanvasElement, theme: CellTheme) {
    const context = cells.getContext('2d', { alpha: false });
    const labelContext = labels.getContext('2d');
    this.small = document.createElement('canvas');
    const smallContext = this.small.getContext('2d', { alpha: false, willReadFrequently: true });
    if (context === null || labelContext === null || smallContext === null) throw new Error('this window has no 2d canvas');
    this.cells = cells;
    this.labels = labels;
    this.context = context;
    this.labelContext = labelContext;
    this.smallContext = smallContext;
    this.theme = theme;
    this.inks = CellLayer.inksOf(theme);
  }

  private static inksOf({ palette }: CellTheme): CellInks {
    return { empty: packPixel(palette.empty), unknown: packPixel(palette.unknown), negative: packPixel(palette.levels.negative) };
  }

  setTheme(theme: CellTheme): void {
    this.theme = theme;
    this.inks = CellLayer.inksOf(theme);
    this.patterns = null;
    this.labelFrame = '';
    this.inkByPixel.clear();
  }

  /** Draws one frame. Cost: a look-up per visible cell, two scaled copies, one thin rectangle per row and column. */
  draw(frame: CellFrame): void {
    const { geometry } = frame;
    this.resize(geometry);
    if (geometry.width <= 0 || geometry.height <= 0) return;
    const rows = { firstRow: frame.firstRow, rowCount: geometry.visibleRows };
    const block: Block = {
      left: geometry.cellsLeft,
      cellWidth: geometry.cellWidth,
      source: frame.cells,
      scale: frame.scale,
      window: { ...rows, firstColumn: frame.firstColumn, columnCount: geometry.visibleColumns },
    };
    const totals: Block | null =
      frame.totals === null
        ? null
        : {
            left: 0,
            cellWidth: geometry.totalsWidth,
            source: frame.totals,
            scale: frame.totalsScale,
            window: { ...rows, firstColumn: 0, columnCount: 1 },
          };
    this.context.imageSmoothingEnabled = false;
    this.blit(block, geometry, frame.negativeRows);
    if (totals !== null) this.blit(totals, geometry, frame.negativeRows);
    this.drawOverlays(block, geometry, frame.negativeRows);
    if (totals !== null) this.drawOverlays(totals, geometry, frame.negativeRows);
    this.drawGaps(geometry);
    if (frame.hover !== null) this.drawGuides(frame, frame.hover);
    this.drawLabels(frame, block, totals);
    if (frame.hover !== null) this.outline(frame, frame.hover, cssColour(this.theme.palette.ink), 1);
    if (frame.cursor !== null) this.outline(frame, frame.cursor, this.theme.focus, 2);
  }

  private resize(geometry: GridGeometry): void {
    for (const canvas of [this.cells, this.labels]) {
      if (canvas.width === geometry.width && canvas.height === geometry.height) continue;
      canvas.width = geometry.width;
      canvas.height = geometry.height;
      canvas.style.width = `${geometry.width / geometry.ratio}px`;
      canvas.style.height = `${geometry.height / geometry.ratio}px`;
      this.labelFrame = '';
    }
  }

  private blit(block: Block, geometry: GridGeometry, negativeRows: Uint8Array | null): void {
    const { columnCount, rowCount } = block.window;
    if (columnCount === 0 || rowCount === 0) return;
    if (this.image === null || this.image.width !== columnCount || this.image.height !== rowCount) {
      this.image = new ImageData(columnCount, rowCount);
      this.pixels = new Uint32Array(this.image.data.buffer);
      if (this.small.width < columnCount) this.small.width = columnCount;
      if (this.small.height < rowCount) this.small.height = rowCount;
    }
    paintCells(this.pixels, block.source, block.window, block.scale, this.inks, negativeRows);
    this.smallContext.putImageData(this.image, 0, 0);
    this.context.drawImage(this.small, 0, 0, columnCount, rowCount, block.left, 0, columnCount * block.cellWidth, rowCount * geometry.cellHeight);
  }

  private patternsFor(ratio: number): PatternSet {
    const stroke = cssColour(mix(this.theme.palette.unknown, this.theme.palette.ink, 0.55));
    if (this.patterns === null || this.patterns.ratio !== ratio || this.patterns.stroke !== stroke) {
      this.patterns = {
        ratio,
        stroke,
        hatch: this.context.createPattern(makeTile('hatch', ratio, stroke), 'repeat'),
        lines: this.context.createPattern(makeTile('lines', ratio, cssColour(this.theme.palette.background)), 'repeat'),
      };
    }
    return this.patterns;
  }

  /** One path a pattern. Cells too small for a gap are too small for a pattern: there the fill and the tooltip tell. */
  private drawOverlays(block: Block, geometry: GridGeometry, negativeRows: Uint8Array | null): void {
    if (geometry.gap === 0) return;
    const patterns = this.patternsFor(geometry.ratio);
    for (const overlay of ['unknown', 'stale'] as const) {
      const pattern = overlay === 'unknown' ? patterns.hatch : patterns.lines;
      const runs = overlayRuns(block.source, block.window, overlay, negativeRows);
      if (pattern === null || runs.length === 0) continue;
      this.context.fillStyle = pattern;
      this.context.beginPath();
      for (let at = 0; at < runs.length; at += 3) {
        const row = runs[at] ?? 0;
        const column = runs[at + 1] ?? 0;
        const count = runs[at + 2] ?? 0;
        this.context.rect(block.left + column * block.cellWidth, row * geometry.cellHeight, count * block.cellWidth, geometry.cellHeight);
      }
      this.context.fill();
    }
  }

  private drawGaps(geometry: GridGeometry): void {
    this.context.fillStyle = cssColour(this.theme.palette.background);
    if (geometry.cellsLeft > geometry.totalsWidth) {
      this.context.fillRect(geometry.totalsWidth, 0, geometry.cellsLeft - geometry.totalsWidth, geometry.height);
    }
    if (geometry.gap === 0) return;
    for (let column = 1; column <= geometry.visibleColumns; column += 1) {
      this.context.fillRect(geometry.cellsLeft + column * geometry.cellWidth - geometry.gap, 0, geometry.gap, geometry.height);
    }
    for (let row = 1; row <= geometry.visibleRows; row += 1) {
      this.context.fillRect(0, row * geometry.cellHeight - geometry.gap, geometry.width, geometry.gap);
    }
  }

  private drawLabels(frame: CellFrame, block: Block, totals: Block | null): void {
    const { geometry } = frame;
    const fontPixels = Math.round(Math.min(11, geometry.cellHeight / geometry.ratio - 4) * geometry.ratio);
    const hasRoom = fontPixels >= 8 * geometry.ratio;
    const isLabelled = hasRoom && frame.label !== null && geometry.cellWidth - geometry.gap >= LABEL_MINIMUM_WIDTH * geometry.ratio;
    const isTotalled = hasRoom && totals !== null && frame.totalLabel !== null;
    const width = block.window.columnCount + 1;
    const frameKey = `${geometry.width} ${geometry.height} ${geometry.cellWidth} ${geometry.cellHeight} ${frame.firstRow} ${frame.firstColumn} ${isLabelled} ${isTotalled}`;
    if (frameKey !== this.labelFrame) {
      this.labelFrame = frameKey;
      this.labelContext.clearRect(0, 0, geometry.width, geometry.height);
      this.drawnLabels = new Array<string>(block.window.rowCount * width).fill('');
    }
    if (!isLabelled && !isTotalled) return;
    this.labelContext.font = `${fontPixels}px ${this.theme.fontFamily}`;
    this.labelContext.textBaseline = 'middle';
    this.labelContext.textAlign = 'center';
    for (let row = 0; row < block.window.rowCount; row += 1) {
      const rowIndex = frame.firstRow + row;
      if (isTotalled && totals !== null) {
        const value = totals.source.values[rowIndex] ?? Number.NaN;
        this.drawLabel(row * width, frame, totals, row, 0, frame.totalLabel?.(rowIndex, value) ?? '');
      }
      if (!isLabelled) continue;
      for (let column = 0; column < block.window.columnCount; column += 1) {
        const at = rowIndex * frame.cells.columnTotal + frame.firstColumn + column;
        const quality = frame.cells.qualities[at] ?? 0;
        const value = frame.cells.values[at] ?? Number.NaN;
        const isNegative = frame.cells.negativeCells?.[at] === 1;
        const text = quality === 0 ? '' : isUnknownCell(value, quality) && !isNegative ? '—' : (frame.label?.(value) ?? '');
        this.drawLabel(row * width + column + 1, frame, block, row, column, text);
      }
    }
  }

  private drawLabel(slot: number, frame: CellFrame, block: Block, row: number, column: number, text: string): void {
    const ink = text === '' ? '' : this.inkOf(frame, block, row, column);
    const drawn = text === '' ? '' : `${ink}${text}`;
    if (this.drawnLabels[slot] === drawn) return;
    this.drawnLabels[slot] = drawn;
    const x = block.left + column * block.cellWidth;
    const y = row * frame.geometry.cellHeight;
    this.labelContext.clearRect(x, y, block.cellWidth, frame.geometry.cellHeight);
    if (text === '') return;
    this.labelContext.fillStyle = ink;
    const room = block.cellWidth - frame.geometry.gap;
    this.labelContext.fillText(text, x + room / 2, y + (frame.geometry.cellHeight - frame.geometry.gap) / 2, room - 2 * frame.geometry.ratio);
  }

  private inkOf(frame: CellFrame, block: Block, row: number, column: number): string {
    const window = { firstRow: frame.firstRow + row, rowCount: 1, firstColumn: block.window.firstColumn + column, columnCount: 1 };
    paintCells(this.onePixel, block.source, window, block.scale, this.inks, frame.negativeRows);
    const pixel = this.onePixel[0] ?? 0;
    let ink = this.inkByPixel.get(pixel);
    if (ink === undefined) {
      ink = cssColour(inkOn(unpackPixel(pixel)));
      this.inkByPixel.set(pixel, ink);
    }
    return ink;
  }

  /** A faint band along the hovered row and column: the eye finds their names. */
  private drawGuides(frame: CellFrame, place: CellPlace): void {
    const box = rectangleOf(frame.geometry, frame.firstRow, frame.firstColumn, place);
    if (box === null) return;
    const [red, green, blue] = this.theme.palette.ink;
    this.context.fillStyle = `rgba(${red}, ${green}, ${blue}, 0.1)`;
    this.context.fillRect(0, box.y, frame.geometry.width, box.height);
    if (place.column >= 0) this.context.fillRect(box.x, 0, box.width, frame.geometry.height);
  }

  private outline(frame: CellFrame, place: CellPlace, stroke: string, cssWidth: number): void {
    const box = rectangleOf(frame.geometry, frame.firstRow, frame.firstColumn, place);
    if (box === null) return;
    const width = Math.max(1, Math.round(cssWidth * frame.geometry.ratio));
    this.context.strokeStyle = stroke;
    this.context.lineWidth = width;
    this.context.strokeRect(box.x + width / 2, box.y + width / 2, box.width - width, box.height - width);
  }
}
