/** Exports that cannot run: no cell begins a formula, nothing unknown is a zero, and CSV reads back as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, csvOf, safeText } from '#engine/reports/export/table-file';

/** A plain RFC 4180 reader, written for this test. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 1; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') {
        cell += '"';
        at++;
      } else if (sign === '"') isQuoted = false;
      else cell += sign;
    } else if (sign === '"') isQuoted = true;
    else if (sign === ',' || sign === '\r') {
      row.push(cell);
      cell = '';
      if (sign === '\r') {
        rows.push(row);
        row = [];
        at++;
      }
    } else cell += sign;
  }
  return rows;
}

describe('an exported table', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x")', '  =1+1', '＝1+1', '\nx'])('defuses %j', (text) => {
    expect(safeText(text)).toBe(`'${text}`);
    expect(readCsv(csvOf({ name: 't', columns: [{ field: 'a', heading: text }], rows: [[text]] }))).toEqual([[`'${text}`], [`'${text}`]]);
  });

  it('reads back as it was written, whatever the text', () => {
    const cell: fc.Arbitrary<Cell> = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (rows) => {
        const columns = ['a', 'b'].map((field) => ({ field, heading: field }));
        const read = readCsv(csvOf({ name: 't', columns, rows }));
        const expected = rows.map((row) => row.map((value) => (value === null ? '' : typeof value === 'string' ? safeText(value) : String(value))));
        expect(read).toEqual([['a', 'b'], ...expected]);
        for (const cells of read.slice(1)) for (const text of cells) if (Number.isNaN(Number(text))) expect(text).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it('leaves unknown numbers empty', () => {
    const rows = [[null, Number.NaN, Number.POSITIVE_INFINITY, 0]];
    const columns = ['a', 'b', 'c', 'd'].map((field) => ({ field, heading: field }));
    expect(csvOf({ name: 't', columns, rows })).toBe('\uFEFFa,b,c,d\r\n,,,0\r\n');
  });
});
