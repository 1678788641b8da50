/** The engines under test: the kernel that ships, plain objects, DuckDB and Perspective, each used the way its own documentation advises for this work. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { GROUP_METHOD, Kernel, scaled } from '#engine/book/kernel/kernel';
import { type BenchBook, lastPrices, type PriceBatch, type TickEngine } from '#tests/bench/tick-batch/book';

/** Algorithm "all": available is of no interest to this bench. */
const RULE_ALL = 0;
const NO_MARGIN = [0, 0, 0, 0, 0, 0, 0, 0];

export function createShippedKernel(book: BenchBook): TickEngine {
  const kernel = new Kernel();
  const slots = new Int32Array(book.instrumentCount);
  for (const instrument of book.instrument) slots[instrument] = (slots[instrument] ?? 0) + 1;
  for (let instrument = 0; instrument < book.instrumentCount; instrument++) kernel.addInstrument();
  kernel.reserveSlots(slots);
  for (let account = 0; account < book.accountCount; account++) {
    kernel.addAccount();
    kernel.setAccount(account, book.preBalance[account] ?? 0, 0, 0, RULE_ALL);
    kernel.addGroup(account, GROUP_METHOD.plainSum);
  }
  for (let position = 0; position < book.positionCount; position++) {
    const account = book.account[position] ?? 0;
    const entry = kernel.addEntry(book.instrument[position] ?? 0, account, account);
    kernel.setEntry(entry, book.quantity[position] ?? 0, scaled(book.cost[position] ?? 0), NO_MARGIN);
  }
  kernel.setPrices(
    Int32Array.from(book.price, (_, instrument) => instrument),
    book.price,
    book.instrumentCount,
  );
  kernel.evaluate();
  return {
    name: 'shipped kernel',
    apply(batch) {
      kernel.setPrices(batch.instrument, batch.price, batch.instrument.length);
      kernel.evaluate();
      return kernel.columns.balance.subarray(0, book.accountCount);
    },
    close: () => undefined,
  };
}

type PlainPosition = { instrument: number; quantity: number; cost: number; profit: number };
type PlainAccount = { positions: PlainPosition[]; equity: number };

/** What a careful application without a kernel does: objects and Maps, moving each holder's equity by what its position gained. */
export function createPlainObjects(book: BenchBook): TickEngine {
  const accounts: PlainAccount[] = Array.from(book.preBalance, (preBalance) => ({ positions: [], equity: preBalance }));
  const holders = new Map<number, Map<PlainAccount, PlainPosition>>();
  for (let index = 0; index < book.positionCount; index++) {
    const account = accounts[book.account[index] ?? 0];
    if (account === undefined) throw new Error('the book names an account it does not have');
    const instrument = book.instrument[index] ?? 0;
    const quantity = book.quantity[index] ?? 0;
    const cost = book.cost[index] ?? 0;
    const position = { instrument, quantity, cost, profit: quantity * (book.price[instrument] ?? 0) - cost };
    account.positions.push(position);
    account.equity += position.profit;
    holders.set(instrument, (holders.get(instrument) ?? new Map<PlainAccount, PlainPosition>()).set(account, position));
  }
  return {
    name: 'plain objects',
    apply(batch) {
      for (const [instrument, price] of lastPrices(batch)) {
        for (const [account, position] of holders.get(instrument) ?? []) {
          const profit = position.quantity * price - position.cost;
          account.equity += profit - position.profit;
          position.profit = profit;
        }
      }
      return accounts.map((account) => account.equity);
    },
    close: () => undefined,
  };
}

/** `modules` is the folder where the peers are installed. */
export async function createDuckDb(book: BenchBook, modules: string): Promise<TickEngine> {
  const { DuckDBInstance } = await importFrom(modules, '@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('CREATE TABLE prices(instrument INTEGER PRIMARY KEY, price DOUBLE)');
  await connection.run('CREATE TABLE accounts(account INTEGER PRIMARY KEY, preBalance DOUBLE)');
  await connection.run('CREATE TABLE positions(account INTEGER, instrument INTEGER, quantity DOUBLE, cost DOUBLE)');
  await appendRows(connection, 'prices', book.instrumentCount, (row) => [row, book.price[row] ?? 0]);
  await appendRows(connection, 'accounts', book.accountCount, (row) => [row, book.preBalance[row] ?? 0]);
  await appendRows(connection, 'positions', book.positionCount, (row) => [
    book.account[row] ?? 0,
    book.instrument[row] ?? 0,
    book.quantity[row] ?? 0,
    book.cost[row] ?? 0,
  ]);
  const update = await connection.prepare('UPDATE prices SET price = $2 WHERE instrument = $1');
  const value = await connection.prepare(
    'SELECT a.preBalance + p.profit FROM accounts a JOIN (SELECT account, sum(quantity * price - cost) AS profit FROM positions JOIN prices USING (instrument) GROUP BY account) p USING (account) ORDER BY a.account',
  );
  return {
    name: 'DuckDB',
    async apply(batch) {
      const last = lastPrices(batch);
      if (last.size === 1) {
        for (const [instrument, price] of last) {
          update.bindInteger(1, instrument);
          update.bindDouble(2, price);
          await update.run();
        }
      } else {
        const rows = [...last].map(([instrument, price]) => `(${instrument}, ${price})`).join(',');
        await connection.run(
          `UPDATE prices SET price = batch.price FROM (VALUES ${rows}) AS batch(instrument, price) WHERE prices.instrument = batch.instrument`,
        );
      }
      const [equities] = (await value.runAndReadAll()).getColumns();
      return equities as number[];
    },
    close: () => connection.closeSync(),
  };
}

type DuckDbConnection = {
  createAppender(
    table: string,
  ): Promise<{ appendInteger(value: number): void; appendDouble(value: number): void; endRow(): void; closeSync(): void }>;
};

/** The first column of every table is an integer, as is the second of positions. */
async function appendRows(connection: DuckDbConnection, table: string, count: number, rowAt: (row: number) => number[]): Promise<void> {
  const appender = await connection.createAppender(table);
  for (let row = 0; row < count; row++) {
    for (const [column, cell] of rowAt(row).entries()) {
      if (column === 0 || (table === 'positions' && column === 1)) appender.appendInteger(cell);
      else appender.appendDouble(cell);
    }
    appender.endRow();
  }
  appender.closeSync();
}

export async function createPerspective(book: BenchBook, modules: string): Promise<TickEngine> {
  const { default: perspective } = await importFrom(modules, '@perspective-dev/client');
  const table = await perspective.table({ id: 'integer', account: 'integer', profit: 'float' }, { index: 'id' });
  const positionsOf = Array.from({ length: book.instrumentCount }, (): number[] => []);
  for (let position = 0; position < book.positionCount; position++) positionsOf[book.instrument[position] ?? 0]?.push(position);
  const columnsOf = (positions: readonly number[], priceOf: (position: number) => number) => ({
    id: [...positions],
    account: positions.map((position) => book.account[position] ?? 0),
    profit: positions.map((position) => (book.quantity[position] ?? 0) * priceOf(position) - (book.cost[position] ?? 0)),
  });
  await table.update(columnsOf(Array.from(book.account.keys()), (position) => book.price[book.instrument[position] ?? 0] ?? 0));
  const view = await table.view({ group_by: ['account'], columns: ['profit'], aggregates: { profit: 'sum' } });
  return {
    name: 'Perspective',
    async apply(batch: PriceBatch) {
      const last = lastPrices(batch);
      const moved = [...last.keys()].flatMap((instrument) => positionsOf[instrument] ?? []);
      await table.update(columnsOf(moved, (position) => last.get(book.instrument[position] ?? 0) ?? 0));
      const columns = await view.to_columns();
      // The first row is the grand total.
      return book.preBalance.map((preBalance, account) => preBalance + (columns.profit[account + 1] ?? 0));
    },
    async close() {
      await view.delete();
      await table.delete();
    },
  };
}

/** The peers are not among the project's packages, so they are found from their own folder and have no types here. */
// biome-ignore lint/suspicious/noExplicitAny: untyped by design, see above
async function importFrom(modules: string, name: string): Promise<any> {
  return import(pathToFileURL(createRequire(`${modules}/package.json`).resolve(name)).href);
}
