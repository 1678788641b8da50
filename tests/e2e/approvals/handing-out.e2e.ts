/** What leaves the desk or puts another record in its place: a recording and a back-up, each held back until others have agreed at their own sessions, then done once. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { become, openPanel, untilLive } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `handing-out-${name}.png`) });
}

async function approveAs(page: Page, login: string): Promise<void> {
  await become(page, login);
  await openPanel(page, 'approvals');
  const approvals = page.getByTestId('approvals');
  await expect(approvals).toHaveAttribute('data-waiting', '1');
  await approvals.getByTestId('approval-item').click();
  await picture(page, `for-${login}`);
  await approvals.getByTestId('approval-approve').click();
  await expect(approvals).toHaveAttribute('data-waiting', '0');
}

test('a recording leaves the desk only with somebody else’s word', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page, dataDir } = desk;
  await untilReady(page);
  await openPanel(page, 'recording');
  await page.getByTestId('recording-start').click();
  await expect(page.getByTestId('recording-running')).toBeVisible();
  await page.getByTestId('recording-stop').click();
  await expect(page.getByTestId('recording-row')).toHaveCount(1, { timeout: 30_000 });
  await page.getByTestId('recording-export').click();
  await page.getByTestId('recording-export-dialog-text').fill('the vendor asks for the morning');
  await page.getByTestId('recording-export-dialog-confirm').click();
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await picture(page, 'recording-held');
  expect(existsSync(join(dataDir, 'exports'))).toBe(false);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('recording-export-dialog')).toHaveCount(0);
  await approveAs(page, 'compliance');
  await expect.poll(() => (existsSync(join(dataDir, 'exports')) ? readdirSync(join(dataDir, 'exports')).length : 0), { timeout: 30_000 }).toBe(1);
  expect(desk.pageErrors).toEqual([]);
});

test('a back-up is put back at the next start, after two others have agreed, and the desk says so', async ({ launch }) => {
  test.setTimeout(240_000);
  const first = await launch();
  const { page } = first;
  await untilReady(page);
  await become(page, 'technology');
  await openPanel(page, 'health');
  await page.getByTestId('backup-now').click();
  await expect(page.getByTestId('backup-made')).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('backup-restore').first().click();
  await page.getByTestId('restore-dialog-text').fill('the journal of this morning is wanted');
  await page.getByTestId('restore-dialog-confirm').click();
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await picture(page, 'restore-held');
  await page.getByTestId('refusal').first().getByTestId('open-approvals').click();
  await expect(page.getByTestId('restore-dialog')).toHaveCount(0);
  await approveAs(page, 'supervisor2');
  expect(existsSync(join(first.dataDir, 'restore-order.json'))).toBe(false);
  await approveAs(page, 'compliance');
  await expect.poll(() => existsSync(join(first.dataDir, 'restore-order.json')), { timeout: 30_000 }).toBe(true);
  await first.quit();

  const second = await launch({ dataDir: first.dataDir });
  await untilReady(second.page);
  await expect(second.page.getByTestId('banner-journal')).toBeVisible({ timeout: 60_000 });
  await picture(second.page, 'restored');
  expect(readdirSync(first.dataDir).some((name) => name.startsWith('journal.replaced-'))).toBe(true);
  expect(second.pageErrors).toEqual([]);
});

test('a table of many rows leaves the desk only with somebody else’s word, and so does the line from which it counts as many', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page, dataDir } = desk;
  await untilReady(page);
  await untilLive(page);
  await openPanel(page, 'settings');
  const line = page.getByTestId('export-approval');
  await expect(line).toHaveAttribute('data-rows', '20000');
  await page.getByTestId('export-approval-rows').fill('5');
  await page.getByTestId('export-approval-rows').blur();
  await page.getByTestId('export-approval-set').click();
  await page.getByTestId('export-approval-reason-text').fill('no table of clients leaves unseen');
  await page.getByTestId('export-approval-reason-confirm').click();
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await page.keyboard.press('Escape');
  await expect(line).toHaveAttribute('data-rows', '20000');
  await approveAs(page, 'supervisor2');
  await expect.poll(() => journalEntries(dataDir).some(({ subject }) => subject === 'setting:exportApprovalRows'), { timeout: 30_000 }).toBe(true);

  await become(page, 'supervisor');
  await page.getByTestId('workspace-tab-accounts').click();
  await page.getByTestId('export-accounts-csv').click();
  await expect(page.getByTestId('refusal').first()).toHaveAttribute('data-code', 'NEEDS_APPROVAL', { timeout: 30_000 });
  await picture(page, 'table-held');
  expect(existsSync(join(dataDir, 'exports'))).toBe(false);
  await approveAs(page, 'compliance');
  const tables = (): string[] => (existsSync(join(dataDir, 'exports')) ? readdirSync(join(dataDir, 'exports')) : []);
  // While it is written it has another name.
  await expect.poll(tables, { timeout: 30_000 }).toEqual([expect.stringMatching(/\.csv$/)]);
  expect(desk.pageErrors).toEqual([]);
});
