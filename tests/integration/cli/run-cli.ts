/** Runs the desk command inside the test, with its output caught and the person's interrupt in the test's hand. */
import type { CliIo } from '#cli/cli-io';
import { runDesk } from '#cli/program';

export type CliRun = { exitCode: number; out: string[]; err: string[] };

export async function runCli(args: readonly string[], given: Partial<CliIo> = {}): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await runDesk(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    workingDirectory: process.cwd(),
    environment: {},
    nowMs: () => Date.now(),
    interrupted: new AbortController().signal,
    ...given,
  });
  return { exitCode, out, err };
}
