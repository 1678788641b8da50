/** The valuation kernel that ships against the least WASM that does the work, on the same arrays: ratios of medians within one run. */

import { seededRandom } from '#tests/bench/book-fixture';
import { type FlatBook, loadKernel, makeFlatBook } from '#tests/bench/kernel/flat-book';
import { createMinimalColumnLoop, createMinimalLoop, createMinimalPairLoop } from '#tests/bench/kernel/minimal-loop';

const ROUNDS = 61;

/** Medians of the contenders, taken in turns so that a slow moment of the machine meets all of them. */
function medians(contenders: readonly (() => void)[]): number[] {
  const times = contenders.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS + 5; round++) {
    contenders.forEach((contender, index) => {
      const from = performance.now();
      contender();
      if (round >= 5) times[index]?.push(performance.now() - from);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN);
}

function tickBatches(book: FlatBook, size: number): { instruments: Int32Array; prices: Float64Array }[] {
  const random = seededRandom(size);
  return Array.from({ length: ROUNDS + 5 }, () => {
    const instruments = Int32Array.from({ length: size }, () => Math.floor(random() * book.instrumentCount));
    const prices = Float64Array.from(instruments, (instrument) => (book.price[instrument] ?? 0) / 10_000 + Math.round((random() - 0.5) * 20));
    return { instruments, prices };
  });
}

async function fullValuation(positions: number, moving: boolean): Promise<Record<string, number | boolean>> {
  const book = makeFlatBook(1, 200, 1000, positions);
  const kernel = loadKernel(book, moving);
  const { instrumentCount, entryCount, groupCount, accountCount } = kernel;
  const counts = { instruments: instrumentCount, entries: entryCount, groups: groupCount, accounts: accountCount };
  const minimal = await createMinimalLoop(book);
  const columnLoop = await createMinimalColumnLoop(kernel.columns, counts);
  // When margins follow the price the yardstick computes them too; else the kernel keeps them, and so does the yardstick.
  const pairLoop = moving ? columnLoop.run : await createMinimalPairLoop(kernel.columns, counts);
  const [shippedMs = Number.NaN, minimalMs = Number.NaN, netMs = Number.NaN] = medians([() => kernel.revalueAll(), minimal, pairLoop]);
  columnLoop.run();
  const theirs = columnLoop.degrees();
  let largestDifference = 0;
  for (let account = 0; account < accountCount; account++) {
    largestDifference = Math.max(largestDifference, Math.abs((kernel.columns.degree[account] ?? 0) - (theirs[account] ?? Number.NaN)));
  }
  return {
    positions,
    netPositions: entryCount,
    shippedMs,
    minimalLoopMs: minimalMs,
    minimalLoopOnNettedColumnsMs: netMs,
    positionsPerSecond: positions / (shippedMs / 1000),
    ratioToMinimalLoop: minimalMs / shippedMs,
    ratioToMinimalLoopOnNettedColumns: netMs / shippedMs,
    isAnswerEqual: largestDifference < 1e-9,
  };
}

export async function run(): Promise<Record<string, unknown>> {
  const fixedMargins = await fullValuation(100_000, false);
  const movingMargins = await fullValuation(100_000, true);
  const tenfold = await fullValuation(1_000_000, false);
  const book = makeFlatBook(1, 200, 1000, 100_000);
  const ticks = [1, 100, 1000].map((size) => {
    const figures = [false, true].map((moving) => {
      const kernel = loadKernel(book, moving);
      const batches = tickBatches(book, size);
      let next = 0;
      const [ms = Number.NaN] = medians([
        () => {
          const batch = batches[next++ % batches.length];
          if (batch !== undefined) kernel.setPrices(batch.instruments, batch.prices, size);
          kernel.evaluate();
        },
      ]);
      return ms;
    });
    return { ticks: size, fixedMarginsMs: figures[0], movingMarginsMs: figures[1] };
  });
  return {
    fixedMargins,
    movingMargins,
    tenfold,
    tenfoldCost: Number(tenfold.shippedMs) / Number(fixedMargins.shippedMs),
    ticks,
    aims: { ratioToMinimalLoop: 0.7, tenfoldCost: 3 },
  };
}
