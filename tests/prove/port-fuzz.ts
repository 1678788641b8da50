/**
 * The full proof that no request of the contract ends the engine or fails unseen, whatever it is sent: every request, thousands of payloads each, seeded.
 * Goes on where it was stopped. `npm run prove port-fuzz [payloads per request] [folder]`; the tests run a small sample of the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type FuzzTally, fuzzRequests, NO_TALLY } from '#tests/faults/fuzz-requests';

const SEED = 20_260_921;
/** Payloads of each request between two saves: each round has a desk of its own. */
const ROUND = 100;

const wanted = Number(process.argv[2] ?? 1_000);
const folder = process.argv[3] ?? join(process.cwd(), 'port-fuzz');
mkdirSync(folder, { recursive: true });
const file = join(folder, 'progress.json');
let tally: FuzzTally = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FuzzTally) : NO_TALLY;
while (tally.perRequest < wanted && tally.faults.length === 0) {
  tally = await fuzzRequests({ seed: SEED + tally.perRequest, perRequest: Math.min(ROUND, wanted - tally.perRequest), before: tally });
  writeFileSync(file, JSON.stringify(tally));
  process.stderr.write(
    `${tally.perRequest} of ${wanted} payloads for each request: ${tally.refused} refused, ${tally.answered} answered, ${tally.faults.length} faults\n`,
  );
}
process.stdout.write(`${JSON.stringify(tally)}\n`);
process.exitCode = tally.faults.length === 0 ? 0 : 1;
