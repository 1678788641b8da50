/**
 * The numbers over a large book, all in one run: full revaluation against the least WASM that does the work, a tick, the stress grid of 21 moves over all
 * accounts, and the inverse of all accounts, each also as plain objects would do it, with the answers compared.
 */

import { BUNDLED_LEVELS } from '#engine/book/bundled-levels';
import type { Kernel } from '#engine/book/kernel/kernel';
import { AccountLines } from '#engine/book/what-if/account-lines';
import { solveAll } from '#engine/book/what-if/fast-inverse';
import { FigureColumns, levelCode, levelThresholds } from '#engine/book/what-if/figure-columns';
import type { RiskLevelRow } from '#shared/market/risk-level';
import { type FlatBook, loadKernel, makeFlatBook } from '#tests/bench/kernel/flat-book';
import { createMinimalColumnLoop, createMinimalPairLoop } from '#tests/bench/kernel/minimal-loop';
import { createDuckDb, createPerspective, type GeneralEngine } from '#tests/bench/numbers/general-engines';
import { type PlainBook, plainBook, plainInverse, plainStress } from '#tests/bench/numbers/plain-objects';
import { installPeers } from '#tests/bench/tick-batch/peers/install';

const INSTRUMENTS = 200;
const ACCOUNTS = 10_000;
const POSITIONS = 500_000;
const ROUNDS = 15;
const MOVES = Array.from({ length: 21 }, (_, at) => (at - 10) / 100);
const LEVELS: readonly RiskLevelRow[] = BUNDLED_LEVELS;

/** In turns, so that a slow moment of the machine meets all of them. */
function medians(contenders: readonly (() => void)[], rounds = ROUNDS): number[] {
  const times = contenders.map(() => [] as number[]);
  for (let round = 0; round < rounds + 3; round++) {
    contenders.forEach((contender, index) => {
      const from = performance.now();
      contender();
      if (round >= 3) times[index]?.push(performance.now() - from);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN);
}

/** Equity that puts the accounts on both sides of every level, so that no search ends early. */
function spreadEquity(kernel: Kernel): void {
  const { columns } = kernel;
  const inputs = Float64Array.from({ length: kernel.accountCount }, (_, account) => {
    const margin = columns.margin[account] ?? 0;
    return margin * (0.7 + ((account * 37) % 100) / 40.7) - (columns.positionProfit[account] ?? 0);
  });
  for (const [account, equity] of inputs.entries()) kernel.setAccount(account, equity, 0, 0, 1);
  kernel.evaluate();
}

/** All accounts under all moves: the grid as the product computes it, from the kernel's columns to the level of every cell. */
function stressGrid(kernel: Kernel, thresholds: Float64Array): FigureColumns[] {
  const lines = new AccountLines(kernel.columns, kernel).between(-0.1, 0.1);
  return MOVES.map((move) => {
    const figures = new FigureColumns(kernel.accountCount);
    lines.fill(figures, move);
    figures.derive(kernel.columns, thresholds, new Map());
    return figures;
  });
}

async function measure(book: FlatBook, plain: PlainBook, moving: boolean): Promise<Record<string, unknown>> {
  const kernel = loadKernel(book, moving);
  spreadEquity(kernel);
  const { instrumentCount, entryCount, groupCount, accountCount } = kernel;
  const minimal = moving
    ? (
        await createMinimalColumnLoop(kernel.columns, {
          instruments: instrumentCount,
          entries: entryCount,
          groups: groupCount,
          accounts: accountCount,
        })
      ).run
    : await createMinimalPairLoop(kernel.columns, { instruments: instrumentCount, accounts: accountCount });
  const thresholds = levelThresholds(LEVELS);
  let tick = 0;
  const [revalueMs = 0, minimalMs = 0, tickMs = 0, gridMs = 0, inverseMs = 0] = medians([
    () => kernel.revalueAll(),
    minimal,
    () => {
      const instrument = tick++ % INSTRUMENTS;
      kernel.setPrice(instrument, (book.price[instrument] ?? 0) / 10_000 + (tick % 2));
      kernel.evaluate();
    },
    () => void stressGrid(kernel, thresholds),
    () => void solveAll(kernel.columns, new AccountLines(kernel.columns, kernel), LEVELS),
  ]);
  for (let instrument = 0; instrument < INSTRUMENTS; instrument++) kernel.setPrice(instrument, (book.price[instrument] ?? 0) / 10_000);
  kernel.evaluate();
  plain.takeMoney(kernel);
  const peer = moving ? peersOf(kernel, plain, thresholds) : null;
  return {
    netPositions: entryCount,
    fullRevalueMs: revalueMs,
    minimalLoopMs: minimalMs,
    tickMs,
    stressGridMs: gridMs,
    inverseOfAllMs: inverseMs,
    fullRevalueToMinimalLoop: minimalMs / revalueMs,
    stressGridInFullRevalues: gridMs / revalueMs,
    inverseInFullRevalues: inverseMs / revalueMs,
    ...(peer === null ? {} : { plainObjects: peer }),
  };
}

/** The same book as objects, the same questions, the answers compared. Objects are asked once: they take seconds. */
function peersOf(kernel: Kernel, plain: PlainBook, thresholds: Float64Array): Record<string, unknown> {
  const grid = stressGrid(kernel, thresholds);
  const fromGrid = performance.now();
  const theirs = MOVES.map((move) => plainStress(plain, move));
  const stressGridMs = performance.now() - fromGrid;
  let largestDifference = 0;
  let levelsDiffer = 0;
  for (const [at, accounts] of theirs.entries()) {
    for (const [account, { balance, margin }] of accounts.entries()) {
      largestDifference = Math.max(largestDifference, Math.abs(balance - (grid[at]?.balance[account] ?? Number.NaN)));
      if (levelCode(thresholds, balance, margin, margin * 0.75) !== grid[at]?.level[account]) levelsDiffer += 1;
    }
  }
  const moves = solveAll(kernel.columns, new AccountLines(kernel.columns, kernel), LEVELS);
  const sample = 500;
  const fromInverse = performance.now();
  let inverseDifference = 0;
  for (let account = 0; account < sample; account++) {
    const expected = plainInverse(plain, account, thresholds);
    const ours = moves.down[1]?.[account] ?? Number.NaN;
    if (Number.isFinite(expected) !== Number.isFinite(ours)) inverseDifference = Number.POSITIVE_INFINITY;
    else if (Number.isFinite(expected)) inverseDifference = Math.max(inverseDifference, Math.abs(expected - ours));
  }
  // One level and one direction of eight, for a sample of the accounts.
  const inverseOfAllMs = ((performance.now() - fromInverse) / sample) * kernel.accountCount * 8;
  return {
    stressGridMs,
    inverseOfAllMsExtrapolated: inverseOfAllMs,
    isStressEqual: largestDifference < 0.005 && levelsDiffer === 0,
    levelsDiffer,
    isInverseEqual: inverseDifference < 2e-8,
  };
}

/** What one general engine needs for the same, with margins that follow the price; medians of a few, because each takes long. */
async function measureEngine(
  engine: GeneralEngine,
  book: FlatBook,
  kernel: Kernel,
  ours: readonly FigureColumns[],
): Promise<Record<string, unknown>> {
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 4; round++) {
      const from = performance.now();
      await work();
      if (round > 0) times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b)[1] ?? Number.NaN;
  };
  const fullRevalueMs = await timed(() => engine.revalue());
  let instrument = 0;
  const tickMs = await timed(() => engine.tick(instrument, (book.price[instrument++] ?? 0) / 10_000));
  const stressGridMs = await timed(() => engine.stress(MOVES));
  const answer = await engine.stress(MOVES);
  let balanceDifference = 0;
  let marginDifference = 0;
  for (const [at, figures] of ours.entries()) {
    for (let account = 0; account < kernel.accountCount; account++) {
      balanceDifference = Math.max(balanceDifference, Math.abs((figures.balance[account] ?? 0) - (answer.balance[at]?.[account] ?? Number.NaN)));
      if (answer.margin !== null)
        marginDifference = Math.max(marginDifference, Math.abs((figures.currMargin[account] ?? 0) - (answer.margin[at]?.[account] ?? Number.NaN)));
    }
  }
  await engine.close();
  return {
    engine: engine.name,
    fullRevalueMs,
    tickMs,
    stressGridMs,
    givesMargins: answer.margin !== null,
    isAnswerEqual: balanceDifference < 0.005 && marginDifference < 0.005,
  };
}

async function generalEngines(book: FlatBook): Promise<Record<string, unknown>[]> {
  const kernel = loadKernel(book, true);
  spreadEquity(kernel);
  const ours = stressGrid(kernel, levelThresholds(LEVELS));
  const equity = Float64Array.from({ length: kernel.accountCount }, (_, account) => kernel.columns.accountInput[account * 3] ?? 0);
  const modules = installPeers();
  const results: Record<string, unknown>[] = [];
  for (const create of [createDuckDb, createPerspective]) results.push(await measureEngine(await create(book, equity, modules), book, kernel, ours));
  return results;
}

export async function run(): Promise<Record<string, unknown>> {
  const book = makeFlatBook(3, INSTRUMENTS, ACCOUNTS, POSITIONS);
  const plain = plainBook(book);
  const fixedMargins = await measure(book, plain, false);
  const movingMargins = await measure(book, plain, true);
  const others = await generalEngines(book);
  return {
    accounts: ACCOUNTS,
    positions: POSITIONS,
    instruments: INSTRUMENTS,
    moves: MOVES.length,
    fixedMargins,
    movingMargins,
    others: others.map((other) => ({ ...other, tickTimesFaster: Number(other.tickMs) / Number(movingMargins.tickMs) })),
    aims: { fullRevalueToMinimalLoop: 0.5, stressGridInFullRevalues: 21, inverseInFullRevalues: 5, tickTimesFasterThanDuckDb: 150 },
  };
}
