/** The rest of the alert centre in one sitting: bulk by key, groups, saved views, shelving, statistics, the duty roster, and notices to clients from made to confirmed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { alertRow, openPanel, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';

/** Kept where somebody looks at them; nothing is compared. */
async function keep(page: Page, name: string, isDialog = false): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  mkdirSync(folder, { recursive: true });
  for (const look of ['zh-dark', 'en-light']) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(folder, `centre-${name}-${look}-${width}.png`) });
    }
    // Behind a dialog nothing else can be pressed.
    if (isDialog) return;
    await page.getByTestId('switch-language').click();
    await page.getByTestId('switch-theme').click();
  }
}

test('alerts are taken on in bulk by key, grouped, kept as a view, shelved and counted', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  const list = page.getByTestId('alert-list');

  // A view of one's own: what was pressed is pressed again.
  await page.getByTestId('alerts-state-unacknowledged').click();
  await page.getByTestId('alerts-severity-high').click();
  await page.getByTestId('alerts-views').click();
  await page.getByTestId('alerts-view-name').fill('high and waiting');
  await page.getByTestId('alerts-view-save').click();
  await expect(page.getByTestId('alerts-view-high and waiting')).toBeVisible();
  await keep(page, 'views');
  await page.keyboard.press('Escape');
  await page.getByTestId('alerts-state-all').click();
  await page.getByTestId('alerts-severity-high').click();
  await page.getByTestId('alerts-views').click();
  await page.getByTestId('alerts-view-high and waiting').click();
  await expect(page.getByTestId('alerts-state-unacknowledged')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('alerts-severity-high')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('[data-testid="alert-row"]:not([data-severity="high"])')).toHaveCount(0);
  await page.getByTestId('alerts-severity-high').click();

  // One line for a cause, opened by key, and what is in it chosen as a whole.
  await page.getByTestId('alerts-grouped').click();
  const group = page.getByTestId('alert-group').first();
  await expect(group).toHaveAttribute('data-count', /^[1-9]/);
  await keep(page, 'grouped');
  await page.getByTestId('alerts-grouped').click();
  // What is a storm stays one line whatever is pressed: only causes with fewer alerts are listed one by one again.
  await expect(page.locator('[data-testid="alert-group"][data-severity="high"]')).toHaveCount(0);

  // In bulk, without the mouse.
  await page.getByTestId('alerts-severity-high').click();
  await expect(page.locator('[data-testid="alert-row"][data-severity="high"]').first()).toBeVisible({ timeout: 60_000 });
  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('x');
  const firstId = (await page.getByTestId('alert-row').first().getAttribute('data-alert-id')) ?? '';
  await expect(alertRow(page, firstId).getByTestId('alert-select')).toBeChecked();
  await page.keyboard.press('a');
  await page.getByTestId('ack-dialog-text').fill('all of them are known');
  await keep(page, 'bulk', true);
  await page.getByTestId('ack-dialog-text').press('Control+Enter');
  await expect(page.getByTestId('ack-dialog')).toHaveCount(0);
  await page.getByTestId('alerts-state-acknowledged').click();
  await expect(alertRow(page, firstId)).toHaveAttribute('data-human', 'acknowledged');

  // Shelved by key, listed as silenced, and in the inventory.
  await list.focus();
  await page.keyboard.press('Home');
  const shelvedId = (await page.locator('[data-testid="alert-row"][data-active="true"]').getAttribute('data-alert-id')) ?? '';
  await page.keyboard.press('s');
  await page.getByTestId('shelve-dialog-text').fill('the client has been called');
  await keep(page, 'shelve', true);
  await page.getByTestId('shelve-dialog-confirm').click();
  await expect(page.getByTestId('shelve-dialog')).toHaveCount(0);
  await page.getByTestId('alerts-state-silenced').click();
  await expect(alertRow(page, shelvedId)).toHaveAttribute('data-silenced', 'true');
  await page.getByTestId('open-suppressions').click();
  await expect(page.locator('[data-testid="suppression"][data-kind="shelvedTimed"]')).toContainText('the client has been called');
  await keep(page, 'silenced');

  await page.getByTestId('tab-alerts').click();
  await page.getByTestId('open-statistics').click();
  await expect(page.getByTestId('statistics-rules')).toContainText(/[1-9]/);
  await keep(page, 'statistics');
  expect(desk.pageErrors).toEqual([]);
});

test('a duty stands in the roster of the desk, and a client is called once, from made to confirmed', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await untilReady(page);
  await untilLive(page);
  await openPanel(page, 'delivery');
  const roster = page.getByTestId('roster');
  await expect(roster).toHaveAttribute('data-rows', '0');
  await page.getByTestId('roster-person').selectOption({ index: 1 });
  await page.getByTestId('roster-add').click();
  await page.getByTestId('delivery-save').click();
  await page.getByTestId('delivery-save-dialog-text').fill('the roster of this week');
  await page.getByTestId('delivery-save-dialog-confirm').click();
  await expect(page.getByTestId('delivery-save-dialog')).toHaveCount(0);
  await expect(page.getByTestId('delivery-save')).toHaveCount(0);
  await expect(roster.locator('[data-testid="roster-row"][data-now="true"]')).toHaveCount(1);
  // Twelve hours of the coming week are held, the others are said to be nobody's.
  await expect(page.getByTestId('roster-gap').first()).toBeVisible();
  await keep(page, 'roster');

  await openPanel(page, 'notices');
  const notices = page.getByTestId('notices');
  const candidate = page.getByTestId('notice-candidate').first();
  await expect(candidate).toBeVisible({ timeout: 60_000 });
  const accountID = (await candidate.getAttribute('data-account')) ?? '';
  const before = Number(await notices.getAttribute('data-candidates'));
  expect(before).toBeGreaterThan(0);
  await keep(page, 'candidates');
  await page.getByTestId('notice-generate').click();
  const notice = page.getByTestId('notice');
  await expect(notice).toHaveAttribute('data-state', 'generated');
  // Who has been called at this level is not called again.
  await expect(page.locator(`[data-testid="notice-item"][data-account="${accountID}"]`)).toHaveCount(1);
  await expect(page.locator(`[data-testid="notice-candidate"][data-account="${accountID}"]`)).toHaveCount(0);
  await expect(page.getByTestId('notice-text-zh')).not.toBeEmpty();
  await expect(page.getByTestId('notice-text-en')).not.toBeEmpty();
  await keep(page, 'notice-made');

  // What failed says why; then it goes through, step by step, each kept.
  await expect(page.getByTestId('notice-to-failed')).toBeDisabled();
  await page.getByTestId('notice-note').fill('nobody answered');
  await page.getByTestId('notice-to-failed').click();
  await expect(notice).toHaveAttribute('data-state', 'failed');
  for (const state of ['sent', 'received', 'confirmed']) {
    await page.getByTestId(`notice-to-${state}`).click();
    await expect(notice).toHaveAttribute('data-state', state);
  }
  await expect(page.getByTestId('notice-steps').locator('li')).toHaveCount(4);
  await expect(page.getByTestId('notice-steps')).toContainText('nobody answered');
  await expect(page.getByTestId('notice-to-sent')).toHaveCount(0);
  await keep(page, 'notice-confirmed');
  expect(desk.pageErrors).toEqual([]);
});
