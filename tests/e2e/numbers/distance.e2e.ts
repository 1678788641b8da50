/** From the ranking to the account, from the account to where its number comes from. */
import { expect } from '@playwright/test';
import { test } from '#tests/helpers/e2e-desk';
import { accountPage, figureOf, nearestAccount, openNumbers } from '#tests/helpers/e2e-numbers';

test('the nearest account is one key away, with its safe range by contract and the derivation of its equity', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  const distance = page.getByTestId('distance');
  await distance.getByTestId('target-force').click();
  await expect(distance).toHaveAttribute('data-target', 'force');
  const accountID = await nearestAccount(page);
  await distance.getByTestId('distance-filter').fill(accountID);
  await expect(distance.getByTestId('table-distance')).toHaveAttribute('data-total', '1');
  await distance.getByRole('grid').focus();
  await page.keyboard.press('Enter');

  const account = accountPage(page, accountID);
  await expect(account.getByTestId('inverse-ladder').locator('tbody tr')).toHaveCount(4);
  await account.getByTestId('inverse-alone').click();
  await expect(account.getByTestId('inverse-product').first()).toBeVisible();
  await account.getByTestId('inverse-sequence').click();
  const queue = account.getByTestId('queue');
  await expect(queue.getByTestId('queue-crossings').locator('tbody tr')).toHaveCount(4);
  await expect(queue.getByTestId('queue-steps').locator('tbody tr').first()).toBeVisible();
  await account.getByTestId('inverse-days-1').click();
  await expect(queue).toHaveAttribute('data-days', '1');

  const figures = account.getByTestId('account-figures');
  await figures.getByTestId('explain-balance').focus();
  await page.keyboard.press('Enter');
  const explain = account.getByTestId('explain');
  await expect(explain).toHaveAttribute('data-field', 'balance');
  const tree = explain.getByTestId('derivation');
  const lines = tree.locator('[data-depth="1"]');
  await expect(lines.first()).toBeVisible();
  // The lines of a sum add up to the cent.
  const total = await figureOf(tree.locator('[data-depth="0"] .derivation-value'));
  let added = 0;
  for (const line of await lines.all()) {
    const sign = (await line.locator('.derivation-sign').count()) > 0 ? -1 : 1;
    added += sign * (await figureOf(line.locator('.derivation-value')));
  }
  expect(Math.abs(added - total)).toBeLessThan(0.011);

  await tree.focus();
  const before = Number(await tree.getAttribute('data-lines'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => Number(await tree.getAttribute('data-lines'))).toBeGreaterThan(before);
  await explain.getByTestId('explain-all').click();
  await expect(tree.locator('.derivation-source').first()).toBeVisible();
  await explain.getByTestId('explain-field').selectOption('currMargin');
  await expect(explain).toHaveAttribute('data-field', 'currMargin');
  await explain.getByTestId('explain-all').click();
  await expect(tree.locator('.derivation-rule .certainty').first()).toBeVisible();
  await explain.getByTestId('explain-copy').click();
  await expect(explain.getByTestId('explain-copied')).not.toBeEmpty();
  expect(desk.pageErrors).toEqual([]);
});
