/** Puts node_modules in the state of package-lock.json and sees to it that a real Node 24 is in it. Node 18's own modules only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder, makeCacheFolder, repositoryFolder, run, runNpm, SetupError, say } from './process.mjs';

const modulesFolder = join(repositoryFolder, 'node_modules');
/** What the build's native packages ask for. On an older Node npm leaves them out without a word, because they are optional packages. */
const OLDEST_NODE_FOR_PACKAGES = [20, 19];

/** Optional packages may be absent, but not those built for this very machine: an npm on an old Node leaves them out. */
function mayBeAbsent(entry) {
  if (entry.optional !== true) return entry.devOptional === true || entry.peer === true;
  const libc = process.platform !== 'linux' ? undefined : process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  const isForThisMachine =
    entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && (entry.libc === undefined || entry.libc.includes(libc));
  return !isForThisMachine;
}

/** npm keeps a list of what it really installed; where that differs from package-lock.json the folder is out of date. */
export function dependenciesAreComplete() {
  const installedFile = join(modulesFolder, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  try {
    const wanted = lockedPackages();
    const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '') return true;
      const found = installed[path];
      if (found === undefined) return mayBeAbsent(entry);
      return found.version === entry.version;
    });
  } catch {
    return false;
  }
}

function lockedPackages() {
  return JSON.parse(readFileSync(join(repositoryFolder, 'package-lock.json'), 'utf8')).packages;
}

function nodeFitsPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE_FOR_PACKAGES;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** The executable within an installed `node` package. */
function nodeWithin(folder) {
  return join(folder, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** A Node 24 outside the checkout, to install on: npm replaces the whole of node_modules while it runs. */
async function nodeToInstallOn() {
  if (nodeFitsPackages()) return undefined;
  const { version } = lockedPackages()['node_modules/node'];
  const folder = join(cacheFolder(), `node-${version}`);
  const node = nodeWithin(join(folder, 'node_modules'));
  if ((await versionOf(node)) === `v${version}`) return node;
  say(`fetching Node ${version} from the package registry (once): the packages cannot be installed on Node ${process.versions.node}...`);
  makeCacheFolder(folder);
  const { code } = await runNpm(['install', `node@${version}`, '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  if (code === 0 && (await versionOf(node)) === `v${version}`) return node;
  throw new SetupError(`Node ${version} could not be fetched (npm's own message is above). Install Node 24 and run again.`);
}

export async function ensureDependencies() {
  if (dependenciesAreComplete()) return;
  const node = await nodeToInstallOn();
  say('installing dependencies (once; npm ci)...');
  const startedAtMs = Date.now();
  // No package's install script is needed but one, which ensureNode24 runs itself. npm 10 would run all of them, and compile the SQLite
  // addon although its package carries it built; npm 11 asks first.
  const { code } = await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { node });
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
  const node = nodeWithin(modulesFolder);
  if ((await versionOf(node))?.startsWith('v24.')) return node;
  if (process.version.startsWith('v24.')) return process.execPath;
  say('fetching Node 24 from the package registry (once)...');
  // Rebuilding also links node_modules/.bin/node, which every npm script then finds first.
  await runNpm(['rebuild', 'node', '--loglevel=error']);
  const version = await versionOf(node);
  if (version?.startsWith('v24.')) return node;
  throw new SetupError(`Node 24 is not in place (found ${version ?? 'none'}). Run: npm rebuild node. Or install Node 24 and run again.`);
}
