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

/** Ranks of names met so far, so that a hundred thousand rows compare numbers instead of texts. Forgotten when it grows beyond any desk. */
const RANKS_KEPT = 300_000;
let ranks = new Map<string, number>();

function ranksOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const added: string[] = [];
  const fresh = new Set<string>();
  for (const text of texts) {
    if (ranks.has(text) || fresh.has(text)) continue;
    fresh.add(text);
    added.push(text);
  }
  if (added.length === 0) return ranks;
  const names = ranks.size + added.length > RANKS_KEPT ? [...new Set(texts)] : [...ranks.keys(), ...added];
  names.sort(compareNames);
  ranks = new Map(names.map((name, rank) => [name, rank]));
  return ranks;
}

type Keys = { values: Float64Array; unknowns: Uint8Array; unknownRank: number };

function keysOf<Row>(rows: readonly Row[], column: Column<Row>, direction: Direction): Keys {
  const { length } = rows;
  const sign = direction === 'ascending' ? 1 : -1;
  const values = new Float64Array(length);
  const unknowns = new Uint8Array(length);
  if (column.kind === 'text') {
    const texts = rows.map(column.value);
    const rankOf = ranksOf(texts);
    texts.forEach((text, i) => {
      values[i] = sign * (rankOf.get(text) ?? 0);
    });
    return { values, unknowns, unknownRank: 1 };
  }
  const unknownKey = column.worst === direction ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  rows.forEach((row, i) => {
    const value = column.value(row);
    const isUnknown = value === null || value === undefined || Number.isNaN(value);
    unknowns[i] = isUnknown ? 1 : 0;
    values[i] = isUnknown ? unknownKey : sign * value;
  });
  return { values, unknowns, unknownRank: column.worst === direction ? -1 : 1 };
}

/** Puts the smallest `wanted` of `order[from..to)` first, in no order (quickselect with the middle of three). */
function select(order: Uint32Array, compare: (a: number, b: number) => number, from: number, to: number, wanted: number): void {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const three = [order[low] ?? 0, order[middle] ?? 0, order[high] ?? 0].sort(compare);
    const pivot = three[1] ?? 0;
    let i = low;
    let j = high;
    while (i <= j) {
      while (compare(order[i] ?? 0, pivot) < 0) i++;
      while (compare(order[j] ?? 0, pivot) > 0) j--;
      if (i > j) break;
      const swap = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swap;
      i++;
      j--;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else return;
  }
}

/** The rows `first` to `first + count` of the sorted table: only the window is put in full order. */
export function sortedWindow<Row>(rows: readonly Row[], column: Column<Row>, direction: Direction, first: number, count: number): Row[] {
  const { length } = rows;
  const { values, unknowns, unknownRank } = keysOf(rows, column, direction);
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const compare = (a: number, b: number): number => {
    const ka = values[a] ?? 0;
    const kb = values[b] ?? 0;
    if (ka < kb) return -1;
    if (ka > kb) return 1;
    // Infinite keys of known rows (no degree) must not mix with unknown ones; equal rows keep the order they came in.
    return ((unknowns[a] ?? 0) - (unknowns[b] ?? 0)) * unknownRank || a - b;
  };
  const end = Math.min(length, first + count);
  if (first > 0 && first < length) select(order, compare, 0, length, first);
  if (end < length) select(order, compare, first, length, end);
  const window: Row[] = [];
  for (const index of order.subarray(first, end).sort(compare)) {
    const row = rows[index];
    if (row !== undefined) window.push(row);
  }
  return window;
}
