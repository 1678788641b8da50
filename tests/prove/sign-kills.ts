/**
 * The full proof that a step is wholly signed or not signed, wherever the disk stops: a thousand beginnings of the log that signing was writing.
 * `npm run prove sign-kills [cuts]`; the tests run a small sample.
 */
import process from 'node:process';
import { cutSignatures } from '#tests/faults/sign-kills';

const cuts = Number(process.argv[2] ?? 1_000);
const outcome = await cutSignatures(cuts, 7);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
process.exitCode = outcome.faults.length === 0 ? 0 : 1;
