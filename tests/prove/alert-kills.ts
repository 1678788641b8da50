/**
 * The full proof that a killed desk loses no open alert and sends none that is inhibited: a thousand SIGKILLs at random moments. Goes on where
 * it was stopped. `npm run prove alert-kills [rounds] [folder]`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { killAlertDesk } from '#tests/faults/kill-alerts';
import { START_MS } from '#tests/integration/journal/helpers';

type Progress = { rounds: number; raised: number; posted: number; faults: string[] };
const ROUNDS_PER_JOURNAL = 20;

const wanted = Number(process.argv[2] ?? 1000);
const folder = process.argv[3] ?? join(import.meta.dirname, '../../.cache/prove/alert-kills');
mkdirSync(folder, { recursive: true });
const file = join(folder, 'progress.json');
const progress: Progress = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : { rounds: 0, raised: 0, posted: 0, faults: [] };
while (progress.rounds < wanted) {
  const seed = Math.floor(progress.rounds / ROUNDS_PER_JOURNAL) + 1;
  const directory = join(folder, `desk-${seed}`);
  mkdirSync(directory, { recursive: true });
  const outcome = await killAlertDesk(directory, seed, Math.min(ROUNDS_PER_JOURNAL, wanted - progress.rounds), START_MS);
  progress.rounds += outcome.rounds;
  progress.raised += outcome.raised;
  progress.posted += outcome.posted;
  progress.faults.push(...outcome.faults);
  writeFileSync(file, JSON.stringify(progress));
  process.stdout.write(
    `${progress.rounds} of ${wanted} kills: ${progress.raised} raised, ${progress.posted} notices received, ${progress.faults.length} faults\n`,
  );
}
process.stdout.write(`${JSON.stringify(progress)}\n`);
process.exitCode = progress.faults.length === 0 ? 0 : 1;
