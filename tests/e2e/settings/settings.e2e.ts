/** Settings a person changes: language, theme, price colours, and the three steps to a feed of one's own. */
import { expect, type Page } from '@playwright/test';
import { pidOf, test, untilReady } from '#tests/helpers/e2e-desk';
import { startCuttableFeed } from '#tests/helpers/e2e-feed';

async function openSettings(page: Page): Promise<void> {
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-settings').click();
}

test('language, theme and price colours hold after a restart', async ({ launch }) => {
  const first = await launch();
  await untilReady(first.page);
  await openSettings(first.page);
  const settings = first.page.getByTestId('settings');
  await settings.getByTestId('setting-language-zh-CN').click();
  await expect.poll(() => first.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  await settings.getByTestId('setting-theme-light').click();
  await settings.getByTestId('setting-priceColours-greenUp').click();
  await first.quit();

  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  await expect
    .poll(() =>
      second.page.evaluate(() => [
        document.documentElement.lang,
        document.documentElement.dataset.theme,
        document.documentElement.dataset.priceColours,
      ]),
    )
    .toEqual(['zh-CN', 'light', 'greenUp']);
  expect(second.pageErrors).toEqual([]);
});

test('three steps lead to a feed: an address that does not answer is refused and kept, one that does is tested and used', async ({ desk }) => {
  const { page } = desk;
  const feed = await startCuttableFeed();
  try {
    await untilReady(page);
    await openSettings(page);
    await page.getByTestId('feed-add').click();
    await page.getByTestId('feed-url').fill('ws://127.0.0.1:9/');
    await page.getByTestId('feed-test').click();
    const steps = page.getByTestId('feed-steps');
    await expect(steps.getByTestId('refusal')).toBeVisible({ timeout: 40_000 });
    await expect(page.getByTestId('feed-url')).toHaveValue('ws://127.0.0.1:9/');
    await expect(page.getByTestId('feed-use')).toBeDisabled();

    await page.getByTestId('feed-url').fill(feed.url);
    await page.getByTestId('feed-test').click();
    await expect(page.getByTestId('feed-test-answer')).toBeVisible({ timeout: 40_000 });
    await page.getByTestId('feed-use').click();
    await expect(page.getByTestId('settings-feed-primary')).toBeVisible();
    await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
    // Nobody listens to the demonstration any more: it does not go on generating a market beside the real one.
    await expect.poll(() => pidOf(desk, 'Floorwatch demonstration feed')).toBeNull();

    await page.getByTestId('settings-feed-primary').getByTestId('feed-pause-primary').click();
    await page.getByTestId('feed-pause-dialog-text').fill('maintenance at the counter');
    await page.getByTestId('feed-pause-dialog-confirm').click();
    await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'paused');
    await page.getByTestId('settings-feed-primary').getByTestId('feed-resume-primary').click();
    await expect(page.getByTestId('status-feed-primary')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });

    await page.getByTestId('feed-remove-primary').click();
    await expect(page.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
    await expect(page.getByTestId('status-mode')).toHaveAttribute('data-demonstration', 'true');
  } finally {
    await feed.cut();
  }
});
