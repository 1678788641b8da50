/** Kills a telling desk at random moments and says whether an alert was lost, an inhibited one was sent, or one was never told. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createRandom } from '#demo/random';
import { webServer } from '#tests/helpers/notice-servers';
import { openDesk } from '#tests/integration/journal/helpers';

/** Lets the child read what the bundler reads for everybody else: imports without an ending. */
const HOOKS = join(import.meta.dirname, '../../scripts/steps/typescript-imports.mjs');
type Raised = { ruleId: string; entity: string };
export type AlertKillOutcome = { rounds: number; raised: number; posted: number; faults: string[] };

/** Rounds on one folder: what an earlier life raised has to survive all later kills. `nextMs` is the desk's clock at the end. */
export async function killAlertDesk(directory: string, seed: number, rounds: number, baseMs: number): Promise<AlertKillOutcome & { nextMs: number }> {
  const server = await webServer();
  const random = createRandom(seed);
  const on = new Map<string, Raised>();
  const faults: string[] = [];
  let raised = 0;
  let nextMs = baseMs;
  for (let round = 0; round < rounds; round += 1) {
    const child = spawn(
      process.execPath,
      ['--import', HOOKS, join(import.meta.dirname, 'alert-child.ts'), directory, String(seed * 1000 + round), String(nextMs), server.url],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    // Killed while it writes and sends: after so many lines, and then a moment, of a random length.
    const killAfter = random.int(1, 40);
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      lines += 1;
      if (lines === killAfter) setTimeout(() => child.kill('SIGKILL'), random.int(0, 60));
      const [word, ruleId = '', entity = '', atMs] = line.split(' ');
      if (atMs !== undefined) nextMs = Math.max(nextMs, Number(atMs) + 1);
      if (word === 'raised') {
        raised += 1;
        on.set(`${ruleId} ${entity}`, { ruleId, entity });
      }
    }
    if ((await exited) !== 'SIGKILL') throw new Error(`the child ended by itself: ${errors}`);
    nextMs += random.int(0, 30_000);
    faults.push(...lost(directory, on, `seed ${seed} round ${round}`));
  }
  const recorded = openAlertIds(directory);
  for (const { body } of server.posted) {
    const { kind, alerts } = body as { kind: string; alerts: { alertId: string; entity: string }[] };
    for (const { alertId, entity } of alerts) if (!recorded.has(alertId)) faults.push(`seed ${seed}: told and not on disk: ${entity}`);
    if (kind === 'instrumentsStale') faults.push(`seed ${seed}: sent although inhibited: ${alerts.map(({ entity }) => entity).join(', ')}`);
  }
  const repeated = repeats(server.posted.map(({ headers }) => String(headers['idempotency-key'])));
  // A kill between the other end's answer and its entry repeats that one message under the same key: at most one for each kill.
  if (repeated > rounds) faults.push(`seed ${seed}: ${repeated} repetitions in ${rounds} kills`);
  await server.close();
  return { rounds, raised, posted: server.posted.length, faults, nextMs };
}

/** Every alert that was acknowledged as recorded is there and open: nothing here closes any. */
function lost(directory: string, on: ReadonlyMap<string, Raised>, when: string): string[] {
  const { store, desk } = openDesk(directory);
  const open = new Set(desk.alerts.openAlerts().map(({ ruleId, entity }) => `${ruleId} ${entity}`));
  store.journalFile.database.close();
  return [...on.keys()].filter((key) => !open.has(key)).map((key) => `${when}: lost ${key}`);
}

function openAlertIds(directory: string): Set<string> {
  const { store, desk } = openDesk(directory);
  const open = new Set(desk.alerts.openAlerts().map(({ alertId }) => alertId));
  store.journalFile.database.close();
  return open;
}

function repeats(keys: readonly string[]): number {
  return keys.length - new Set(keys).size;
}
