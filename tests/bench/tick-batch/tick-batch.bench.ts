/** One batch of ticks to every account's equity, in the shipped kernel and in general engines: same batch, same answer, ratios within one run. */
import { createBatches, createBook, type PriceBatch, type TickEngine } from '#tests/bench/tick-batch/book';
import { createDuckDb, createPerspective, createPlainObjects, createShippedKernel } from '#tests/bench/tick-batch/engines';
import { installPeers } from '#tests/bench/tick-batch/peers/install';

const BOOK = { instruments: 200, accounts: 1000, positionsPerAccount: 100 };
const BATCHES = [
  { ticks: 1, rounds: 2_000 },
  { ticks: 100, rounds: 60 },
  { ticks: 1000, rounds: 40 },
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
  // Engines are warmed for a time, not for a number of batches: from here they have the same prices again.
  const openingPrices = { instrument: Int32Array.from(book.price.keys()), price: book.price };
  for (const [index, { ticks, rounds }] of BATCHES.entries()) {
    const engines = [kernel, ...peers];
    // A desk has seen a million ticks before the one that matters: every engine is measured warm.
    for (const engine of engines) {
      await warmUp(engine, createBatches(book, ticks, 4_000, index));
      await engine.apply(openingPrices);
    }
    const batches = createBatches(book, ticks, rounds, 100 + index);
    const [ours, ...theirsInOrder] = await inTurns(engines, batches);
    if (ours === undefined) throw new Error('the kernel was not measured');
    for (const [at, peer] of peers.entries()) {
      const theirs = theirsInOrder[at];
      if (theirs === undefined) continue;
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
        kernelMedianMsAfterPeers: ours.medianMsAfterPeers,
        engineMedianMsAfterPeers: theirs.medianMsAfterPeers,
        timesFasterAfterPeers: theirs.medianMsAfterPeers / ours.medianMsAfterPeers,
        aim: AIMS[peer.name]?.[ticks] ?? null,
        isAnswerEqual: largestDifference < 0.005,
      });
    }
  }
  for (const engine of [kernel, ...peers]) await engine.close();
  return { book: BOOK, results };
}

const WARM_UP_MS = 400;
const TURNS = 5;

async function warmUp(engine: TickEngine, batches: readonly PriceBatch[]): Promise<void> {
  const untilMs = performance.now() + WARM_UP_MS;
  for (const batch of batches) {
    await engine.apply(batch);
    if (performance.now() > untilMs) return;
  }
}

/** `medianMsAfterPeers` is of the first half of every turn, when the caches still hold a peer's data; `medianMs` of the second, when they hold the engine's own. */
type Measured = { medianMs: number; medianMsAfterPeers: number; answer: Float64Array };

/** Each engine takes a part of the batches and makes room for the next, so that a slow moment of the machine meets all of them. */
async function inTurns(engines: readonly TickEngine[], batches: readonly PriceBatch[]): Promise<Measured[]> {
  const measured = engines.map(() => ({ afterPeers: [] as number[], warm: [] as number[], answer: new Float64Array() }));
  const size = Math.ceil(batches.length / TURNS);
  for (let first = 0; first < batches.length; first += size) {
    for (const [at, engine] of engines.entries()) {
      const of = measured[at];
      if (of === undefined) continue;
      let answer: ArrayLike<number> = [];
      for (const [place, batch] of batches.slice(first, first + size).entries()) {
        const times = place < size / 2 ? of.afterPeers : of.warm;
        const from = performance.now();
        const given = engine.apply(batch);
        // Waiting for what is there already would be a twentieth of a kernel's tick; taking copies here would put them into the caches.
        answer = given instanceof Promise ? await given : given;
        times.push(performance.now() - from);
      }
      of.answer = Float64Array.from(answer);
    }
  }
  return measured.map(({ afterPeers, warm, answer }) => ({ medianMs: medianOf(warm), medianMsAfterPeers: medianOf(afterPeers), answer }));
}

function medianOf(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? Number.NaN;
}
