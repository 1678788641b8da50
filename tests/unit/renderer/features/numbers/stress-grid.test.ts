/** A stress picture on the heat map: no equity is neither a figure nor unknown, and a row's worst is only said when all of it is known. */
import { describe, expect, it } from 'vitest';
import { RISK_LEVELS, type StressPicture, type StressSummary } from '#shared/contract/numbers-stress';
import { QUALITY_CODE, type RiskLevel } from '#shared/contract/streams';
import { stressGrid } from '../../../../../src-renderer/features/stress/stress-grid';

/** Value, level of the worst account, and how many accounts are unknown. */
type Cell = [value: number, level: RiskLevel, unknown?: number];

const NOW = { key: 'now' } as StressSummary;

function picture(rows: Cell[][]): StressPicture {
  const cells = rows.flat();
  return {
    columns: (rows[0] ?? []).map((_, index) => ({ key: `c${index}`, label: '', percent: index, version: null })),
    rows: rows.map((_, index) => ({ key: `r${index}`, label: `r${index}`, sublabel: '', level: 'normal', accounts: 1, unknown: 0 })),
    totalRows: rows.length,
    values: Float64Array.from(cells, ([value]) => value),
    levels: Uint8Array.from(cells, ([, level]) => RISK_LEVELS.indexOf(level)),
    unknownCounts: Uint32Array.from(cells, ([, level, unknown]) => unknown ?? (level === 'unknown' ? 1 : 0)),
    unknownReasons: {},
    summaries: [],
    now: NOW,
    computedAtMs: 0,
    computedInMs: 0,
    marketAsOfMs: null,
    missing: [],
    unmatched: [],
    cutCloses: [],
    currencies: ['CNY'],
  };
}

const UNKNOWN: Cell = [Number.NaN, 'unknown'];
const NEGATIVE: Cell = [Number.NaN, 'negative'];
/** A department with an account below zero and seven that nobody knows. */
const PARTLY_UNKNOWN: Cell = [Number.NaN, 'negative', 7];

describe('the grid of a stress picture', () => {
  const grid = stressGrid(
    picture([
      [
        [0.4, 'normal'],
        [0.9, 'warn'],
      ],
      [[0.4, 'normal'], NEGATIVE],
      [[0.4, 'normal'], UNKNOWN],
    ]),
    'riskDegree',
    undefined,
  );

  it('keeps cells without equity apart from unknown ones', () => {
    expect([...grid.negativeCells]).toEqual([0, 0, 0, 1, 0, 0]);
    expect([...grid.heatmap.qualities]).toEqual([1, 1, 1, 1, 1, QUALITY_CODE.unknown]);
  });

  it('says the worst of what is known of a row, and of how many columns nothing is', () => {
    expect([...grid.heatmap.rowValues]).toEqual([0.9, Number.NaN, 0.4]);
    expect([...grid.unknownColumns]).toEqual([0, 0, 1]);
    expect([...grid.heatmap.rowQualities]).toEqual([QUALITY_CODE.live, QUALITY_CODE.live, QUALITY_CODE.live]);
    expect(grid.worstLevels).toEqual(['warn', 'negative', 'normal']);
    const nothing = stressGrid(picture([[UNKNOWN, UNKNOWN]]), 'riskDegree', undefined);
    expect([nothing.heatmap.rowValues[0], nothing.heatmap.rowQualities[0], nothing.worstLevels[0]]).toEqual([NaN, QUALITY_CODE.unknown, 'unknown']);
  });

  it('calls a sum unknown, and never without equity, as soon as one of its accounts is unknown', () => {
    const partly = stressGrid(picture([[[0.4, 'normal'], PARTLY_UNKNOWN]]), 'riskDegree', undefined);
    expect([...partly.negativeCells]).toEqual([0, 0]);
    expect([...partly.heatmap.qualities]).toEqual([QUALITY_CODE.live, QUALITY_CODE.unknown]);
    expect([...partly.heatmap.rowQualities]).toEqual([QUALITY_CODE.live]);
    expect([partly.heatmap.rowValues[0], ...partly.unknownColumns]).toEqual([0.4, 1]);
    expect([...partly.heatmap.rowHasNoEquity]).toEqual([0]);
    expect([...partly.heatmap.rowUnknowns]).toEqual([7]);
  });

  it('takes the smallest change of equity as the worst', () => {
    const changes = stressGrid(
      picture([
        [
          [5, 'normal'],
          [-7, 'call'],
          [2, 'normal'],
        ],
      ]),
      'balanceChange',
      undefined,
    );
    expect(changes.heatmap.rowValues[0]).toBe(-7);
  });
});
