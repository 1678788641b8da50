/** One batch of ticks to every account's equity, in the shipped kernel and in general engines: same batch, same answer, ratios within one run. */
import { createBatches, createBook, type PriceBatch, type TickEngine } from '#tests/bench/tick-batch/book';
import { createDuckDb, createPerspective, createPlainObjects, createShippedKernel } from '#tests/bench/tick-batch/engines';
import { installPeers } from '#tests/bench/tick-batch/peers/install';

const BOOK = { instruments: 200, accounts: 1000, positionsPerAccount: 100 };
const BATCHES = [
  { ticks: 1, rounds: 200 },
  { ticks: 100, rounds: 30 },
  { ticks: 1000, rounds: 20 },
];
/** The aims of the project, as multiples of the shipped kernel's time. */
const AIMS: Record<string, Record<number, number>> = {
  DuckDB: { 1: 150, 100: 20 },
  Perspective: { 1: 200, 100: 300 },
  'plain objects': { 1: 10, 100: 10 },
};

export async function run(): Promise<Record<string, unknown>> {
  const book = createBook(BOOK.instruments, BOOK.accounts, BOOK.positionsPerAccount, 1);
  const modules = installPeers();
  const kernel = createShippedKernel(book);
  const peers = [createPlainObjects(book), await createDuckDb(book, modules), await createPerspective(book, modules)];
  const results: Record<string, unknown>[] = [];
  for (const [index, { ticks, rounds }] of BATCHES.entries()) {
    const batches = createBatches(book, ticks, rounds, 100 + index);
    const ours = await time(kernel, batches);
    for (const peer of peers) {
      const theirs = await time(peer, batches);
      const largestDifference = ours.answer.reduce(
        (largest, equity, account) => Math.max(largest, Math.abs(equity - (theirs.answer[account] ?? Number.NaN))),
        0,
      );
      results.push({
        ticks,
        engine: peer.name,
        kernelMedianMs: ours.medianMs,
        engineMedianMs: theirs.medianMs,
        timesFaster: theirs.medianMs / ours.medianMs,
        aim: AIMS[peer.name]?.[ticks] ?? null,
        isAnswerEqual: largestDifference < 0.005,
      });
    }
  }
  for (const engine of [kernel, ...peers]) await engine.close();
  return { book: BOOK, results };
}

async function time(engine: TickEngine, batches: readonly PriceBatch[]): Promise<{ medianMs: number; answer: Float64Array }> {
  const times: number[] = [];
  let answer: ArrayLike<number> = [];
  for (const batch of batches) {
    const from = performance.now();
    answer = await engine.apply(batch);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN, answer: Float64Array.from(answer) };
}
