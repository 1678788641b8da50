/** A reading that a step was signed on turns bad again: whoever runs the plan sees and hears it, on the run's page and in emergency mode, and confirms anew. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { startCuttableFeed } from '#tests/helpers/e2e-feed';
import { journalEntries } from '#tests/helpers/e2e-journal';

/** Kept where somebody looks at them; nothing is compared. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `turned-back-${name}.png`) });
}

test('a confirmed reading that turns bad opens its step again, and says so on the run and in emergency mode', async ({ launch }) => {
  test.setTimeout(240_000);
  const feed = await startCuttableFeed();
  try {
    const { page, dataDir, pageErrors } = await launch({ args: [`--demo-url=${feed.url}`] });
    await untilReady(page);
    await untilLive(page);
    const run = await startRun(page, 'EP-03');
    await expect(run.getByTestId('reading-feeds-state')).toHaveAttribute('data-quality', 'good', { timeout: 30_000 });
    await run.getByTestId('run-step-1-done').click();
    await page.getByTestId('run-dialog-done-confirm').click();
    await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');
    await expect(run.getByTestId('run-turned-back')).toHaveCount(0);

    await feed.cut();
    await expect(run.getByTestId('run-turned-back')).toBeVisible({ timeout: 60_000 });
    await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'reopened');
    await expect(run.getByTestId('run-step-1-flag-reverted')).toBeVisible();
    await picture(page, 'run');
    await page.getByTestId('run-emergency').click();
    await expect(page.getByTestId('emergency-run')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('emergency-run').getByTestId('run-turned-back')).toBeVisible();
    await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-step-no', '1');
    await expect(page.getByTestId('emergency-step')).toHaveAttribute('data-state', 'reopened');
    await picture(page, 'emergency');

    await feed.bringBack();
    await expect(page.getByTestId('emergency-step').getByTestId('reading-feeds-state')).toHaveAttribute('data-quality', 'good', { timeout: 60_000 });
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('run-turned-back')).toHaveCount(0);
    await expect(page.getByTestId('emergency-next-1')).toHaveCount(0);
    expect(journalEntries(dataDir).filter(({ type }) => type === 'run.sensorReverted')).toHaveLength(1);
    expect(pageErrors).toEqual([]);
  } finally {
    await feed.cut();
  }
});
