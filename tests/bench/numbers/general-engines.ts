/** DuckDB and Perspective asked the same of the same book: each used the way its own documentation advises for this work, and its answers compared with ours. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { FlatBook } from '#tests/bench/kernel/flat-book';

const INSTRUMENTS_PER_PRODUCT = 5;
const COMPANY_RATE = 0.12;
const SCALE = 10_000;

/** `balance` and `margin` by move and account; a margin that the engine cannot express is left out. */
export type Answer = { balance: ArrayLike<number>[]; margin: ArrayLike<number>[] | null };
export type GeneralEngine = {
  name: string;
  /** Everything at no move. */
  revalue(): Promise<Answer>;
  /** A new price of one instrument, and everything again. */
  tick(instrument: number, price: number): Promise<Answer>;
  stress(moves: readonly number[]): Promise<Answer>;
  close(): Promise<void> | void;
};

/** The peers are not among the project's packages, so they are found from their own folder and have no types here. */
// biome-ignore lint/suspicious/noExplicitAny: untyped by design, see above
async function importFrom(modules: string, name: string): Promise<any> {
  return import(pathToFileURL(createRequire(`${modules}/package.json`).resolve(name)).href);
}

/** Positions are first added up per account and product, whatever the number of moves: the best that was found. */
const DUCKDB_STRESS = `
  WITH sides AS (
    SELECT account, instrument // ${INSTRUMENTS_PER_PRODUCT} AS product, sum(k * price) AS value, sum(cost) AS cost,
      sum(CASE WHEN k > 0 THEN k * price ELSE 0 END) AS long, sum(CASE WHEN k < 0 THEN -k * price ELSE 0 END) AS short
    FROM positions JOIN prices USING (instrument) GROUP BY account, product)
  SELECT m.id AS move, s.account AS account, any_value(a.equity) + sum(s.value * (1 + m.move) - s.cost) AS balance,
    sum(greatest(s.long, s.short) * (1 + m.move) * ${COMPANY_RATE}) AS margin
  FROM sides s CROSS JOIN moves m JOIN accounts a USING (account) GROUP BY m.id, s.account ORDER BY m.id, s.account`;

export async function createDuckDb(book: FlatBook, equity: ArrayLike<number>, modules: string): Promise<GeneralEngine> {
  const { DuckDBInstance } = await importFrom(modules, '@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('CREATE TABLE prices(instrument INTEGER PRIMARY KEY, price DOUBLE)');
  await connection.run('CREATE TABLE accounts(account INTEGER PRIMARY KEY, equity DOUBLE)');
  await connection.run('CREATE TABLE positions(account INTEGER, instrument INTEGER, k DOUBLE, cost DOUBLE)');
  await connection.run('CREATE TABLE moves(id INTEGER, move DOUBLE)');
  const fill = async (table: string, count: number, integers: number, rowAt: (row: number) => number[]): Promise<void> => {
    const appender = await connection.createAppender(table);
    for (let row = 0; row < count; row++) {
      for (const [column, cell] of rowAt(row).entries()) {
        if (column < integers) appender.appendInteger(cell);
        else appender.appendDouble(cell);
      }
      appender.endRow();
    }
    appender.closeSync();
  };
  await fill('prices', book.instrumentCount, 1, (row) => [row, (book.price[row] ?? 0) / SCALE]);
  await fill('accounts', book.accountCount, 1, (row) => [row, equity[row] ?? 0]);
  await fill('positions', book.k.length, 2, (row) => [
    book.account[row] ?? 0,
    book.instrument[row] ?? 0,
    book.k[row] ?? 0,
    (book.c[row] ?? 0) / SCALE,
  ]);
  const stress = async (moves: readonly number[]): Promise<Answer> => {
    await connection.run('DELETE FROM moves');
    await connection.run(`INSERT INTO moves VALUES ${moves.map((move, id) => `(${id}, ${move})`).join(',')}`);
    const [, , balance, margin] = (await connection.runAndReadAll(DUCKDB_STRESS)).getColumns() as number[][];
    const byMove = (column: number[] | undefined) => moves.map((_, at) => (column ?? []).slice(at * book.accountCount, (at + 1) * book.accountCount));
    return { balance: byMove(balance), margin: byMove(margin) };
  };
  const update = await connection.prepare('UPDATE prices SET price = $2 WHERE instrument = $1');
  return {
    name: 'DuckDB',
    revalue: () => stress([0]),
    async tick(instrument, price) {
      update.bindInteger(1, instrument);
      update.bindDouble(2, price);
      await update.run();
      return stress([0]);
    },
    stress,
    close: () => connection.closeSync(),
  };
}

/** Perspective adds up per account; a larger side per product inside it is more than one view can say, so it is asked for balances alone. */
export async function createPerspective(book: FlatBook, equity: ArrayLike<number>, modules: string): Promise<GeneralEngine> {
  const { default: perspective } = await importFrom(modules, '@perspective-dev/client');
  const table = await perspective.table({ id: 'integer', account: 'integer', value: 'float', cost: 'float' }, { index: 'id' });
  const positionsOf = Array.from({ length: book.instrumentCount }, (): number[] => []);
  for (let position = 0; position < book.k.length; position++) positionsOf[book.instrument[position] ?? 0]?.push(position);
  const columnsOf = (positions: readonly number[], priceOf: (position: number) => number) => ({
    id: [...positions],
    account: positions.map((position) => book.account[position] ?? 0),
    value: positions.map((position) => (book.k[position] ?? 0) * priceOf(position)),
    cost: positions.map((position) => (book.c[position] ?? 0) / SCALE),
  });
  await table.update(columnsOf(Array.from(book.k.keys()), (position) => (book.price[book.instrument[position] ?? 0] ?? 0) / SCALE));
  const stress = async (moves: readonly number[]): Promise<Answer> => {
    const names = moves.map((_, at) => `m${at}`);
    const expressions = Object.fromEntries(moves.map((move, at) => [`m${at}`, `"value" * ${1 + move} - "cost"`]));
    const view = await table.view({
      group_by: ['account'],
      columns: names,
      expressions,
      aggregates: Object.fromEntries(names.map((name) => [name, 'sum'])),
    });
    const columns = await view.to_columns();
    await view.delete();
    // The first row is the grand total.
    return { balance: names.map((name) => Array.from(equity, (before, account) => before + (columns[name][account + 1] ?? 0))), margin: null };
  };
  return {
    name: 'Perspective',
    revalue: () => stress([0]),
    async tick(instrument, price) {
      await table.update(columnsOf(positionsOf[instrument] ?? [], () => price));
      return stress([0]);
    },
    stress,
    close: () => table.delete(),
  };
}
