/** `npm test`: sets up, builds, runs the unit and integration tests on Node 24 and the end-to-end tests in Electron, and counts them all. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withElectronEnvironment } from '../steps/electron-environment.mjs';
import { repositoryFolder, run, say } from '../steps/process.mjs';

const resultsFolder = join(repositoryFolder, 'test-results');

function readReport(name) {
  try {
    return JSON.parse(readFileSync(join(resultsFolder, name), 'utf8'));
  } catch {
    return null;
  }
}

/** A file that could not even be loaded holds no test, and counts as one failed. */
function countUnit(report) {
  if (report === null) return { passed: 0, failed: 1, skipped: [], unsteady: [] };
  const files = report.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + broken.length,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName),
    unsteady: [],
  };
}

function* specsOf(suite) {
  yield* suite.specs ?? [];
  for (const inner of suite.suites ?? []) yield* specsOf(inner);
}

function countEndToEnd(report) {
  if (report === null) return { passed: 0, failed: 1, skipped: [], unsteady: [] };
  const specs = report.suites.flatMap((suite) => [...specsOf(suite)]);
  const skipped = specs.filter((spec) => spec.tests.every((test) => test.status === 'skipped')).map((spec) => spec.title);
  const unsteady = specs.filter((spec) => spec.tests.some((test) => test.status === 'flaky')).map((spec) => spec.title);
  return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected + report.errors.length, skipped, unsteady };
}

async function runUnit(env) {
  say('unit and integration tests...');
  const vitest = join(repositoryFolder, 'node_modules', 'vitest', 'vitest.mjs');
  const outputs = ['--reporter=dot', '--reporter=json', `--outputFile.json=${join(resultsFolder, 'unit.json')}`];
  const { code } = await run(process.execPath, [vitest, 'run', ...outputs], { output: 'stdout', env });
  return { ...countUnit(readReport('unit.json')), code };
}

async function runEndToEnd(env) {
  say('end-to-end tests...');
  const playwright = join(repositoryFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const { code } = await run(process.execPath, [playwright, 'test'], { output: 'stdout', env });
  return { ...countEndToEnd(readReport('e2e.json')), code };
}

try {
  const parts = await withElectronEnvironment(async (env) => {
    rmSync(resultsFolder, { recursive: true, force: true });
    mkdirSync(resultsFolder, { recursive: true });
    return [await runUnit(env), await runEndToEnd(env)];
  });
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const skipped = parts.flatMap((part) => part.skipped);
  // A runner that fails without a failed test (a leaked error, a crash) still failed.
  const failed = parts.reduce((sum, part) => sum + (part.failed === 0 && part.code !== 0 ? 1 : part.failed), 0);
  const unsteady = parts.flatMap((part) => part.unsteady);
  for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
  for (const name of unsteady) process.stdout.write(`passed only at the second attempt: ${name}\n`);
  const secondAttempts = unsteady.length === 0 ? '' : ` (${unsteady.length} of the passed only at the second attempt)`;
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped${secondAttempts}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
