/**
 * The full proof that desks which worked on one run apart show the same run when they meet: 100,000 random meetings of three desks with 200
 * entries each, on as many threads as there are cores. Goes on where it was stopped. `npm run prove run-merge [meetings] [entries each] [folder]`;
 * the tests run a small sample.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { meetThree } from '#tests/faults/run-merge';

type Progress = { meetings: number; ops: number; conflicts: number; faults: string[] };
/** Seeds from the first to the last, both among them. */
type Share = { from: number; to: number; opsEach: number };

/** Meetings between two reports: what a stop may cost. */
const BLOCK = 500;

if (isMainThread) await prove(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 200));
else meetAll(workerData as Share);

async function prove(meetings: number, opsEach: number): Promise<void> {
  const folder = process.argv[4] ?? join(import.meta.dirname, '../../.cache/prove/run-merge');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `progress-${opsEach}.json`);
  const progress: Progress = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Progress)
    : { meetings: 0, ops: 0, conflicts: 0, faults: [] };
  const threads = availableParallelism();
  while (progress.meetings < meetings) {
    const to = Math.min(meetings, progress.meetings + BLOCK * threads);
    const shares = sharesOf(progress.meetings + 1, to, threads).map((share) => ({ ...share, opsEach }));
    for (const part of await Promise.all(shares.map(inThread))) {
      progress.ops += part.ops;
      progress.conflicts += part.conflicts;
      progress.faults.push(...part.faults);
    }
    progress.meetings = to;
    writeFileSync(file, JSON.stringify(progress));
    const { ops, conflicts, faults } = progress;
    process.stdout.write(`${to} of ${meetings} meetings, ${ops} entries, ${conflicts} conflicts shown, ${faults.length} faults\n`);
  }
  process.stdout.write(`${JSON.stringify({ ...progress, opsEach })}\n`);
  process.exitCode = progress.faults.length === 0 ? 0 : 1;
}

function sharesOf(from: number, to: number, threads: number): { from: number; to: number }[] {
  const each = Math.ceil((to - from + 1) / threads);
  return Array.from({ length: threads }, (_, index) => ({ from: from + index * each, to: Math.min(to, from + (index + 1) * each - 1) }));
}

function inThread(share: Share): Promise<Omit<Progress, 'meetings'>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function meetAll({ from, to, opsEach }: Share): void {
  const part: Omit<Progress, 'meetings'> = { ops: 0, conflicts: 0, faults: [] };
  for (let seed = from; seed <= to; seed += 1) {
    const outcome = meetThree(seed, opsEach);
    part.ops += outcome.ops;
    part.conflicts += outcome.conflicts;
    part.faults.push(...outcome.faults.map((fault) => `seed ${seed}: ${fault}`));
  }
  parentPort?.postMessage(part);
}
