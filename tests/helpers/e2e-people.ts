/** What tests of the running app do about people: claim a desk and look at its people. */
import { expect, type Page } from '@playwright/test';
import { tick } from '#tests/helpers/e2e-actions';
import { untilReady } from '#tests/helpers/e2e-desk';

export const ADMIN = { name: '沈博 Bo Shen', login: 'boss', secret: 'quartz-vessel-77-meadow' };

/** Makes the desk its administrator's own, and answers the recovery codes that were shown. */
export async function claimDesk(page: Page): Promise<string[]> {
  await untilReady(page);
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-claim').click();
  await page.getByTestId('claim-name').fill(ADMIN.name);
  await page.getByTestId('claim-login').fill(ADMIN.login);
  await page.getByTestId('new-secret').fill(ADMIN.secret);
  await page.getByTestId('new-secret-again').fill(ADMIN.secret);
  await expect(page.getByTestId('secret-judged')).toHaveAttribute('data-strong', 'true', { timeout: 30_000 });
  await page.getByTestId('claim-submit').click();
  await expect(page.getByTestId('once-codes').locator('li')).toHaveCount(8, { timeout: 60_000 });
  const codes = await page.getByTestId('once-codes').locator('li').allInnerTexts();
  await tick(page.getByTestId('once-codes-kept'));
  await page.getByTestId('once-codes-done').click();
  await expect(page.getByTestId('status-person')).toHaveText(ADMIN.name);
  return codes;
}

export async function openPeople(page: Page): Promise<void> {
  await page.getByTestId('status-person').click();
  await page.getByTestId('person-people').click();
  await expect(page.getByTestId('people')).toBeVisible();
}
