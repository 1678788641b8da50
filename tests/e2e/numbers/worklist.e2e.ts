/** A worklist is made from an account as a request, says so, and no longer holds once the account has changed. */
import { expect } from '@playwright/test';
import { tick } from '#tests/helpers/e2e-actions';
import { test } from '#tests/helpers/e2e-desk';
import { accountPage, nearestAccount, openNumbers } from '#tests/helpers/e2e-numbers';
import { startForgetfulFeed } from '#tests/helpers/forgetful-feed';

test('a list is made, reopened by what comes in, and withdrawn with a reason', async ({ launch }) => {
  test.setTimeout(240_000);
  // Few accounts and a busy market: whoever has a list trades soon.
  const feed = await startForgetfulFeed({ demoArgs: ['--accounts=30', '--phase=busy', '--speed=8'] });
  try {
    const desk = await launch({ args: [`--demo-url=${feed.url}`] });
    const { page } = desk;
    await openNumbers(page);
    const accountID = await nearestAccount(page);
    await page.getByTestId('distance').locator(`.data-table-row[data-key="${accountID}"]`).dblclick();
    const account = accountPage(page, accountID);
    await account.getByTestId('tab-worklist').click();
    await account.getByTestId('rule-targetDegree').fill('5');
    await expect(account.getByTestId('preview')).toHaveAttribute('data-kind', 'list');
    await account.getByTestId('worklist-note').fill('asked by the risk chief');
    const list = account.getByTestId('worklist').first();
    // A picture that has gone stale on a busy machine is rightly refused: a person waits for the feed and asks again.
    await expect(async () => {
      await expect(page.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live');
      await account.getByTestId('worklist-make').click({ timeout: 5_000 });
      await expect(list.getByTestId('worklist-nothing-sent')).toBeVisible({ timeout: 15_000 });
    }).toPass({ timeout: 90_000 });
    await expect(list.getByTestId('worklist-lines').locator('tbody tr').first()).toBeVisible();
    await expect(list.getByTestId('worklist-holds')).toHaveAttribute('data-until', /^\d+$/);

    await expect(list).toHaveAttribute('data-state', 'reopened', { timeout: 120_000 });
    await expect(list.getByTestId('worklist-reopened')).toHaveAttribute('data-cause', /deposit|withdrawal|fill|position|order/);
    await list.getByTestId('worklist-withdraw').click();
    await page.getByTestId('withdraw-dialog-text').fill('a new one is made');
    await page.getByTestId('withdraw-dialog-confirm').click();
    await expect(list).toHaveAttribute('data-state', 'withdrawn');

    await page.getByTestId('tab-worklists').click();
    await expect(page.getByTestId('worklists').locator(`[data-testid="worklist-item"][data-account="${accountID}"]`)).toHaveAttribute(
      'data-state',
      'withdrawn',
    );
    expect(desk.pageErrors).toEqual([]);
  } finally {
    await feed.close();
  }
});

test('a list is confirmed by a second person, and leaves as a file that the journal knows of', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await openNumbers(page);
  const accountID = await nearestAccount(page);
  await page.getByTestId('distance').locator(`.data-table-row[data-key="${accountID}"]`).dblclick();
  const account = accountPage(page, accountID);
  await account.getByTestId('tab-worklist').click();
  await account.getByTestId('rule-targetDegree').fill('5');
  await expect(account.getByTestId('preview')).toHaveAttribute('data-kind', 'list');
  const withSecond = account.getByTestId('worklist-second');
  await tick(withSecond);
  // Refused while the picture is stale, as on a busy machine it may be: the two try again.
  await expect(async () => {
    const dialog = page.getByTestId('second-person');
    if ((await dialog.count()) === 0) await account.getByTestId('worklist-make').click({ timeout: 5_000 });
    await dialog.getByTestId('second-person-login').selectOption('supervisor2');
    await dialog.getByTestId('second-person-secret').fill('demo-supervisor2');
    await dialog.getByTestId('second-person-confirm').click({ timeout: 5_000 });
    await expect(account.getByTestId('worklist-confirmed').first()).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 90_000 });
  await withSecond.locator('xpath=ancestor::label').click();
  await expect(withSecond).not.toBeChecked();
  // A fill may reopen a list before it is exported, and then it must not be: make another.
  await expect(async () => {
    await account.getByTestId('worklist-make').click();
    const list = account.getByTestId('worklist').first();
    await expect(list).toHaveAttribute('data-state', 'made');
    await list.getByTestId('worklist-export-csv').click();
    await expect(list.getByTestId('worklist-exported')).toContainText(/\.csv/, { timeout: 5_000 });
  }).toPass({ timeout: 90_000 });
});
