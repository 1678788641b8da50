/** The limits page: merged by customer or not, three lists, exported with headings, and one row leads to its holder. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '#tests/helpers/e2e-desk';
import { openNumbers } from '#tests/helpers/e2e-numbers';

test('limits, heavy positions and large traders are listed by customer or account, and leave as a file with headings', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  await page.getByTestId('tab-limits').click();
  const limits = page.getByTestId('limits');
  await expect(limits.locator('.data-table-row').first()).toBeVisible();
  await limits.getByTestId('limits-by-account').click();
  await expect(limits.locator('.data-table-row').first()).toHaveAttribute('data-key', /^account\|/);
  await limits.getByTestId('limits-heavy').click();
  await expect(limits).toHaveAttribute('data-view', 'heavy');
  await expect(limits.locator('.data-table-row').first()).toBeVisible();
  await limits.getByTestId('limits-largeTraders').click();
  await expect(limits).toHaveAttribute('data-view', 'largeTraders');

  await limits.getByTestId('limits-positions').click();
  await limits.getByTestId('export-limits-csv').click();
  const made = page.getByTestId('export-made');
  await expect(made).toHaveAttribute('data-path', /limits.*\.csv$/, { timeout: 60_000 });
  const [headings = ''] = readFileSync((await made.getAttribute('data-path')) ?? '', 'utf8').split('\r\n');
  for (const field of ['holderID', 'limitUse', 'countedVolume', 'limitRow']) expect(headings).not.toContain(field);

  await limits.locator('.data-table-row').first().dblclick();
  await expect(page.locator('[data-testid="account-page"]')).toBeVisible();
  expect(desk.pageErrors).toEqual([]);
});
