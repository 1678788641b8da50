/**
 * The full proof that desks which worked on one run apart show the same run when they meet: 100,000 random meetings of three desks with 200
 * entries each. Goes on where it was stopped. `npm run prove run-merge [meetings] [entries each] [folder]`; the tests run a small sample.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { meetThree } from '#tests/faults/run-merge';

type Progress = { meetings: number; ops: number; conflicts: number; faults: string[] };

const meetings = Number(process.argv[2] ?? 100_000);
const opsEach = Number(process.argv[3] ?? 200);
const folder = process.argv[4] ?? join(import.meta.dirname, '../../.cache/prove/run-merge');
mkdirSync(folder, { recursive: true });
const file = join(folder, `progress-${opsEach}.json`);
const progress: Progress = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Progress)
  : { meetings: 0, ops: 0, conflicts: 0, faults: [] };
while (progress.meetings < meetings) {
  const seed = progress.meetings + 1;
  const outcome = meetThree(seed, opsEach);
  progress.meetings = seed;
  progress.ops += outcome.ops;
  progress.conflicts += outcome.conflicts;
  progress.faults.push(...outcome.faults.map((fault) => `seed ${seed}: ${fault}`));
  if (seed % 250 === 0 || seed === meetings) {
    writeFileSync(file, JSON.stringify(progress));
    process.stdout.write(
      `${seed} of ${meetings} meetings, ${progress.ops} entries, ${progress.conflicts} conflicts shown, ${progress.faults.length} faults\n`,
    );
  }
}
process.stdout.write(`${JSON.stringify({ ...progress, opsEach })}\n`);
process.exitCode = progress.faults.length === 0 ? 0 : 1;
