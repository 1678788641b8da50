/**
 * The full proof that a killed desk loses nothing: hundreds of SIGKILLs at random moments on one growing journal. Goes on where it was
 * stopped. `npm run prove journal-kills [rounds] [folder]`; the tests run a small sample of the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { killJournal } from '#tests/faults/kill-journal';

type Progress = { round: number; acknowledged: number; faults: string[] };

/** Rounds that share one journal before a new one is begun: each reads the whole file again, so it should not grow for ever. */
const ROUNDS_PER_JOURNAL = 50;

export async function proveJournalKills(folder: string, rounds: number, say: (line: string) => void): Promise<Progress> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'progress.json');
  const progress: Progress = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : { round: 0, acknowledged: 0, faults: [] };
  while (progress.round < rounds) {
    const seed = progress.round + 1;
    const directory = join(folder, `journal-${Math.floor(progress.round / ROUNDS_PER_JOURNAL)}`);
    mkdirSync(directory, { recursive: true });
    // 1 to 300 entries before the kill, spread so that short and long lives both occur.
    const outcome = await killJournal(directory, seed, 1 + ((seed * 7_919) % 300));
    progress.round = seed;
    progress.acknowledged += outcome.acknowledgedCount;
    progress.faults.push(...outcome.faults);
    writeFileSync(file, JSON.stringify(progress));
    say(`round ${seed} of ${rounds}: ${outcome.acknowledgedCount} acknowledged, ${outcome.storedCount} stored, ${outcome.faults.length} faults`);
  }
  return progress;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const rounds = Number(process.argv[2] ?? 500);
  const folder = process.argv[3] ?? join(import.meta.dirname, '../../.cache/prove/journal-kills');
  const progress = await proveJournalKills(folder, rounds, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify({ rounds: progress.round, acknowledged: progress.acknowledged, faults: progress.faults })}\n`);
  process.exitCode = progress.faults.length === 0 ? 0 : 1;
}
