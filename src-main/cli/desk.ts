/** Entry of the `desk` command: connects the program to this process. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { runDesk } from '#cli/program';

/** From a terminal without an echo, or the first line of what is piped in. */
async function askSecret(question: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: process.stdin.isTTY });
  try {
    // Where the input ends without a line nobody answers, ever.
    return await Promise.race([reader.question(''), new Promise<string>((resolve) => void reader.once('close', () => resolve('')))]);
  } finally {
    reader.close();
    if (process.stdin.isTTY) process.stderr.write('\n');
  }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
/* A reader that has seen enough (`desk … | head`) is not an error. */
process.stdout.on('error', () => stop.abort());

process.exitCode = await runDesk(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  askSecret,
  workingDirectory: process.env.INIT_CWD ?? process.cwd(),
  environment: process.env,
  nowMs: () => Date.now(),
  interrupted: stop.signal,
});
