/** The small language in which rules say when a condition begins and when it ends: comparisons of figures with numbers, joined by all and any. */
import { z } from 'zod';
import { metricOf } from './metrics';

export const COMPARISONS = ['atLeast', 'above', 'atMost', 'below'] as const;
export type Comparison = { metric: string; is: (typeof COMPARISONS)[number]; value: number };
export type Expression = Comparison | { all: Expression[] } | { any: Expression[] };

const comparisonSchema = z.strictObject({
  metric: z.string().min(1).max(64),
  is: z.enum(COMPARISONS),
  value: z.number(),
});
const MOST_PARTS = 8;
export const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    comparisonSchema,
    z.strictObject({ all: z.array(expressionSchema).min(1).max(MOST_PARTS) }),
    z.strictObject({ any: z.array(expressionSchema).min(1).max(MOST_PARTS) }),
  ]),
);

export function comparisonsOf(expression: Expression): Comparison[] {
  if ('metric' in expression) return [expression];
  return ('all' in expression ? expression.all : expression.any).flatMap(comparisonsOf);
}

function compare({ is, value: limit }: Comparison, value: number): boolean {
  if (is === 'atLeast') return value >= limit;
  if (is === 'above') return value > limit;
  return is === 'atMost' ? value <= limit : value < limit;
}

/** Null where it cannot be told: NaN is unknown, and what is known may still decide (one false part ends an `all`, one true part an `any`). */
export function evaluate(expression: Expression, figure: (metric: string) => number): boolean | null {
  if ('metric' in expression) {
    const value = figure(expression.metric);
    return Number.isNaN(value) ? null : compare(expression, value);
  }
  const isAll = 'all' in expression;
  let isUnknown = false;
  for (const part of isAll ? expression.all : expression.any) {
    const one = evaluate(part, figure);
    if (one === null) isUnknown = true;
    else if (one !== isAll) return one;
  }
  return isUnknown ? null : isAll;
}

// ---- ranges: whether a condition can end only outside of where it begins ------------------------------------------------

/** Closed ends: two ranges that touch do not lie apart. */
type Range = { low: number; high: number; isLowOpen: boolean; isHighOpen: boolean };
/** Where every figure lies; a figure that is not named may be anything. */
type Box = Map<string, Range>;

/** Trees that would unfold into more boxes than this are refused: nobody could read such a rule. */
const MOST_BOXES = 256;

function rangeOf({ metric, is, value }: Comparison): Range {
  const domain = metricOf(metric);
  const range: Range = {
    low: domain?.low ?? Number.NEGATIVE_INFINITY,
    high: domain?.high ?? Number.POSITIVE_INFINITY,
    isLowOpen: false,
    isHighOpen: false,
  };
  const isFromBelow = is === 'atLeast' || is === 'above';
  const other: Range = isFromBelow
    ? { low: value, high: Number.POSITIVE_INFINITY, isLowOpen: is === 'above', isHighOpen: false }
    : { low: Number.NEGATIVE_INFINITY, high: value, isLowOpen: false, isHighOpen: is === 'below' };
  return meet(range, other);
}

function meet(a: Range, b: Range): Range {
  return {
    low: Math.max(a.low, b.low),
    high: Math.min(a.high, b.high),
    isLowOpen: a.low === b.low ? a.isLowOpen || b.isLowOpen : a.low > b.low ? a.isLowOpen : b.isLowOpen,
    isHighOpen: a.high === b.high ? a.isHighOpen || b.isHighOpen : a.high < b.high ? a.isHighOpen : b.isHighOpen,
  };
}

const isEmpty = ({ low, high, isLowOpen, isHighOpen }: Range): boolean => low > high || (low === high && (isLowOpen || isHighOpen));

function boxesOf(expression: Expression): Box[] | null {
  if ('metric' in expression) {
    const range = rangeOf(expression);
    return isEmpty(range) ? [] : [new Map([[expression.metric, range]])];
  }
  if ('any' in expression) {
    const parts = expression.any.map(boxesOf);
    const all = parts.flatMap((part) => part ?? []);
    return parts.includes(null) || all.length > MOST_BOXES ? null : all;
  }
  let boxes: Box[] = [new Map()];
  for (const part of expression.all) {
    const others = boxesOf(part);
    if (others === null || boxes.length * others.length > MOST_BOXES) return null;
    boxes = boxes.flatMap((box) => others.flatMap((other) => meetBoxes(box, other)));
  }
  return boxes;
}

function meetBoxes(a: Box, b: Box): Box[] {
  const box = new Map(a);
  for (const [metric, range] of b) {
    const mine = box.get(metric);
    const met = mine === undefined ? range : meet(mine, range);
    if (isEmpty(met)) return [];
    box.set(metric, met);
  }
  return [box];
}

const lieApart = (a: Box, b: Box): boolean =>
  [...a].some(([metric, mine]) => {
    const other = b.get(metric);
    return other !== undefined && (mine.high < other.low || other.high < mine.low);
  });

export type ExpressionFault = 'tooManyParts' | 'enterNever' | 'exitNever' | 'exitNotInside';

/**
 * Whether every place where the condition begins lies strictly apart from every place where it ends, so that no figure can stand on both and none
 * can go to and fro between them without covering a distance; null when all is well. Ranges of the figures themselves are taken into account.
 */
export function faultOf(enter: Expression, exit: Expression): ExpressionFault | null {
  const begins = boxesOf(enter);
  const ends = boxesOf(exit);
  if (begins === null || ends === null) return 'tooManyParts';
  if (begins.length === 0) return 'enterNever';
  if (ends.length === 0) return 'exitNever';
  return begins.every((begin) => ends.every((end) => lieApart(begin, end))) ? null : 'exitNotInside';
}
