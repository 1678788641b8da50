/** A stress picture on the heat map: no equity is neither a figure nor unknown, and a row's worst is only said when all of it is known. */
import { describe, expect, it } from 'vitest';
import { RISK_LEVELS, type StressPicture, type StressSummary } from '#shared/contract/numbers-stress';
import { QUALITY_CODE, type RiskLevel } from '#shared/contract/streams';
import { stressGrid } from '../../../../../src-renderer/features/stress/stress-grid';

const NOW = { key: 'now' } as StressSummary;

function picture(rows: [number, RiskLevel][][]): StressPicture {
  const cells = rows.flat();
  return {
    columns: (rows[0] ?? []).map((_, index) => ({ key: `c${index}`, label: '', percent: index, version: null })),
    rows: rows.map((_, index) => ({ key: `r${index}`, label: `r${index}`, sublabel: '', level: 'normal', accounts: 1 })),
    totalRows: rows.length,
    values: Float64Array.from(cells, ([value]) => value),
    levels: Uint8Array.from(cells, ([, level]) => RISK_LEVELS.indexOf(level)),
    summaries: [],
    now: NOW,
    computedAtMs: 0,
    computedInMs: 0,
    marketAsOfMs: null,
    missing: [],
    currencies: ['CNY'],
  };
}

const UNKNOWN: [number, RiskLevel] = [Number.NaN, 'unknown'];
const NEGATIVE: [number, RiskLevel] = [Number.NaN, 'negative'];

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

  it('says the worst of a row only when the whole row is known', () => {
    expect(grid.heatmap.rowValues[0]).toBe(0.9);
    expect(grid.heatmap.rowValues[1]).toBeNaN();
    expect(grid.heatmap.rowValues[2]).toBeNaN();
    expect([...grid.heatmap.rowQualities]).toEqual([QUALITY_CODE.live, QUALITY_CODE.live, QUALITY_CODE.unknown]);
    expect(grid.worstLevels).toEqual(['warn', 'negative', 'unknown']);
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
