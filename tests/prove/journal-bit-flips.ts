/**
 * The full proof that no bit of a record changes unseen: thousands of single-bit flips in the bytes of a journal file, each verified and taken back.
 * Goes on where it was stopped. `npm run prove journal-bit-flips [flips] [folder]`; the tests run a small sample of the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type FlipOutcome, Flipper, journalToFlip } from '#tests/faults/flip-journal';

/** `flips` of bits that mean something; `tried` counts the unread ones too. */
export type FlipProgress = {
  tried: number;
  flips: number;
  unread: number;
  exact: number;
  page: number;
  missed: FlipOutcome[];
  byKind: Record<string, number>;
};

const SEED = 20_260_921;
const ENTRIES_PER_JOURNAL = 400;
/** Flips that share one journal before another is made. */
const FLIPS_PER_JOURNAL = 1_000;

export function proveBitFlips(folder: string, flips: number, say: (line: string) => void, entryCount = ENTRIES_PER_JOURNAL): FlipProgress {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'progress.json');
  const progress: FlipProgress = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as FlipProgress)
    : { tried: 0, flips: 0, unread: 0, exact: 0, page: 0, missed: [], byKind: {} };
  while (progress.flips < flips) {
    const round = Math.floor(progress.flips / FLIPS_PER_JOURNAL);
    // A stop in mid-flip may have left a bit changed, so that every start makes its journal anew.
    const directory = join(folder, `journal-${round}-${process.pid}-${progress.tried}`);
    mkdirSync(directory, { recursive: true });
    const flipper = new Flipper(journalToFlip(directory, entryCount, SEED + round), SEED + round);
    const end = Math.min(flips, (round + 1) * FLIPS_PER_JOURNAL);
    while (progress.flips < end) {
      const outcome = flipper.flip(progress.tried);
      progress.tried += 1;
      if (outcome.located === 'unread') {
        progress.unread += 1;
        continue;
      }
      progress.flips += 1;
      if (outcome.located === null) progress.missed.push(outcome);
      else progress[outcome.located] += 1;
      const kind = `${outcome.span.table}.${outcome.span.kind}`;
      progress.byKind[kind] = (progress.byKind[kind] ?? 0) + 1;
      if (progress.flips % 250 === 0 || progress.flips === end) {
        writeFileSync(file, JSON.stringify(progress));
        say(
          `${progress.flips} of ${flips} flips: ${progress.exact} located exactly, ${progress.page} to their page, ${progress.missed.length} missed`,
        );
      }
    }
  }
  return progress;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flips = Number(process.argv[2] ?? 10_000);
  const folder = process.argv[3] ?? join(import.meta.dirname, '../../.cache/prove/journal-bit-flips');
  const progress = proveBitFlips(folder, flips, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(progress)}\n`);
  process.exitCode = progress.missed.length === 0 ? 0 : 1;
}
