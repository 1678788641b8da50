/** Where the names of horizontal lines stand on a chart: thresholds may lie so near to each other that names at the same place would cover one another. */

/** For names that stand beside the chart: which of their edges lies at the line, so that the higher of two goes up from its own and the lower down. */
export function markLabelSides(heights: readonly number[]): ('bottom' | 'top')[] {
  return markLabelPlaces(heights).map((place) => (place === 'insideEndBottom' ? 'top' : 'bottom'));
}

export type MarkLabelPlace = 'insideEndTop' | 'insideEndBottom' | 'insideMiddleTop' | 'insideStartTop' | 'insideMiddleBottom' | 'insideStartBottom';

const BETWEEN = ['insideMiddleTop', 'insideStartTop', 'insideMiddleBottom', 'insideStartBottom'] as const;

/** A place for each height, in the order given: the highest above its line, the lowest below its own, what lies between farther along the line. */
export function markLabelPlaces(heights: readonly number[]): MarkLabelPlace[] {
  const ranks = heights.map((_, index) => index).sort((one, other) => (heights[other] ?? 0) - (heights[one] ?? 0) || one - other);
  const places: MarkLabelPlace[] = heights.map(() => 'insideEndTop');
  for (const [rank, index] of ranks.entries()) {
    if (rank === 0) continue;
    places[index] = rank === ranks.length - 1 ? 'insideEndBottom' : (BETWEEN[(rank - 1) % BETWEEN.length] ?? 'insideMiddleTop');
  }
  return places;
}
