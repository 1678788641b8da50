/** Entry of the `desk` command: connects the program to this process. */
import process from 'node:process';
import { runDesk } from '#cli/program';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
/* A reader that has seen enough (`desk … | head`) is not an error. */
process.stdout.on('error', () => stop.abort());

process.exitCode = await runDesk(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  workingDirectory: process.env.INIT_CWD ?? process.cwd(),
  environment: process.env,
  nowMs: () => Date.now(),
  interrupted: stop.signal,
});
