/** The engine dies under the desk: the page keeps its picture and says so, the shell starts the engine again, and the journal has lost nothing. */
import { expect } from '@playwright/test';
import { untilLive } from '#tests/helpers/e2e-actions';
import { killQuietly, pidOf, test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';

/** The aim for a kill on a desk machine, from the kill to a live feed on a fresh picture. */
const LIVE_AGAIN_MS = 3000;

type Watched = { at: number; engine: string | null; feed: string | null; hasHeatmap: boolean; hasBanner: boolean };

test('a killed engine leaves the last picture with its age, and is live again with nothing lost', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await expect(page.getByTestId('heatmap')).toBeVisible();
  const before = journalEntries(desk.dataDir);
  const firstPid = await pidOf(desk, 'Floorwatch engine');
  expect(before.length).toBeGreaterThan(0);
  if (firstPid === null) throw new Error('no engine runs');

  // The page itself keeps the record: what is on it for a moment only would be missed from outside.
  await page.evaluate(() => {
    const seen: Watched[] = [];
    const look = (): void => {
      const now: Watched = {
        at: Date.now(),
        engine: document.querySelector('.app')?.getAttribute('data-engine') ?? null,
        feed: document.querySelector('[data-testid="status-feed-demo"]')?.getAttribute('data-state') ?? null,
        hasHeatmap: document.querySelector('[data-testid="heatmap"]') !== null,
        hasBanner: document.querySelector('[data-testid="banner-engine"]') !== null,
      };
      const last = seen.at(-1);
      if (last === undefined || last.engine !== now.engine || last.feed !== now.feed || last.hasBanner !== now.hasBanner) seen.push(now);
      if (!now.hasHeatmap) seen.push(now);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    (window as unknown as { seen: Watched[] }).seen = seen;
  });
  const killedAtMs = Date.now();
  killQuietly(firstPid);

  await expect.poll(async () => (await pidOf(desk, 'Floorwatch engine')) ?? firstPid, { timeout: 30_000 }).not.toBe(firstPid);
  await untilLive(page);
  const seen = await page.evaluate(() => (window as unknown as { seen: Watched[] }).seen);
  const away = seen.find((moment) => moment.engine === 'away');
  const liveAgain = seen.find((moment) => away !== undefined && moment.at >= away.at && moment.engine === 'connected' && moment.feed === 'live');
  expect(away, 'the page says that the engine is away').toBeDefined();
  expect(
    seen.every((moment) => moment.hasHeatmap),
    'the picture stays on the screen',
  ).toBe(true);
  const tookMs = (liveAgain?.at ?? Number.POSITIVE_INFINITY) - killedAtMs;
  test.info().annotations.push({ type: 'measured', description: `live again ${tookMs} ms after the kill` });
  expect(tookMs).toBeLessThan(LIVE_AGAIN_MS);

  const after = journalEntries(desk.dataDir);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(desk.pageErrors).toEqual([]);
});

test('an engine that hangs is told on the page within seconds, and is ended and started again', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  const firstPid = await pidOf(desk, 'Floorwatch engine');
  if (firstPid === null) throw new Error('no engine runs');
  killQuietly(firstPid, 'SIGSTOP');
  await expect(page.getByTestId('banner-engine')).toHaveAttribute('data-state', 'silent', { timeout: 15_000 });
  await expect(page.locator('.app')).toHaveAttribute('data-engine', 'away');
  await expect(page.getByTestId('status-mode')).toHaveAttribute('data-mode', 'engineDown');
  await expect(page.getByTestId('trust-line')).toHaveAttribute('data-mark', 'down');
  await expect(page.getByTestId('heatmap')).toBeVisible();

  await expect.poll(async () => (await pidOf(desk, 'Floorwatch engine')) ?? firstPid, { timeout: 60_000 }).not.toBe(firstPid);
  await untilLive(page);
  await expect(page.getByTestId('banner-engine')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});

test('a page whose own process dies comes back by itself', async ({ desk }) => {
  await untilReady(desk.page);
  const reloaded = desk.page.waitForEvent('load');
  const pid = await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
  if (pid === undefined) throw new Error('no page process');
  killQuietly(pid);
  await reloaded.catch(() => {});
  await expect
    .poll(
      () =>
        desk.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.documentElement.dataset.appState'),
        ),
      {
        timeout: 30_000,
      },
    )
    .toBe('ready');
});
