/** A duty officer and the alert list: by mouse, by key, in bulk, and down to why an alert fired. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { acknowledgeFirstAlert, alertRow, untilLive } from '#tests/helpers/e2e-actions';
import { type Desk, repositoryFolder, test, untilReady } from '#tests/helpers/e2e-desk';

type Shown = { count: number; tip: string };
type WithShown = typeof globalThis & { shownAttention?: Shown };

/** Notes what the shell sets on the taskbar and the tray: a test machine has neither to look at. */
function noteAttention({ app }: Desk): Promise<void> {
  return app.evaluate(({ app: shell, Tray }) => {
    const shown: Shown = { count: -1, tip: '' };
    (globalThis as WithShown).shownAttention = shown;
    const setBadgeCount = shell.setBadgeCount.bind(shell);
    shell.setBadgeCount = (count) => {
      shown.count = count ?? -1;
      return setBadgeCount(count);
    };
    const { setToolTip } = Tray.prototype;
    Tray.prototype.setToolTip = function (tip): void {
      shown.tip = tip;
      setToolTip.call(this, tip);
    };
  });
}

/** How far tray and taskbar are from what the desk's own strip says is waiting; both follow a market that goes on. */
async function attentionBeside({ app, page }: Desk): Promise<string> {
  const shown = await app.evaluate(() => (globalThis as WithShown).shownAttention);
  const waiting = await page.evaluate(() =>
    ['critical', 'high', 'medium', 'low'].map((severity) =>
      Number(document.querySelector(`[data-testid="status-alerts-${severity}"]`)?.getAttribute('data-count')),
    ),
  );
  const count = waiting.reduce((sum, each) => sum + each, 0);
  const says = (number: number): boolean => new RegExp(`(^|\\D)${number}(\\D|$)`).test(shown?.tip ?? '');
  return `taskbar ${shown?.count === count}, tray ${says(count) && says(waiting[0] ?? Number.NaN)}`;
}

test('an alert says why it fired, is acknowledged with a note by key, and keeps its history with hashes', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);

  const list = page.getByTestId('alert-list');
  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const detail = page.getByTestId('alert-detail');
  await expect(detail.getByTestId('alert-why')).toContainText(/80|100|0/);
  await expect(detail.getByTestId('alert-threshold')).not.toBeEmpty();
  const alertId = (await detail.getAttribute('data-alert-id')) ?? '';
  expect(alertId).not.toBe('');

  await list.focus();
  await page.keyboard.press('a');
  const dialog = page.getByTestId('ack-dialog');
  await expect(dialog).toBeVisible();
  await expect(page.getByTestId('ack-dialog-confirm')).toBeDisabled();
  await page.getByTestId('ack-dialog-text').fill('told the account manager');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);

  await expect(detail).toContainText('told the account manager');
  await expect(detail.getByTestId('alert-history').locator('[data-type="alert.acknowledged"]')).toBeVisible();
  await expect(detail.getByTestId('alert-history').locator('[data-type="alert.raised"]')).toBeVisible();
  await page.getByTestId('alerts-state-acknowledged').click();
  await expect(alertRow(page, alertId)).toHaveAttribute('data-human', 'acknowledged');

  await page.getByTestId('detail-back').click();
  await expect(detail).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});

test('several alerts are taken on at once, and filters find them again', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  await page.getByTestId('alerts-state-unacknowledged').click();
  const rows = page.getByTestId('alert-row');
  await expect(rows.nth(1)).toBeVisible();
  await noteAttention(desk);
  const ids = await Promise.all([0, 1].map((index) => rows.nth(index).getAttribute('data-alert-id')));
  for (const id of ids)
    await alertRow(page, id ?? '')
      .getByTestId('alert-select')
      .check();
  await page.getByTestId('ack-selected').click();
  await page.getByTestId('ack-dialog-text').fill('both known');
  await page.getByTestId('ack-dialog-confirm').click();
  await expect(page.getByTestId('ack-dialog')).toHaveCount(0);
  await expect.poll(() => attentionBeside(desk), { timeout: 30_000 }).toBe('taskbar true, tray true');
  await page.getByTestId('alerts-state-acknowledged').click();
  for (const id of ids) await expect(alertRow(page, id ?? '')).toBeVisible();
  // A client is looked for by name as well as by number.
  const named = page.locator('[data-testid="alert-row"][data-entity^="account:"]').filter({ has: page.getByTestId('alert-name') });
  const name = (await named.first().getByTestId('alert-name').textContent()) ?? '';
  await page.getByTestId('alerts-filter').fill(name);
  await expect(page.getByTestId('alert-name').first()).toHaveText(name);
  await page.getByTestId('alerts-filter').fill('');

  const entity = (await alertRow(page, ids[0] ?? '').getAttribute('data-entity'))?.split(':')[1] ?? '';
  await page.getByTestId('alerts-filter').fill(entity);
  await expect(alertRow(page, ids[0] ?? '')).toBeVisible();
  await page.getByTestId('alerts-filter').fill('no such alert anywhere');
  await expect(page.getByTestId('alerts-empty')).toBeVisible();
});

test('a condition that is still on cannot be closed, and the page says why', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  const alertId = await acknowledgeFirstAlert(page, 'watching');
  await page.getByTestId('alerts-state-acknowledged').click();
  await alertRow(page, alertId).click();
  const close = page.getByTestId('detail-close');
  const condition = await alertRow(page, alertId).getAttribute('data-condition');
  if (condition === 'cleared') await expect(close).toBeEnabled();
  else await expect(close).toBeDisabled();
});

test('each of the sounds that come with the app plays to its end on the page', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const files = readdirSync(join(repositoryFolder, 'out', 'renderer', 'assets')).filter((name) => name.endsWith('.wav'));
  expect(files).toHaveLength(4);
  const outcomes = await page.evaluate(
    (names) =>
      Promise.all(
        names.map(
          (name) =>
            new Promise<string>((settle) => {
              const sound = new Audio(`assets/${name}`);
              sound.addEventListener('ended', () => settle('ended'));
              sound.addEventListener('error', () => settle(sound.error?.message ?? 'error'));
              sound.play().catch((error: unknown) => settle(String(error)));
            }),
        ),
      ),
    files,
  );
  expect(outcomes).toEqual(files.map(() => 'ended'));
  expect(desk.pageErrors).toEqual([]);
});
