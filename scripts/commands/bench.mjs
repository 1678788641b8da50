/** `npm run bench [-- NAME...]`: every bench of tests/bench, one after the other, as one JSON document; a figure is a ratio within one run. */
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { withElectronEnvironment } from '../steps/electron-environment.mjs';
import { repositoryFolder, run, SetupError, say } from '../steps/process.mjs';

const benchFolder = join(repositoryFolder, 'tests', 'bench');
const stepsFolder = join(repositoryFolder, 'scripts', 'steps');

function benchFiles() {
  const names = readdirSync(benchFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(names.map(({ name }) => [name, join(benchFolder, name, `${name}.bench.ts`)]).filter(([, file]) => existsSync(file)));
}

async function runBench(name, file, env) {
  say(`bench ${name}...`);
  const args = ['--expose-gc', '--import', join(stepsFolder, 'typescript-imports.mjs'), join(stepsFolder, 'run-bench.mjs'), file];
  const { code, output } = await run(process.execPath, args, { output: 'capture', env });
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    if (code === 0) return { ok: true, result: JSON.parse(lastLine) };
  } catch {
    // Said below: what it printed is not an answer.
  }
  say(`bench ${name} failed:\n${output}`);
  return { ok: false, result: { error: lastLine } };
}

try {
  const known = benchFiles();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new SetupError(`no such bench: ${unknown.join(', ')}. Known: ${[...known.keys()].join(', ')}.`);
  const benches = await withElectronEnvironment(async (env) => {
    const answers = {};
    for (const [name, file] of known) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const { ok, result } = await runBench(name, file, env);
      answers[name] = result;
      if (!ok) process.exitCode = 1;
    }
    return answers;
  });
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryBytes: totalmem(), node: process.version };
  process.stdout.write(`${JSON.stringify({ machine, benches }, null, 2)}\n`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
