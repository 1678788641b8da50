/** The full proof of the alert's state model: 100,000 random histories. `npm run prove alerts-model [sequences] [length] [firstSeed]`. */
import process from 'node:process';
import { runAlertSequence } from '#tests/helpers/alert-sequences';

const sequences = Number(process.argv[2] ?? 100_000);
const length = Number(process.argv[3] ?? 60);
const firstSeed = Number(process.argv[4] ?? 1);
const begunMs = performance.now();
const sums = { steps: 0, events: 0, alerts: 0, flapped: 0, escalated: 0, closed: 0, risen: 0, latched: 0 };
const faults: unknown[] = [];
for (let seed = firstSeed; seed < firstSeed + sequences; seed += 1) {
  const outcome = runAlertSequence(seed, length);
  for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += outcome[name];
  faults.push(...outcome.faults);
}
const seconds = Math.round((performance.now() - begunMs) / 100) / 10;
process.stdout.write(
  `${JSON.stringify({ sequences, length, firstSeed, seconds, ...sums, faultCount: faults.length, faults: faults.slice(0, 20) })}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
