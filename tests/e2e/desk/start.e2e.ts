/** The demonstration desk as a new user meets it: one command, a live picture, both languages and themes, one instance. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { untilLive } from '#tests/helpers/e2e-actions';
import { processesOf, repositoryFolder, test, untilReady } from '#tests/helpers/e2e-desk';

const screenshotFolder = join(repositoryFolder, 'test-results/screenshots');
const docsFolder = join(repositoryFolder, 'docs/screenshots');
/** The few that the README shows, renewed when FLOORWATCH_SCREENSHOTS=docs. */
const README_PICTURES = ['overview-en-dark-small', 'overview-zh-CN-light-small', 'numbers-en-dark-small', 'emergency-zh-CN-dark-small'];
/** What a panel says until its first picture is there, in both languages. */
const WAITING = /^(Loading…|Computing…|Waiting for the engine…|正在载入…|正在计算…|正在等待引擎…)$/;
const SIZES = [
  { name: 'wide', width: 1920, height: 1080 },
  { name: 'small', width: 1280, height: 800 },
] as const;

test('the demonstration desk shows live accounts, alerts and a heat map without an error', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await expect(page.getByTestId('status-demonstration')).toBeVisible();
  await expect(page.getByTestId('heatmap')).toBeVisible();
  expect((await processesOf(desk.app)).map((process) => process.name)).toEqual(
    expect.arrayContaining(['Floorwatch engine', 'Floorwatch demonstration feed']),
  );
  expect(desk.pageErrors).toEqual([]);
});

test('every workspace is drawn in both languages, both themes and two sizes', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page } = desk;
  mkdirSync(screenshotFolder, { recursive: true });
  mkdirSync(docsFolder, { recursive: true });
  await untilReady(page);
  await untilLive(page);
  const tabs = await page.getByTestId(/^workspace-tab-/).evaluateAll((found) => found.map((tab) => (tab as HTMLElement).dataset.testid ?? ''));
  expect(tabs).toEqual(expect.arrayContaining(['workspace-tab-overview', 'workspace-tab-oversight']));
  for (const size of SIZES) {
    await desk.app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(size.width);
    for (const language of ['first', 'second']) {
      for (const theme of ['first', 'second']) {
        const look = await page.evaluate(() => `${document.documentElement.lang}-${document.documentElement.dataset.theme}`);
        for (const tab of tabs) {
          await page.getByTestId(tab).click();
          await expect(page.getByTestId('panel-fault')).toHaveCount(0);
          await expect(page.getByText(WAITING)).toHaveCount(0);
          const name = `${tab.replace('workspace-tab-', '')}-${look}-${size.name}`;
          const picture = await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
          if (process.env.FLOORWATCH_SCREENSHOTS === 'docs' && README_PICTURES.includes(name))
            writeFileSync(join(docsFolder, `${name}.png`), picture);
        }
        await page.getByTestId('switch-theme').click();
        await expect.poll(() => page.evaluate(() => `${document.documentElement.lang}-${document.documentElement.dataset.theme}`)).not.toBe(look);
        if (theme === 'second') break;
      }
      const before = await page.evaluate(() => document.documentElement.lang);
      await page.getByTestId('switch-language').click();
      await expect.poll(() => page.evaluate(() => document.documentElement.lang)).not.toBe(before);
      if (language === 'second') break;
    }
  }
  expect(desk.pageErrors).toEqual([]);
});

test('a second start brings the first window forward instead of opening the journal twice', async ({ desk, launch }) => {
  await untilReady(desk.page);
  const focused = desk.app.evaluate(({ app }) => new Promise((resolve) => app.once('second-instance', () => resolve(true))));
  await launch({ dataDir: desk.dataDir }).catch(() => undefined);
  expect(await focused).toBe(true);
  expect(desk.app.windows()).toHaveLength(1);
});
