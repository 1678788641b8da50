/** A plan run on the page: from an alert or the library, step by step, with two signatures where two are asked for. */
import { expect } from '@playwright/test';
import { alertRow, startRun, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';

test('a run shows parallel steps, counts to its targets, takes notes, a decision and a skip with its reason', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await expect(run.locator('.wave[data-parallel="true"]').first()).toContainText(/2/);
  await expect(run.getByTestId('run-step-1-clock')).toContainText(/\d:\d\d/);
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'locked');

  await run.getByTestId('run-step-1-done').click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-1')).toHaveAttribute('data-state', 'done');

  // Step 3 is a decision: it is not done without words.
  await run.getByTestId('run-step-3-done').click();
  await expect(page.getByTestId('run-dialog-done-confirm')).toBeDisabled();
  await page
    .getByTestId('run-dialog-done')
    .getByText('Single feed', { exact: true })
    .or(page.getByTestId('run-dialog-done').getByText('单路行情故障', { exact: true }))
    .click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-3')).toHaveAttribute('data-state', 'done');
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'ready');

  await run.getByTestId('run-step-4-skip').click();
  await page.getByTestId('run-dialog-skip-text').fill('no standby feed in this exercise');
  await page.getByTestId('run-dialog-skip-confirm').click();
  await expect(run.getByTestId('run-step-4')).toHaveAttribute('data-state', 'skipped');
  await expect(run.getByTestId('run-step-4')).toContainText('no standby feed in this exercise');

  await run.getByTestId('run-step-6-note').click();
  await page.getByTestId('run-dialog-note-text').fill('notice drafted');
  await page.getByTestId('run-dialog-note-confirm').click();
  await expect(run.getByTestId('run-step-6')).toContainText('notice drafted');
  await expect(run.getByTestId('run-finish')).toBeDisabled();
  expect(desk.pageErrors).toEqual([]);
});

test('a step of two signatures is done only when a second person has signed', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  const run = await startRun(page, 'EP-01');
  await run.getByTestId('run-step-2-done').click();
  await page.getByTestId('run-dialog-done-confirm').click();
  await expect(run.getByTestId('run-step-2')).toHaveAttribute('data-state', 'waitSecond');
  await expect(run.getByTestId('run-step-2-signatures')).toContainText('林岚');

  await run.getByTestId('run-step-2-second').click();
  await page.getByTestId('second-person-login').selectOption('duty');
  await page.getByTestId('second-person-secret').fill('not the secret');
  await page.getByTestId('second-person-confirm').click();
  await expect(page.getByTestId('second-person').getByTestId('refusal')).toBeVisible();
  await page.getByTestId('second-person-secret').fill('demo-duty');
  await page.getByTestId('second-person-confirm').click();
  await expect(run.getByTestId('run-step-2')).toHaveAttribute('data-state', 'done');
  await expect(run.getByTestId('run-step-2')).toContainText('陈默');
  const done = journalEntries(desk.dataDir).filter((entry) => entry.type === 'run.stepDone');
  expect(done.map((entry) => entry.actor)).toEqual(['p-supervisor']);
});

test('an alert proposes its plan, and the run it starts knows the alert', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await page.getByTestId('workspace-tab-alerts').click();
  await untilLive(page);
  const row = page.locator('[data-testid="alert-row"][data-kind="riskLevel"]').first();
  const alertId = (await row.getAttribute('data-alert-id')) ?? '';
  await alertRow(page, alertId).click();
  await page.getByTestId('alert-plans').getByTestId('start-run-EP-09').click();
  const run = page.getByTestId('run-page');
  await expect(run).toHaveAttribute('data-run-state', 'running');
  await run.getByTestId('run-abort').click();
  await page.getByTestId('run-dialog-abort-text').fill('a test');
  await page.getByTestId('run-dialog-abort-confirm').click();
  await expect(run).toHaveAttribute('data-run-state', 'aborted');
  await expect(page.getByTestId('alert-detail').getByTestId('alert-history').locator('[data-type="alert.runLinked"]')).toBeVisible();
});
