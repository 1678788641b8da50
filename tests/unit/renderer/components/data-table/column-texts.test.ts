/** Every column of every table has its name in both languages, and each says the other's name as well. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { QuoteRow } from '#shared/contract/streams';
import { REASON_CODES } from '#shared/market/reason';
import { cellText } from '../../../../../src-renderer/components/data-table/cell-text';
import { COLUMN_SETS } from '../../../../../src-renderer/components/data-table/column-sets';
import { formattersFor } from '../../../../../src-renderer/components/format/formatters';

type Texts = { reason: Record<string, string>; column: Record<string, unknown>; columnAlso: Record<string, unknown> };
const read = (language: string): Texts =>
  JSON.parse(readFileSync(new URL(`../../../../../src-renderer/i18n/${language}/table.json`, import.meta.url), 'utf8')) as Texts;

describe.each(['zh-CN', 'en'])('column names in %s', (language) => {
  const texts = read(language);
  it('are all there', () => {
    for (const columns of Object.values(COLUMN_SETS)) {
      for (const { id } of columns) {
        expect(texts.column[id], id).toEqual(expect.any(String));
        expect(texts.columnAlso[id], id).toEqual(expect.any(String));
      }
    }
  });
});

describe.each(['zh-CN', 'en'])('reasons in %s', (language) => {
  it('has words for every reason that the book may give', () => {
    for (const code of REASON_CODES) expect(read(language).reason[code], code).toEqual(expect.any(String));
  });
});

describe('the text of a cell', () => {
  const format = formattersFor('en');
  const quote = { priceTick: 0.02, quality: 'live', reason: null } as QuoteRow;
  const term = (word: string) => word;

  it('shows a price with the decimals it trades in', () => {
    expect(cellText(780.5, 'price', quote, format, term, 0)).toBe('780.50');
    expect(cellText(780.5, 'price', { ...quote, priceTick: 0.5 }, format, term, 0)).toBe('780.5');
  });

  it('shows money with two decimals, shares as percent, changes with their sign', () => {
    expect(cellText(1234567.5, 'money', quote, format, term, 0)).toBe('1,234,567.50');
    expect(cellText(0.8123, 'share', quote, format, term, 0)).toBe('81.2%');
    expect(cellText(3.2, 'signedMoney', quote, format, term, 0)).toBe('+3.20');
    expect(cellText(-1.234, 'signedPercent', quote, format, term, 0)).toBe('-1.23%');
  });

  it("reads times of the market in the market's own zone, wherever the desk stands", () => {
    const nineThirty = Date.UTC(2026, 10, 23, 1, 30, 5);
    expect(cellText(nineThirty, 'time', quote, format, term, 0, 'Asia/Shanghai')).toBe('09:30:05');
    expect(format.marketDateTime(nineThirty, 'Asia/Shanghai')).toContain('09:30:05');
    expect(format.marketDateTime(null, 'Asia/Shanghai')).toBe('—');
  });

  it('never makes a number of what is not known', () => {
    for (const kind of ['money', 'price', 'share', 'count', 'time', 'age', 'signedMoney'] as const) {
      expect(cellText(null, kind, quote, format, term, 0)).toBeNull();
      expect(cellText(Number.NaN, kind, quote, format, term, 0)).toBeNull();
    }
  });
});
