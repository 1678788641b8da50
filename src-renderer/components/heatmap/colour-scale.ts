/** Turns a measure's figures into colours by table look-up, so that painting a cell costs one multiplication and one read. */
import type { HeatMeasure, RiskLevel } from '#shared/contract/streams';

/** Red, green, blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** Every colour the heat map paints with; the page reads them from its theme tokens. */
export type HeatPalette = {
  background: Rgb;
  empty: Rgb;
  unknown: Rgb;
  ink: Rgb;
  low: Rgb;
  high: Rgb;
  gain: Rgb;
  loss: Rgb;
  longSide: Rgb;
  shortSide: Rgb;
  neutral: Rgb;
  levels: Record<Exclude<RiskLevel, 'unknown'>, Rgb>;
};

export type LevelBreak = { level: RiskLevel; enterDegree: number };

/** A closed range and the colour of each of its steps. `live`, `stale` and `closed` are packed pixels of the same length. */
export type ColourScale = {
  measure: HeatMeasure;
  minimum: number;
  maximum: number;
  live: Uint32Array;
  stale: Uint32Array;
  closed: Uint32Array;
  /** Level breaks inside the range, lowest first; empty when the measure has none. */
  breaks: readonly LevelBreak[];
};

export const SCALE_STEPS = 1024;
/** How far a stale figure fades towards the background; the overlay pattern says the same without colour. */
const STALE_FADE = 0.55;
const CLOSED_FADE = 0.2;

/** A pixel as ImageData holds it on little-endian machines (all that Electron runs on): alpha, blue, green, red from the top byte down. */
export function packPixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function unpackPixel(pixel: number): Rgb {
  return [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = Math.min(1, Math.max(0, share));
  return [
    Math.round(from[0] + (to[0] - from[0]) * part),
    Math.round(from[1] + (to[1] - from[1]) * part),
    Math.round(from[2] + (to[2] - from[2]) * part),
  ];
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Relative luminance 0..1 (WCAG 2.2, "relative luminance"). */
export function luminance(colour: Rgb): number {
  const linear = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

/** WCAG contrast ratio of two colours, 1..21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Pure black: with pure white it gives every colour at least 4.58 to 1, so no fill can be unreadable. */
const DARK_INK: Rgb = [0, 0, 0];
const LIGHT_INK: Rgb = [255, 255, 255];

/** Black or white, whichever reads better on the colour. */
export function inkOn(colour: Rgb): Rgb {
  return contrast(colour, LIGHT_INK) >= contrast(colour, DARK_INK) ? LIGHT_INK : DARK_INK;
}

/** The smallest of 1, 2, 5 x 10^n that is not below `magnitude`. */
export function niceCeiling(magnitude: number): number {
  if (!(magnitude > 0) || !Number.isFinite(magnitude)) return 1;
  const base = 10 ** Math.floor(Math.log10(magnitude));
  for (const step of [1, 2, 5, 10]) {
    if (step * base >= magnitude * (1 - 1e-12)) return step * base;
  }
  return 10 * base;
}

/**
 * The scale's reach for money measures: a round number at or above the 98th percentile of the magnitudes, so that one outlier does not wash
 * out the rest. It grows at once and shrinks only when the figures have fallen below 40 % of it, so colours do not breathe with every tick.
 */
export function steadyReach(previous: number | null, values: Float64Array): number {
  const magnitudes: number[] = [];
  for (const value of values) {
    if (Number.isFinite(value) && value !== 0) magnitudes.push(Math.abs(value));
  }
  if (magnitudes.length === 0) return previous ?? 1;
  const sorted = Float64Array.from(magnitudes).sort();
  const wanted = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))] ?? 1;
  if (previous !== null && wanted <= previous && wanted >= previous * 0.4) return previous;
  return niceCeiling(wanted);
}

/** Where a signed or one-sided measure begins. */
export function isDiverging(measure: HeatMeasure): boolean {
  return measure === 'positionProfit' || measure === 'netNotional';
}

/**
 * The risk scale: calm shades up to the first level, then one colour per level, lighter to stronger inside its band. Without levels (not yet
 * known) it is a plain ramp. Degrees are shares: 0.8 is 80 %.
 */
function riskColour(degree: number, reach: number, breaks: readonly LevelBreak[], palette: HeatPalette): Rgb {
  const first = breaks[0];
  if (!first) return mix(palette.low, palette.high, degree / reach);
  if (degree < first.enterDegree) return mix(palette.low, palette.high, degree / first.enterDegree);
  let band = 0;
  while (band + 1 < breaks.length && degree >= (breaks[band + 1]?.enterDegree ?? Number.POSITIVE_INFINITY)) band += 1;
  const level = breaks[band]?.level ?? 'unknown';
  return level === 'unknown' ? palette.unknown : palette.levels[level];
}

function valueColour(measure: HeatMeasure, value: number, reach: number, breaks: readonly LevelBreak[], palette: HeatPalette): Rgb {
  if (measure === 'riskDegree') return riskColour(value, reach, breaks, palette);
  if (measure === 'currMargin') return mix(palette.low, palette.high, value / reach);
  const [above, below] = measure === 'positionProfit' ? [palette.gain, palette.loss] : [palette.longSide, palette.shortSide];
  // The square root lifts small figures off the neutral shade: half the reach reads as 70 % of the colour.
  return mix(palette.neutral, value >= 0 ? above : below, Math.sqrt(Math.min(1, Math.abs(value) / reach)));
}

/**
 * Levels that can stand on a degree axis, lowest first: `normal` is the ground and `unknown` is no place on it. Where two begin at one degree
 * (forced liquidation looks at the exchange's margin, not at this degree) the milder one names the band.
 */
export function usableBreaks(levels: readonly LevelBreak[] | undefined): LevelBreak[] {
  const sorted = (levels ?? [])
    .filter((entry) => entry.level !== 'normal' && entry.level !== 'unknown' && entry.level !== 'negative' && entry.enterDegree > 0)
    .sort((a, b) => a.enterDegree - b.enterDegree);
  return sorted.filter((entry, index) => entry.enterDegree !== sorted[index - 1]?.enterDegree);
}

/** `reach` is the largest magnitude the scale tells apart: a share for riskDegree, money otherwise. */
export function buildScale(measure: HeatMeasure, reach: number, levels: readonly LevelBreak[] | undefined, palette: HeatPalette): ColourScale {
  const breaks = measure === 'riskDegree' ? usableBreaks(levels) : [];
  const minimum = isDiverging(measure) ? -reach : 0;
  const live = new Uint32Array(SCALE_STEPS);
  const stale = new Uint32Array(SCALE_STEPS);
  const closed = new Uint32Array(SCALE_STEPS);
  for (let step = 0; step < SCALE_STEPS; step += 1) {
    const value = minimum + ((step + 0.5) / SCALE_STEPS) * (reach - minimum);
    const colour = valueColour(measure, value, reach, breaks, palette);
    live[step] = packPixel(colour);
    stale[step] = packPixel(mix(colour, palette.background, STALE_FADE));
    closed[step] = packPixel(mix(colour, palette.background, CLOSED_FADE));
  }
  return { measure, minimum, maximum: reach, live, stale, closed, breaks };
}

/** How far the risk scale reaches: a quarter beyond the highest level, or 100 % while no level is known. */
export function riskReach(levels: readonly LevelBreak[] | undefined): number {
  const highest = usableBreaks(levels).at(-1);
  return highest ? highest.enterDegree * 1.25 : 1;
}

/** `count` evenly spaced colours of the scale, lowest first, for a legend. */
export function legendColours(scale: ColourScale, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const step = Math.round((index / Math.max(1, count - 1)) * (SCALE_STEPS - 1));
    return cssColour(unpackPixel(scale.live[step] ?? 0));
  });
}
