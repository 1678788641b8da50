/** Electron needs shared libraries that a bare Linux does not have: finds out which are missing and installs them where it may. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { run, SetupError, say } from './process.mjs';

/** Library file, and the Debian packages that may hold it (the second name is that of releases with 64-bit time). */
const LIBRARIES = [
  ['libgtk-3.so.0', ['libgtk-3-0', 'libgtk-3-0t64']],
  ['libnss3.so', ['libnss3']],
  ['libasound.so.2', ['libasound2', 'libasound2t64']],
  ['libgbm.so.1', ['libgbm1']],
  ['libXss.so.1', ['libxss1']],
];
const FONT_PACKAGE = ['fonts-noto-cjk'];

export function programExists(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

async function loaderCache() {
  for (const program of ['ldconfig', '/sbin/ldconfig']) {
    const { code, output } = await run(program, ['-p'], { output: 'capture' });
    if (code === 0) return output;
  }
  return null;
}

/** Answers which packages are missing: `required` stop the app, `wanted` only make it poorer. */
async function missingPackages(needsVirtualDisplay) {
  const cache = await loaderCache();
  const required = cache === null ? [] : LIBRARIES.filter(([file]) => !cache.includes(`${file} `)).map(([, packages]) => packages);
  if (needsVirtualDisplay && !programExists('Xvfb')) required.push(['xvfb']);
  const fonts = await run('fc-list', [':lang=zh'], { output: 'capture' });
  const wanted = fonts.code === 0 && fonts.output.trim() !== '' ? [] : [FONT_PACKAGE];
  return { required, wanted };
}

async function nameKnownToApt(alternatives) {
  for (const name of alternatives) {
    const { code, output } = await run('apt-cache', ['policy', name], { output: 'capture' });
    if (code === 0 && /Candidate: (?!\(none\))/.test(output)) return name;
  }
  return alternatives[0];
}

/** Checks, installs as root with apt-get, and otherwise says exactly what to run. Other systems than Linux need nothing. */
export async function ensureSystemPackages({ needsVirtualDisplay }) {
  if (process.platform !== 'linux') return;
  const missing = await missingPackages(needsVirtualDisplay);
  const all = [...missing.required, ...missing.wanted];
  if (all.length === 0) return;
  const hasApt = programExists('apt-get');
  if (hasApt && process.getuid() === 0) {
    say('installing system libraries with apt-get (once)...');
    await run('apt-get', ['update', '-qq']);
    const names = [];
    for (const alternatives of all) names.push(await nameKnownToApt(alternatives));
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const still = await missingPackages(needsVirtualDisplay);
    if (still.required.length === 0) return;
    throw new SetupError(`apt-get could not install: ${still.required.map((names) => names[0]).join(' ')}`);
  }
  const names = all.map((alternatives) => alternatives[0]).join(' ');
  const advice = hasApt ? `run: sudo apt-get update && sudo apt-get install -y ${names}` : `install what Debian calls: ${names}`;
  if (missing.required.length > 0) throw new SetupError(`system libraries are missing; ${advice}`);
  say(`no font with Chinese characters was found; ${advice}`);
}
