/** The network goes: the last picture stays with its age, people go on working, and all of it survives a power cut and a start without network. */
import { expect } from '@playwright/test';
import { acknowledgeFirstAlert, alertRow, startRun, untilLive } from '#tests/helpers/e2e-actions';
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

test('a feed that stops answering without closing its socket is called stale, and live again when it goes on', async ({ launch }) => {
  const feed = await startCuttableFeed();
  try {
    const desk = await launch({ args: [`--demo-url=${feed.url}`] });
    await untilReady(desk.page);
    await untilLive(desk.page);
    feed.freeze();
    await expect(desk.page.getByTestId('status-feed-demo')).not.toHaveAttribute('data-state', 'live', { timeout: 60_000 });
    feed.thaw();
    await expect(desk.page.getByTestId('status-feed-demo')).toHaveAttribute('data-state', 'live', { timeout: 60_000 });
  } finally {
    feed.thaw();
    await feed.cut();
  }
});
