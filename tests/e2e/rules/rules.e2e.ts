/** A rule as a person meets it: found in the list, read in full, changed with a reason that waits for approval, tried on a recording. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { approveOnTheSpot, become, openPanel, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

/** Pictures are taken only where somebody asked for them. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder !== '' && folder !== 'docs') await page.screenshot({ path: join(folder, `rules-${name}.png`) });
}

/** The same in both languages, themes and sizes; where a dialog is open only in what is chosen. */
async function looks(page: Page, name: string): Promise<void> {
  if ((process.env.FLOORWATCH_SCREENSHOTS ?? '') === '') return;
  const isDialog = (await page.getByTestId('rule-form').count()) > 0;
  for (const look of ['first', 'other']) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      if (isDialog) await page.getByTestId('rule-min-active').scrollIntoViewIfNeeded();
      await picture(page, `${name}-${look}-${width}`);
    }
    if (isDialog) return;
    await page.getByTestId('switch-language').click();
    await page.getByTestId('switch-theme').click();
  }
}

test('a rule is read, tried on a recording, and its change put up for approval; a wrong exit is said while it is typed', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await page.getByTestId('workspace-tab-health').click();
  await page.getByTestId('recording-name').fill('for-rules');
  await page.getByTestId('recording-start').click();
  await expect(page.getByTestId('recording-running')).toBeVisible();
  await openPanel(page, 'rules');
  const rules = page.getByTestId('rules');
  await expect(rules).toHaveAttribute('data-count', /^[1-9]\d+$/);
  await picture(page, 'list');
  await page.getByTestId('rules-filter').fill('heavy');
  const row = page.locator('[data-testid="rule-row"][data-rule="heavy-position"]');
  await expect(row).toHaveAttribute('data-mode', 'shadow');
  // The demonstration desk has heavy positions: the shadow counts them and raises none.
  await expect(row.getByTestId('rule-shadow')).toHaveText(/[1-9]/, { timeout: 60_000 });
  await row.getByRole('button').click();
  const detail = page.getByTestId('rule-detail');
  await expect(detail).toHaveAttribute('data-version', '1');
  await expect(page.getByTestId('rule-shadow-reason')).toContainText(/影子运行原因：.*阈值|In shadow: .*bound/);
  await looks(page, 'shadow-reason');

  await page.getByTestId('rule-edit').click();
  const exit = page.getByTestId('rung-0-exit-0-value');
  await exit.fill('85');
  await expect(page.getByTestId('rung-0-issue')).toHaveAttribute('data-fault', 'exitNotInside');
  await page.getByTestId('rule-save-reason').fill('the firm keeps a wider distance');
  await expect(page.getByTestId('rule-save')).toBeDisabled();
  await picture(page, 'fault');
  await exit.fill('60');
  await expect(page.getByTestId('rule-issues')).toHaveCount(0);
  // A least time below zero is named while it is typed; one that can be used, and a latch, are part of the draft.
  await page.getByTestId('rule-min-active').fill('-1');
  await expect(page.locator('[data-testid="rule-issues"] [data-path="minActiveMs"]')).toBeVisible();
  await page.getByTestId('rule-min-active').fill('90');
  await page.getByTestId('rule-latched').selectOption('byPerson');
  await expect(page.getByTestId('rule-issues')).toHaveCount(0);
  await looks(page, 'least-time');
  // Thresholds are not one person's to change: the draft goes on record and waits, and the rule stands as it was.
  await page.getByTestId('rule-save').click();
  await expect(page.getByTestId('rule-form').getByTestId('refusal')).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await picture(page, 'waits');
  await page.getByTestId('rule-cancel').click();
  await expect(detail).toHaveAttribute('data-version', '1');

  await page.getByTestId('tab-recording').click();
  // Longer than the rule wants a position to stand, and than the watch waits after it has connected.
  await expect(page.getByTestId('recording-running')).toHaveAttribute('data-seconds', /^([3-9]\d|\d{3,})$/, { timeout: 60_000 });
  await page.getByTestId('recording-stop').click();
  await expect(page.getByTestId('recording-made')).toBeVisible();
  await page.getByTestId('tab-rules').click();
  // The panel kept what was open in it; its picture is on its way.
  await expect(detail).toBeVisible();
  await page.getByTestId('rule-try').click();
  await page.getByTestId('dry-run-start').click();
  await expect(page.getByTestId('dry-run-result')).toHaveAttribute('data-raised', /^[1-9]/, { timeout: 90_000 });
  await picture(page, 'dry-run');
  await page.getByTestId('switch-theme').click();
  await page.getByTestId('switch-language').click();
  await picture(page, 'light-other-language');
  expect(desk.pageErrors).toEqual([]);
});

test('a rule goes from shadow to live when a second person agrees, and then speaks in the alert centre', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await become(page, 'risk');
  await openPanel(page, 'rules');
  await page.getByTestId('rules-filter').fill('heavy');
  const row = page.locator('[data-testid="rule-row"][data-rule="heavy-position"]');
  await row.getByRole('button').click();
  await page.getByTestId('rule-switch').click();
  await page.getByTestId('rule-reason-text').fill('counted in shadow for a month');
  await page.getByTestId('rule-reason-confirm').click();
  const refusal = page.getByTestId('refusal').first();
  await expect(refusal).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await expect(row).toHaveAttribute('data-mode', 'shadow');
  await refusal.getByTestId('open-approvals').click();
  await page.getByTestId('approval-item').click();
  await approveOnTheSpot(page, 'supervisor2');
  await page.getByTestId('approvals-group-ended').click();
  await expect(page.getByTestId('approval-item')).toHaveAttribute('data-state', 'done');

  await openPanel(page, 'rules');
  await expect(page.getByTestId('rule-detail')).toHaveAttribute('data-mode', 'live');
  await expect(page.getByTestId('rule-history')).toContainText('counted in shadow for a month');
  await expect(page.locator('[data-testid="rule-change"][data-path="mode"]').first()).toHaveAttribute('data-after', 'live');
  await picture(page, 'live');
  await page.getByTestId('workspace-tab-alerts').click();
  await page.getByTestId('alerts-filter').fill('heavy');
  await expect(page.locator('[data-testid="alert-row"][data-kind="heavyPosition"]').first()).toBeVisible({ timeout: 60_000 });
  await picture(page, 'spoke');
  // A share of an equity that is not above zero is a dash that says why, in the list as in the detail.
  await page.getByTestId('alerts-filter').fill('');
  const negative = page
    .locator('[data-testid="alert-row"][data-kind="riskLevel"][data-severity="critical"]')
    .filter({ hasText: /-[\d,]+\.\d\d CNY/ });
  const entity = (await negative.first().getAttribute('data-entity')) ?? '';
  await page.getByTestId('alerts-filter').fill(entity.replace('account:', ''));
  const heavy = page.locator(`[data-testid="alert-row"][data-kind="heavyPosition"][data-entity="${entity}"]`);
  await expect(heavy).toContainText(/权益为零或负，无风险度|Equity is zero or below: there is no risk degree/, { timeout: 60_000 });
  await heavy.click();
  await expect(page.getByTestId('alert-value')).toContainText(/权益为零或负，无风险度|Equity is zero or below: there is no risk degree/);
  expect(desk.pageErrors).toEqual([]);
});
