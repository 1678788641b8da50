/** A plan becomes the firm's own: changed, checked while it is written, reviewed by another, agreed to by two more, and in force; a broken file is refused in words. */
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { approveOnTheSpot, become } from '#tests/helpers/e2e-actions';
import { test, untilReady } from '#tests/helpers/e2e-desk';
import { journalEntries } from '#tests/helpers/e2e-journal';

async function openEditor(page: Page): Promise<void> {
  // The page is drawn anew when somebody else has signed in.
  await expect(async () => {
    await page.getByTestId('workspace-tab-emergency').click({ timeout: 2_000 });
    await page.getByTestId('tab-plans').click({ timeout: 2_000 });
    if (!(await page.getByTestId('plan-page').isVisible())) await page.getByTestId('plan-EP-03').click({ timeout: 2_000 });
    await page.getByTestId('edit-plan-EP-03').click({ timeout: 2_000 });
    await expect(page.getByTestId('plan-editor')).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

test('a plan is changed, reviewed by another, published by two more, and a run begins with the new text', async ({ desk }) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await untilReady(page);
  await openEditor(page);
  const editor = page.getByTestId('plan-editor');
  const text = await page.getByTestId('plan-text').inputValue();
  // What cannot be read is said while it is written, in the reader's language and by its line.
  await page.getByTestId('plan-text').fill(`${text}\nstray words`);
  await expect(page.getByTestId('plan-fault')).toContainText('既不是标题也不是字段');
  await expect(page.getByTestId('plan-save-draft')).toBeDisabled();
  // A plan that leads nowhere may be a draft; it is not published.
  await page.getByTestId('plan-text').fill(text.replace(/^- role: ITOPS$/m, '- role: NOBODY'));
  await expect(page.getByTestId('plan-differences')).toBeVisible();
  await page.getByTestId('plan-save-draft').click();
  await expect(page.getByTestId('plan-problems')).toContainText('NOBODY');
  await page
    .getByTestId('plan-text')
    .fill(text.replace('- target: T+1:00', '- target: T+0:45').replace('- target_zh: T+1:00', '- target_zh: T+0:45'));
  await expect(page.getByTestId('plan-differences')).toContainText('T+0:45');
  await page.getByTestId('plan-save-draft').click();
  await expect(page.getByTestId('plan-problems')).toHaveCount(0);
  await expect(page.getByTestId('plan-agree')).toBeEnabled();
  await page.getByTestId('plan-agree').click();
  await expect(editor.getByTestId('refusal')).toBeVisible();

  await become(page, 'compliance');
  await openEditor(page);
  await page.getByTestId('plan-agree').click();
  await expect(page.getByTestId('plan-versions')).toContainText('✓');
  await become(page, 'supervisor');
  await openEditor(page);
  await page.getByTestId('plan-publish').click();
  const refusal = editor.getByTestId('refusal');
  await expect(refusal).toHaveAttribute('data-code', 'NEEDS_APPROVAL');
  await refusal.getByTestId('open-approvals').click();
  await page.getByTestId('approval-item').click();
  await approveOnTheSpot(page, 'supervisor2');
  await expect(page.getByTestId('approval-stage-check')).toHaveAttribute('data-given', '1');
  await approveOnTheSpot(page, 'compliance');
  await expect(page.getByTestId('approval')).toHaveAttribute('data-state', 'done');

  await page.getByTestId('workspace-tab-emergency').click();
  await page.getByTestId('tab-plans').click();
  await expect(page.getByTestId('plan-standing-EP-03').first()).toHaveAttribute('data-standing', 'confirmed');
  // Begun from the list, which stands behind the open plan where there is room for one of them only.
  await page.getByTestId('plan-page').locator('xpath=ancestor::section').getByTestId('detail-back').click();
  await page.getByTestId('plan-list').getByTestId('start-run-EP-03').click();
  const run = page.getByTestId('run-page');
  await expect(run).toHaveAttribute('data-run-state', 'running');
  await expect(run.getByTestId('run-step-1-clock')).toContainText('0:45');
  expect(journalEntries(desk.dataDir).filter(({ type }) => type === 'plan.published')).toHaveLength(1);
  expect(desk.pageErrors).toEqual([]);
});

test('a plan leaves the desk as a file and comes in again; a file that is broken is refused by what is wrong with it', async ({ desk }) => {
  const { page } = desk;
  await untilReady(page);
  await openEditor(page);
  await page.getByTestId('plan-export-json').click();
  await expect(page.getByTestId('plan-exported')).toContainText('.json');
  const shown = (await page.getByTestId('plan-exported').textContent()) ?? '';
  const whole = readFileSync(shown.slice(shown.indexOf('/')).trim(), 'utf8');
  const file = (text: string) => ({ name: 'EP-03.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.getByTestId('plan-import').setInputFiles(file(whole.slice(0, 200)));
  await expect(page.getByTestId('plan-editor').getByTestId('refusal')).toContainText('文件不是完整的 JSON');
  await page.getByTestId('plan-import').setInputFiles(file(whole));
  await expect(page.getByTestId('plan-editor').getByTestId('refusal')).toHaveCount(0);
  await expect(page.getByTestId('plan-drop-draft')).toBeVisible();
  expect(desk.pageErrors).toEqual([]);
});
