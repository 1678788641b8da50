/**
 * The lock file must name the optional packages of every platform, or `npm ci` refuses it. npm leaves out those that the registry at hand does
 * not carry (a mirror often holds only what somebody asked for); `--fix` writes them in, by version and platform. Such an entry has no hash:
 * npm takes the package as the registry of that platform's machine gives it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryFolder } from '../steps/process.mjs';

const file = join(repositoryFolder, 'package-lock.json');
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Whether `name`, wanted by the package at `path`, is somewhere npm would look for it. */
function isNamed(packages, path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`] !== undefined) return true;
    if (base === '') return false;
  }
}

/** Platform packages carry their platform in their name. */
function entryFor(name, range, isDevelopment) {
  const parts = name.split(/[/-]/);
  const os = name === 'fsevents' ? 'darwin' : SYSTEMS.find((system) => parts.includes(system));
  const cpu = PROCESSORS.find((processor) => parts.includes(processor));
  const libc = os === 'linux' ? { gnu: 'glibc', musl: 'musl' }[parts.at(-1)] : undefined;
  return {
    version: range.replace(/^[~^]/, ''),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(isDevelopment ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = new Map();
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!isNamed(lock.packages, path, name)) missing.set(`node_modules/${name}`, entryFor(name, range, entry.dev === true));
  }
}
if (process.argv.includes('--fix')) {
  const all = [...Object.entries(lock.packages), ...missing];
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
} else if (missing.size > 0) {
  process.stderr.write(`package-lock.json does not name ${[...missing.keys()].join(', ')}\nrun: node scripts/checks/lock-file.mjs --fix\n`);
  process.exitCode = 1;
}
