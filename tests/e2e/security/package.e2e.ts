/** The package that is installed: its fuses are read back from its own program, and it starts from its archive, in its sandbox, deaf to whoever would make it a Node of theirs. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getRawHeader } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test } from '@playwright/test';
import { PACKAGED_FUSES } from '#shell/security/fuses';
import { killQuietly, repositoryFolder } from '#tests/helpers/e2e-desk';

/** Chromium's sandbox is not for root, and tests in a container run as root: the app is started as the user that owns nothing. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
/** With an older one the engine refuses its SQLite in a package, which is what a package has to do. */
const FIRST_SHIPPED_ELECTRON = 45;

let folder: string;
let executable: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-package-'));
  chmodSync(folder, 0o755);
  const script = join(repositoryFolder, 'scripts', 'commands', 'package.mjs');
  await promisify(execFile)(process.execPath, [script, '--to', join(folder, 'app')], { cwd: repositoryFolder });
  executable = join(folder, 'app', 'floorwatch');
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package’s program has every fuse as it should be, and its archive a hash for every file', async () => {
  const wire = (await getCurrentFuseWire(executable)) as unknown as Record<number, number>;
  for (const [name, isOn] of Object.entries(PACKAGED_FUSES))
    expect.soft(wire[FuseV1Options[name as keyof typeof PACKAGED_FUSES]], name).toBe(isOn ? FuseState.ENABLE : FuseState.DISABLE);
  const archive = join(folder, 'app', 'resources', 'app.asar');
  const files = filesOf(getRawHeader(archive).header as unknown as Directory);
  expect(files.size).toBeGreaterThan(100);
  expect([...files].filter(([, file]) => file.integrity?.algorithm !== 'SHA256').map(([path]) => path)).toEqual([]);
  expect(files.has('/out/main/main.js')).toBe(true);
  // Nothing but the archive can be started, and what development needs has stayed behind.
  expect(readdirSync(join(folder, 'app', 'resources')).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
  expect([...files.keys()].filter((path) => /^\/(src-|tests|scripts|docs)/.test(path) || path.includes('/node_modules/electron/'))).toEqual([]);
});

test('the package starts from its archive with the sandbox on, and runs nobody else’s code', async () => {
  test.setTimeout(120_000);
  test.skip(spawnSync('unshare', ['-U', 'true'], asUser).status !== 0, 'this system gives no user a sandbox');
  const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-packaged-'));
  if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
  const intruder = join(dataDir, 'intruder.cjs');
  const trace = join(dataDir, 'intruder-was-here');
  writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'x');`);
  const app = spawn(
    executable,
    ['--remote-debugging-port=0', `--user-data-dir=${join(dataDir, 'profile')}`, `--data-dir=${dataDir}`, '--no-demo', '--inspect=0'],
    {
      ...asUser,
      detached: true,
      env: { ...process.env, HOME: dataDir, XDG_CACHE_HOME: dataDir, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require=${intruder}` },
    },
  );
  const ended = new Promise<void>((resolve) => app.once('exit', () => resolve()));
  try {
    const browser = await chromium.connectOverCDP(await debuggerOf(app));
    await expect.poll(() => browser.contexts()[0]?.pages().length ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the package opened no window');
    await expect(page.locator('.app')).toBeAttached({ timeout: 60_000 });
    expect(page.url()).toMatch(/^desk:\/\/app\//);
    type About = { isPackaged: boolean; electronVersion: string };
    const about = await page.evaluate(() => (window as unknown as { floorwatch: { about: About } }).floorwatch.about);
    expect(about.isPackaged).toBe(true);
    expect(existsSync(trace)).toBe(false);
    expect(renderersOf(executable).map(seccompOf)).toContain('2');
    expect(renderersOf(executable).every((pid) => seccompOf(pid) === '2')).toBe(true);
    if (Number.parseInt(about.electronVersion, 10) >= FIRST_SHIPPED_ELECTRON) {
      await expect(page.locator('.app[data-app-state="ready"]')).toBeAttached({ timeout: 60_000 });
    } else {
      await expect.poll(() => logOf(dataDir), { timeout: 60_000 }).toContain('sqliteVersionRefused');
      await expect(page.locator('.app')).toHaveAttribute('data-engine', 'away');
    }
    await browser.close();
  } finally {
    // Its own group: the shell would start the engine again.
    if (app.pid !== undefined) killQuietly(-app.pid);
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
});

type Entry = { integrity?: { algorithm: string }; link?: string };
type Directory = { files: Record<string, Entry | Directory> };

function filesOf(directory: Directory, at = ''): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [name, entry] of Object.entries(directory.files)) {
    const path = `${at}/${name}`;
    if ('files' in entry) for (const [inside, file] of filesOf(entry, path)) found.set(inside, file);
    else if (entry.link === undefined) found.set(path, entry);
  }
  return found;
}

/** Chromium says on which address it can be watched; Node’s own inspector, asked for as well, must stay shut. */
function debuggerOf(app: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: unknown): void => {
      said += String(text);
      if (said.includes('Debugger listening on')) reject(new Error('the packaged program opened an inspector'));
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    app.stderr?.on('data', hear);
    app.stdout?.on('data', hear);
    app.once('exit', (code, signal) => reject(new Error(`the package ended (${code ?? signal}): ${said.slice(-2_000)}`)));
  });
}

function renderersOf(program: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    const command = readQuietly(join('/proc', pid, 'cmdline'));
    return command.startsWith(program) && command.includes('--type=renderer');
  });
}

function seccompOf(pid: string): string {
  return /^Seccomp:\s*(\d)/m.exec(readQuietly(join('/proc', pid, 'status')))?.[1] ?? '';
}

function logOf(dataDir: string): string {
  const logs = join(dataDir, 'logs');
  return existsSync(logs)
    ? readdirSync(logs)
        .map((file) => readFileSync(join(logs, file), 'utf8'))
        .join('\n')
    : '';
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
