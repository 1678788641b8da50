/** What a person waits for: from the launch to a first picture that can be used, again with the last picture on disk, and from the engine's death to a live desk. */
import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type Desk, killQuietly, launchDesk, pidOf } from '#tests/helpers/e2e-desk';

const ROUNDS = 5;

type Times = { pictureMs: number; liveMs: number };

/** The heat map has rows and cells to read, whatever their age. */
function hasPicture(page: Page): Promise<unknown> {
  return page.waitForFunction(() => Number(document.querySelector('[data-testid="heatmap"]')?.getAttribute('data-rows') ?? 0) > 0, undefined, {
    timeout: 120_000,
    polling: 'raf',
  });
}

function isLive(page: Page): Promise<unknown> {
  return page.waitForFunction(
    () =>
      document.querySelector('.app')?.getAttribute('data-engine') === 'connected' &&
      document.querySelector('[data-testid="status-feed-demo"]')?.getAttribute('data-state') === 'live' &&
      document.querySelector('[data-testid="heatmap"]')?.getAttribute('data-current') === 'true',
    undefined,
    { timeout: 120_000, polling: 'raf' },
  );
}

async function start(dataDir?: string): Promise<{ desk: Desk; times: Times }> {
  const startedMs = performance.now();
  const desk = await launchDesk(dataDir === undefined ? {} : { dataDir });
  await hasPicture(desk.page);
  const pictureMs = performance.now() - startedMs;
  await isLive(desk.page);
  return { desk, times: { pictureMs, liveMs: performance.now() - startedMs } };
}

/** From the kill until the page shows a live feed through a new engine. */
async function restartEngine(desk: Desk): Promise<number> {
  const pid = await pidOf(desk, 'Floorwatch engine');
  if (pid === null) throw new Error('no engine runs');
  const away = desk.page.waitForFunction(() => document.querySelector('.app')?.getAttribute('data-engine') === 'away', undefined, { polling: 'raf' });
  const startedMs = performance.now();
  killQuietly(pid);
  await away;
  await isLive(desk.page);
  return performance.now() - startedMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export async function run(): Promise<Record<string, unknown>> {
  const first: Times[] = [];
  const again: Times[] = [];
  const restarts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = await start();
    first.push(fresh.times);
    restarts.push(await restartEngine(fresh.desk));
    await fresh.desk.quit();
    const { desk, times } = await start(fresh.desk.dataDir);
    again.push(times);
    await desk.quit();
    rmSync(desk.dataDir, { recursive: true, force: true });
  }
  const of = (times: readonly Times[]) => ({ pictureMs: median(times.map((one) => one.pictureMs)), liveMs: median(times.map((one) => one.liveMs)) });
  return {
    rounds: ROUNDS,
    firstStart: of(first),
    startWithLastPicture: of(again),
    engineKillToLiveMs: { value: median(restarts), aim: 'under 3000', all: restarts },
  };
}
