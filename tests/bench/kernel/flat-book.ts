/** A random book as flat arrays, loaded into the shipped kernel netted per instrument and account, and kept un-netted for the minimal loop. */
import { GROUP_METHOD, Kernel, scaled } from '#engine/book/kernel/kernel';
import { seededRandom } from '#tests/bench/book-fixture';

export type FlatBook = {
  instrumentCount: number;
  accountCount: number;
  instrument: Int32Array;
  account: Int32Array;
  /** Signed volume x multiplier and scaled signed cost, per position. */
  k: Float64Array;
  c: Float64Array;
  rate: Float64Array;
  price: Float64Array;
  base: Float64Array;
};

export function makeFlatBook(seed: number, instrumentCount: number, accountCount: number, positions: number): FlatBook {
  const random = seededRandom(seed);
  const price = Float64Array.from({ length: instrumentCount }, () => scaled(Math.round(100 + random() * 9000)));
  const book: FlatBook = {
    instrumentCount,
    accountCount,
    instrument: new Int32Array(positions),
    account: new Int32Array(positions),
    k: new Float64Array(positions),
    c: new Float64Array(positions),
    rate: new Float64Array(positions),
    price,
    base: Float64Array.from({ length: accountCount }, () => 1e9 * (1 + random())),
  };
  for (let i = 0; i < positions; i++) {
    const instrument = Math.floor(random() * instrumentCount);
    const k = (random() < 0.5 ? -1 : 1) * (1 + Math.floor(random() * 20)) * 10;
    book.instrument[i] = instrument;
    book.account[i] = Math.floor(random() * accountCount);
    book.k[i] = k;
    book.c[i] = k * ((price[instrument] ?? 0) + Math.round((random() - 0.5) * 40) * 10_000);
    book.rate[i] = 0.12 / 10_000;
  }
  return book;
}

const INSTRUMENTS_PER_PRODUCT = 5;

/** Netted as the book does it: one entry per pair, one big-side group per account and product; `moving` has margins follow the price. */
export function loadKernel(book: FlatBook, moving: boolean): Kernel {
  const pairs = new Map<number, { k: number; c: number; long: number; short: number }>();
  for (let i = 0; i < book.k.length; i++) {
    const key = (book.account[i] ?? 0) * book.instrumentCount + (book.instrument[i] ?? 0);
    const k = book.k[i] ?? 0;
    const pair = pairs.get(key) ?? { k: 0, c: 0, long: 0, short: 0 };
    pair.k += k;
    pair.c += book.c[i] ?? 0;
    if (k > 0) pair.long += k;
    else pair.short -= k;
    pairs.set(key, pair);
  }
  const kernel = new Kernel();
  const rooms = new Int32Array(book.instrumentCount);
  for (const key of pairs.keys()) {
    const instrument = key % book.instrumentCount;
    rooms[instrument] = (rooms[instrument] ?? 0) + 1;
  }
  for (let instrument = 0; instrument < book.instrumentCount; instrument++) kernel.addInstrument();
  for (let account = 0; account < book.accountCount; account++) {
    kernel.addAccount();
    kernel.setAccount(account, book.base[account] ?? 0, 0, 0, 0);
  }
  kernel.reserve({ entries: pairs.size, slots: pairs.size + book.instrumentCount * 8 });
  kernel.reserveSlots(rooms.map((room) => room + 4));
  const groups = new Map<number, number>();
  const fixed = new Float64Array(4);
  const slopes = new Float64Array(4);
  for (const key of [...pairs.keys()].sort((a, b) => a - b)) {
    const pair = pairs.get(key);
    if (pair === undefined) continue;
    const account = Math.floor(key / book.instrumentCount);
    const instrument = key % book.instrumentCount;
    const groupKey = account * book.instrumentCount + Math.floor(instrument / INSTRUMENTS_PER_PRODUCT);
    let group = groups.get(groupKey);
    if (group === undefined) {
      group = kernel.addGroup(account, GROUP_METHOD.bigSide);
      groups.set(groupKey, group);
    }
    const entry = kernel.addEntry(instrument, account, group);
    const price = (book.price[instrument] ?? 0) / 10_000;
    [pair.long, pair.short].forEach((side, index) => {
      for (const layer of [0, 2]) {
        const rate = layer === 0 ? 0.12 : 0.09;
        fixed[layer + index] = moving ? 0 : side * price * rate;
        slopes[layer + index] = moving ? (side * rate) / 10_000 : 0;
      }
    });
    kernel.setEntry(entry, pair.k, pair.c, fixed, slopes);
  }
  for (let instrument = 0; instrument < book.instrumentCount; instrument++) kernel.setPrice(instrument, (book.price[instrument] ?? 0) / 10_000);
  kernel.evaluate();
  return kernel;
}
