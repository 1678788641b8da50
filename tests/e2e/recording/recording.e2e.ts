/** Recording what the feeds say and playing it again, as a person does it. */
import { expect } from '@playwright/test';
import { untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

test('a recording is made, played at another speed, paused and left for the live feed', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await page.getByTestId('workspace-tab-health').click();
  await page.getByTestId('recording-name').fill('short');
  await page.getByTestId('recording-start').click();
  await expect(page.getByTestId('status-recording')).toBeVisible();
  await expect(page.getByTestId('recording-running')).toContainText(/[1-9]/);
  await page.getByTestId('recording-stop').click();
  await expect(page.getByTestId('recording-made')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('status-recording')).toHaveCount(0);

  await page.getByTestId('recording-row').first().getByTestId('replay-start').click();
  await expect(page.getByTestId('status-mode')).toHaveAttribute('data-mode', 'replay');
  await expect(page.getByTestId('replay')).toBeVisible();

  // On whatever page: the figures are of a recording, and nobody acts on its alerts.
  await page.getByTestId('workspace-tab-overview').click();
  await expect(page.getByTestId('banner-replay')).toBeVisible();
  await expect(page.getByTestId('trust-line')).toHaveAttribute('data-mark', 'paused');
  await expect(page.getByTestId('ack-selected')).toBeDisabled();
  await expect(page.getByTestId('ack-button')).toHaveCount(0);
  await page.getByTestId('banner-replay-stop').click();
  await expect(page.getByTestId('banner-replay')).toHaveCount(0);
  await expect(page.getByTestId('status-mode')).toHaveAttribute('data-mode', 'live', { timeout: 60_000 });
  expect(desk.pageErrors).toEqual([]);
});

test('a back-up is made on demand and says that it was verified', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-health').click();
  await page.getByTestId('backup-now').click();
  await expect(page.getByTestId('backup-made')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('health-backups')).toBeVisible();
});
