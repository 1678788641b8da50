/** The one book that every engine in the tick-batch bench values, and the seeded batches of prices it is given. */
import { seededRandom } from '#tests/bench/book-fixture';

export type BenchBook = {
  instrumentCount: number;
  accountCount: number;
  positionCount: number;
  account: Int32Array;
  instrument: Int32Array;
  /** Net lots x multiplier. */
  quantity: Float64Array;
  /** Signed cost by date. */
  cost: Float64Array;
  preBalance: Float64Array;
  price: Float64Array;
};

export type PriceBatch = { instrument: Int32Array; price: Float64Array };

/** Applies a batch and answers with every account's equity: the same work and the same answer for each engine. */
export interface TickEngine {
  readonly name: string;
  apply(batch: PriceBatch): Promise<ArrayLike<number>> | ArrayLike<number>;
  close(): Promise<void> | void;
}

export function createBook(instrumentCount: number, accountCount: number, positionsPerAccount: number, seed: number): BenchBook {
  const random = seededRandom(seed);
  const positionCount = accountCount * positionsPerAccount;
  const book: BenchBook = {
    instrumentCount,
    accountCount,
    positionCount,
    account: new Int32Array(positionCount),
    instrument: new Int32Array(positionCount),
    quantity: new Float64Array(positionCount),
    cost: new Float64Array(positionCount),
    preBalance: Float64Array.from({ length: accountCount }, () => 1e6 + Math.floor(random() * 1e7)),
    price: Float64Array.from({ length: instrumentCount }, () => 1000 + Math.floor(random() * 9000)),
  };
  for (let position = 0; position < positionCount; position++) {
    const account = Math.floor(position / positionsPerAccount);
    // Consecutive instruments from an account's own start: each holds an instrument at most once.
    const instrument = (account * 37 + (position % positionsPerAccount)) % instrumentCount;
    const lots = 1 + Math.floor(random() * 20);
    const sign = random() < 0.5 ? -1 : 1;
    book.account[position] = account;
    book.instrument[position] = instrument;
    book.quantity[position] = sign * lots * 10;
    book.cost[position] = sign * lots * 10 * ((book.price[instrument] ?? 0) + Math.floor(random() * 20) - 10);
  }
  return book;
}

export function createBatches(book: BenchBook, size: number, count: number, seed: number): PriceBatch[] {
  const random = seededRandom(seed);
  const last = book.price.slice();
  return Array.from({ length: count }, () => {
    const batch = { instrument: new Int32Array(size), price: new Float64Array(size) };
    for (let tick = 0; tick < size; tick++) {
      const instrument = Math.floor(random() * book.instrumentCount);
      last[instrument] = (last[instrument] ?? 0) + Math.floor(random() * 5) - 2;
      batch.instrument[tick] = instrument;
      batch.price[tick] = last[instrument] ?? 0;
    }
    return batch;
  });
}

/** For general engines, which do better with each instrument once: its last price in the batch. */
export function lastPrices(batch: PriceBatch): Map<number, number> {
  const last = new Map<number, number>();
  for (let tick = 0; tick < batch.instrument.length; tick++) last.set(batch.instrument[tick] ?? 0, batch.price[tick] ?? 0);
  return last;
}
