/** Kills a journalling process at a random moment and says whether anything it was told is on disk was lost. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { openDesk } from '#tests/integration/journal/helpers';

export type KillOutcome = { seed: number; acknowledgedCount: number; storedCount: number; faults: string[] };

/** Lets the child read imports without an ending, as the bundler does for everybody else. */
const HOOKS = join(import.meta.dirname, '../../scripts/steps/typescript-imports.mjs');

/** Runs, kills with SIGKILL after `acknowledgedBeforeKill` entries were reported, opens what is left and proves it. */
export async function killJournal(directory: string, seed: number, acknowledgedBeforeKill: number): Promise<KillOutcome> {
  const acknowledged = new Map<number, string>();
  const child = spawn(process.execPath, ['--import', HOOKS, join(import.meta.dirname, 'journal-child.ts'), directory, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, sequence, hash] = line.split(' ');
    if (word !== 'stored' || sequence === undefined || hash === undefined) continue;
    acknowledged.set(Number(sequence), hash);
    if (acknowledged.size === acknowledgedBeforeKill) child.kill('SIGKILL');
  }
  await exited;
  if (acknowledged.size < acknowledgedBeforeKill) throw new Error(`the child ended by itself: ${errors}`);
  return { seed, acknowledgedCount: acknowledged.size, ...(await prove(directory, seed, acknowledged)) };
}

async function prove(directory: string, seed: number, acknowledged: ReadonlyMap<number, string>): Promise<{ storedCount: number; faults: string[] }> {
  const faults: string[] = [];
  const { store, journal, close } = openDesk(directory);
  if (store.notice !== null) faults.push(`recovered: ${JSON.stringify(store.notice)}`);
  const verdict = journal.verify();
  if (verdict.verdict !== 'OK') faults.push(`chain: ${JSON.stringify(verdict)}`);
  const stored = new Map(journal.entriesAfter(0, 1_000_000).map((entry) => [entry.sequence, entry.entryHash]));
  for (const [sequence, hash] of acknowledged)
    if (stored.get(sequence) !== hash) faults.push(`seed ${seed}: entry ${sequence} was acknowledged and is lost`);
  const written = JSON.stringify(journal.tables.dump());
  journal.rebuildProjections();
  if (JSON.stringify(journal.tables.dump()) !== written) faults.push('the projections are not the fold of the entries');
  // Left as a killed engine leaves it for the next round: closing would make a back-up and a clean mark each time.
  if (faults.length > 0) await close();
  else store.journalFile.database.close();
  return { storedCount: stored.size, faults };
}
