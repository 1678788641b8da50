/** Steps on the numbers pages that several end-to-end tests take. */
import { expect, type Locator, type Page } from '@playwright/test';
import { untilLive } from './e2e-actions';
import { untilReady } from './e2e-desk';

export async function openNumbers(page: Page): Promise<void> {
  await untilReady(page);
  await untilLive(page);
  await page.getByTestId('workspace-tab-numbers').click();
}

/** The account's own page, wherever it was opened from. */
export function accountPage(page: Page, accountID: string): Locator {
  return page.locator(`[data-testid="account-page"][data-account="${accountID}"]`);
}

/** The ranking's first row once it is there; answers whose it is. */
export async function nearestAccount(page: Page): Promise<string> {
  const row = page.getByTestId('distance').locator('.data-table-row').first();
  await expect(row).toBeVisible();
  const key = await row.getAttribute('data-key');
  if (key === null) throw new Error('the row names no account');
  return key;
}

/** A figure as it stands on the page, as a number. */
export async function figureOf(cell: Locator): Promise<number> {
  return Number(((await cell.textContent()) ?? '').replace('−', '-').replaceAll(/[^\d.-]/g, ''));
}
