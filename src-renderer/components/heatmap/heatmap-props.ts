/** What a feature hands to the heat map: its picture, and everything a person reads of it, in the page's language. */
import type { HeatMeasure, HeatmapPicture } from '#shared/contract/streams';
import type { CellPlace } from './grid-geometry';

export type HeatmapLayout = NonNullable<HeatmapPicture['layout']>;
export type HeatRow = HeatmapLayout['rows'][number];
export type HeatColumn = HeatmapLayout['columns'][number];

/** Everything a person reads is made by the feature around it, in the page's language. */
export type HeatmapTexts = {
  name: string;
  summary(counts: QualityCounts): string;
  totalsLabel: string;
  rowLabel(row: HeatRow): string;
  /** Short text in a cell and in the totals column. */
  cellLabel(value: number): string;
  totalLabel(rowIndex: number, value: number): string;
  /** Legend: its ends and its bands (empty where the measure has no breaks). */
  legend(reach: number): { low: string; high: string; bands: string[] };
  explain(place: CellPlace): { title: string; facts: [string, string][]; note: string };
};

/** Cells by quality, as `data-*` and for the spoken summary. */
export type QualityCounts = { live: number; stale: number; closed: number; unknown: number };

export type HeatmapProps = {
  picture: HeatmapPicture;
  layout: HeatmapLayout;
  measure: HeatMeasure;
  /** Rows are single accounts: their level colours their total. A row of many only names its worst one's level. */
  areRowsAccounts: boolean;
  /** False while the picture is still the one before: nothing can be drilled into until its own is there. */
  isCurrent: boolean;
  texts: HeatmapTexts;
  /** Cells (row-major, 1 is yes) that have no figure because there is no equity left: neither unknown nor a number; their label is that of NaN. */
  negativeCells?: Uint8Array | null;
  /** `column` is null on the row's label or total. */
  onDrill(row: HeatRow, column: HeatColumn | null): void;
  onDrillColumn: ((column: HeatColumn) => void) | null;
  onBack(): void;
  /** Takes the keyboard when it appears: the person came here by key. */
  takesFocus: boolean;
};
