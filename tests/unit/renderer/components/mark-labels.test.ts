import { describe, expect, it } from 'vitest';
import { markLabelPlaces, markLabelSides } from '../../../../src-renderer/components/mark-labels';

describe('names of lines on a chart', () => {
  it('stand on the two sides of two lines, whichever is given first', () => {
    expect(markLabelPlaces([0.8, 0.78])).toEqual(['insideEndTop', 'insideEndBottom']);
    expect(markLabelPlaces([-0.5, 1])).toEqual(['insideEndBottom', 'insideEndTop']);
    expect(markLabelPlaces([1])).toEqual(['insideEndTop']);
    expect(markLabelPlaces([])).toEqual([]);
  });

  it('never share a place, not even when the lines lie on each other', () => {
    for (const heights of [
      [80, 100, 120],
      [1, 1],
      [1, 1, 1],
      [60, 80, 100, 120, 140, 160],
    ]) {
      const places = markLabelPlaces(heights);
      expect(places).toHaveLength(heights.length);
      expect(new Set(places).size).toBe(heights.length);
    }
  });

  it('beside the chart go up from the higher line and down from the lower, so that two never meet', () => {
    expect(markLabelSides([1, 0.98])).toEqual(['bottom', 'top']);
    expect(markLabelSides([-5, 0])).toEqual(['top', 'bottom']);
    expect(markLabelSides([1])).toEqual(['bottom']);
  });
});
