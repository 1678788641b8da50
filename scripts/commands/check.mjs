/** `npm run check`: the fast gate. Every check runs even when another failed, and only failures print what they found. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ensureKernel } from '../steps/build.mjs';
import { repositoryFolder, run, say } from '../steps/process.mjs';

const bin = (name, file) => join(repositoryFolder, 'node_modules', name, file);

const CHECKS = [
  ['types: main, shared and tests', [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.node.json']],
  ['types: page', [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.web.json']],
  ['types: shared code uses no Node and no DOM', [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.shared.json']],
  ['lint and format', [bin('@biomejs/biome', 'bin/biome'), 'ci', '--error-on-warnings', '--colors=off', '--reporter=summary', '--reporter=default']],
  ['import rule', [join('scripts', 'checks', 'import-rule.mjs')]],
  ['lock file', [join('scripts', 'checks', 'lock-file.mjs')]],
  ['language files', [join('scripts', 'checks', 'language-files.mjs')]],
  ['dead code', [bin('knip', 'bin/knip.js'), '--no-progress', '--no-config-hints']],
];

async function runCheck([name, args]) {
  const startedAtMs = performance.now();
  const { code, output } = await run(process.execPath, args, { output: 'capture' });
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  if (code === 0) say(`ok      ${name} (${seconds} s)`);
  else process.stdout.write(`${output.trimEnd()}\nfloorwatch: FAILED  ${name} (${seconds} s)\n`);
  return code === 0;
}

try {
  await ensureKernel();
  const waiting = [...CHECKS];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) if (!(await runCheck(check))) failed += 1;
  };
  await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, worker));
  say(failed === 0 ? `all ${CHECKS.length} checks passed` : `${failed} of ${CHECKS.length} checks failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
