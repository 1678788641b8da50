/** Fifty thousand signals over five thousand things in a minute, before the real page: whether it goes on drawing, and whether each cause is one line. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { appFolder, tellDesk } from '#tests/bench/alerts/painted';
import { RULES, STORM_KEYS, STORM_SIGNALS } from '#tests/bench/alerts/signals';
import { processorShares, processorUsage } from '#tests/bench/page/processor';
import { launchDesk, untilReady } from '#tests/helpers/e2e-desk';

type WatchedWindow = Window & { stormFrames?: number[] };

function countFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const atMs: number[] = [];
    (window as WatchedWindow).stormFrames = atMs;
    const onFrame = (nowMs: number): void => {
      atMs.push(nowMs);
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

/** The page has no feed and no alerts but the storm's: each rule is a cause, and each cause has to be one line, whatever is pressed. */
export async function measureStorm(): Promise<Record<string, unknown>> {
  const desk = await launchDesk({ app: appFolder, args: ['--no-demo'] });
  try {
    const { page, dataDir, app } = desk;
    await untilReady(page);
    await page.getByTestId('workspace-tab-alerts').click();
    await page.getByTestId('alerts-bar').waitFor();
    await countFrames(page);
    const before = await processorUsage(app);
    const beganMs = await page.evaluate(() => performance.now());
    const { processorSeconds, commits } = await tellDesk(dataDir, { kind: 'storm', signals: STORM_SIGNALS });
    const shares = processorShares(before, await processorUsage(app));
    const atMs = await page.evaluate((sinceMs) => ((window as WatchedWindow).stormFrames ?? []).filter((each) => each >= sinceMs), beganMs);
    const gapsMs = atMs.slice(1).map((each, at) => each - (atMs[at] ?? each));
    const seconds = ((atMs.at(-1) ?? Number.NaN) - (atMs[0] ?? Number.NaN)) / 1000;
    gapsMs.sort((a, b) => a - b);
    await page.locator(`[data-testid="alert-list"][aria-rowcount="${RULES}"]`).waitFor({ timeout: 60_000 });
    const listed = Number(await page.getByTestId('alerts-count').getAttribute('data-count'));
    const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
    if (folder !== '') {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, 'storm.png') });
    }
    return {
      value: Math.round(gapsMs.length / seconds),
      unit: 'frames a second',
      aim: 'at least 30',
      p99GapMs: Math.round(gapsMs[Math.floor(gapsMs.length * 0.99)] ?? Number.NaN),
      longestGapMs: Math.round(gapsMs.at(-1) ?? Number.NaN),
      signals: STORM_SIGNALS,
      keys: STORM_KEYS,
      lines: RULES,
      // One for each thing, or some were lost.
      listed,
      tookSeconds: Math.round(seconds),
      engineProcessorSeconds: processorSeconds,
      commits,
      processorShares: shares,
      pageErrors: desk.pageErrors,
    };
  } finally {
    await desk.quit();
    rmSync(desk.dataDir, { recursive: true, force: true });
  }
}
