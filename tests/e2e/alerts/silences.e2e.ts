/** Keeping a rule quiet from the page: within hours of certain days, and out of service with somebody else's agreement. */
import { expect } from '@playwright/test';
import { openPanel, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

test('a rule is muted by calendar and shows in the inventory; out of service waits for other people', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  await openPanel(page, 'suppressions');
  await page.getByTestId('silence-new').click();
  const dialog = page.getByTestId('silence-dialog');
  await expect(dialog).toBeVisible();
  // A long form begins at its first question.
  await expect(page.getByTestId('silence-kind')).toBeFocused();
  await page.getByTestId('silence-kind').selectOption('mutedCalendar');
  await page.getByTestId('silence-dialog-text').fill('lunch break');
  // Nothing named would silence the desk.
  await expect(page.getByTestId('silence-dialog-confirm')).toBeDisabled();
  await page.getByTestId('silence-rule').selectOption('large-trader');
  await page.getByTestId('silence-from').fill('25:00');
  await expect(page.getByTestId('silence-dialog-confirm')).toBeDisabled();
  await page.getByTestId('silence-from').fill('11:30');
  if (process.env.FLOORWATCH_SCREENSHOTS) await page.screenshot({ path: `${process.env.FLOORWATCH_SCREENSHOTS}/silence-dialog.png` });
  await page.getByTestId('silence-dialog-confirm').click();
  await expect(dialog).toHaveCount(0);
  const card = page.locator('[data-testid="suppression"][data-kind="mutedCalendar"]');
  await expect(card).toContainText('large-trader');
  await expect(card).toContainText('11:30–13:00');
  await page.getByTestId('silence-new').click();
  await page.getByTestId('silence-rule').selectOption('large-trader');
  await page.getByTestId('silence-dialog-text').fill('the counter is repaired');
  await page.getByTestId('silence-dialog-confirm').click();
  await expect(page.getByTestId('refusal')).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  if (process.env.FLOORWATCH_SCREENSHOTS) await page.screenshot({ path: `${process.env.FLOORWATCH_SCREENSHOTS}/silence-approval.png` });
});
