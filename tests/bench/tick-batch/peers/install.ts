/** Installs the peers into the project's cache, once: a user of the product never pays for what only a bench needs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Returns the folder whose node_modules hold the peers. Throws with npm's own words when they cannot be had. */
export function installPeers(): string {
  const folder = resolve(import.meta.dirname, '../../../../.cache/bench-peers');
  const wanted = join(import.meta.dirname, 'package.json');
  const installed = join(folder, 'package.json');
  if (existsSync(join(folder, 'node_modules')) && existsSync(installed) && readFileSync(installed).equals(readFileSync(wanted))) return folder;
  mkdirSync(folder, { recursive: true });
  copyFileSync(wanted, installed);
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`the engines to compare with could not be installed: ${npm.stderr.slice(0, 500)}`);
  return folder;
}
