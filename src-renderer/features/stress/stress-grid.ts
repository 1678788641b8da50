/** A stress picture as the heat map and the table read it: worst of each row beside its cells, no equity kept apart from unknown. */
import { RISK_LEVELS, type StressMeasure, type StressPicture } from '#shared/contract/numbers-stress';
import { type HeatMeasure, type HeatmapPicture, QUALITY_CODE, type RiskLevel } from '#shared/contract/streams';

type HeatmapLayout = NonNullable<HeatmapPicture['layout']>;

/** Which of the heat map's colourings a measure takes: degrees by level, what can fall below zero two-sided, the rest by size. */
export const HEAT_MEASURE: Record<StressMeasure, HeatMeasure> = {
  riskDegree: 'riskDegree',
  exchangeRiskDegree: 'riskDegree',
  balance: 'netNotional',
  balanceChange: 'positionProfit',
  available: 'netNotional',
  currMargin: 'currMargin',
  marginCall: 'currMargin',
};

export function isDegree(measure: StressMeasure): boolean {
  return measure === 'riskDegree' || measure === 'exchangeRiskDegree';
}

/** Whether a larger figure is the worse one. */
function isHighWorse(measure: StressMeasure): boolean {
  return isDegree(measure) || measure === 'currMargin' || measure === 'marginCall';
}

export type StressGrid = {
  heatmap: HeatmapPicture;
  layout: HeatmapLayout;
  negativeCells: Uint8Array;
  /** Of what is known; unknown where nothing is. */
  worstLevels: RiskLevel[];
  /** Of each row, how many columns are unknown: its worst is that of the others, and says so. */
  unknownColumns: Uint32Array;
};

export function levelAt(picture: StressPicture, row: number, column: number): RiskLevel {
  return RISK_LEVELS[picture.levels[row * picture.columns.length + column] ?? RISK_LEVELS.length - 1] ?? 'unknown';
}

/** Whether a cell has no degree because there is no equity left, all of it being known: one unknown account makes a sum unknown, whatever its worst account is. */
export function isWithoutEquity(picture: StressPicture, measure: StressMeasure, row: number, column: number): boolean {
  const at = row * picture.columns.length + column;
  return isDegree(measure) && Number.isNaN(picture.values[at]) && picture.unknownCounts[at] === 0 && levelAt(picture, row, column) === 'negative';
}

/** `levels` are the breaks that the heat map's legend shows. */
export function stressGrid(picture: StressPicture, measure: StressMeasure, levels: HeatmapPicture['levels']): StressGrid {
  const width = picture.columns.length;
  const qualities = new Uint8Array(picture.values.length);
  const negativeCells = new Uint8Array(picture.values.length);
  const rowValues = new Float64Array(picture.rows.length).fill(Number.NaN);
  const rowQualities = new Uint8Array(picture.rows.length).fill(QUALITY_CODE.live);
  const rowHasNoEquity = new Uint8Array(picture.rows.length);
  const rowUnknowns = new Uint32Array(picture.rows.length);
  const unknownColumns = new Uint32Array(picture.rows.length);
  const worstLevels: RiskLevel[] = [];
  const isWorse = (value: number, than: number) => Number.isNaN(than) || (isHighWorse(measure) ? value > than : value < than);
  for (const row of picture.rows.keys()) {
    let [hasNegative, worst] = [false, -1];
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const value = picture.values[at] ?? Number.NaN;
      const level = levelAt(picture, row, column);
      const isNegative = isWithoutEquity(picture, measure, row, column);
      negativeCells[at] = isNegative ? 1 : 0;
      qualities[at] = Number.isNaN(value) && !isNegative ? QUALITY_CODE.unknown : QUALITY_CODE.live;
      if (level !== 'unknown') worst = Math.max(worst, RISK_LEVELS.indexOf(level));
      rowUnknowns[row] = Math.max(rowUnknowns[row] ?? 0, picture.unknownCounts[at] ?? 0);
      if (isNegative) hasNegative = true;
      else if (Number.isNaN(value)) unknownColumns[row] = (unknownColumns[row] ?? 0) + 1;
      else if (isWorse(value, rowValues[row] ?? Number.NaN)) rowValues[row] = value;
    }
    // Without equity nothing can be worse.
    if (hasNegative) rowValues[row] = Number.NaN;
    if (!hasNegative && unknownColumns[row] === width) rowQualities[row] = QUALITY_CODE.unknown;
    rowHasNoEquity[row] = hasNegative ? 1 : 0;
    worstLevels.push(hasNegative ? 'negative' : (RISK_LEVELS[worst] ?? 'unknown'));
  }
  return {
    heatmap: {
      layoutVersion: 0,
      layout: null,
      values: picture.values,
      qualities,
      rowValues,
      rowQualities,
      rowLevels: worstLevels,
      rowHasNoEquity,
      rowUnknowns,
      asOfMs: picture.marketAsOfMs,
      ...(levels === undefined ? {} : { levels }),
    },
    layout: { rows: picture.rows, columns: picture.columns, totalRows: picture.totalRows },
    negativeCells,
    worstLevels,
    unknownColumns,
  };
}
