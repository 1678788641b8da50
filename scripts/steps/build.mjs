/** Builds the app when its sources changed since the last build, and the valuation kernel before it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryFolder, run, SetupError, say } from './process.mjs';

const SOURCES = ['src-main', 'src-shared', 'src-renderer', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const stampFile = join(repositoryFolder, 'out', '.sources-hash');
const kernelScript = join(repositoryFolder, 'scripts', 'build-kernel.mjs');

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesIn(join(repositoryFolder, source))) {
      hash.update(file.slice(repositoryFolder.length)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** The kernel's module is generated and not kept in git; its script knows whether what is there is current. */
export async function ensureKernel() {
  const { code, output } = await run(process.execPath, [kernelScript], { output: 'capture' });
  if (code !== 0) throw new SetupError(`the valuation kernel did not compile:\n${output}`);
}

/** `quiet` says nothing unless something fails. Answers whether a build was made. */
export async function ensureBuild({ quiet = false, force = false } = {}) {
  await ensureKernel();
  const hash = sourcesHash();
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return false;
  if (!quiet) say('building...');
  const startedAtMs = Date.now();
  rmSync(stampFile, { force: true });
  const { code, output } = await run(
    process.execPath,
    [join(repositoryFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'],
    {
      output: 'capture',
    },
  );
  if (code !== 0) throw new SetupError(`the build failed:\n${output}`);
  mkdirSync(join(repositoryFolder, 'out'), { recursive: true });
  writeFileSync(stampFile, hash);
  if (!quiet) say(`built in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return true;
}
