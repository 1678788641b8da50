/** Puts node_modules in the state of package-lock.json and sees to it that a real Node 24 is in it. Node 18's own modules only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryFolder, run, SetupError, say } from './process.mjs';

const modulesFolder = join(repositoryFolder, 'node_modules');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * npm keeps a list of what it really installed; where that differs from package-lock.json the folder is out of date. Optional packages
 * (those of other platforms) may be absent.
 */
export function dependenciesAreComplete() {
  const installedFile = join(modulesFolder, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  try {
    const wanted = JSON.parse(readFileSync(join(repositoryFolder, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '') return true;
      const found = installed[path];
      if (found === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
      return found.version === entry.version;
    });
  } catch {
    return false;
  }
}

export async function ensureDependencies() {
  if (dependenciesAreComplete()) return;
  say('installing dependencies (once; npm ci)...');
  const startedAtMs = Date.now();
  // No package's install script is needed but one, which ensureNode24 runs itself. npm 10 would run all of them, and compile the SQLite
  // addon although its package carries it built; npm 11 asks first.
  const { code } = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { env: process.env });
  if (code !== 0) {
    throw new SetupError('npm ci failed (its own message is above). If a package registry must be set, run: npm config set registry URL');
  }
  say(`dependencies installed in ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
}

async function versionOf(node) {
  if (!existsSync(node)) return null;
  const { code, output } = await run(node, ['--version'], { output: 'capture' });
  return code === 0 ? output.trim() : null;
}

/**
 * Answers the path of Node 24. It is an npm package whose install script fetches the binary from the same registry, and is run here when the
 * binary is missing. Loading the SQLite addon on an older Node is a crash, not an error.
 */
export async function ensureNode24() {
  const folder = join(modulesFolder, 'node');
  const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if ((await versionOf(node))?.startsWith('v24.')) return node;
  if (process.version.startsWith('v24.')) return process.execPath;
  say('fetching Node 24 from the package registry (once)...');
  // Rebuilding also links node_modules/.bin/node, which every npm script then finds first.
  await run(npm, ['rebuild', 'node', '--loglevel=error'], { env: process.env });
  const version = await versionOf(node);
  if (version?.startsWith('v24.')) return node;
  throw new SetupError(`Node 24 is not in place (found ${version ?? 'none'}). Run: npm rebuild node. Or install Node 24 and run again.`);
}
