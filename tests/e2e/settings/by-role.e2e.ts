/** The settings as each role finds them: what somebody may not change is not offered, and the engine refuses it whatever the page shows. */
import { expect } from '@playwright/test';
import { become } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

test('only those who may set up feeds are offered to, and nobody else’s change of the desk is recorded', async ({ desk }) => {
  test.setTimeout(120_000);
  const { page } = desk;
  await untilReady(page);
  const openSettings = async (): Promise<void> => {
    await page.getByTestId('status-person').click();
    await page.getByTestId('person-settings').click();
    await expect(page.getByTestId('settings')).toBeVisible();
  };
  await openSettings();
  await expect(page.getByTestId('feed-add')).toBeVisible();
  await expect(page.getByTestId('feeds-not-yours')).toHaveCount(0);

  // May set the desk, and not where its pictures come from.
  await become(page, 'administrator');
  await openSettings();
  await expect(page.getByTestId('feeds-not-yours')).toBeVisible();
  await expect(page.getByTestId('feed-add')).toHaveCount(0);
  await expect(page.locator('[data-testid^="feed-pause-"]')).toHaveCount(0);
  await page.getByTestId('setting-theme-light').click();
  await expect(page.getByTestId('settings').getByTestId('refusal')).toHaveCount(0);

  // May set nothing: it shows in this window, and the page says that it is not recorded.
  await become(page, 'duty');
  await openSettings();
  await expect(page.getByTestId('feed-add')).toHaveCount(0);
  await page.getByTestId('setting-theme-dark').click();
  await expect(page.getByTestId('settings').getByTestId('refusal').first()).toHaveAttribute('data-code', 'FORBIDDEN');
  expect(desk.pageErrors).toEqual([]);
});
