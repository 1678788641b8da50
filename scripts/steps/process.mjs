/** What every script needs: where the repository is, how to say something, how to run a program. Node 18's own modules only. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repositoryFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Progress goes to stderr, so that a command's own output (JSON) stays clean. */
export function say(line) {
  process.stderr.write(`floorwatch: ${line}\n`);
}

/** A failure a person can act on: printed without a stack. */
export class SetupError extends Error {}

function pathNameOf(env) {
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

/** Where downloads are kept that outlive a checkout's node_modules. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'floorwatch');
}

/** Makes a folder in the cache; where that cannot be written it says what to run. */
export function makeCacheFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `the folder ${cacheFolder()}, where downloads are kept, cannot be written (${error.code ?? error.message}). Run again with XDG_CACHE_HOME=FOLDER before the command, FOLDER being one that you can write.`,
    );
  }
}

/** The environment with the repository's tools first on the PATH, so that `node` is the Node of the dependencies. */
export function environmentWithLocalTools(extra = {}) {
  const pathName = pathNameOf(process.env);
  const bin = join(repositoryFolder, 'node_modules', '.bin');
  const path = process.env[pathName] ?? '';
  return { ...process.env, [pathName]: path.startsWith(bin + delimiter) ? path : `${bin}${delimiter}${path}`, ...extra };
}

/**
 * Runs a program to its end. `output: 'inherit'` shows what it prints, `'capture'` keeps it.
 * Resolves to { code, output }; a program that cannot be started resolves to code 127. `timeoutMs` ends it and gives code 124.
 */
export function run(program, args, options = {}) {
  const { output = 'inherit', cwd = repositoryFolder, env = environmentWithLocalTools(), shell = false, timeoutMs } = options;
  return new Promise((resolve) => {
    const stdio = output === 'inherit' ? ['inherit', 2, 'inherit'] : output === 'stdout' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(program, args, { cwd, env, stdio, shell, windowsHide: true });
    const parts = [];
    let timedOut = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeoutMs);
    child.stdout?.on('data', (part) => parts.push(part));
    child.stderr?.on('data', (part) => parts.push(part));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: String(error.message) });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), output: Buffer.concat(parts).toString('utf8') });
    });
  });
}

/**
 * Runs npm as the person's own npm runs: on the Node it came with. The Node 24 among the dependencies brings certificates of its own, so that
 * behind an office's TLS proxy, known to the system's Node only, an npm on that Node reaches no registry. `node` runs it on another Node,
 * which is then told to trust what the system trusts.
 */
export function runNpm(args, options = {}) {
  const { node, ...others } = options;
  const { npm_execpath: npmFile, npm_node_execpath: npmNode } = process.env;
  const pathName = pathNameOf(process.env);
  const env =
    node === undefined
      ? process.env
      : { ...process.env, [pathName]: `${dirname(node)}${delimiter}${process.env[pathName] ?? ''}`, NODE_USE_SYSTEM_CA: '1' };
  if (npmFile !== undefined && npmNode !== undefined && basename(npmFile) === 'npm-cli.js') {
    return run(node ?? npmNode, [npmFile, ...args], { env, ...others });
  }
  const isWindows = process.platform === 'win32';
  return run(isWindows ? 'npm.cmd' : 'npm', args, { env, shell: isWindows, ...others });
}
