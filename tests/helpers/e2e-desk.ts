/** Starts the built app for one test: own data folder, readiness by state, and an end that leaves no process behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type ElectronApplication, _electron as electron, type Page } from '@playwright/test';

export const repositoryFolder = join(import.meta.dirname, '..', '..');

/** `npm test` names the Electron it found or fetched. */
export function electronExecutable(): string {
  const executable = process.env.FLOORWATCH_E2E_ELECTRON;
  if (executable === undefined) throw new Error('no Electron named in FLOORWATCH_E2E_ELECTRON: run these tests with `npm test`');
  return executable;
}

export type LaunchOptions = {
  /** A data folder of an earlier start; without it a new one. */
  dataDir?: string;
  /** Arguments for the app, such as `--demo-url=...` or `--no-demo`. */
  args?: readonly string[];
  /** Another app folder than the repository: a bench's own build. */
  app?: string;
};

export type Desk = {
  app: ElectronApplication;
  page: Page;
  dataDir: string;
  /** Errors the page printed or threw: a refused script or style shows here. */
  pageErrors: string[];
  hasEnded(): boolean;
  /** Closes as a person would. */
  quit(): Promise<void>;
  /** Ends every process of the app at once, as a power cut would. */
  killAll(): Promise<void>;
};

export type RunningProcess = { pid: number; type: string; name: string };

/** The app's processes as Electron knows them. */
export function processesOf(app: ElectronApplication): Promise<RunningProcess[]> {
  return app.evaluate(({ app: electronApp }) => electronApp.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name: name ?? '' })));
}

/** The pid of a utility process of ours, or null while none runs. */
export async function pidOf(desk: Desk, name: 'Floorwatch engine' | 'Floorwatch demonstration feed'): Promise<number | null> {
  return (await processesOf(desk.app)).find((process) => process.name === name)?.pid ?? null;
}

export async function launchDesk(options: LaunchOptions = {}): Promise<Desk> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'floorwatch-e2e-'));
  const runtimeArgs = JSON.parse(process.env.FLOORWATCH_E2E_ARGS ?? '[]') as string[];
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const app = await electron.launch({
    executablePath: electronExecutable(),
    // Chromium would leave files in the home folder before the app can say where they belong.
    args: [
      options.app ?? repositoryFolder,
      ...runtimeArgs,
      `--user-data-dir=${join(dataDir, 'profile')}`,
      `--data-dir=${dataDir}`,
      ...(options.args ?? []),
    ],
    env,
  });
  // Playwright forgets the process once the app is closed.
  const shellProcess = app.process();
  const page = await app.firstWindow();
  const pageErrors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  return {
    app,
    page,
    dataDir,
    pageErrors,
    hasEnded: () => shellProcess.exitCode !== null || shellProcess.signalCode !== null,
    quit: () => app.close(),
    async killAll() {
      const running = await processesOf(app);
      const shellPid = shellProcess.pid;
      const ended = new Promise<void>((resolve) => shellProcess.once('exit', () => resolve()));
      // The shell last of all would start the engine again; it goes first.
      for (const pid of [shellPid, ...running.map((process) => process.pid)]) {
        if (pid !== undefined) killQuietly(pid);
      }
      await ended;
    },
  };
}

export function killQuietly(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The page has drawn its first status picture. */
export async function untilReady(page: Page): Promise<void> {
  await page.locator('.app[data-app-state="ready"]').waitFor({ state: 'attached', timeout: 60_000 });
}

export type DeskFixtures = {
  /** A started app on the demonstration desk; the page need not be ready yet. */
  desk: Desk;
  /** Starts further ones; all are ended and their folders removed after the test. */
  launch: (options?: LaunchOptions) => Promise<Desk>;
};

export const test = base.extend<DeskFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  launch: async ({}, use) => {
    const started: Desk[] = [];
    await use(async (options) => {
      const desk = await launchDesk(options);
      started.push(desk);
      return desk;
    });
    for (const desk of started) {
      if (!desk.hasEnded()) await desk.quit();
    }
    for (const desk of started) rmSync(desk.dataDir, { recursive: true, force: true });
  },
  desk: async ({ launch }, use) => {
    await use(await launch());
  },
});
