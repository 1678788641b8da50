/** Rates in the tables of reference data read as what they are: a rate, or what is added to the exchange's. */
import { describe, expect, it } from 'vitest';
import { formattersFor } from '../../../../src-renderer/components/format/formatters';
import { rateText } from '../../../../src-renderer/features/reference-rows/rate-text';

const format = formattersFor('en');
const text = (byMoney: unknown, byVolume: unknown, isAddend = false) =>
  rateText(format, (money) => `${money} per lot`, { byMoney, byVolume, isAddend });

describe('a rate in a table', () => {
  it('is a share of the value, money per lot, or both', () => {
    expect(text(0.12, 0)).toBe('12%');
    expect(text(0.0001, 0)).toBe('0.01%');
    expect(text(0, 3.5)).toBe('3.5 per lot');
    expect(text(0.05, 2)).toBe('5% + 2 per lot');
  });

  it('says that it is added to another, so that 2 points more are not taken for a rate of 2 %', () => {
    expect(text(0.02, 0, true)).toBe('+2%');
    expect(text(0, 10, true)).toBe('+10 per lot');
    expect(text(-0.01, 0, true)).toBe('-1%');
    expect(text(0, 0, true)).toBe('+0%');
  });

  it('is unknown where a part of it is', () => {
    expect(text(undefined, 0)).toBe('?');
    expect(text(0.1, 'x')).toBe('?');
  });
});
