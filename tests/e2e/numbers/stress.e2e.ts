/** A stress scenario is made, saved as a version, seen on the heat map and in the summary, and leads to the account. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '#tests/helpers/e2e-desk';
import { accountPage, openNumbers } from '#tests/helpers/e2e-numbers';

test('a scenario is made, saved and changed, and what it does shows in sum, by account and on the account', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  const stress = page.getByTestId('stress');
  await expect(stress.getByTestId('heatmap')).toHaveAttribute('data-rows', '8');
  await expect(stress.getByTestId('stress-summary-row').first()).toHaveAttribute('data-column', 'now');

  // Beside a narrow map the list waits behind its button.
  if ((await stress.getByTestId('toggle-scenarios').getAttribute('aria-expanded')) === 'false') await stress.getByTestId('toggle-scenarios').click();
  await stress.getByTestId('scenario-new').click();
  const form = page.getByTestId('scenario-form');
  await form.getByTestId('scenario-name').fill('Crash of the test');
  await form.getByTestId('scenario-percent').fill('not a number');
  await form.getByTestId('scenario-save').click();
  await expect(form.getByTestId('refusal')).toContainText('percent');
  await expect(form.getByTestId('scenario-name')).toHaveValue('Crash of the test');
  await form.getByTestId('scenario-percent').fill('-30');
  await form.getByTestId('margins-add').click();
  await form.getByTestId('margins-0-addedPoints').fill('3');
  await form.getByTestId('scenario-save').click();
  await expect(form).toHaveCount(0);

  const saved = stress.locator('[data-testid="scenario"][data-name="Crash of the test"]');
  await expect(saved).toHaveAttribute('data-version', '1');
  await expect(stress).toHaveAttribute('data-columns', 'scenarios');
  await expect(stress.getByTestId('heatmap')).toHaveAttribute('data-columns', '1');
  const outcome = stress.locator('[data-testid="stress-summary-row"]:not([data-column="now"])');
  await expect(outcome).toHaveCount(1);
  await expect.poll(async () => Number(await outcome.getAttribute('data-changed'))).toBeGreaterThan(0);

  await saved.getByTestId('scenario-change').click();
  await form.getByTestId('scenario-percent').fill('-40');
  await form.getByTestId('scenario-save').click();
  await expect(saved).toHaveAttribute('data-version', '2');

  const scenarioId = (await saved.getAttribute('data-scenario')) ?? '';
  await stress.getByTestId('outcome-changed').click();
  const changed = stress.getByTestId('stress-changed-row').first().getByRole('button');
  const accountID = (await changed.textContent()) ?? '';
  await changed.click();
  const account = accountPage(page, accountID);
  await expect(account.getByTestId('account-stress')).toBeVisible();
  await account.getByTestId('account-stress-scenario').selectOption(scenarioId);
  await expect(account.locator('[data-testid="account-stress-figures"] tr[data-field="balance"]')).toBeVisible();
  await expect(account.getByTestId('account-stress-contracts').locator('tbody tr').first()).toBeVisible();
  expect(desk.pageErrors).toEqual([]);
});

test('the table says what the heat map paints, and is written to a file that the page names', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  const stress = page.getByTestId('stress');
  await stress.getByTestId('stress-rows-account').click();
  await expect(stress.getByTestId('heatmap')).toHaveAttribute('data-rows', '300');
  await stress.getByTestId('stress-view-table').click();
  await expect(stress.getByTestId('table-stress')).toHaveAttribute('data-total', '300');
  await stress.getByTestId('export-stress-xlsx').click();
  await expect(page.getByTestId('export-made')).toHaveAttribute('data-path', /exports.*\.xlsx$/, { timeout: 60_000 });
  expect(desk.pageErrors).toEqual([]);
});

test('a department that is drilled into is what the outcome speaks of, and leaves as a file with headings', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  const stress = page.getByTestId('stress');
  await stress.getByTestId('stress-rows-department').click();
  await stress.getByTestId('stress-view-table').click();
  const outcome = stress.getByTestId('stress-outcome');
  await expect(outcome).toHaveAttribute('data-scope', '');
  await stress.getByTestId('table-stress').locator('tbody tr, .data-table-row').first().dblclick();
  await expect(stress.getByTestId('stress-scope')).toBeVisible();
  await expect(outcome).not.toHaveAttribute('data-scope', '');
  await stress.getByTestId('export-stress-summary-csv').click();
  const made = page.getByTestId('export-made');
  await expect(made).toHaveAttribute('data-path', /\.csv$/, { timeout: 60_000 });
  const [headings = ''] = readFileSync((await made.getAttribute('data-path')) ?? '', 'utf8').split('\r\n');
  for (const field of ['firmLoss', 'changedCount', 'degree.0']) expect(headings).not.toContain(field);
});

test('a scenario is deleted with a reason, and prices are added for the second opinion or refused with their line', async ({ desk }) => {
  const { page } = desk;
  await openNumbers(page);
  const stress = page.getByTestId('stress');
  if ((await stress.getByTestId('toggle-scenarios').getAttribute('aria-expanded')) === 'false') await stress.getByTestId('toggle-scenarios').click();
  await stress.getByTestId('scenario-new').click();
  const form = page.getByTestId('scenario-form');
  await form.getByTestId('scenario-name').fill('To be deleted');
  await form.getByTestId('scenario-percent').fill('-3');
  await form.getByTestId('scenario-save').click();
  const saved = stress.locator('[data-testid="scenario"][data-name="To be deleted"]');
  await saved.getByTestId('scenario-remove-open').click();
  await page.getByTestId('scenario-remove-text').fill('made by mistake');
  await page.getByTestId('scenario-remove-confirm').click();
  await expect(saved).toHaveCount(0);

  await stress.getByTestId('stress-columns-ladder').click();
  await stress.getByTestId('outcome-var').click();
  const estimate = stress.getByTestId('var');
  await estimate.locator('.price-import summary').click();
  await estimate.getByTestId('prices-text').fill('date,exchangeID,instrumentID,settlementPrice\n20260105,SHFE,au2606,nothing');
  await estimate.getByTestId('prices-import').click();
  await expect(estimate.getByTestId('refusal')).toContainText(/2/);
  await estimate.getByTestId('prices-text').fill('date,exchangeID,instrumentID,settlementPrice\n20260105,SHFE,au2606,781.34');
  await estimate.getByTestId('prices-import').click();
  await expect(estimate.locator('.price-import output')).toContainText('1');
  await expect(estimate.getByTestId('refusal')).toHaveCount(0);
  expect(desk.pageErrors.filter((text) => !text.includes('refus'))).toEqual([]);
});
