/** The network goes: the last picture stays with its age, people go on working, and all of it survives a power cut and a start without network. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { acknowledgeFirstAlert, alertRow, approveOnTheSpot, confirmAs, openPanel, startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { startCuttableFeed } from '#tests/helpers/e2e-feed';
import { journalEntries } from '#tests/helpers/e2e-journal';

test('the feed is cut, people work on, the machine loses power, and everything is there on a start without network', async ({ launch }) => {
  test.setTimeout(180_000);
  const feed = await startCuttableFeed();
  try {
    const first = await launch({ args: [`--demo-url=${feed.url}`] });
    await untilReady(first.page);
    await untilLive(first.page);

    await feed.cut();
    await expect(first.page.getByTestId('banner-offline')).toBeVisible({ timeout: 30_000 });
    await expect(first.page.getByTestId('heatmap')).toBeVisible();

    const alertId = await acknowledgeFirstAlert(first.page, 'called the client, waiting for funds');
    await first.page.getByTestId('alerts-state-acknowledged').click();
    await expect(alertRow(first.page, alertId)).toHaveAttribute('data-human', 'acknowledged');
    const run = await startRun(first.page, 'EP-02');
    await run.getByTestId('run-step-1-start').click();
    await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'running');
    const runId = await run.getAttribute('data-run-id');
    const written = journalEntries(first.dataDir);
    await first.killAll();

    const second = await launch({ dataDir: first.dataDir, args: [`--demo-url=${feed.url}`] });
    await untilReady(second.page);
    await expect(second.page.getByTestId('banner-offline-as-of')).toBeVisible({ timeout: 30_000 });
    expect(journalEntries(second.dataDir).slice(0, written.length)).toEqual(written);
    await second.page.getByTestId('workspace-tab-emergency').click();
    const sameRun = second.page.locator(`[data-testid="run-page"][data-run-id="${runId}"]`);
    await expect(sameRun.getByTestId('run-step-1')).toHaveAttribute('data-state', 'running');
    await sameRun.getByTestId('run-step-1-done').click();
    await second.page.getByTestId('run-dialog-done-confirm').click();
    await expect(sameRun.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');
    await second.page.getByTestId('workspace-tab-overview').click();
    await expect(second.page.getByTestId('heatmap')).toBeVisible();
    await second.page.getByTestId('alerts-state-acknowledged').click();
    await expect(alertRow(second.page, alertId)).toBeVisible();
    await second.page.getByTestId('alerts-state-open').click();

    await feed.bringBack();
    await untilLive(second.page);
    await expect(second.page.getByTestId('banner-offline')).toHaveCount(0);
    expect(second.pageErrors).toEqual([]);
  } finally {
    await feed.cut();
  }
});

/** Pictures are taken only where somebody asked for them. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '' || folder === 'docs') return;
  for (const look of ['zh-dark', 'en-light']) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(folder, `latched-${name}-${look}-${width}.png`) });
    }
    await page.getByTestId('switch-language').click();
    await page.getByTestId('switch-theme').click();
  }
}

/** The rule about silent feeds wants a person to have seen it: put up on its page, and agreed to by another. */
async function latchFeedStale(page: Page): Promise<void> {
  await openPanel(page, 'rules');
  await page.locator('[data-testid="rule-row"][data-rule="feed-stale"]').getByRole('button').click();
  await page.getByTestId('rule-edit').click();
  await page.getByTestId('rule-latched').selectOption('byPerson');
  await page.getByTestId('rule-min-active').fill('3');
  await page.getByTestId('rule-save-reason').fill('somebody must have seen that the line was down');
  await page.getByTestId('rule-save').click();
  await page.getByTestId('rule-form').getByTestId('refusal').getByTestId('open-approvals').click();
  await page.getByTestId('approval-item').click();
  await approveOnTheSpot(page, 'supervisor2');
  await page.getByTestId('approvals-group-ended').click();
  await expect(page.getByTestId('approval-item')).toHaveAttribute('data-state', 'done');
}

test('a feed that stops answering without closing its socket is called stale, and live again when it goes on; a latched rule holds its alert until it was seen', async ({
  launch,
}) => {
  test.setTimeout(180_000);
  const feed = await startCuttableFeed();
  try {
    const desk = await launch({ args: [`--demo-url=${feed.url}`] });
    const { page } = desk;
    await untilReady(page);
    await untilLive(page);
    await latchFeedStale(page);
    await page.getByTestId('workspace-tab-alerts').click();
    feed.freeze();
    await expect(page.getByTestId('status-feed-demo')).not.toHaveAttribute('data-state', 'live', { timeout: 60_000 });
    const row = page.locator('[data-testid="alert-row"][data-kind="feedStale"]');
    await expect(row).toHaveAttribute('data-condition', 'active', { timeout: 60_000 });
    await expect(row).toHaveAttribute('data-latched', 'false');
    feed.thaw();
    await expect(page.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });

    // The line is back, and the alert is not over: it says that it waits for a person, and cannot be closed before.
    await expect(row).toHaveAttribute('data-latched', 'true', { timeout: 60_000 });
    await expect(row).toHaveAttribute('data-condition', 'active');
    await expect(row).toContainText(/已恢复，待确认|back, held on/);
    await row.click();
    await expect(page.getByTestId('alert-latched')).toBeVisible();
    await expect(page.getByTestId('detail-close')).toBeDisabled();
    await expect(page.getByTestId('alert-detail')).toContainText(/指标已恢复：确认后即可关闭|What was watched is back: acknowledge it/);
    await keep(page, 'held');
    await page.getByTestId('detail-acknowledge').click();
    await page.getByTestId('ack-dialog-text').fill('the line was down for a moment');
    await page.getByTestId('ack-dialog-confirm').click();
    await expect(row).toHaveAttribute('data-latched', 'false');
    await expect(row).toHaveAttribute('data-condition', 'cleared');
    await page.getByTestId('detail-close').click();
    await page.getByTestId('close-dialog-text').fill('seen, and the line is back');
    await page.getByTestId('close-dialog-confirm').click();
    // Where it had become critical at any time, closing it takes two.
    const second = page.getByTestId('second-person-login');
    const closed = page.getByTestId('alert-detail').getByText(/^(已关闭|closed)$/i);
    await expect(second.or(closed).first()).toBeVisible();
    if (await second.isVisible()) await confirmAs(page, 'supervisor2');
    await expect(closed.first()).toBeVisible();
    await keep(page, 'closed');
    expect(desk.pageErrors).toEqual([]);
  } finally {
    feed.thaw();
    await feed.cut();
  }
});
