/** A cell shows its value's colour, or that there is none: nothing unknown may ever pass for a figure. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY_CODE } from '#shared/contract/streams';
import { type CellSource, overlayRuns, paintCells } from '../../../../../src-renderer/components/heatmap/cell-painter';
import { buildScale, packPixel, unpackPixel } from '../../../../../src-renderer/components/heatmap/colour-scale';
import { PALETTE } from './palette';

const LEVELS = [
  { level: 'warn', enterDegree: 0.8 },
  { level: 'call', enterDegree: 1 },
] as const;
const RISK = buildScale('riskDegree', 1.25, [...LEVELS], PALETTE);
const INKS = { empty: packPixel(PALETTE.empty), unknown: packPixel(PALETTE.unknown), negative: packPixel(PALETTE.levels.negative) };

function source(rows: (readonly [number, keyof typeof QUALITY_CODE])[][]): CellSource {
  const cells = rows.flat();
  return {
    values: Float64Array.from(cells, ([value]) => value),
    qualities: Uint8Array.from(cells, ([, quality]) => QUALITY_CODE[quality]),
    columnTotal: rows[0]?.length ?? 0,
  };
}

function paint(cells: CellSource, rowCount: number, negativeRows: Uint8Array | null = null, scale = RISK): Uint32Array {
  const pixels = new Uint32Array(rowCount * cells.columnTotal);
  paintCells(pixels, cells, { firstRow: 0, rowCount, firstColumn: 0, columnCount: cells.columnTotal }, scale, INKS, negativeRows);
  return pixels;
}

describe('painting cells', () => {
  it('colours a degree by the level it has reached', () => {
    const pixels = paint(
      source([
        [
          [0.9, 'live'],
          [1.1, 'live'],
          [5, 'live'],
        ],
      ]),
      1,
    );
    expect([...pixels]).toEqual([packPixel(PALETTE.levels.warn), packPixel(PALETTE.levels.call), packPixel(PALETTE.levels.call)]);
  });

  it('shows a missing number as unknown even when its quality claims to be live', () => {
    const pixels = paint(
      source([
        [
          [Number.NaN, 'live'],
          [0.5, 'unknown'],
          [Number.NaN, 'none'],
        ],
      ]),
      1,
    );
    expect([...pixels]).toEqual([INKS.unknown, INKS.unknown, INKS.empty]);
  });

  it('gives a row without equity its own colour, not that of an unknown', () => {
    const pixels = paint(source([[[Number.NaN, 'unknown']], [[Number.NaN, 'unknown']]]), 2, Uint8Array.of(1, 0));
    expect([...pixels]).toEqual([INKS.negative, INKS.unknown]);
  });

  it('told cell by cell, keeps what is unknown apart from what has no equity in the same row', () => {
    const cells = source([
      [
        [Number.NaN, 'unknown'],
        [Number.NaN, 'live'],
      ],
    ]);
    const told = { ...cells, negativeCells: Uint8Array.of(0, 1) };
    expect([...paint(told, 1, Uint8Array.of(1))]).toEqual([INKS.unknown, INKS.negative]);
    expect(overlayRuns(told, { firstRow: 0, rowCount: 1, firstColumn: 0, columnCount: 2 }, 'unknown', Uint8Array.of(1))).toEqual([0, 0, 1]);
  });

  it('fades a stale figure towards the background and leaves its hue', () => {
    const [live, stale] = paint(
      source([
        [
          [0.9, 'live'],
          [0.9, 'stale'],
        ],
      ]),
      1,
    );
    const [liveRed] = unpackPixel(live ?? 0);
    const [staleRed, staleGreen, staleBlue] = unpackPixel(stale ?? 0);
    expect(staleRed).toBeLessThan(liveRed);
    expect(staleRed).toBeGreaterThan(staleGreen);
    expect(staleGreen).toBeGreaterThan(staleBlue);
  });

  it('takes the level of a row from whoever decided it, while that row is live', () => {
    const force = packPixel(PALETTE.levels.force);
    const cells = { ...source([[[0.2, 'live']], [[0.2, 'stale']]]), rowInks: Uint32Array.of(force, force) };
    const pixels = paint(cells, 2);
    expect(pixels[0]).toBe(force);
    expect(pixels[1]).not.toBe(force);
  });

  it('separates gain from loss by sign and says more with more', () => {
    const scale = buildScale('positionProfit', 1000, undefined, PALETTE);
    const [loss, small, gain] = [
      ...paint(
        source([
          [
            [-900, 'live'],
            [10, 'live'],
            [900, 'live'],
          ],
        ]),
        1,
        null,
        scale,
      ),
    ].map(unpackPixel);
    expect(gain?.[0]).toBeGreaterThan(gain?.[1] ?? 0);
    expect(loss?.[1]).toBeGreaterThan(loss?.[0] ?? 0);
    expect(gain?.[0]).toBeGreaterThan(small?.[0] ?? 0);
  });

  it('paints the window it is asked for, whatever the size of the picture', () => {
    const cells = source([0, 1, 2, 3].map((row) => [0, 1, 2].map((column) => [row === 2 && column === 1 ? 0.9 : 0, 'live'] as const)));
    const pixels = new Uint32Array(4);
    paintCells(pixels, cells, { firstRow: 2, rowCount: 2, firstColumn: 1, columnCount: 2 }, RISK, INKS, null);
    expect(pixels[0]).toBe(packPixel(PALETTE.levels.warn));
    expect(pixels[1]).not.toBe(pixels[0]);
  });

  it('never paints an unknown cell in a colour of the scale, for any values and qualities', () => {
    const cell = fc.tuple(
      fc.double({ noDefaultInfinity: false }),
      fc.constantFrom('none', 'live', 'stale', 'closed', 'unknown') as fc.Arbitrary<keyof typeof QUALITY_CODE>,
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), (cells) => {
        const pixels = paint(source([cells]), 1);
        const onScale = new Set([...RISK.live, ...RISK.stale, ...RISK.closed]);
        cells.forEach(([value, quality], index) => {
          const pixel = pixels[index] ?? 0;
          if (quality === 'none') expect(pixel).toBe(INKS.empty);
          else if (quality === 'unknown' || Number.isNaN(value)) expect(pixel).toBe(INKS.unknown);
          else expect(onScale.has(pixel)).toBe(true);
        });
      }),
      { seed: 20260105 },
    );
  });
});

describe('overlays', () => {
  it('joins neighbouring unknown cells into one run and leaves others alone', () => {
    const cells = source([
      [
        [Number.NaN, 'unknown'],
        [Number.NaN, 'live'],
        [0.5, 'live'],
        [0.1, 'unknown'],
      ],
      [
        [0.5, 'stale'],
        [0.5, 'stale'],
        [Number.NaN, 'none'],
        [0.5, 'live'],
      ],
    ]);
    const window = { firstRow: 0, rowCount: 2, firstColumn: 0, columnCount: 4 };
    expect(overlayRuns(cells, window, 'unknown', null)).toEqual([0, 0, 2, 0, 3, 1]);
    expect(overlayRuns(cells, window, 'stale', null)).toEqual([1, 0, 2]);
  });

  it('does not hatch a row without equity: it is known to be bad', () => {
    const cells = source([[[Number.NaN, 'unknown']]]);
    expect(overlayRuns(cells, { firstRow: 0, rowCount: 1, firstColumn: 0, columnCount: 1 }, 'unknown', Uint8Array.of(1))).toEqual([]);
  });
});
