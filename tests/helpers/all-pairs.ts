/**
 * Chooses few rows of settings so that each pair of any two settings' values stands in at least one of them (a covering array of strength two), and
 * says which pairs no allowed row can have.
 */
import { createRandom } from '#demo/random';

export type Factors = Record<string, readonly (string | number | boolean)[]>;
export type Chosen<F extends Factors> = { [Name in keyof F]: F[Name][number] };

/** Candidates tried for each row: more make fewer rows. */
const CANDIDATES = 12;
/** A pair that stands in none of so many random rows is held for impossible. */
const TRIES_FOR_A_PAIR = 3000;

type Row = Record<string, string | number | boolean>;

export function allPairs<F extends Factors>(
  factors: F,
  seed: number,
  isAllowed: (row: Chosen<F>) => boolean = () => true,
  triesForAPair = TRIES_FOR_A_PAIR,
): { rows: Chosen<F>[]; impossible: string[] } {
  const random = createRandom(seed);
  const names = Object.keys(factors);
  const open = new Set<string>();
  for (const [at, one] of names.entries())
    for (const other of names.slice(at + 1))
      for (const a of factors[one] ?? []) for (const b of factors[other] ?? []) open.add(pairKey(one, a, other, b));
  const rows: Chosen<F>[] = [];
  const impossible: string[] = [];
  while (open.size > 0) {
    let best: Row | null = null;
    let bestCount = -1;
    const missing = [...open][random.int(0, open.size - 1)] as string;
    for (let candidate = 0; candidate < CANDIDATES; candidate += 1) {
      const row = candidateRow(factors, names, open, random, missing);
      if (!isAllowed(row as Chosen<F>)) continue;
      const count = pairsOf(row, names).filter((key) => open.has(key)).length;
      if (count > bestCount) {
        best = row;
        bestCount = count;
      }
    }
    best ??= randomRow(factors, names, random, missing, triesForAPair, (row) => isAllowed(row as Chosen<F>));
    if (best === null) {
      impossible.push(missing);
      open.delete(missing);
      continue;
    }
    for (const key of pairsOf(best, names)) open.delete(key);
    rows.push(best as Chosen<F>);
  }
  return { rows, impossible };
}

type Pair = [string, string | number | boolean, string, string | number | boolean];

function randomRow(
  factors: Factors,
  names: readonly string[],
  random: ReturnType<typeof createRandom>,
  missing: string,
  tries: number,
  isAllowed: (row: Row) => boolean,
): Row | null {
  const [one, a, other, b] = JSON.parse(missing) as Pair;
  for (let tried = 0; tried < tries; tried += 1) {
    const row: Row = {};
    for (const name of names) {
      const values = factors[name] ?? [];
      row[name] = values[random.int(0, values.length - 1)] as string | number | boolean;
    }
    Object.assign(row, { [one]: a, [other]: b });
    if (isAllowed(row)) return row;
  }
  return null;
}

/** Begins with a pair that is still missing and gives every other setting, in random order, the value that brings in the most missing pairs. */
function candidateRow(
  factors: Factors,
  names: readonly string[],
  open: ReadonlySet<string>,
  random: ReturnType<typeof createRandom>,
  missing: string,
): Row {
  const row: Row = {};
  const [one, a, other, b] = JSON.parse(missing) as Pair;
  row[one] = a;
  row[other] = b;
  const rest = names.filter((name) => !(name in row)).map((name) => ({ name, at: random.next() }));
  for (const { name } of rest.sort((x, y) => x.at - y.at)) {
    const values = factors[name] ?? [];
    const offset = random.int(0, values.length - 1);
    let bestCount = -1;
    for (let step = 0; step < values.length; step += 1) {
      const value = values[(step + offset) % values.length] as string | number | boolean;
      const count = Object.entries(row).filter(([known, held]) => open.has(orderedKey(names, known, held, name, value))).length;
      if (count > bestCount) {
        bestCount = count;
        row[name] = value;
      }
    }
  }
  return row;
}

function pairsOf(row: Row, names: readonly string[]): string[] {
  return names.flatMap((one, at) =>
    names.slice(at + 1).map((other) => pairKey(one, row[one] as string | number | boolean, other, row[other] as string | number | boolean)),
  );
}

function orderedKey(names: readonly string[], one: string, a: string | number | boolean, other: string, b: string | number | boolean): string {
  return names.indexOf(one) < names.indexOf(other) ? pairKey(one, a, other, b) : pairKey(other, b, one, a);
}

function pairKey(one: string, a: string | number | boolean, other: string, b: string | number | boolean): string {
  return JSON.stringify([one, a, other, b]);
}
