/** Typed sorting of row references: keys once into a typed array, then only numbers are compared. */

/**
 * `unknown` rows (NaN) come first in the direction that puts the worst on top, and last in the other; a column without a worst side keeps
 * them last. Equal keys keep the order the rows came in.
 */
export type NumberColumn<Row> = { kind: 'number'; value: (row: Row) => number | null | undefined; worst?: 'ascending' | 'descending' };
export type TextColumn<Row> = { kind: 'text'; value: (row: Row) => string };
export type Column<Row> = NumberColumn<Row> | TextColumn<Row>;
export type Direction = 'ascending' | 'descending';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function compareNames(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b) || (a < b ? -1 : 1);
}

export function sortRows<Row>(rows: readonly Row[], column: Column<Row>, direction: Direction): Row[] {
  const { length } = rows;
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const sign = direction === 'ascending' ? 1 : -1;
  if (column.kind === 'text') {
    const texts = rows.map(column.value);
    order.sort((a, b) => sign * compareNames(texts[a] ?? '', texts[b] ?? '') || a - b);
  } else {
    const keys = new Float64Array(length);
    const unknownKey = column.worst === direction ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const unknowns = new Uint8Array(length);
    rows.forEach((row, i) => {
      const value = column.value(row);
      const isUnknown = value === null || value === undefined || Number.isNaN(value);
      unknowns[i] = isUnknown ? 1 : 0;
      keys[i] = isUnknown ? unknownKey : sign * value;
    });
    const unknownRank = column.worst === direction ? -1 : 1;
    order.sort((a, b) => {
      const ka = keys[a] ?? 0;
      const kb = keys[b] ?? 0;
      if (ka < kb) return -1;
      if (ka > kb) return 1;
      // Infinite keys of known rows (no degree) must not mix with unknown ones.
      return ((unknowns[a] ?? 0) - (unknowns[b] ?? 0)) * unknownRank || a - b;
    });
  }
  const sorted: Row[] = [];
  for (const index of order) {
    const row = rows[index];
    if (row !== undefined) sorted.push(row);
  }
  return sorted;
}
