/** Scales must not breathe with every tick, must break where the engine's levels break, and must stay readable. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  buildScale,
  contrast,
  inkOn,
  niceCeiling,
  type Rgb,
  riskReach,
  SCALE_STEPS,
  steadyReach,
  unpackPixel,
  usableBreaks,
} from '../../../../../src-renderer/components/heatmap/colour-scale';
import { PALETTE } from './palette';

describe('reach of a money scale', () => {
  it('is a round number that covers all but the outliers', () => {
    expect(niceCeiling(0.31)).toBe(0.5);
    expect(niceCeiling(1200)).toBe(2000);
    const values = Float64Array.from({ length: 200 }, (_, index) => (index === 0 ? 1e9 : index));
    expect(steadyReach(null, values)).toBe(200);
  });

  it('holds still while figures move within it, grows at once, shrinks only after a real fall', () => {
    const around = (size: number) => Float64Array.from({ length: 100 }, () => size);
    expect(steadyReach(1000, around(700))).toBe(1000);
    expect(steadyReach(1000, around(1700))).toBe(2000);
    expect(steadyReach(1000, around(410))).toBe(1000);
    expect(steadyReach(1000, around(300))).toBe(500);
  });

  it('keeps what it had when nothing is known', () => {
    expect(steadyReach(1000, Float64Array.of(Number.NaN, Number.NaN))).toBe(1000);
  });
});

describe('level breaks', () => {
  it('come from the engine and are drawn exactly there', () => {
    const levels = [
      { level: 'call', enterDegree: 1 },
      { level: 'warn', enterDegree: 0.8 },
    ] as const;
    const reach = riskReach([...levels]);
    const scale = buildScale('riskDegree', reach, [...levels], PALETTE);
    const colourAt = (degree: number) => unpackPixel(scale.live[Math.floor((degree / reach) * SCALE_STEPS)] ?? 0);
    expect(colourAt(0.81)).toEqual(PALETTE.levels.warn);
    expect(colourAt(1.01)).toEqual(PALETTE.levels.call);
    expect(colourAt(0.79)).not.toEqual(PALETTE.levels.warn);
  });

  it('name the milder of two levels that begin at one degree, for the stronger looks at another figure', () => {
    const breaks = usableBreaks([
      { level: 'normal', enterDegree: 0 },
      { level: 'warn', enterDegree: 0.8 },
      { level: 'call', enterDegree: 1 },
      { level: 'force', enterDegree: 1 },
      { level: 'negative', enterDegree: 0 },
    ]);
    expect(breaks.map((entry) => entry.level)).toEqual(['warn', 'call']);
  });

  it('are absent, not invented, while the engine has not said them', () => {
    expect(usableBreaks(undefined)).toEqual([]);
    expect(buildScale('riskDegree', riskReach(undefined), undefined, PALETTE).breaks).toEqual([]);
  });
});

describe('readability', () => {
  const css = readFileSync(new URL('../../../../../src-renderer/components/heatmap/heatmap.css', import.meta.url), 'utf8');
  const fills = [...css.matchAll(/--heat-[a-z]+: #([0-9a-f]{6})/g)].map(([name, hex]): [string, Rgb] => [
    name,
    [0, 2, 4].map((at) => Number.parseInt((hex ?? '').slice(at, at + 2), 16)) as unknown as Rgb,
  ]);

  it('every fill of both themes carries a label at WCAG AA', () => {
    expect(fills.length).toBeGreaterThanOrEqual(26);
    for (const [name, fill] of fills) expect(contrast(fill, inkOn(fill)), name).toBeGreaterThanOrEqual(4.5);
  });
});
