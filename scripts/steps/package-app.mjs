/**
 * Makes the app that is installed: a folder with the runtime, the built app as one archive, and the fuses set. Nothing is fetched but what
 * building and running fetch anyway. Linux only so far; docs/packaging.md says what the others need.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { createPackageWithOptions } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { repositoryFolder, runNpm, SetupError } from './process.mjs';

const EXECUTABLE = 'floorwatch';
/** The runtime's own small app, and what only development needs. */
const LEFT_BEHIND = ['app', 'default_app.asar', 'app-update.yml'].map((name) => join('resources', name));
/** What the app is made of, beside the packages it needs. */
const PARTS = ['out', 'resources', 'LICENSE'];
/** Native code cannot be loaded from inside an archive. */
const UNPACKED = '*.node';

/** Packages that the built app loads at run time, as folders relative to the repository: the production half of the lock file. */
async function productionPackages() {
  const { code, output } = await runNpm(['ls', '--omit=dev', '--all', '--parseable', '--loglevel=error'], {
    output: 'capture',
    cwd: repositoryFolder,
  });
  const folders = output.split('\n').filter((line) => line.includes('node_modules'));
  if (code !== 0 || folders.length === 0) throw new SetupError('npm could not say which packages the app needs: run npm ci first');
  return folders.map((folder) => relative(repositoryFolder, folder));
}

/** The manifest without what only development needs: the packaged app must not name scripts or sources. */
function manifest() {
  const { name, productName, version, description, license, type, main } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
  return { name, productName, version, description, license, type, main };
}

async function gatherApp(folder, sqliteModule) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  for (const part of PARTS) cpSync(join(repositoryFolder, part), join(folder, part), { recursive: true });
  for (const each of await productionPackages()) {
    // The nested packages of a package are in the list themselves.
    cpSync(join(repositoryFolder, each), join(folder, each), {
      recursive: true,
      filter: (from) => !relative(join(repositoryFolder, each), from).startsWith('node_modules'),
    });
  }
  if (sqliteModule !== undefined) {
    // An older runtime brings the SQLite addon that was built for it, with the two small packages that find it.
    const modules = dirname(sqliteModule);
    rmSync(join(folder, 'node_modules', 'better-sqlite3'), { recursive: true, force: true });
    for (const each of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
      cpSync(join(modules, each), join(folder, 'node_modules', each), { recursive: true });
  }
}

/** `fuses`: names as in @electron/fuses. `runtime`: what `ensureElectron` answers. Answers where the program lies. */
export async function packageApp({ folder, runtime, fuses }) {
  if (process.platform !== 'linux') throw new SetupError('packages are made on Linux so far (docs/packaging.md)');
  if (existsSync(folder)) throw new SetupError(`${folder} is there already: move it away first`);
  const scratch = mkdtempSync(join(tmpdir(), 'floorwatch-package-'));
  try {
    const made = `${folder}.part`;
    rmSync(made, { recursive: true, force: true });
    const source = dirname(runtime.executable);
    cpSync(source, made, { recursive: true, filter: (from) => !LEFT_BEHIND.includes(relative(source, from)) });
    renameSync(join(made, relative(source, runtime.executable)), join(made, EXECUTABLE));
    const app = join(scratch, 'app');
    await gatherApp(app, runtime.env.FLOORWATCH_SQLITE_MODULE);
    mkdirSync(join(made, 'resources'), { recursive: true });
    await createPackageWithOptions(app, join(made, 'resources', 'app.asar'), { unpack: UNPACKED });
    const wanted = Object.entries(fuses).map(([name, isOn]) => [FuseV1Options[name], isOn]);
    await flipFuses(join(made, EXECUTABLE), { version: FuseVersion.V1, ...Object.fromEntries(wanted) });
    renameSync(made, folder);
    return { folder, executable: join(folder, EXECUTABLE) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
